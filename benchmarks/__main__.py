"""`python -m benchmarks [name ...]`: measure these, or all; `--list` names them."""

import argparse
import os
import sys

from benchmarks.catalogue import MEASUREMENTS, Measurement
from benchmarks.report import record


def main() -> int:
    """0 if every required figure was met, 1 if not, 2 for a name that does not exist."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.local")
    os.environ.setdefault("JYOTI_PROCESS", "command")
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help="default: all")
    parser.add_argument("--list", action="store_true", help="name the measurements")
    arguments = parser.parse_args()
    if arguments.list:
        for found in MEASUREMENTS.values():
            print(f"{found.name:<16} {found.about}")
        return 0
    unknown = sorted(set(arguments.names) - MEASUREMENTS.keys())
    if unknown:
        parser.error(f"no such measurement: {', '.join(unknown)}; --list names them")
    met = [_run(MEASUREMENTS[name]) for name in arguments.names or MEASUREMENTS]
    return 0 if all(met) else 1


def _run(chosen: Measurement) -> bool:
    print(f"{chosen.name}: {chosen.about}", file=sys.stderr)
    results = list(chosen.run())
    record(results)
    for result in results:
        verdict = "" if result.is_met else f"  NOT MET: {result.bound} is required"
        print(f"{result.name:<28} {result.value:>9.2f} {result.unit}{verdict}")
    return all(result.is_met for result in results)


if __name__ == "__main__":
    sys.exit(main())
