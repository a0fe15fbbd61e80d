"""Write the secrets of the stage where the services read them: `deploy/bin/fetch-secrets`.

One file a variable in SECRETS_DIRECTORY (/run/jyoti/secrets, in memory), each replaced as a whole and
only when it changes. While AWS does not answer, the files stay as they are; that is an error only where
there are none yet.
"""

import argparse
import json
import os
import ssl
import sys
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.hosts.log import say

FOLDER = Path("/run/jyoti/secrets")
FILE_MODE = 0o440
#: Who signs the certificates of RDS; checked by this machine's own authorities.
BUNDLE_URL = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
BUNDLE = "rds-ca.pem"
BUNDLE_DAYS = 7
BUNDLE_TIMEOUT_S = 10
NEEDED = ("SECRET_KEY", "MAIL_URL", "DATABASE_URL", "DATABASE_DIRECT_URL")
AWS = Config(connect_timeout=3, read_timeout=5, retries={"total_max_attempts": 3})


def read_secrets(prefix: str, cache_host: str, folder: Path) -> dict[str, str]:
    """The variables of one stage, `prefix` being "jyoti/<stage>".

    Without a cache host this machine has a cache of its own, and no REDIS_URL comes from here.
    Raises BotoCoreError, ClientError, and ValueError or KeyError for a secret of another form.
    """
    client: Any = boto3.client("secretsmanager", config=AWS)

    def secret(name: str) -> dict[str, Any]:
        answer = client.get_secret_value(SecretId=f"{prefix}/{name}")
        fields: dict[str, Any] = json.loads(answer["SecretString"])
        return fields

    app, database = secret("app"), database_url(secret("database"), folder / BUNDLE)
    variables = {
        "SECRET_KEY": app["SECRET_KEY"],
        "MAIL_URL": app["MAIL_URL"],
        "DATABASE_URL": database,
        "DATABASE_DIRECT_URL": database,
    }
    if cache_host:
        token = quote(secret("cache")["auth_token"], safe="")
        variables["REDIS_URL"] = f"rediss://:{token}@{cache_host}:6379/0"
    return variables


def database_url(login: Mapping[str, Any], bundle: Path) -> str:
    """The URL for a secret in the form of RDS; the server's name and certificate are verified."""
    user, password = (quote(str(login[name]), safe="") for name in ("username", "password"))
    place = f"{login['host']}:{login['port']}/{login['dbname']}"
    return f"postgresql://{user}:{password}@{place}?sslmode=verify-full&sslrootcert={bundle}"


def write(folder: Path, name: str, content: str) -> bool:
    """Replace one file as a whole, for root and the group of the folder; False when it is the same."""
    path, draft = folder / name, folder / f".{name}.new"
    if path.is_file() and path.read_text() == content:
        return False
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "w") as file:
        group = folder.stat().st_gid
        if os.fstat(descriptor).st_gid != group:
            os.fchown(descriptor, -1, group)
        os.fchmod(descriptor, FILE_MODE)
        file.write(content)
    draft.rename(path)
    return True


def fetch_bundle(folder: Path, url: str = BUNDLE_URL) -> None:
    """Keep the authorities of RDS beside the secrets, not older than a week. Raises OSError."""
    path = folder / BUNDLE
    if path.is_file() and time.time() - path.stat().st_mtime < BUNDLE_DAYS * 86_400:
        return
    with urllib.request.urlopen(url, timeout=BUNDLE_TIMEOUT_S) as answer:  # noqa: S310  a constant
        text = answer.read().decode()
    # What is no certificate would lock every service out of the database.
    ssl.create_default_context(cadata=text)
    if not write(folder, BUNDLE, text):
        os.utime(path)


def fetch(folder: Path, prefix: str, cache_host: str, *, bundle_url: str = BUNDLE_URL) -> bool:
    """Bring the folder up to date as far as AWS answers; whether the services can start from it."""
    try:
        fetch_bundle(folder, bundle_url)
    except (OSError, ValueError) as error:
        say("rds_bundle_not_fetched", level="WARNING", error=type(error).__name__)
    try:
        variables = read_secrets(prefix, cache_host, folder)
    except (BotoCoreError, ClientError, KeyError, ValueError, TypeError) as error:
        say("secrets_not_read", level="WARNING", error=type(error).__name__)
    else:
        changed = [name for name, value in variables.items() if write(folder, name, value + "\n")]
        if changed:
            say("secrets_changed", names=changed)
    needed = (*NEEDED, BUNDLE, *(["REDIS_URL"] if cache_host else []))
    missing = [name for name in needed if not (folder / name).is_file()]
    if missing:
        say("secrets_missing", level="ERROR", names=missing)
    return not missing


def main() -> None:
    """Read JYOTI_PROJECT, JYOTI_STAGE and JYOTI_CACHE_HOST of /etc/jyoti/stage.env."""
    argparse.ArgumentParser(prog="fetch-secrets", description=__doc__).parse_args()
    stage = os.environ.get("JYOTI_STAGE", "")
    if not stage:
        sys.exit("fetch-secrets: JYOTI_STAGE is not set (/etc/jyoti/stage.env)")
    folder = Path(os.environ.get("SECRETS_DIRECTORY") or FOLDER)
    prefix = f"{os.environ.get('JYOTI_PROJECT') or 'jyoti'}/{stage}"
    if not fetch(folder, prefix, os.environ.get("JYOTI_CACHE_HOST", "")):
        sys.exit(1)


if __name__ == "__main__":
    main()
