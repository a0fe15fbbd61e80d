"""S3 for tests: moto's server over real HTTP, behind what moto leaves out.

moto looks at no policy, expiry or signature of a presigned request. The guard does, and refuses
with the codes of the S3 API reference (Error Responses, POST Policy, Signature Version 4).
"""

import base64
import contextlib
import datetime as dt
import hashlib
import hmac
import io
import json
import threading
from urllib.parse import parse_qsl, quote

from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
# Fields of a form that a policy need not name.
FREE = {"policy", "x-amz-signature", "file"}


class S3RefusedError(Exception):
    """An error answer of S3."""

    def __init__(self, status, code, message):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def refused(code, message, status=403):
    return S3RefusedError(status, code, message)


class Guard:
    """In front of moto: presigned requests have to be right. `seen` are all requests' lines."""

    def __init__(self):
        self._moto = DomainDispatcherApplication(create_backend_app)
        self.seen = []
        self.now = lambda: dt.datetime.now(dt.UTC)

    def __call__(self, environ, start_response):
        request = Request(environ)
        self.seen.append(f"{request.method} {request.path}")
        try:
            if request.method == "POST" and request.mimetype == "multipart/form-data":
                self._check_form(request)
            elif "X-Amz-Signature" in request.args:
                self._check_query(request)
        except S3RefusedError as error:
            body = f"<Error><Code>{error.code}</Code><Message>{error.message}</Message></Error>"
            response = Response(body, error.status, content_type="application/xml")
            return response(environ, start_response)
        return self._moto(environ, start_response)

    def _check_form(self, request):
        body = request.get_data(cache=True)
        form = Request.from_values(method="POST", data=body, content_type=request.content_type)
        fields = {name.lower(): value for name, value in form.form.items()}
        length = len(form.files["file"].read()) if "file" in form.files else 0
        form.close()
        # moto reads it again.
        request.environ["wsgi.input"] = io.BytesIO(body)
        fields["bucket"] = request.path.strip("/")
        date = fields.get("x-amz-date", "")[:8]
        known = self._sign(date, fields["x-amz-credential"], fields["policy"])
        if not hmac.compare_digest(known, fields.get("x-amz-signature", "")):
            raise refused("SignatureDoesNotMatch", "The signature does not match.")
        policy = json.loads(base64.b64decode(fields["policy"]))
        if dt.datetime.fromisoformat(policy["expiration"]) <= self.now():
            raise refused("AccessDenied", "Invalid according to Policy: Policy expired.")
        self._check_conditions(policy["conditions"], fields, length)

    def _check_conditions(self, conditions, fields, length):
        named = {"bucket"}
        for condition in conditions:
            if isinstance(condition, dict):
                ((name, value),) = condition.items()
                kind, name = "eq", f"${name}"
            else:
                kind, name, value = condition[0], condition[1], condition[2]
            if kind == "content-length-range":
                if length < condition[1]:
                    raise refused("EntityTooSmall", "Smaller than the minimum allowed.", 400)
                if length > condition[2]:
                    raise refused("EntityTooLarge", "Exceeds the maximum allowed size.", 400)
                continue
            name = name.lstrip("$").lower()
            named.add(name)
            given = fields.get(name, "")
            if not (given == value if kind == "eq" else given.startswith(value)):
                raise refused("AccessDenied", f"Invalid according to Policy: {name}")
        extra = set(fields) - named - FREE
        if extra:
            raise refused("AccessDenied", f"Extra input fields: {', '.join(sorted(extra))}")

    def _check_query(self, request):
        args = dict(parse_qsl(request.query_string.decode(), keep_blank_values=True))
        signature = args.pop("X-Amz-Signature")
        signed = args["X-Amz-SignedHeaders"].split(";")
        began = dt.datetime.strptime(args["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
        if self.now() >= began + dt.timedelta(seconds=int(args["X-Amz-Expires"])):
            raise refused("AccessDenied", "Request has expired")
        query = "&".join(
            f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
            for name, value in sorted(args.items())
        )
        headers = "".join(f"{name}:{request.headers.get(name, '').strip()}\n" for name in signed)
        canonical = "\n".join(
            [
                request.method, quote(request.path, safe="/-_.~"), query, headers,
                ";".join(signed), "UNSIGNED-PAYLOAD",
            ]
        )  # fmt: skip
        scope = args["X-Amz-Credential"].partition("/")[2]
        text = "\n".join(
            [
                "AWS4-HMAC-SHA256", args["X-Amz-Date"], scope,
                hashlib.sha256(canonical.encode()).hexdigest(),
            ]
        )  # fmt: skip
        known = self._sign(args["X-Amz-Date"][:8], args["X-Amz-Credential"], text)
        if not hmac.compare_digest(known, signature):
            raise refused("SignatureDoesNotMatch", "The signature does not match.")

    @staticmethod
    def _sign(date, credential, text):
        key_id, _, region, service, _ = credential.split("/")
        if key_id != KEY_ID:
            raise refused("InvalidAccessKeyId", "There is no such key.")
        key = f"AWS4{SECRET}".encode()
        for part in (date, region, service, "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        return hmac.new(key, text.encode(), "sha256").hexdigest()


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *args, **kwargs):
        """Nothing."""


@contextlib.contextmanager
def served(application):
    """Serve a WSGI application; gives its address."""
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=_Quiet)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
