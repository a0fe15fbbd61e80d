"""nginx of the single box on this machine: its folders in a temporary place, its ports free ones."""

import contextlib
import http.client
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deploy.checks.runner import ROOT, find

CONFIGURATION = ROOT / "deploy/nginx/single-box.conf"
HOST = "photos.example.org"


@dataclass
class Part:
    """A server behind nginx that tells what it was asked."""

    server: ThreadingHTTPServer
    asked: list[dict[str, str]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])


def start_part() -> Part:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            part.asked.append(dict(self.headers) | {"path": self.path})
            self.send_response(200)
            if self.path.startswith("/media/"):
                self.send_header("X-Accel-Redirect", "/_media/p/aa/picture.webp")
                self.send_header("Content-Type", "image/webp")
            self.send_header("Strict-Transport-Security", "max-age=1")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    part = Part(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    threading.Thread(target=part.server.serve_forever, daemon=True).start()
    return part


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def all(self, name: str) -> list[str]:
        return self.headers.get_all(name) or []


@dataclass
class Box:
    folder: Path
    http: Part
    websocket: Part
    plain_port: int
    tls_port: int

    def ask(
        self,
        path: str,
        *,
        method: str = "GET",
        host: str = HOST,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """Over TLS, as a browser."""
        context = ssl.create_default_context(cafile=self.folder / "tls/fullchain.pem")
        link = http.client.HTTPSConnection(host, self.tls_port, context=context, timeout=10)
        link._create_connection = lambda *_: socket.create_connection(  # type: ignore[attr-defined]
            ("127.0.0.1", self.tls_port), timeout=10
        )
        return self._read(link, method, path, body, headers or {})

    def ask_plainly(self, path: str, *, host: str = HOST) -> Answer:
        link = http.client.HTTPConnection("127.0.0.1", self.plain_port, timeout=10)
        return self._read(link, "GET", path, None, {"Host": host})

    @staticmethod
    def _read(
        link: http.client.HTTPConnection,
        method: str,
        path: str,
        body: bytes | None,
        headers: dict[str, str],
    ) -> Answer:
        try:
            link.request(method, path, body, headers)
            answer = link.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            link.close()

    def stop_parts(self) -> None:
        for part in (self.http, self.websocket):
            part.server.shutdown()
            part.server.server_close()

    def log(self, name: str) -> str:
        return (self.folder / "log" / name).read_text()


def here(folder: Path, box: Box) -> str:
    """The configuration with this machine's places in the place of the box's."""
    text = CONFIGURATION.read_text()
    changes = {
        r"/etc/jyoti/tls": f"{folder}/tls",
        r"/etc/nginx/jyoti": f"{folder}/own",
        r"include /etc/nginx/modules-enabled/\*\.conf;": "",
        r"/var/log/nginx": f"{folder}/log",
        r"/run/nginx\.pid": f"{folder}/nginx.pid",
        r"/var/lib/jyoti": f"{folder}/state",
        r"root /opt/jyoti;": f"root {folder}/opt;",
        r"user www-data;": "daemon off;",
        r"worker_processes auto;": "worker_processes 1;",
        r" buffer=32k flush=5s": "",
        r"listen \[::\]:.*": "",
        r"listen 80\b": f"listen 127.0.0.1:{box.plain_port}",
        r"listen 443\b": f"listen 127.0.0.1:{box.tls_port}",
        r"127\.0\.0\.1:8081": f"127.0.0.1:{box.http.port}",
        r"127\.0\.0\.1:8082": f"127.0.0.1:{box.websocket.port}",
    }
    for there, replacement in changes.items():
        text, number = re.subn(there, replacement, text)
        assert number, f"{there} is not in the configuration any more"
    temporary = "".join(
        f"    {kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return text.replace("http {\n", "http {\n" + temporary, 1)


def fill(folder: Path) -> None:
    """A certificate, one hashed file, one picture."""
    for part in ("tls", "own", "log", "opt/assets", "state/media/p/aa", "state/acme"):
        (folder / part).mkdir(parents=True)
    (folder / "own/server-name.conf").write_text(f"server_name {HOST};\n")
    (folder / "opt/assets/page-1a2b3c4d.js").write_text("plain")
    (folder / "opt/assets/page-1a2b3c4d.js.gz").write_bytes(b"compressed")
    (folder / "state/media/p/aa/picture.webp").write_bytes(b"picture")
    challenge = folder / "state/acme/.well-known/acme-challenge/token"
    challenge.parent.mkdir(parents=True)
    challenge.write_text("proof")
    key = ["-newkey", "ec", "-nodes", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    name = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "1"]
    out = ["-keyout", f"{folder}/tls/privkey.pem", "-out", f"{folder}/tls/fullchain.pem"]
    subprocess.run(
        [find("openssl"), "req", "-x509", *key, *name, *out], check=True, capture_output=True
    )


@contextlib.contextmanager
def running(folder: Path, *, alone: bool = False) -> Iterator[Box]:
    """nginx with its two servers behind it, or with nobody there."""
    # nginx drops root, where it has it, for an account that has to reach its files.
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(0o755)
    fill(folder)
    made = Box(folder, start_part(), start_part(), free_port(), free_port())
    (folder / "nginx.conf").write_text(here(folder, made))
    if alone:
        made.stop_parts()
    command = [find("nginx"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(made.tls_port, process)
        yield made
    finally:
        process.terminate()
        process.wait(10)
        if not alone:
            made.stop_parts()


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        assert process.poll() is None, "nginx ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("nginx does not listen")
