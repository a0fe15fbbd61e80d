"""A site of two hosts, one database, one cache and a balancer; each test leaves it whole."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy.boot.machine import until
from tests.deploy.hosts.network import Host, Network, tail
from tests.deploy.hosts.parts import Application, Balancer, Cache, Database, settings
from tests.deploy.hosts.units import REPOSITORY
from tests.deploy.long.crowd import Crowd

NEEDS = ("root", "namespaces", "ip", "haproxy", "curl")
PEOPLE, ACTIVE = 40, 12


@dataclass(frozen=True, slots=True)
class Site:
    """All of its parts."""

    network: Network
    database: Host
    cache: Host
    applications: list[Application]
    balancer: Balancer
    people: Host

    @property
    def is_whole(self) -> bool:
        """Whether the balancer sends people to every host."""
        return all(self.balancer.is_up(application) for application in self.applications)

    def logs(self) -> str:
        """The ends of what the servers have said."""
        some = [app.log(name) for app in self.applications for name in ("jyoti-http", "jyoti-ws")]
        return "\n".join(f"{log}:\n{tail(log, 1500)}" for log in some)


def pytest_ignore_collect(config: pytest.Config) -> bool | None:
    """Only `make deploy-test` collects this folder."""
    return None if config.pluginmanager.hasplugin("tests.deploy.long.plugin") else True


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here has its namespaces."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.needs(*NEEDS))


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The last commit's files: what others change meanwhile is no part of it."""
    folder = tmp_path_factory.mktemp("tree")
    packed = subprocess.run(
        ["git", "-C", str(REPOSITORY), "archive", "HEAD"], check=True, capture_output=True
    )
    subprocess.run(["tar", "--extract", f"--directory={folder}"], input=packed.stdout, check=True)
    (folder / ".venv").mkdir()
    return folder


@pytest.fixture(scope="session")
def site(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Up, migrated, and with both hosts behind the balancer."""
    folder = tmp_path_factory.mktemp("site")
    network = Network()
    try:
        made = _build(network, tree, folder)
        until(lambda: made.is_whole, 60, made.logs)
        yield made
    finally:
        network.close()


@pytest.fixture(autouse=True)
def _whole(site: Site) -> None:
    """Each test begins with everything in its place."""
    until(lambda: site.is_whole, 60, site.logs)


@pytest.fixture(scope="session")
def crowd(site: Site, seed: int, tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """People of the site."""
    people = Crowd(
        enter=site.people.enter,
        url=site.balancer.url,
        address=site.balancer.host.address,
        folder=tmp_path_factory.mktemp("crowd"),
        seed=seed,
        vouch=site.applications[0].command("user", "verify"),
    )
    people.make(people=PEOPLE, active=ACTIVE)
    return people


def _build(network: Network, tree: Path, folder: Path) -> Site:
    hosts = {name: network.add(name) for name in ("people", "lb", "a", "b", "db", "cache")}
    pictures = folder / "pictures"
    pictures.mkdir()
    database = Database(hosts["db"], folder / "database")
    cache = Cache(hosts["cache"], folder / "cache.log")
    database.start()
    cache.start()
    environ = settings(database, cache, pictures)
    applications = [Application(hosts[name], tree, folder / name, environ) for name in ("a", "b")]
    applications[0].migrate()
    for application in applications:
        application.start()
    balancer = Balancer(hosts["lb"], folder, applications)
    balancer.start()
    return Site(network, hosts["db"], hosts["cache"], applications, balancer, hosts["people"])
