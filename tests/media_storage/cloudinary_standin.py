"""Cloudinary for tests, over real HTTP: it refuses what Cloudinary refuses.

After its documentation: every upload is signed over all parameters but file, api_key, cloud_name,
resource_type and signature, sorted, "&" escaped, with SHA-1 or SHA-256; the timestamp is at most an
hour old; fields that it does not know are refused; `authenticated` files are delivered by their own
signature or by a token with an end; notifications are signed over body and timestamp.
"""

import base64
import datetime as dt
import hashlib
import hmac
import io
import json
import re
import threading
import time
from urllib.parse import unquote

import urllib3
from PIL import Image
from werkzeug.wrappers import Request, Response

CLOUD, KEY, SECRET = "demo", "874837483274837", "a676b67565c6767a6767d6767f676fe1"
AUTH_KEY = "00112233ff99"
UNSIGNED = {"file", "api_key", "cloud_name", "resource_type", "signature"}
KNOWN = {
    "upload": {
        "public_id", "type", "timestamp", "eager", "eager_async", "allowed_formats", "overwrite",
        "invalidate", "notification_url", "signature", "api_key",
    },
    "destroy": {"public_id", "type", "timestamp", "invalidate", "signature", "api_key"},
}  # fmt: skip
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif", "AVIF": "avif"}
TYPES = {"jpg": "image/jpeg", "png": "image/png", "webp": "image/webp", "gif": "image/gif",
         "avif": "image/avif", "mp4": "video/mp4"}  # fmt: skip


class CloudinaryRefusedError(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status, self.message = status, message


class CloudinaryStandIn:
    """One product environment. `assets` by (resource type, type, public id)."""

    def __init__(self, algorithm="sha1"):
        self.algorithm = algorithm
        self.assets = {}
        self.derived = {}
        self.parts = {}
        self.notifications = []
        self.invalidated = []
        self.work = []
        self.pool = urllib3.PoolManager()

    def settle(self):
        """Wait for what it makes by itself."""
        while self.work:
            self.work.pop().join()

    def __call__(self, environ, start_response):
        request = Request(environ)
        try:
            response = self._route(request)
        except CloudinaryRefusedError as error:
            response = Response(
                json.dumps({"error": {"message": error.message}}),
                error.status,
                content_type="application/json",
                headers={"X-Cld-Error": error.message},
            )
        request.close()
        return response(environ, start_response)

    def _route(self, request):
        parts = request.path.strip("/").split("/")
        if parts[0] == "v1_1":
            if parts[1] != CLOUD:
                raise CloudinaryRefusedError(401, f"Invalid cloud_name {parts[1]}")
            if parts[2] == "resources":
                return self._admin(request, *parts[3:5])
            return self._upload_api(request, *parts[2:4])
        if parts[0] == CLOUD:
            return self._deliver(request, parts[1:])
        raise CloudinaryRefusedError(404, "Resource not found")

    # -- Upload API

    def _upload_api(self, request, kind, action):
        fields = request.form.to_dict()
        unknown = set(fields) - KNOWN.get(action, set()) - {"file"}
        if action not in KNOWN or unknown:
            raise CloudinaryRefusedError(400, f"Unknown parameters: {sorted(unknown)}")
        self._check_signature(fields)
        name = (kind, fields.get("type", "upload"), fields["public_id"])
        if action == "destroy":
            there = self._remove(
                name, is_invalidated=fields.get("invalidate") in {"true", "1", "True"}
            )
            return _json({"result": "ok" if there else "not found"})
        return self._upload(request, name, fields)

    def _check_signature(self, fields):
        if "signature" not in fields:
            raise CloudinaryRefusedError(
                400, "Upload preset must be specified when using unsigned upload"
            )
        if fields.get("api_key") != KEY:
            raise CloudinaryRefusedError(401, "Unknown API key")
        signed = {n: v for n, v in fields.items() if n not in UNSIGNED and v}
        text = "&".join(sorted(f"{n}={v}".replace("&", "%26") for n, v in signed.items()))
        known = hashlib.new(self.algorithm, (text + SECRET).encode()).hexdigest()
        if not hmac.compare_digest(known, fields["signature"]):
            raise CloudinaryRefusedError(
                401, f"Invalid Signature {fields['signature']}. String to sign - '{text}'."
            )
        age = time.time() - int(fields["timestamp"])
        if age > 3600:
            raise CloudinaryRefusedError(400, f"Stale request - reported time is {int(age)} s ago")
        if age < -3600:
            raise CloudinaryRefusedError(400, "Reported time is in the future")

    def _upload(self, request, name, fields):
        kind, type_, public_id = name
        data = self._body(request, fields)
        if data is None:
            return _json({"done": False, "public_id": public_id})
        format_ = self._format(kind, data, fields)
        if name in self.assets and fields.get("overwrite") in {"false", "0", "False"}:
            return _json({**self.assets[name]["told"], "existing": True})
        told = {
            "public_id": public_id, "resource_type": kind, "type": type_, "bytes": len(data),
            "created_at": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), "version": 1,
        }  # fmt: skip
        if kind != "raw":
            told["format"] = format_
        self.assets[name] = {"data": data, "told": told}
        eager = [one for one in fields.get("eager", "").split("|") if one]
        work = threading.Thread(target=lambda: [self._derive(name, one) for one in eager])
        work.start()
        if fields.get("eager_async") in {"true", "1", "True"}:
            self.work.append(work)
        else:
            work.join()
        if fields.get("notification_url"):
            self._notify(fields["notification_url"], {"notification_type": "upload", **told})
        return _json(told)

    def _body(self, request, fields):
        """The file, also by address, or None while a large one is still coming in pieces."""
        if "file" in fields:
            answer = self.pool.request("GET", fields["file"])
            if answer.status != 200:
                raise CloudinaryRefusedError(400, f"Error in loading {fields['file']}")
            return answer.data
        data = request.files["file"].read()
        match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers.get("Content-Range", ""))
        if not match:
            return data
        begin, end, total = map(int, match.groups())
        known = self.parts.setdefault(request.headers["X-Unique-Upload-Id"], bytearray())
        if begin != len(known) or end - begin + 1 != len(data):
            raise CloudinaryRefusedError(400, "Invalid Content-Range")
        known += data
        return bytes(known) if len(known) == total else None

    def _format(self, kind, data, fields):
        if kind == "raw":
            return None
        if kind == "video":
            format_ = "mp4" if data[4:8] == b"ftyp" else None
        else:
            try:
                format_ = FORMATS[Image.open(io.BytesIO(data)).format]
            except OSError:
                format_ = None
        if format_ is None:
            raise CloudinaryRefusedError(400, f"Invalid {kind} file")
        allowed = fields.get("allowed_formats")
        if allowed and format_ not in allowed.split(","):
            raise CloudinaryRefusedError(400, f"{kind} file format {format_} not allowed")
        return format_

    def _derive(self, name, transformation):
        steps, _, format_ = transformation.partition("/")
        options = dict(step.split("_", 1) for step in steps.split(","))
        assert options.pop("c") == "limit", transformation
        width = int(options.pop("w"))
        assert not options, transformation
        picture = Image.open(io.BytesIO(self.assets[name]["data"])).convert("RGB")
        picture.thumbnail((width, 1 << 20))
        out = io.BytesIO()
        picture.save(out, {"webp": "WEBP", "avif": "AVIF"}[format_])
        self.derived[(name, steps, format_)] = out.getvalue()

    def _remove(self, name, *, is_invalidated):
        self.derived = {key: data for key, data in self.derived.items() if key[0] != name}
        if is_invalidated:
            self.invalidated.append(name)
        return self.assets.pop(name, None) is not None

    def _notify(self, url, told):
        """What would be posted: address, body, headers."""
        body = json.dumps(told)
        stamp = str(int(time.time()))
        self.notifications.append((url, body, signed(body, stamp, self.algorithm)))

    # -- Admin API

    def _admin(self, request, kind, type_):
        access = request.authorization
        if access is None or (access.username, access.password) != (KEY, SECRET):
            raise CloudinaryRefusedError(401, "Invalid credentials")
        args = request.get_json() if request.method == "DELETE" else request.args
        prefix = args.get("prefix", "")
        found = sorted(n for n in self.assets if n[:2] == (kind, type_) and n[2].startswith(prefix))
        if request.method == "GET":
            size = int(args.get("max_results", 10))
            start = int(args.get("next_cursor") or 0)
            page = [self.assets[name]["told"] for name in found[start : start + size]]
            more = {"next_cursor": str(start + size)} if start + size < len(found) else {}
            return _json({"resources": page, **more})
        if not prefix:
            raise CloudinaryRefusedError(400, "Missing required parameter - prefix")
        for name in found:
            self._remove(name, is_invalidated=bool(args.get("invalidate")))
        return _json({"deleted": {name[2]: "deleted" for name in found}, "partial": False})

    # -- Delivery

    def _deliver(self, request, parts):
        kind, type_, *rest = parts
        signature = rest.pop(0) if rest[0].startswith("s--") else ""
        steps = rest.pop(0) if re.fullmatch(r"[a-z]_\w+(,[a-z]_\w+)*", rest[0]) else ""
        if re.fullmatch(r"v\d+", rest[0]):
            rest.pop(0)
        source = unquote("/".join(rest))
        self._check_delivery(request, type_, signature, "/".join(filter(None, [steps, source])))
        public_id, format_ = source, ""
        if kind != "raw" and "." in source.rpartition("/")[2]:
            public_id, _, format_ = source.rpartition(".")
        name = (kind, type_, public_id)
        if steps:
            data = self.derived.get((name, steps, format_))
        else:
            data = self.assets.get(name, {}).get("data")
        if data is None:
            raise CloudinaryRefusedError(404, "Resource not found")
        ending = format_ or source.rpartition(".")[2]
        return Response(data, content_type=TYPES.get(ending, "application/octet-stream"))

    def _check_delivery(self, request, type_, signature, to_sign):
        if type_ != "authenticated":
            return
        query = request.query_string.decode()
        if query.startswith("__cld_token__="):
            self._check_token(query.removeprefix("__cld_token__="), request.path)
            return
        digest = hashlib.new(self.algorithm, (to_sign + SECRET).encode()).digest()
        known = f"s--{base64.urlsafe_b64encode(digest).decode()[:8]}--"
        if not hmac.compare_digest(known, signature):
            raise CloudinaryRefusedError(401, "Invalid signature in request")

    @staticmethod
    def _check_token(token, path):
        # urllib3 writes escapes in capitals, browsers leave them.
        token = re.sub("%[0-9A-F]{2}", lambda found: found[0].lower(), token)
        text, _, given = token.rpartition("~hmac=")
        known = hmac.new(bytes.fromhex(AUTH_KEY), text.encode(), "sha256").hexdigest()
        told = dict(part.split("=", 1) for part in text.split("~"))
        prefix = unquote(told["acl"]).removesuffix("*")
        if not (hmac.compare_digest(known, given) and path.startswith(prefix)):
            raise CloudinaryRefusedError(401, "Invalid token")
        if time.time() >= int(told["exp"]):
            raise CloudinaryRefusedError(401, "Token expired")


def signed(body, stamp, algorithm="sha1"):
    """The headers of a notification."""
    signature = hashlib.new(algorithm, f"{body}{stamp}{SECRET}".encode()).hexdigest()
    return {"X-Cld-Timestamp": stamp, "X-Cld-Signature": signature}


def _json(data):
    return Response(json.dumps(data), content_type="application/json")
