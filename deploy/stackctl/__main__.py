"""python -m deploy.stackctl plan|apply|outputs|drift --stage STAGE [stack ...].

The stacks of a stage, in the order in which they need each other; without names all layers.

  plan      what apply would do, as AWS works it out; changes nothing
  apply     do it, stack by stack, and show each step; running it again changes nothing
  outputs   what the stacks tell (names, addresses), as text or with --json
  drift     what was changed past the templates

Exit codes: 0 done · 1 a stack failed, or drift was found · 2 wrong call, parameter or credentials ·
3 with plan --fail-on-changes: something would change.
"""

import argparse
import json
import sys

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

from deploy.stackctl import commands, stage
from deploy.stackctl.errors import StackError, UsageError


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_intermixed_args(arguments)
    try:
        return _run(options)
    except UsageError as error:
        return _fail(str(error), 2)
    except NoCredentialsError:
        return _fail("no AWS credentials: sign in (aws sso login) or set AWS_PROFILE", 2)
    except StackError as error:
        return _fail(str(error), 1)
    except (BotoCoreError, ClientError) as error:
        return _fail(f"AWS says: {error}", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="stackctl", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("plan", "apply", "outputs", "drift"))
    parser.add_argument("stack", nargs="*")
    parser.add_argument("--stage", required=True, choices=stage.STAGES)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="a parameter, for this time; may be repeated",
    )
    parser.add_argument("--standby", action="store_true", help="work on the second region")
    parser.add_argument("--yes", action="store_true", help="apply without asking")
    parser.add_argument("--json", action="store_true", help="outputs as JSON")
    parser.add_argument("--role", default="", help="ARN of the role that CloudFormation works with")
    parser.add_argument("--fail-on-changes", action="store_true", help="plan: exit code 3 if so")
    return parser


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not of the form NAME=VALUE")
    return name, value


def _run(options: argparse.Namespace) -> int:
    here = stage.load(options.stage, given=dict(options.set), is_standby=options.standby)
    names = stage.chosen(options.stack, is_standby=options.standby)
    stacks = [here.stack(name) for name in names]
    if unused := set(here.given) - {key for stack in stacks for key in stack.parameters}:
        raise UsageError(f"no stack here has a parameter {', '.join(sorted(unused))}")
    work = commands.Work(
        stacks=stacks,
        role=options.role,
        say=lambda text: print(text, flush=True),
        confirm=(lambda _question: True) if options.yes else _ask,
    )
    if options.command == "plan":
        changing = commands.plan(work)
        return 3 if changing and options.fail_on_changes else 0
    if options.command == "apply":
        commands.apply(work)
        return 0
    if options.command == "drift":
        return 1 if commands.drift(work) else 0
    _show_outputs(commands.outputs(work), as_json=options.json)
    return 0


def _ask(question: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to ask: say --yes")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def _show_outputs(found: dict[str, dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(found, indent=2))
        return
    for name, values in found.items():
        for key, value in values.items():
            print(f"{name:<14} {key:<28} {value}")


def _fail(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
