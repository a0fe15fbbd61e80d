"""What a host does at its first start: cloud-init/*.yaml, which the templates carry."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy import templates

FOLDER = templates.FOLDER.parent / "cloud-init"
CARRIERS = {"app": "Host", "single": "Box"}
LONGEST = 40  # lines; what is longer belongs into the release
KNOWN = {"ReleaseVersion": "7", "ReleaseBucket": "releases"}
SHELLCHECK = Path(sys.executable).with_name("shellcheck")


def carried(name: str) -> str:
    """The user data in the template, before CloudFormation fills it in."""
    about = templates.load(name)["Resources"][CARRIERS[name]]["Properties"]
    text: str = about.get("LaunchTemplateData", about)["UserData"]["Fn::Base64"]["Fn::Sub"][0]
    return text


def first_start(name: str, **values: str) -> str:
    """The script of the first start, with names filled in as CloudFormation would."""
    about: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text())
    script: str = about["runcmd"][0][-1]
    return re.sub(r"\$\{([\w:]+)\}", lambda found: (KNOWN | values).get(found[1], "value"), script)


@pytest.mark.parametrize("name", CARRIERS)
def test_the_template_carries_the_file_that_is_checked(name: str) -> None:
    assert carried(name) == (FOLDER / f"{name}.yaml").read_text()


@pytest.mark.parametrize("name", CARRIERS)
def test_user_data_stays_short(name: str) -> None:
    assert len((FOLDER / f"{name}.yaml").read_text().splitlines()) <= LONGEST


@pytest.mark.parametrize("name", CARRIERS)
def test_the_script_of_the_first_start_is_clean(name: str, tmp_path: Path) -> None:
    script = tmp_path / "first-start.sh"
    script.write_text("#!/bin/bash\nset -euo pipefail\n" + first_start(name))
    seen = subprocess.run([SHELLCHECK, script], capture_output=True, text=True, check=False)
    assert seen.stdout == ""
    assert seen.returncode == 0


class FirstStart:
    """The first start behind the balancer, with a folder in the place of S3."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told"
        (folder / "bin").mkdir()
        # The one call of python3 downloads.
        self._program("python3", f'cp "{folder}/releases/${{@: -1}}" "${{@: -1}}"')
        self._release()

    @property
    def archive(self) -> Path:
        return self.folder / "releases" / "jyoti-7.tar.zst"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.archive.read_bytes()).hexdigest()

    def _program(self, name: str, line: str, folder: Path | None = None) -> None:
        program = (folder or self.folder / "bin") / name
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text(f"#!/bin/bash\n{line}\n")
        program.chmod(0o755)

    def _release(self) -> None:
        """An archive of the form that deploy/bin/release makes; its commands tell what they got."""
        tree = self.folder / "tree" / "jyoti-7"
        for name in ("bootstrap", "deploy"):
            self._program(name, f'echo {name} "$@" >>{self.told}', tree / "deploy" / "bin")
        (tree / "core" / "deploy").mkdir(parents=True)
        self.archive.parent.mkdir()
        packing = ["tar", "--create", "--zstd", "--file", str(self.archive)]
        subprocess.run([*packing, f"--directory={tree.parent}", tree.name], check=True)

    def run(self, sha256: str) -> subprocess.CompletedProcess[str]:
        script = first_start("app", ReleaseSha256=sha256).replace("/var/tmp/", f"{self.folder}/")
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            env={"PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def start(tmp_path: Path) -> FirstStart:
    return FirstStart(tmp_path)


def test_the_first_start_prepares_the_host_and_installs_the_release(start: FirstStart) -> None:
    done = start.run(start.sha256)
    assert done.returncode == 0, done.stderr
    assert start.told.read_text().splitlines() == [
        "bootstrap --profile aws",
        f"deploy --sha256 {start.sha256} jyoti-7.tar.zst",
    ]
    (unpacked,) = start.folder.glob("jyoti.*")
    assert sorted(path.name for path in unpacked.iterdir()) == ["deploy", "jyoti-7.tar.zst"]


def test_a_release_with_another_checksum_is_not_even_unpacked(start: FirstStart) -> None:
    before = start.sha256
    start.archive.write_bytes(start.archive.read_bytes() + b"\0")
    assert start.run(before).returncode != 0
    assert not start.told.exists()
    (unpacked,) = start.folder.glob("jyoti.*")
    assert [path.name for path in unpacked.iterdir()] == ["jyoti-7.tar.zst"]
