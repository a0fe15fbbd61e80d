"""The pytest plugin of `make deploy-test`: needs, the seed, and a summary that hides nothing."""

import os
import secrets

import pytest

from tests.deploy.long.needs import NEEDS, missing

_NOT_RUN = "NOT RUN"
_seed = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))


def pytest_configure(config: pytest.Config) -> None:
    """`@pytest.mark.needs("root", "ip")`: without these the test fails by name."""
    config.addinivalue_line("markers", f"needs(*names): some of {', '.join(NEEDS)}")


def pytest_report_header() -> str:
    """What the random choices of this run were made from."""
    return f"seed {_seed} (SEED={_seed} repeats the choices)"


@pytest.fixture(scope="session")
def seed() -> int:
    """The seed of this run."""
    return _seed


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose needs are not met has not passed: it fails, and says that it was not run."""
    wanted = [name for mark in item.iter_markers("needs") for name in mark.args]
    if lacking := missing(dict.fromkeys(wanted)):
        pytest.fail(f"{_NOT_RUN}: this machine has no {'; no '.join(lacking)}", pytrace=False)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The last lines: what was not run, and the seed."""
    stats = terminalreporter.stats
    broken = [*stats.get("failed", []), *stats.get("error", [])]
    not_run = [report for report in broken if _NOT_RUN in str(report.longrepr)]
    terminalreporter.section("deploy-test")
    for report in not_run:
        terminalreporter.line(f"not run: {report.nodeid}: {report.longrepr}")
    terminalreporter.line(
        f"{len(stats.get('passed', []))} passed, {len(broken) - len(not_run)} failed,"
        f" {len(not_run)} not run; seed {_seed}"
    )
