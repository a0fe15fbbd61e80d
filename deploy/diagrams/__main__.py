"""`python -m deploy.diagrams`: draw the blocks of ARCHITECTURE.md anew; `--check` only compares."""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from deploy.diagrams.drawing import Drawing
from deploy.diagrams.references import Templates
from deploy.diagrams.units import units
from deploy.diagrams.wiring import layers, traffic
from deploy.templates import LAYERS, SINGLE

PAGE: Final = Path(__file__).parents[1] / "ARCHITECTURE.md"
#: What is made in the first region, and what in the one that stands by.
FIRST: Final = tuple(stack for stack in LAYERS if stack != "region")
SECOND: Final = ("network", "region", "app")
DRAWINGS: Final[dict[str, Callable[[], Drawing]]] = {
    "traffic": lambda: traffic(Templates(FIRST)),
    "layers": lambda: layers(Templates(FIRST)),
    "standby": lambda: layers(Templates(SECOND)),
    "single": lambda: traffic(Templates((SINGLE,))),
    "units": units,
}
BLOCK: Final = re.compile(r"(?s)(<!-- drawn: (\w+) -->\n).*?(<!-- end -->)")


def drawn(page: str) -> str:
    """The page with each block between `<!-- drawn: name -->` and `<!-- end -->` drawn anew.

    Raises KeyError for a name that nothing draws, ValueError where a drawing has no block.
    """
    if missing := set(DRAWINGS) - {found[1] for found in BLOCK.findall(page)}:
        raise ValueError(f"no block for {', '.join(sorted(missing))}")
    return BLOCK.sub(
        lambda found: f"{found[1]}```mermaid\n{DRAWINGS[found[2]]().mermaid()}```\n{found[3]}", page
    )


def main(arguments: list[str] | None = None) -> int:
    """0; with `--check` 1 if the templates give another drawing than the page shows."""
    parser = argparse.ArgumentParser(prog="python -m deploy.diagrams", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if it is stale")
    options = parser.parse_args(arguments)
    before = PAGE.read_text()
    after = drawn(before)
    if not options.check:
        PAGE.write_text(after)
    elif before != after:
        parser.exit(1, "deploy/ARCHITECTURE.md is stale: python -m deploy.diagrams\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
