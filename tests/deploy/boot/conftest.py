"""One box for all tests of this folder; each leaves it running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.boot import release
from tests.deploy.boot.box import SHELF, URL, Box, install
from tests.deploy.boot.machine import Machine
from tests.deploy.boot.root import CACHE, copy_of, debian
from tests.deploy.long.crowd import Crowd

NEEDS = ("root", "namespaces", "nspawn", "debootstrap", "zstd")
PEOPLE, ACTIVE = 40, 12


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Only `make deploy-test` collects this folder."""
    return None if config.pluginmanager.hasplugin("tests.deploy.long.plugin") else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here boots a system."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.needs(*NEEDS))


@pytest.fixture(scope="session")
def archive() -> Path:
    """The release of the last commit."""
    return release.built()


@pytest.fixture(scope="session")
def box(archive: Path) -> Iterator[Box]:
    """Debian 12, bootstrapped and deployed."""
    root = CACHE / "box"
    copy_of(debian(), root)
    machine = Machine(root, CACHE / "console.log", {SHELF: archive.parent})
    machine.boot()
    try:
        yield install(machine, archive)
    finally:
        machine.power_off()


@pytest.fixture(scope="session")
def crowd(box: Box, seed: int, tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """People of the box, outside of its processes and inside its network."""
    folder = tmp_path_factory.mktemp("crowd")
    people = Crowd(
        enter=box.machine.enter_network,
        url=URL,
        address="127.0.0.1",
        folder=folder,
        seed=seed,
        certificate=box.certificate(folder),
        vouch=box.vouch,
    )
    people.make(people=PEOPLE, active=ACTIVE)
    return people
