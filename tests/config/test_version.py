"""The version is the release's own, wherever it is shown."""

import tomllib

from config.version import VERSION, version_of
from tests.house.rules import ROOT


def test_the_version_of_a_release_is_what_its_file_says(tmp_path):
    release = tmp_path / "RELEASE"
    release.write_text("1.4.2-a1b2c3d\nmade for cpython 3.12\n")
    assert version_of(release) == "1.4.2-a1b2c3d"


def test_a_source_tree_has_the_version_of_pyproject(tmp_path):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert version_of(tmp_path / "RELEASE") == project["version"]
    (tmp_path / "RELEASE").write_text("\n")
    assert version_of(tmp_path / "RELEASE") == project["version"]


def test_the_instance_shows_the_version(client):
    assert client.get("/api/v1/instance").json()["version"] == VERSION
