"""A backup is worth what its restore brings back."""

from tests.deploy.boot.box import Box
from tests.deploy.long.crowd import Crowd, assert_nothing_was_lost

MEDIA = "/var/lib/jyoti/media"
# Its threads, which two sets of processes have while it reloads; a backup takes 2, a person with psql 1.
GUNICORN_CONNECTIONS, COMMAND_CONNECTIONS = 12, 8


def sql(box: Box, statement: str) -> str:
    """One value, asked as PostgreSQL's owner."""
    command = ("psql", "--no-psqlrc", "-At", "-d", "jyoti", "-c", statement)
    return box.machine.run("runuser", "-u", "postgres", "--", *command).stdout.strip()


def counts(box: Box) -> list[int]:
    """People, posts, messages."""
    tables = ("accounts_user", "posts_post", "messaging_message")
    return [int(sql(box, f"SELECT count(*) FROM {table}")) for table in tables]


def test_a_restore_brings_people_posts_messages_and_pictures_back(box: Box, crowd: Crowd):
    with crowd.living():
        pass
    box.machine.systemctl("stop", "jyoti-worker")
    before = counts(box)
    assert min(before) > 0
    box.machine.systemctl("start", "jyoti-backup.service")
    picture = box.machine.shell(f"find {MEDIA} -type f -name '*.webp' | head -n1")
    sql(box, "DELETE FROM messaging_message")
    box.machine.shell(f"rm {picture}")
    box.machine.run("/opt/jyoti/current/deploy/bin/restore", "--swap")
    box.wait_until_ready()
    assert counts(box) == before
    assert box.machine.shell(f"stat -c %s {picture}") != "0"
    with crowd.living() as run:
        pass
    assert_nothing_was_lost(run.seen)


def test_a_box_in_use_has_connections_left_for_a_reload_and_a_backup(box: Box, crowd: Crowd):
    with crowd.living():
        held = int(sql(box, "SELECT count(*) FROM pg_stat_activity WHERE usename = 'jyoti'"))
        names = ("max_connections", "superuser_reserved_connections")
        most, reserved = (int(sql(box, f"SHOW {name}")) for name in names)
        box.machine.systemctl("start", "jyoti-backup.service")
    assert 0 < held <= most - reserved - GUNICORN_CONNECTIONS - COMMAND_CONNECTIONS


def test_a_drill_leaves_everything_as_it_is(box: Box):
    box.machine.systemctl("start", "jyoti-backup.service")
    before, pid = counts(box), box.machine.main_pid("jyoti-http")
    box.machine.run("/opt/jyoti/current/deploy/bin/restore")
    assert (counts(box), box.machine.main_pid("jyoti-http")) == (before, pid)
    assert sql(box, "SELECT count(*) FROM pg_database WHERE datname = 'jyoti_restored'") == "0"


def test_only_the_account_reads_a_backup(box: Box):
    modes = box.machine.shell("stat -c '%a %U' /var/backups/jyoti /var/backups/jyoti/*")
    assert set(modes.splitlines()) == {"700 jyoti"}
