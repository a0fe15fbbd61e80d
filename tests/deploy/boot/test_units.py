"""The units as systemd itself sees them, and what each of them does when it is its turn."""

import json
import re
from collections import defaultdict

import pytest

from tests.deploy.boot.box import ENVIRONMENT, SERVICES, Box
from tests.deploy.boot.machine import lines, until
from tests.deploy.hosts.units import constants

EXPOSURE_MAX = 2.0
OFF = ("jyoti-lifecycle.service", "jyoti-ws-daphne.service", "jyoti-ws-daphne.socket")
ON = (
    *("jyoti.target", "jyoti-http.socket", "jyoti-http.service", "jyoti-ws.socket"),
    *("jyoti-ws.service", "jyoti-worker.service", "jyoti-secrets.timer"),
    *("jyoti-cleanup.timer", "jyoti-backup.timer"),
)


def services(box: Box) -> list[str]:
    """Every service that is installed."""
    said = box.machine.shell("cd /etc/systemd/system && ls -d jyoti-*.service")
    return lines(said)


def test_systemd_finds_no_fault_in_any_unit(box: Box):
    units = lines(box.machine.shell("find /etc/systemd/system -maxdepth 1 -name 'jyoti*' -type f"))
    assert len(units) >= len(ON)
    done = box.machine.run("systemd-analyze", "--man=no", "verify", *units, check=False)
    complaints = [line for line in lines(done.stdout + done.stderr) if "jyoti" in line]
    assert (done.returncode, complaints) == (0, [])


def test_no_service_is_exposed(box: Box):
    found = services(box)
    assert len(found) >= 8
    for name in found:
        said = box.machine.run("systemd-analyze", "--no-pager", "security", name).stdout
        exposure = re.search(r"exposure level for \S+: ([\d.]+)", said)
        assert exposure, said[-500:]
        assert float(exposure[1]) <= EXPOSURE_MAX, said


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_power_beyond_its_account(box: Box, name: str):
    said = box.machine.shell(f"cat /proc/{box.machine.main_pid(name)}/status")
    status = dict(line.split(":\t", 1) for line in said.splitlines() if ":\t" in line)
    assert "0" not in status["Uid"].split()
    assert (status["CapBnd"], status["CapEff"]) == ("0" * 16, "0" * 16)
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


def test_the_profile_is_enabled_and_nothing_else_is(box: Box):
    states = {unit: box.machine.systemctl("is-enabled", unit, check=False) for unit in (*ON, *OFF)}
    assert states == dict.fromkeys(ON, "enabled") | dict.fromkeys(OFF, "disabled")


def test_nothing_has_failed_and_the_ports_are_closed_to_others(box: Box):
    failed = box.machine.systemctl("--failed", "--plain", "--no-legend", "list-units", "jyoti*")
    assert failed == ""
    ports = constants()["ports"]
    said = box.machine.shell("ss --listening --tcp --numeric --no-header")
    open_to_all = {line.split()[3] for line in lines(said) if "127.0.0.1:" not in line}
    numbers = {int(address.rpartition(":")[2]) for address in open_to_all}
    assert numbers - {ports["postgres"]} == {ports["public_http"], ports["public_https"]}
    assert not any(a.startswith(("0.0.0.0:5432", "*:5432")) for a in open_to_all)


def test_only_the_account_reads_the_environment(box: Box):
    assert box.machine.shell(f"stat -c '%a %U %G' {ENVIRONMENT}") == "640 root jyoti"
    reading = ("runuser", "-u", "www-data", "--", "cat", ENVIRONMENT)
    assert box.machine.run(*reading, check=False).returncode != 0


def test_the_drain_file_empties_the_box_and_its_end_fills_it_again(box: Box):
    table = constants()
    path, ports = table["paths"]["draining"], table["ports"]
    both = (ports["http"], ports["websocket"])
    box.machine.shell(f"touch {path}")
    try:
        until(lambda: [box.status("/readyz", port) for port in both] == [503, 503], 5)
        assert [box.status("/healthz", port) for port in both] == [200, 200]
    finally:
        box.machine.shell(f"rm {path}")
    until(lambda: [box.status("/readyz", port) for port in both] == [200, 200], 5)


@pytest.mark.parametrize(
    ("name", "last_word"), [("jyoti-backup", "backup_done"), ("jyoti-cleanup", "cleanup_done")]
)
def test_a_timer_starts_its_service(box: Box, name: str, last_word: str):
    """The clock of the timer is set to every second; all else is the unit's own."""
    folder = f"/run/systemd/system/{name}.timer.d"
    often = "[Timer]\\nOnCalendar=\\nOnCalendar=*:*:*\\nRandomizedDelaySec=0\\nAccuracySec=100ms\\n"
    # Not the time of its exit: each start sets that to 0, and here the next start follows at once.
    before = box.machine.shown(name, "InvocationID")
    box.machine.shell(f"mkdir -p {folder} && printf '{often}' >{folder}/often.conf")
    try:
        box.machine.systemctl("daemon-reload")
        box.machine.systemctl("restart", f"{name}.timer")
        until(lambda: box.machine.shown(name, "InvocationID") != before, 10)
    finally:
        box.machine.shell(f"rm -r {folder}")
        box.machine.systemctl("daemon-reload")
        box.machine.systemctl("restart", f"{name}.timer")
    until(lambda: box.machine.shown(name, "ActiveState") in ("inactive", "failed"), 60)
    assert box.machine.shown(name, "Result") == "success", box.machine.journal(f"--unit={name}")
    run = box.machine.shown(name, "InvocationID")
    assert run != before
    assert last_word in box.machine.journal(f"_SYSTEMD_INVOCATION_ID={run}")


def said_in_each_run(box: Box, name: str) -> list[list[str]]:
    """What Python has written to the journal, for every run of a service since the box is up."""
    words = ("--no-pager", "--output=json", "--unit", name, "_COMM=python")
    runs = defaultdict(list)
    for entry in map(json.loads, lines(box.machine.run("journalctl", *words).stdout)):
        runs[entry["_SYSTEMD_INVOCATION_ID"]].append(str(entry["MESSAGE"]))
    return list(runs.values())


def test_no_service_warned_about_itself(box: Box):
    """Its lines are JSON; what Python adds on the side would be a fault."""
    runs = [said for name in SERVICES for said in said_in_each_run(box, name)]
    # The releases that tests broke may have been here before; they end with a traceback.
    sound = [said for said in runs if not any("broken on purpose" in line for line in said)]
    assert sound
    assert [line for said in sound for line in said if not line.startswith("{")] == []
