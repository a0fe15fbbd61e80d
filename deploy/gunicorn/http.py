"""gunicorn for pages and API: `python -m gunicorn --config deploy/gunicorn/http.py config.wsgi`.

Started by hand, without systemd, it needs `--bind 127.0.0.1:8081` as well.
"""

import os

from gunicorn.glogging import Logger

from core.logs import logging_config

# The socket of jyoti-http.socket, by its number. gunicorn would look it up in these variables only
# after the application is loaded, which may take them for itself.
bind = "fd://3"
os.environ.pop("LISTEN_PID", None)
os.environ.pop("LISTEN_FDS", None)

# Threads, for a slow client holds one and not a process. Two processes fit the promise of 200 MB
# and use both processors of a small instance; on one processor they would only wait for each other,
# a time slice of the kernel at a time. Whoever signs in waits for a turn (core.passwords) and holds
# a thread meanwhile: four of them leave two to those who read.
worker_class = "config.gthread.QuickThreadWorker"
workers = min(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2)
threads = 6
# Loaded once, before the processes part: they share what never changes (measured: 159 MB in all
# instead of 196), and systemd hears READY only when the code is in. A reload therefore keeps the
# code; a new release is a restart.
preload_app = True

# Longer than the load balancer's idle time, which else sends into a closing connection.
keepalive = 130
# A process without a sign of life for so long is replaced; a slow request alone is no reason.
timeout = 30
graceful_timeout = 25
# What leaks, if anything does, is given back; not by all processes at the same time. Seldom: where
# there is one process, nobody answers for the two seconds until its successor does.
max_requests = 200_000
max_requests_jitter = 20_000

# In memory: on a disk that is busy the signs of life would come late.
worker_tmp_dir = "/run/jyoti"
control_socket = "/run/jyoti/gunicorn.ctl"
control_socket_mode = 0o600


class NoAccessLog(Logger):  # type: ignore[misc]  # gunicorn says nothing about its types
    """The balancer and nginx write the access log.

    gunicorn puts a line of it together for every request as soon as `logconfig_dict` is set, even
    where nobody takes it.
    """

    access_log_enabled = False


logger_class = NoAccessLog
# JSON, as all that the application says.
logconfig_dict = {
    **logging_config("INFO"),
    "loggers": {"gunicorn.error": {"level": "INFO", "handlers": ["stderr"], "propagate": False}},
}

# Who the client is, and whether he came by HTTPS, is read by core.http and Django, by
# TRUSTED_PROXIES; gunicorn believes nobody.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
