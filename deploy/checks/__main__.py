"""`python -m deploy.checks [part ...]`: run all parts or those named; 0 when all passed."""

import argparse
import os
import sys
import time

from deploy.checks.parts import all_parts
from deploy.checks.runner import report, run_all


def main(arguments: list[str]) -> int:
    """Run the parts that the arguments name, else all; 2 for a name that no part has."""
    parts = {part.name: part for part in all_parts()}
    parser = argparse.ArgumentParser(prog="deploy-check", description=__doc__)
    parser.add_argument("part", nargs="*", help=", ".join(parts))
    chosen = parser.parse_args(arguments).part or list(parts)
    if unknown := set(chosen) - set(parts):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    began = time.monotonic()
    outcomes = run_all([parts[name] for name in chosen], at_once=os.cpu_count() or 2)
    return report(outcomes, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
