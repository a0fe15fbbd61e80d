"""shellcheck on the `run:` blocks of workflows, which actionlint leaves to it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml

from deploy.checks.runner import find

#: What a block can't show: variables that it gets from `env:` or gives to later steps by name.
_UNSEEN = "--exclude=SC2034,SC2153"
#: GitHub puts a value in its place before the shell sees the text.
_EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


def blocks(path: Path) -> Iterator[tuple[str, str]]:
    """Every shell block, and where it stands: `api.yml: build: Upload`."""
    workflow = yaml.safe_load(path.read_text())
    for job_name, job in workflow["jobs"].items():
        for number, step in enumerate(job.get("steps", []), 1):
            if "run" in step:
                yield f"{path.name}: {job_name}: {step.get('name', number)}", step["run"]


def check(where: str, text: str) -> bool:
    """Whether shellcheck likes the block; prints what it does not like."""
    script = "#!/usr/bin/env bash\nset -eo pipefail\n" + _EXPRESSION.sub("expression", text)
    done = subprocess.run(
        [find("shellcheck"), _UNSEEN, "-"],
        input=script,
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        print(f"{where}\n{done.stdout}")
    return done.returncode == 0


def main(names: list[str]) -> int:
    """Check all of them; 1 when one is wrong, or when there is none at all."""
    found = [block for name in names for block in blocks(Path(name))]
    good = [check(where, text) for where, text in found]
    print(f"{len(found)} blocks")
    return 0 if good and all(good) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
