"""`python -m benchmarks.people make|run URL`: see --help."""

import argparse
import asyncio
import json
import secrets
import shlex
import signal
import sys
from pathlib import Path

from benchmarks.people import habits
from benchmarks.people.crowd import Crowd
from benchmarks.people.report import Report
from benchmarks.people.target import Target


def main() -> int:
    """0 if nothing failed and no promise was broken, else 1."""
    arguments = _arguments()
    crowd = Crowd(
        target=Target(
            url=arguments.url, address=arguments.address, certificate=arguments.certificate
        ),
        file=arguments.people_file,
        seed=arguments.seed,
        post_every_s=arguments.post_every,
        vouch=tuple(shlex.split(arguments.vouch)),
    )
    if arguments.command == "make":
        asyncio.run(crowd.make(people=arguments.people, active=arguments.active))
        return 0
    report = asyncio.run(_live(crowd, arguments.seconds))
    if arguments.json:
        arguments.json.write_text(json.dumps(report.as_json()))
    _tell(report)
    return 1 if report.failures or report.broken else 0


async def _live(crowd: Crowd, seconds: float) -> Report:
    """Until the time is over, or SIGTERM or SIGINT asks for the report."""
    until = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, until.set)
    return await crowd.live(seconds=seconds, until=until)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.people")
    parser.add_argument(
        "command", choices=["make", "run"], help="make the people, or let them live"
    )
    parser.add_argument("url", help="the site, as in https://example.org")
    parser.add_argument("--address", help="connect here instead of the name's address")
    parser.add_argument("--certificate", type=Path, help="trust this one alone")
    parser.add_argument(
        "--vouch", default="", help="make: the site's `manage.py user verify`, called with names"
    )
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--active", type=int, default=20, help="how many of them post and chat")
    parser.add_argument("--people-file", type=Path, default=Path(".local/people.json"))
    parser.add_argument("--seconds", type=float, default=60, help="0: until SIGTERM")
    parser.add_argument("--post-every", type=float, default=habits.POST_EVERY_S, metavar="SECONDS")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--json", type=Path, help="write the whole report here")
    return parser.parse_args()


def _tell(report: Report) -> None:
    print(f"seed {report.seed}: {report.people} people, {report.active} active, {report.seconds} s")
    for name, spread in {
        **report.routes,
        "all of the API": report.api,
        "message": report.message_delay,
    }.items():
        print(
            f"{name:<36} {spread.count:>6}  p50 {spread.p50:>7.1f}  p95 {spread.p95:>7.1f}"
            f"  p99 {spread.p99:>7.1f}  most {spread.most:>7.1f} ms"
        )
    for name in (
        "sent",
        "acknowledged",
        "resent",
        "caught_up",
        "unpushed",
        "repushed",
        "restarting",
    ):
        print(f"{name:<36} {getattr(report, name):>6}")
    for name in ("closes", "refused_sockets", "unannounced", "back_s", "versions"):
        print(f"{name:<36} {getattr(report, name)}")
    for failure in report.failures[:20]:
        print(f"failed: {failure.what}: {failure.reason}")
    for words in report.broken[:20]:
        print(f"broken: {words}")
    print(f"{len(report.failures)} requests failed, {len(report.broken)} promises broken")


if __name__ == "__main__":
    sys.exit(main())
