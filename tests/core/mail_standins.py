"""Stand-ins for the three ways that mail leaves: they speak the protocol, and refuse what the
real ones refuse. `mood` makes one slow, busy, senseless, or deaf after it has taken the mail.
"""

import base64
import json
import socketserver
import threading
import time
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, ACCESS, SECRET = "re_key", "AKIDEXAMPLE", "a secret of the tests"
UNVERIFIED = "nobody@unverified.example.org"
SLOW_S = 2.5


class Standin:
    """What has arrived: one dict (to, subject, text, html, id) a mail, by the provider's count."""

    def __init__(self) -> None:
        self.mood = "fine"
        self.mails: list[dict[str, Any]] = []
        self.keys: dict[str, str] = {}
        self.server: Any = None

    def __enter__(self) -> "Standin":
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    @property
    def port(self) -> int:
        return self.server.server_address[1]

    def take(self, raw: bytes, to: str) -> None:
        mail = message_from_bytes(raw, policy=policy.default)
        self.mails.append({
            "to": to, "subject": mail["Subject"], "from": mail["From"], "id": mail["Message-ID"],
            "reply_to": mail["Reply-To"], "private": mail["X-Jyoti-Key"],
            "text": mail.get_body(["plain"]).get_content(),
            "html": mail.get_body(["html"]).get_content(),
        })  # fmt: skip


class SmtpStandin(Standin):
    """RFC 5321, without TLS."""

    def __init__(self) -> None:
        super().__init__()
        standin = self

        class Talk(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                standin.talk(self.rfile, self.wfile)

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self.server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?tls=off"

    def talk(self, lines: Any, out: Any) -> None:
        def say(text: str) -> None:
            out.write(text.encode() + b"\r\n")

        if self.mood == "slow":
            time.sleep(SLOW_S)
        say("hello there, this is no mail server" if self.mood == "senseless" else "220 standin")
        to = ""
        while line := lines.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "MAIL" and self.mood == "busy":
                say("451 try later")
            elif verb == "RCPT":
                to = line.partition("<")[2].partition(">")[0]
                say("550 no such person" if to == UNVERIFIED else "250 ok")
            elif verb == "DATA":
                say("354 go on")
                body = b""
                while (part := lines.readline()) != b".\r\n":
                    body += part
                self.take(body, to)
                if self.mood == "deaf":
                    return
                say("250 taken")
            else:
                say("221 bye" if verb == "QUIT" else "250 ok")


class HttpStandin(Standin):
    """The part that Resend and SES share: JSON over HTTP/1.1."""

    def __init__(self) -> None:
        super().__init__()
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = standin.moody(self, body)
                if status:
                    self.send_response(status)
                    is_page = isinstance(answer, str)
                    self.send_header("Content-Type", "text/html" if is_page else "application/json")
                    data = answer.encode() if is_page else json.dumps(answer).encode()
                    if standin.error_header and status >= 400 and not is_page:
                        self.send_header(standin.error_header, answer["name"])
                    self.send_header("Content-Length", str(len(data)))
                    self.end_headers()
                    self.wfile.write(data)

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    error_header = ""

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def moody(self, request: Any, body: bytes) -> tuple[int, Any]:
        if self.mood == "slow":
            time.sleep(SLOW_S)
        if self.mood == "busy":
            return 429, {"name": "TooManyRequestsException", "message": "later", "statusCode": 429}
        if self.mood == "senseless":
            return 200, "<html>Welcome to nginx!</html>"
        status, answer = self.receive(request, json.loads(body), body)
        if self.mood == "deaf" and status == 200:
            request.close_connection = True
            request.connection.close()
            return 0, None
        return status, answer

    def receive(self, request: Any, form: Any, body: bytes) -> tuple[int, Any]:
        raise NotImplementedError


class ResendStandin(HttpStandin):
    """https://resend.com/docs/api-reference/emails/send-email, with its idempotency keys."""

    FIELDS = frozenset({
        "from", "to", "subject", "bcc", "cc", "reply_to", "html", "text", "headers", "attachments",
        "tags", "scheduled_at",
    })  # fmt: skip

    @property
    def url(self) -> str:
        return f"resend://{KEY}?endpoint={self.endpoint}"

    def receive(self, request: Any, form: Any, body: bytes) -> tuple[int, Any]:
        if request.path != "/emails":
            return 404, {"name": "not_found", "message": "no such route", "statusCode": 404}
        if request.headers["Authorization"] != f"Bearer {KEY}":
            return 401, {"name": "missing_api_key", "message": "key", "statusCode": 401}
        if form["to"] == [UNVERIFIED] or not form.keys() <= self.FIELDS:
            return 422, {"name": "validation_error", "message": "to", "statusCode": 422}
        key = request.headers["Idempotency-Key"]
        if self.keys.setdefault(key, body.decode()) != body.decode():
            return 409, {
                "name": "invalid_idempotent_request", "message": "body", "statusCode": 409,
            }  # fmt: skip
        if key not in {mail["key"] for mail in self.mails}:
            self.mails.append({
                "to": form["to"][0], "subject": form["subject"], "from": form["from"],
                "id": form["headers"]["Message-ID"], "text": form["text"], "html": form["html"],
                "reply_to": (form.get("reply_to") or [None])[0],
                "private": form["headers"].get("X-Jyoti-Key"), "key": key,
            })  # fmt: skip
        return 200, {"id": f"mail-{key}"}


class SesStandin(HttpStandin):
    """SES v2 SendEmail with a raw message; the signature is checked as AWS does (SigV4)."""

    error_header = "x-amzn-ErrorType"

    @property
    def url(self) -> str:
        return f"ses://eu-central-1?endpoint={self.endpoint}"

    def receive(self, request: Any, form: Any, body: bytes) -> tuple[int, Any]:
        if not self._is_signed(request, body):
            return 403, {"name": "SignatureDoesNotMatch", "message": "signature"}
        if request.path != "/v2/email/outbound-emails" or form.keys() - {
            "FromEmailAddress", "Destination", "Content",
        }:  # fmt: skip
            return 400, {"name": "BadRequestException", "message": "form"}
        (to,) = form["Destination"]["ToAddresses"]
        if to == UNVERIFIED:
            return 400, {"name": "MessageRejected", "message": "Email address is not verified."}
        self.take(base64.b64decode(form["Content"]["Raw"]["Data"]), to)
        return 200, {"MessageId": f"ses-{len(self.mails)}"}

    def _is_signed(self, request: Any, body: bytes) -> bool:
        given = request.headers["Authorization"] or ""
        signed = given.partition("SignedHeaders=")[2].partition(",")[0].split(";")
        again = AWSRequest("POST", self.endpoint + request.path, data=body)
        for name in signed:
            if name != "host":
                again.headers[name] = request.headers[name]
        again.context["timestamp"] = request.headers["X-Amz-Date"]
        auth = SigV4Auth(Credentials(ACCESS, SECRET), "ses", "eu-central-1")
        canonical = auth.canonical_request(again)
        return (
            auth.signature(auth.string_to_sign(again, canonical), again)
            == (given.rpartition("Signature=")[2])
        )
