"""The environment, read once into one typed value; every problem is told at the same time."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from accounts.constants import DOCUMENT_PART_MAX

Kind = Literal["local", "test", "production"]
MIN_SECRET_LENGTH = 50
# For every session: plans are made to be kept (see below), and a client whose host vanished gives its
# place back in half a minute; by itself a server waits two hours for it.
SERVER_WORDS = (
    "-c plan_cache_mode=force_generic_plan -c tcp_keepalives_idle=10"
    " -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
PROCESSES = ("http", "ws", "worker", "command")


class Document(NamedTuple):
    """What people agree to when they sign up: a name such as `terms`, its version, where it stands."""

    name: str
    version: str
    url: str


class EnvironmentInvalidError(Exception):
    """Some variables are missing or unsafe; the message names all of them."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The environment is not usable:\n  - " + "\n  - ".join(problems))
        self.problems = problems


def _variable(parse: Callable[[str], Any], *, default: str = "", needed: bool = False) -> Any:
    """Describe one variable: its parser, its local default, and whether production needs it."""
    return field(metadata={"parse": parse, "default": default, "needed": needed})


def _text(value: str) -> str:
    return value


def _integer(value: str) -> int:
    return int(value)


def _number(value: str) -> float:
    number = float(value)
    if not 0 <= number < float("inf"):
        raise ValueError("must be 0 or more")
    return number


def _names(value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _process(value: str) -> str:
    if value not in PROCESSES:
        raise ValueError(f"must be one of {', '.join(PROCESSES)}")
    return value


def _prefix(value: str) -> str:
    if value and not (value.startswith("/") and value.endswith("/")):
        raise ValueError("must begin and end with a slash")
    return value


def _path(value: str) -> str:
    if value and not value.startswith("/"):
        raise ValueError("must be an absolute path")
    return value


def _registration(value: str) -> str:
    if value not in ("open", "invite", "closed"):
        raise ValueError("must be open, invite or closed")
    return value


def _documents(value: str) -> tuple[Document, ...]:
    documents = [Document(*entry.split()) for entry in _names(value) if len(entry.split()) == 3]  # noqa: PLR2004
    is_whole = len(documents) == len(_names(value))
    if not is_whole or any(not d.url.startswith(("https://", "http://", "/")) for d in documents):
        raise ValueError("must be entries of name, version and URL, separated by commas")
    if any(len(part) > DOCUMENT_PART_MAX for d in documents for part in (d.name, d.version)):
        raise ValueError(f"names and versions have at most {DOCUMENT_PART_MAX} characters")
    return tuple(documents)


def _level(value: str) -> str:
    if value not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
    return value


def _url(*schemes: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            raise ValueError("must be a URL with " + " or ".join(f"{s}://" for s in schemes))
        return value

    return parse


def _media(value: str) -> str:
    """Its form; what the options say is the store's to know."""
    parts = urlsplit(_url("file", "s3", "cloudinary")(value))
    host = parts.netloc.rpartition("@")[2]
    if parts.scheme == "file" and (host or not parts.path):
        raise ValueError("has to be file:///an/absolute/folder")
    if parts.scheme == "s3" and not host:
        raise ValueError("has to be s3://bucket")
    if parts.scheme == "cloudinary" and not (host and parts.username and parts.password):
        raise ValueError("has to be cloudinary://key:secret@cloud")
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Env:
    """All configuration. Each field is the environment variable of the same name in capitals."""

    #: Signs tokens, cursors and picture URLs; at least 50 random characters.
    secret_key: str = _variable(_text, default="local-only-" + "x" * 50, needed=True)
    #: Host names that this server answers for, separated by commas.
    allowed_hosts: tuple[str, ...] = _variable(
        _names, default="localhost,127.0.0.1,[::1]", needed=True
    )
    #: Where people open Jyoti; links in mails and the Origin check use it.
    site_url: str = _variable(_url("http", "https"), needed=True)
    #: PostgreSQL 15 or newer; empty locally means: start the embedded one.
    database_url: str = _variable(
        _url("postgresql", "postgres"),
        needed=True,
    )
    #: PostgreSQL without a pooler between, for worker, migrations and locks; default DATABASE_URL.
    database_direct_url: str = _variable(_url("postgresql", "postgres"))
    #: Redis or Valkey; several by commas share the load; empty locally: start the embedded one.
    redis_url: str = _variable(_url("redis", "rediss", "unix"), needed=True)
    #: Where pictures are kept: file:///path, s3://bucket/prefix?region=&cdn= or cloudinary://key:secret@cloud.
    media_backend_url: str = _variable(_media, needed=True)
    #: How mail leaves: console://, smtp://user:password@host:587, resend://key or ses://region.
    mail_url: str = _variable(
        _url("console", "smtp", "smtps", "resend", "ses"),
        default="console://",
        needed=True,
    )
    #: The sender of every mail.
    mail_from: str = _variable(_text, default="Jyoti <jyoti@localhost>", needed=True)
    #: How many proxies in front append to X-Forwarded-For: 0 local, 1 ALB or nginx, 2 CloudFront + ALB.
    trusted_proxies: int = _variable(_integer, default="0", needed=True)
    #: What this process is: http, ws, worker or command; chooses database options.
    jyoti_process: str = _variable(_process, default="http")
    #: The address that `make run` listens on.
    host: str = _variable(_text, default="127.0.0.1")
    #: The port that `make run` listens on; local cookie names carry it.
    port: int = _variable(_integer, default="8081")
    #: Multiplies every limit; 0 switches them off, which production refuses.
    rate_limit_scale: float = _variable(_number, default="1")
    #: Who may register: open, invite or closed.
    registration: str = _variable(_registration, default="open")
    #: What people agree to: "terms 2026-05 https://…, privacy 2026-05 https://…"; empty: nothing.
    documents: tuple[Document, ...] = _variable(_documents)
    #: The name people see.
    instance_name: str = _variable(_text, default="Jyoti")
    #: DEBUG, INFO, WARNING or ERROR.
    log_level: str = _variable(_level, default="INFO")
    #: A folder with one file a variable; what the environment lacks is read there.
    secrets_directory: str = _variable(_path)
    #: While this file exists, /readyz is 503 and sockets are sent to other hosts.
    jyoti_drain_file: str = _variable(_path)
    #: A folder that http and worker share for as long as the machine runs; default: a temporary one.
    jyoti_runtime_directory: str = _variable(_path)
    #: The internal location from which nginx sends local media, as /_media/; empty: Jyoti sends them.
    media_accel: str = _variable(_prefix)


def kind_of(settings_module: str) -> Kind:
    """The kind that a settings module's name ends with, as in config.settings.local."""
    name = settings_module.rpartition(".")[2]
    if name not in get_args(Kind):
        raise EnvironmentInvalidError([f"DJANGO_SETTINGS_MODULE {settings_module} is unknown"])
    return cast("Kind", name)


def load(kind: Kind, environ: Mapping[str, str] | None = None) -> Env:
    """Read the environment for one kind of settings.

    Raises EnvironmentInvalidError naming every missing, malformed or (in production) unsafe variable.
    """
    values: dict[str, Any] = {}
    problems: list[str] = []
    environ = _with_secrets(os.environ if environ is None else environ, problems)
    for item in fields(Env):
        _read(item, kind, environ, values, problems)
    if kind == "production":
        problems += _unsafe(values)
    if problems:
        raise EnvironmentInvalidError(problems)
    values["site_url"] = (values["site_url"] or f"http://{values['host']}:{values['port']}").rstrip(
        "/"
    )
    return Env(**values)


def secret_file(name: str, environ: Mapping[str, str] | None = None) -> Path | None:
    """The file that a variable is read from; None when the environment itself has it."""
    environ = os.environ if environ is None else environ
    folder = environ.get("SECRETS_DIRECTORY", "").strip()
    if not folder or environ.get(name, "").strip():
        return None
    path = Path(folder, name)
    return path if path.is_file() else None


def database_field(env: Env) -> Literal["database_url", "database_direct_url"]:
    """Which URL this process connects with: worker and commands go past a pooler."""
    is_direct = env.jyoti_process in ("worker", "command") and env.database_direct_url
    return "database_direct_url" if is_direct else "database_url"


def login_file(env: Env) -> Path | None:
    """The file with the URL that this process connects with, if it came from one."""
    return secret_file(database_field(env).upper())


def _with_secrets(environ: Mapping[str, str], problems: list[str]) -> Mapping[str, str]:
    """The environment and, where it lacks a variable, the content of its file."""
    read: dict[str, str] = {}
    for item in fields(Env):
        name = item.name.upper()
        try:
            path = secret_file(name, environ)
            read |= {name: path.read_text()} if path else {}
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            problems.append(f"{name} cannot be read from SECRETS_DIRECTORY: {reason}")
    return {**environ, **read}


def _read(
    item: Field[Any],
    kind: Kind,
    environ: Mapping[str, str],
    values: dict[str, Any],
    problems: list[str],
) -> None:
    name = item.name.upper()
    raw = environ.get(name, "").strip()
    if not raw and item.metadata["needed"] and kind == "production":
        problems.append(f"{name} is missing")
        return
    try:
        values[item.name] = item.metadata["parse"](raw or item.metadata["default"])
    except ValueError as error:
        problems.append(f"{name} {error}")


def _unsafe(values: Mapping[str, Any]) -> list[str]:
    """What would run but must not: each line names the variable and the reason."""
    secret = values.get("secret_key")
    rules = [
        ("SECRET_KEY is shorter than 50 characters", secret and len(secret) < MIN_SECRET_LENGTH),
        ("SECRET_KEY is not random", secret and len(set(secret)) < 10),  # noqa: PLR2004
        (
            "SECRET_KEY is a known default",
            secret and re.match(r"local-only|django-insecure", secret),
        ),
        ("ALLOWED_HOSTS allows every host", "*" in values.get("allowed_hosts", ())),
        ("SITE_URL is not https", values.get("site_url", "https:")[:6] != "https:"),
        ("MEDIA_BACKEND_URL speaks plain http", _is_plain(values.get("media_backend_url", ""))),
        ("RATE_LIMIT_SCALE 0 switches the limits off", values.get("rate_limit_scale") == 0),
        ("MAIL_URL console:// sends no mail", values.get("mail_url", "").startswith("console")),
        (
            "TRUSTED_PROXIES must be 1 or more: HTTPS ends at a proxy",
            values.get("trusted_proxies", 1) < 1,
        ),
    ]
    return [problem for problem, is_true in rules if is_true]


def _is_plain(url: str) -> bool:
    """Whether a store of media, or its CDN, would be asked without TLS."""
    return any(value.startswith("http:") for _, value in parse_qsl(urlsplit(url).query))


def media_origin(env: Env) -> str:
    """Where media are served: at the store's CDN if that is another host than the site's."""
    url = urlsplit(env.media_backend_url)
    cdn = dict(parse_qsl(url.query)).get("cdn", "") if url.scheme == "s3" else ""
    return f"https://{cdn}" if cdn and cdn != urlsplit(env.site_url).netloc else ""


def database_settings(url: str, process: str) -> dict[str, Any]:
    """Django's DATABASES entry for a PostgreSQL URL; query parameters become libpq options."""
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    words = f"{SERVER_WORDS} {options.pop('options', '')}".rstrip()
    entry = {
        "ENGINE": "core.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(options.pop("port", parts.port or "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Hot queries run on a server-binding cursor of the same connection (core.sql).
        # Only they are prepared, and their plans are made to be kept: planning each anew, as the
        # server else does for viewers with little to read, takes longer than reading.
        "OPTIONS": {
            # A server that vanished says nothing: waiting for it ends here, and not with the
            # patience of the kernel, a quarter of an hour. As text, which the Batcher takes over.
            "connect_timeout": 3,
            "tcp_user_timeout": "3000",
            "keepalives_idle": "10",
            "keepalives_interval": "3",
            "keepalives_count": "2",
            "prepare_threshold": 0,
            "options": words,
            **options,
        },
    }
    if process in ("http", "ws"):
        entry["OPTIONS"]["options"] += " -c statement_timeout=3000"
    return entry
