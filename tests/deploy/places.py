"""Where each value of deploy/constants.toml stands a second time, and how to read it there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.deploy.sources import Sources

Read = Callable[[Sources], Any]


@dataclass(frozen=True)
class Place:
    """One place that has to say `expected(constant)`."""

    constant: str  # "ports.http"
    where: str
    read: Read
    expected: Callable[[Any], Any] = lambda value: value


def value_of(sources: Sources, constant: str) -> Any:
    """`ports.http` as constants.toml has it."""
    section, name = constant.split(".")
    return sources.constants[section][name]


def prop(stack: str, path: str) -> tuple[str, Read]:
    """A property of a template."""
    return f"{stack}.yaml {path}", lambda sources: sources.of(stack, path)


def number(stack: str, path: str) -> tuple[str, Read]:
    """The same, where CloudFormation wants a number as text."""
    return f"{stack}.yaml {path}", lambda sources: float(sources.of(stack, path))


def unit(name: str, key: str, *, at: int = -1) -> tuple[str, Read]:
    """A key of a unit; the last one wins, as in systemd."""
    return f"{name} {key}=", lambda sources: sources.unit(name, key)[at]


def text(path: str, pattern: str) -> tuple[str, Read]:
    """Whatever the pattern's group catches; it has to be the same each time."""

    def read(sources: Sources) -> str:
        found = set(sources.found(path, pattern))
        assert len(found) == 1, f"{path}: {pattern} finds {sorted(found)}"
        return found.pop()

    return f"{path} {pattern}", read


def attribute(stack: str, name: str, key: str, values: str) -> tuple[str, Read]:
    """An attribute of a balancer or a target group, which are lists of keys and values."""

    def read(sources: Sources) -> int:
        listed = {one["Key"]: one["Value"] for one in sources.of(stack, f"{name}.{values}")}
        return int(listed[key])

    return f"{stack}.yaml {name} {key}", read


def environment(name: str, variable: str) -> tuple[str, Read]:
    """A variable that a unit sets."""
    return text(f"deploy/systemd/{name}", rf"^Environment=.*\b{variable}=(\S+)")


def places(constant: str, *found: tuple[str, Read], expected: Any = None) -> list[Place]:
    """The places of one constant that say it in the same form."""
    return [
        Place(constant, where, read, expected or (lambda value: value)) for where, read in found
    ]


COMMON = "jyoti-.service.d/10-common.conf"
NGINX = "deploy/nginx/single-box.conf"
GUNICORN = "deploy/gunicorn/http.py"
LIB = "deploy/bin/lib.sh"
TMPFILES = "deploy/systemd/tmpfiles.conf"

PORTS = [
    *places(
        "ports.http",
        prop("network", "AlbSecurityGroup.SecurityGroupEgress.0.FromPort"),
        prop("network", "AppFromAlb.FromPort"),
        prop("app", "HttpTargets.Port"),
    ),
    *places(
        "ports.http",
        unit("jyoti-http.socket", "ListenStream"),
        text(NGINX, r"upstream http \{\s+server (\S+)"),
        expected="127.0.0.1:{}".format,
    ),
    *places(
        "ports.http",
        unit("aws/jyoti-http.socket.d/20-aws.conf", "ListenStream"),
        expected="0.0.0.0:{}".format,
    ),
    *places(
        "ports.http",
        text(LIB, r"HTTP_PORT=(\d+)"),
        text("config/ops/doctor/host.py", r'"jyoti-http": (\d+)'),
        expected=str,
    ),
    *places(
        "ports.websocket",
        prop("network", "AlbSecurityGroup.SecurityGroupEgress.0.ToPort"),
        prop("network", "AppFromAlb.ToPort"),
        prop("app", "SocketTargets.Port"),
    ),
    *places(
        "ports.websocket",
        unit("jyoti-ws.socket", "ListenStream"),
        unit("jyoti-ws-daphne.socket", "ListenStream"),
        text(NGINX, r"upstream websocket \{\s+server (\S+)"),
        expected="127.0.0.1:{}".format,
    ),
    *places(
        "ports.websocket",
        unit("aws/jyoti-ws.socket.d/20-aws.conf", "ListenStream"),
        unit("aws/jyoti-ws-daphne.socket.d/20-aws.conf", "ListenStream"),
        expected="0.0.0.0:{}".format,
    ),
    *places(
        "ports.websocket",
        text(LIB, r"WEBSOCKET_PORT=(\d+)"),
        text("config/ops/doctor/host.py", r'"jyoti-ws": (\d+)'),
        expected=str,
    ),
    *places("ports.public_http", text(NGINX, r"listen (\d+);"), expected=str),
    *places("ports.public_https", text(NGINX, r"listen (\d+) ssl"), expected=str),
    *places(
        "ports.public_https",
        prop("network", "AlbSecurityGroup.SecurityGroupIngress.0.FromPort"),
        prop("network", "AlbSecurityGroup.SecurityGroupIngress.0.ToPort"),
        prop("app", "HttpsListener.Port"),
    ),
    *places(
        "ports.postgres",
        prop("network", "DatabaseFromApp.FromPort"),
        prop("network", "DatabaseFromApp.ToPort"),
        prop("network", "DatabaseFromRotation.ToPort"),
    ),
    *places(
        "ports.valkey",
        prop("network", "CacheFromApp.FromPort"),
        prop("network", "CacheFromApp.ToPort"),
        prop("data", "Cache.Port"),
    ),
    *places(
        "ports.valkey", text("deploy/hosts/secrets.py", r"\{cache_host\}:(\d+)/"), expected=str
    ),
]

PATHS = [
    *places("paths.releases", text(TMPFILES, r"^d (\S+/releases)\s")),
    *places(
        "paths.current",
        unit(COMMON, "WorkingDirectory"),
        text("deploy/systemd/jyoti-http.service", r"ExecStart=(\S+)/\.venv/bin/python"),
        text("deploy/systemd/jyoti-ws.service", r"ExecStart=(\S+)/\.venv/bin/python"),
        text("deploy/systemd/jyoti-worker.service", r"ExecStart=(\S+)/\.venv/bin/python"),
    ),
    *places("paths.config", text(TMPFILES, r"^d (/etc/\S+)\s")),
    *places(
        "paths.environment",
        unit(COMMON, "EnvironmentFile"),
        text(LIB, r"ENVIRONMENT=(\S+)"),
        text("config/ops/doctor/host.py", r'ENVIRONMENT: Final = Path\("(.+)"\)'),
        text("deploy/cloud-init/app.yaml", r"path: (/etc/jyoti/jyoti\S+)"),
    ),
    *places(
        "paths.stage",
        unit("jyoti-secrets.service", "EnvironmentFile"),
        text(LIB, r"STAGE=(\S+)"),
        text("deploy/cloud-init/app.yaml", r"path: (/etc/jyoti/stage\S+)"),
    ),
    *places(
        "paths.runtime",
        text(LIB, r"RUNTIME=(\S+)"),
        text(TMPFILES, r"^d (/run/\w+)\s"),
        environment(COMMON, "JYOTI_RUNTIME_DIRECTORY"),
        text(GUNICORN, r'worker_tmp_dir = "(.+)"'),
    ),
    *places(
        "paths.secrets",
        environment(COMMON, "SECRETS_DIRECTORY"),
        unit("jyoti-secrets.service", "ReadWritePaths"),
        text(TMPFILES, r"^d (/run/\S+/\S+)\s"),
        text("deploy/hosts/secrets.py", r'FOLDER = Path\("(.+)"\)'),
    ),
    *places(
        "paths.draining",
        environment(COMMON, "JYOTI_DRAIN_FILE"),
        text("deploy/hosts/drain.py", r'DRAINING = Path\("(.+)"\)'),
    ),
    *places("paths.state", text(TMPFILES, r"^d (/var/lib/\w+)\s")),
    *places(
        "paths.media",
        text(NGINX, r"alias (\S+)/;"),
        text(TMPFILES, r"^d (\S+/media)\s"),
    ),
    *places(
        "paths.backups",
        text(TMPFILES, r"^d (/var/backups/\S+)\s"),
        text("deploy/hosts/backup.py", r'BACKUPS = Path\("(.+)"\)'),
    ),
    *places(
        "paths.logs",
        text(TMPFILES, r"^d (/var/log/\S+)\s"),
        text("deploy/rsyslog/20-jyoti.conf", r'file="(\S+)/\w+\.log"'),
        text("deploy/rsyslog/logrotate", r"^(\S+)/\*\.log"),
        text("deploy/cloudwatch/agent.json", r'"file_path": "(\S+)/\w+\.log"'),
    ),
]


def behaviours(sources: Sources) -> list[str]:
    """The paths that CloudFront sends to the application."""
    config = sources.of("web", "Distribution.DistributionConfig.CacheBehaviors")
    return [one["PathPattern"] for one in config if one["TargetOriginId"] == "app"]


def behaviour(pattern: str) -> tuple[str, Read]:
    """Whether CloudFront has one for the pattern."""
    return (
        f"web.yaml {pattern}",
        lambda sources: pattern if pattern in behaviours(sources) else None,
    )


ROUTES = [
    *places("routes.api", behaviour("/api/*"), expected=lambda _value: "/api/*"),
    *places(
        "routes.api",
        text("config/urls.py", r'path\("(api\S+/)"'),
        expected=lambda value: value.lstrip("/"),
    ),
    *places(
        "routes.websocket",
        text("config/ops/smoke/sockets.py", r'PATH: Final = "(.+)"'),
        text("frontend/src/features/messages/messaging.ts", r'new URL\("(/ws\S+)"'),
    ),
    *places(
        "routes.websocket",
        text("config/asgi.py", r'path\("(ws/\S+)"'),
        expected=lambda value: value.lstrip("/"),
    ),
    *places(
        "routes.websocket_pattern",
        prop("app", "SocketRule.Conditions.0.PathPatternConfig.Values.0"),
        behaviour("/ws/*"),
    ),
    *places(
        "routes.websocket_pattern",
        text(NGINX, r"location (/ws\S+) \{"),
        expected=lambda value: value.rstrip("*"),
    ),
    *places(
        "routes.media",
        text("config/settings/base.py", r'MEDIA_URL = f"\{.+\}(.+)"'),
        text(NGINX, r"location (/media\S+) \{"),
    ),
    *places("routes.media", behaviour("/media/*"), expected="{}*".format),
    *places("routes.admin", behaviour("/admin/*"), expected="{}*".format),
    *places(
        "routes.admin",
        text("config/urls.py", r'path\("(admin\S*/)"'),
        expected=lambda value: value.lstrip("/"),
    ),
    *places("routes.static", text("config/settings/base.py", r'STATIC_URL = "(.+)"')),
    *places("routes.static", behaviour("/static/*"), expected="{}*".format),
    *places("routes.live", text("core/health.py", r'"(\S+)": _alive')),
    *places(
        "routes.ready",
        text("core/health.py", r'"(\S+)": _ready'),
        prop("app", "HttpTargets.HealthCheckPath"),
        prop("app", "SocketTargets.HealthCheckPath"),
        text(NGINX, r"location = (/ready\S+)"),
    ),
    *places(
        "routes.deep",
        text("core/health.py", r'"(\S+)": _deep'),
        text(NGINX, r"location = (/health\S+)"),
    ),
]

SECONDS = [
    *places(
        "seconds.alb_idle",
        attribute("app", "Alb", "idle_timeout.timeout_seconds", "LoadBalancerAttributes"),
    ),
    *places(
        "seconds.keep_alive",
        text(GUNICORN, r"^keepalive = (\d+)"),
        text("config/serving.py", r"timeout_keep_alive=(\d+)"),
        expected=str,
    ),
    *places(
        "seconds.deregistration",
        attribute(
            "app", "HttpTargets", "deregistration_delay.timeout_seconds", "TargetGroupAttributes"
        ),
        attribute(
            "app", "SocketTargets", "deregistration_delay.timeout_seconds", "TargetGroupAttributes"
        ),
    ),
    *places(
        "seconds.deregistration",
        text("deploy/hosts/drain.py", r"REQUESTS_S = (\d+) \+"),
        expected=str,
    ),
    *places(
        "seconds.gunicorn_graceful", text(GUNICORN, r"^graceful_timeout = (\d+)"), expected=str
    ),
    *places("seconds.http_stop", unit("jyoti-http.service", "TimeoutStopSec"), expected=str),
    *places(
        "seconds.websocket_drain",
        text("deploy/systemd/jyoti-ws.service", r"--drain (\d+)"),
        expected=str,
    ),
    *places(
        "seconds.websocket_drain_host",
        text("deploy/hosts/drain.py", r"^SOCKETS_S = (\d+)"),
        expected=str,
    ),
    *places("seconds.websocket_stop", unit("jyoti-ws.service", "TimeoutStopSec"), expected=str),
    *places("seconds.worker_stop", unit("jyoti-worker.service", "TimeoutStopSec"), expected=str),
    *places("seconds.lifecycle", prop("app", "DrainHook.HeartbeatTimeout")),
    *places(
        "seconds.health_interval",
        prop("app", "HttpTargets.HealthCheckIntervalSeconds"),
        prop("app", "SocketTargets.HealthCheckIntervalSeconds"),
    ),
    *places(
        "seconds.migration_lock_timeout",
        text("config/management/commands/migrate.py", r"^LOCK_TIMEOUT_S = (\d+)\."),
        expected=str,
    ),
    *places(
        "seconds.secrets_refresh",
        unit("jyoti-secrets.timer", "OnUnitActiveSec"),
        unit("jyoti-secrets.timer", "OnActiveSec"),
        expected=str,
    ),
]

NAMES = [
    *places(
        "users.account",
        text("deploy/systemd/sysusers.conf", r"^u (\S+)"),
        unit("jyoti-http.service", "User"),
        unit("jyoti-ws.service", "User"),
        unit("jyoti-worker.service", "User"),
        text(LIB, r"ACCOUNT=(\S+)"),
    ),
    *[
        place
        for name, resource in (
            ("app", "AppSecret"),
            ("origin", "OriginSecret"),
            ("database", "DatabaseSecret"),
            ("cache", "CacheSecret"),
        )
        for place in places(
            f"secrets.{name}",
            prop("data", f"{resource}.Name.Fn::Sub"),
            expected="${{Project}}/${{Stage}}/{}".format,
        )
    ],
    *[
        place
        for name in ("app", "database", "cache")
        for place in places(
            f"secrets.{name}",
            text("deploy/hosts/secrets.py", rf'secret\("({name})"\)'),
        )
    ],
    *places(
        "logs.groups",
        (
            "observability.yaml groups",
            lambda sources: [
                group["LogGroupName"]["Fn::Sub"].rsplit("/", 1)[1]
                for group in sources.resources("observability", "AWS::Logs::LogGroup").values()
            ],
        ),
        (
            "cloudwatch/agent.json",
            lambda sources: sources.found("deploy/cloudwatch/agent.json", r"/@STAGE@/(\w+)"),
        ),
        (
            "rsyslog files",
            lambda sources: sources.found("deploy/rsyslog/20-jyoti.conf", r"(\w+)\.log"),
        ),
    ),
    *places(
        "header.origin_verify",
        prop("app", "SocketRule.Conditions.1.HttpHeaderConfig.HttpHeaderName"),
        prop("app", "HttpRule.Conditions.0.HttpHeaderConfig.HttpHeaderName"),
        prop(
            "web",
            "Distribution.DistributionConfig.Origins.1.OriginCustomHeaders.0.HeaderName",
        ),
    ),
]


def metric_of(resource: str) -> tuple[str, Read]:
    """What a filter makes of which lines, in the form of the table."""

    def read(sources: Sources) -> dict[str, str]:
        (made,) = sources.of("observability", f"{resource}.MetricTransformations")
        pattern = sources.of("observability", f"{resource}.FilterPattern")
        key, value = pattern.strip("{} ").split(" = ")
        found = {"metric": made["MetricName"], key.removeprefix("$."): value.strip('"')}
        if made["MetricValue"].startswith("$."):
            found["value"] = made["MetricValue"].removeprefix("$.")
        return found

    return f"observability.yaml {resource}", read


METRICS = [
    *places(
        "metrics.namespace",
        prop("observability", "MessageDelayMetric.MetricTransformations.0.MetricNamespace"),
        prop("observability", "JobsFailedMetric.MetricTransformations.0.MetricNamespace"),
        text("deploy/cloudwatch/agent.json", r'"namespace": "(\w+)"'),
    ),
    *places("metrics.message_delay", metric_of("MessageDelayMetric")),
    *places(
        "metrics.message_delay",
        text("messaging/consumers/delays.py", r'"event": "(\w+)"'),
        expected=lambda value: value["event"],
    ),
    *places(
        "metrics.message_delay",
        text("messaging/consumers/delays.py", r'"(p99\w+)":'),
        expected=lambda value: value["value"],
    ),
    *places(
        "metrics.errors",
        *(metric_of(f"{part}ErrorsMetric") for part in ("Http", "Ws", "Worker", "Deploy")),
    ),
    *places("metrics.job_failed", metric_of("JobsFailedMetric")),
    *places(
        "metrics.job_failed",
        text("core/logs.py", r'record\.event = "(\w+)"'),
        expected=lambda value: value["event"],
    ),
    *places("metrics.backup_done", metric_of("BackupsDoneMetric")),
    *places(
        "metrics.backup_done",
        text("deploy/hosts/backup.py", r'"(backup_done)"'),
        expected=lambda value: value["event"],
    ),
]

SMOKE = "config/ops/smoke/limits.py"
SUCCESS = [
    *[
        place
        for name in ("page_s", "api_ms", "message_ms", "upload_s", "uptime_percent")
        for place in places(
            f"success.{name}",
            (
                f"{SMOKE} {name}",
                lambda sources, name=name: float(
                    sources.found(SMOKE, rf'"{name}".*?(\d+(?:\.\d+)?)[,)]')[0]
                ),
            ),
            expected=float,
        )
    ],
    *places(
        "success.api_ms",
        number("observability", "ApiSlowAlarm.Threshold"),
        expected=lambda value: value / 1000,
    ),
    *places("success.message_ms", number("observability", "MessagesSlowAlarm.Threshold")),
]

#: The units' limits leave room above the promise; how much stands there in a comment.
LIMITS = [
    *places("limits.valkey", text("deploy/bin/bootstrap", r"^maxmemory (\d+)mb"), expected=str),
    *places(
        "limits.websocket",
        unit("jyoti-ws.service", "MemoryHigh"),
        unit("jyoti-ws-daphne.service", "MemoryHigh"),
        expected=lambda value: f"{2 * value}M",
    ),
    *places(
        "limits.http",
        unit("jyoti-http.service", "MemoryHigh"),
        expected=lambda value: f"{value + 400}M",
    ),
    *places(
        "limits.worker",
        unit("jyoti-worker.service", "MemoryHigh"),
        expected=lambda value: f"{value + 400}M",
    ),
]

PLACES = [*PORTS, *PATHS, *ROUTES, *SECONDS, *NAMES, *METRICS, *SUCCESS, *LIMITS]
