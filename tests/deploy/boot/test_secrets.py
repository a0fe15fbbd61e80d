"""jyoti-secrets as systemd runs it: hardened, and against an endpoint that speaks as AWS does."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.boot import secrets_manager
from tests.deploy.boot.box import Box
from tests.deploy.boot.machine import until

PORT = 8899
FOLDER = "/run/jyoti/secrets"
STAGE = "/etc/jyoti/stage.env"
NAMES = ("SECRET_KEY", "MAIL_URL", "DATABASE_URL", "DATABASE_DIRECT_URL")

Store = Callable[[str], None]


@pytest.fixture
def store(box: Box, tmp_path: Path) -> Iterator[Store]:
    """A stage with secrets; `store(password)` sets the database's."""
    file = tmp_path / "secrets.json"

    def write(password: str) -> None:
        login = {"host": "db.internal", "port": 5432, "dbname": "jyoti", "username": "jyoti"}
        app = {"SECRET_KEY": "k" * 60, "MAIL_URL": "ses://eu-central-1", "ORIGIN_VERIFY": "o"}
        stored = {"jyoti/staging/app": app}
        stored["jyoti/staging/database"] = login | {"password": password}
        file.write_text(json.dumps(stored))

    write("first")
    server = subprocess.Popen(
        [*box.machine.enter_network, sys.executable, secrets_manager.__file__, str(PORT), str(file)]
    )
    lines = (
        *("JYOTI_STAGE=staging", f"AWS_ENDPOINT_URL=http://127.0.0.1:{PORT}"),
        *("AWS_REGION=eu-central-1", "AWS_DEFAULT_REGION=eu-central-1"),
        *("AWS_ACCESS_KEY_ID=of-a-test", "AWS_SECRET_ACCESS_KEY=of-a-test"),
    )
    box.machine.run("tee", STAGE, text="\n".join(lines) + "\n")
    # The authorities of RDS come from the network, which this box has not; a young file is kept.
    box.machine.shell(f"touch {FOLDER}/rds-ca.pem")
    try:
        yield write
    finally:
        box.machine.shell(f"rm -f {STAGE} {FOLDER}/*")
        server.terminate()
        server.wait(10)


def test_secrets_are_files_that_only_the_account_reads(box: Box, store: Store):
    box.machine.systemctl("start", "jyoti-secrets.service")
    for name in NAMES:
        assert box.machine.shell(f"stat -c '%a %U %G' {FOLDER}/{name}") == "440 root jyoti"
    assert box.machine.shell(f"cat {FOLDER}/SECRET_KEY") == "k" * 60
    address = box.machine.shell(f"cat {FOLDER}/DATABASE_URL")
    assert address.startswith("postgresql://jyoti:first@db.internal:5432/jyoti?sslmode=verify-full")
    assert box.machine.shell(f"findmnt -no FSTYPE -T {FOLDER}") == "tmpfs"


def test_the_timer_brings_a_rotated_password_without_a_restart(box: Box, store: Store):
    box.machine.systemctl("start", "jyoti-secrets.service")
    before = box.main_pids()
    folder = "/run/systemd/system/jyoti-secrets.timer.d"
    often = "[Timer]\\nOnActiveSec=\\nOnUnitActiveSec=\\nOnActiveSec=1\\nOnUnitActiveSec=1\\nAccuracySec=100ms\\n"
    store("second")
    box.machine.shell(f"mkdir -p {folder} && printf '{often}' >{folder}/often.conf")
    try:
        box.machine.systemctl("daemon-reload")
        box.machine.systemctl("restart", "jyoti-secrets.timer")
        until(lambda: ":second@" in box.machine.shell(f"cat {FOLDER}/DATABASE_URL"), 30)
    finally:
        box.machine.shell(f"rm -r {folder}")
        box.machine.systemctl("daemon-reload")
        box.machine.systemctl("restart", "jyoti-secrets.timer")
    assert box.main_pids() == before


def test_while_secrets_cannot_be_read_the_old_ones_stay(box: Box, store: Store, tmp_path: Path):
    box.machine.systemctl("start", "jyoti-secrets.service")
    (tmp_path / "secrets.json").write_text("{}")
    box.machine.systemctl("start", "jyoti-secrets.service")
    assert ":first@" in box.machine.shell(f"cat {FOLDER}/DATABASE_URL")
    assert "secrets_not_read" in box.machine.journal("--unit=jyoti-secrets", "--lines=20")
