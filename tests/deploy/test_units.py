"""The units: what they may do, and that what the folder holds is one whole.

That they start, restart and drain is shown by booting them (tests/deploy/boot).
"""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy/systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
COMMON = UNITS / "jyoti-.service.d/10-common.conf"
PROFILES = ("single", "aws")
ROOT_WITHOUT_POWERS = {"jyoti-secrets.service"}
LONG_RUNNING = {
    "jyoti-http.service",
    "jyoti-ws.service",
    "jyoti-ws-daphne.service",
    "jyoti-worker.service",
}
HIGHEST_EXPOSURE = 2.0
# systemd joins the lines of these; any other key that both say is said twice.
ADDING = {"Environment", "EnvironmentFile", "ReadWritePaths", "After", "Wants"}


def keys(path: Path, section: str = "Service") -> dict[str, list[str]]:
    """The keys of one section, each with its values in their order."""
    found: dict[str, list[str]] = {}
    text = path.read_text().replace("\\\n", " ")
    inside = re.search(rf"^\[{section}\]$(.*?)(?=^\[|\Z)", text, re.MULTILINE | re.DOTALL)
    for key, value in re.findall(r"^(\w+)=(.*)$", inside[1] if inside else "", re.MULTILINE):
        found.setdefault(key, []).append(value)
    return found


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A root folder with the units in it, as bootstrap copies them."""
    there = tmp_path / "etc/systemd/system"
    shutil.copytree(UNITS, there)
    return tmp_path


def exposure(root: Path, unit: str) -> float:
    seen = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--root={root}", "--no-pager", unit],
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", seen.stdout)
    assert found, seen.stdout + seen.stderr
    return float(found[1])


@pytest.mark.parametrize("unit", SERVICES)
def test_service_is_exposed_to_little(installed: Path, unit: str) -> None:
    assert exposure(installed, unit) <= HIGHEST_EXPOSURE


def test_exposure_is_of_the_shared_block(installed: Path) -> None:
    """Without it the same unit is far above the limit: the gate bites."""
    shutil.rmtree(installed / "etc/systemd/system/jyoti-.service.d")
    assert exposure(installed, "jyoti-http.service") > HIGHEST_EXPOSURE + 3


@pytest.mark.parametrize("unit", SERVICES)
def test_service_runs_as_the_account(unit: str) -> None:
    said = keys(UNITS / unit)
    user = "root" if unit in ROOT_WITHOUT_POWERS else "jyoti"
    assert (said["User"], said["Group"]) == ([user], ["jyoti"])


@pytest.mark.parametrize("unit", SERVICES)
def test_no_unit_says_what_the_shared_block_decides(unit: str) -> None:
    """A drop-in wins over the unit, so that such a line would look valid and do nothing."""
    assert (keys(UNITS / unit).keys() & keys(COMMON).keys()) - ADDING == set()


def test_nobody_has_any_capability() -> None:
    assert keys(COMMON)["CapabilityBoundingSet"] == [""]
    assert all("CapabilityBoundingSet" not in keys(UNITS / unit) for unit in SERVICES)


@pytest.mark.parametrize("unit", sorted(LONG_RUNNING))
def test_service_comes_back_by_itself_and_never_gives_up(unit: str) -> None:
    said = keys(UNITS / unit)
    assert (said["Restart"], said["RestartSec"]) == (["always"], ["1"])
    assert keys(COMMON, "Unit")["StartLimitIntervalSec"] == ["0"]


@pytest.mark.parametrize("unit", sorted(LONG_RUNNING))
def test_a_killed_decoder_leaves_its_server_alone(unit: str) -> None:
    assert keys(COMMON)["OOMPolicy"] == ["continue"]
    assert {"MemoryHigh", "MemoryMax"} <= keys(UNITS / unit).keys()


@pytest.mark.parametrize("unit", SERVICES)
def test_what_a_service_starts_is_there(unit: str) -> None:
    program = keys(UNITS / unit)["ExecStart"][0].split()[0]
    inside = Path(program).relative_to("/opt/jyoti/current")
    if inside.parts[0] != ".venv":
        assert (ROOT / inside).stat().st_mode & 0o111, f"{inside} cannot be run"


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.timer")))
def test_timer_has_its_service(unit: Path) -> None:
    assert unit.with_suffix(".service").name in SERVICES


@pytest.mark.parametrize("name", ["http", "ws", "ws-daphne"])
def test_port_is_open_to_nobody_else_unless_the_balancer_is_before_it(name: str) -> None:
    port = 8081 if name == "http" else 8082
    base = keys(UNITS / f"jyoti-{name}.socket", "Socket")
    behind = keys(UNITS / f"aws/jyoti-{name}.socket.d/20-aws.conf", "Socket")
    assert base["ListenStream"] == [f"127.0.0.1:{port}"]
    assert behind["ListenStream"] == ["", f"0.0.0.0:{port}"]


@pytest.mark.parametrize("name", ["http", "ws", "ws-daphne"])
def test_socket_outlives_every_failure_of_its_service(name: str) -> None:
    said = keys(UNITS / f"jyoti-{name}.socket", "Socket")
    assert said["TriggerLimitIntervalSec"] == ["0"]
    assert int(said["Backlog"][0]) >= 1024


def test_the_two_gateways_exclude_each_other() -> None:
    daphne = keys(UNITS / "jyoti-ws-daphne.service", "Unit")
    assert daphne["Conflicts"] == ["jyoti-ws.service"]
    assert keys(UNITS / "jyoti-ws.service", "Unit")["Conflicts"] == ["jyoti-ws-daphne.service"]
    assert keys(UNITS / "jyoti-ws-daphne.socket", "Unit")["Conflicts"] == ["jyoti-ws.socket"]


@pytest.mark.parametrize("path", sorted(UNITS.rglob("*.*")), ids=lambda path: path.name)
def test_file_of_units_has_known_sections(path: Path) -> None:
    if path.is_dir() or path.name in ("sysusers.conf", "tmpfiles.conf"):
        return
    parser = configparser.ConfigParser(strict=False, allow_no_value=True, interpolation=None)
    parser.read(path)
    assert set(parser.sections()) <= {"Unit", "Service", "Socket", "Timer", "Install"}


def test_whoever_reads_pictures_reads_no_secret() -> None:
    """nginx is in the group of the pictures alone."""
    account, profile = (UNITS / name for name in ("sysusers.conf", "single/sysusers.conf"))
    assert re.findall(r"^[ug] (\S+)", account.read_text(), re.MULTILINE) == ["jyoti", "jyoti-media"]
    assert re.findall(r"^m (.*)$", profile.read_text(), re.MULTILINE) == ["www-data jyoti-media"]
    folders = dict(
        re.findall(
            r"^d (\S+)\s+(\S+ \S+\s+\S+)", (UNITS / "tmpfiles.conf").read_text(), re.MULTILINE
        )
    )
    assert folders["/run/jyoti/secrets"].split() == ["0750", "root", "jyoti"]
    assert folders["/etc/jyoti"].split() == ["0750", "root", "jyoti"]
    assert folders["/var/lib/jyoti/media"].split() == ["2750", "jyoti", "jyoti-media"]
