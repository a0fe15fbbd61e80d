"""A stand-in for AWS Secrets Manager: `secrets_manager.py PORT FILE` answers from a JSON file.

moto's own server would need packages that nothing else here needs; the unit asks one thing only.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Handler(BaseHTTPRequestHandler):
    """GetSecretValue; an unknown name is refused as AWS refuses it."""

    def do_POST(self) -> None:
        """Answer one call."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        stored = json.loads(Path(sys.argv[2]).read_text())
        if self.headers["X-Amz-Target"] != "secretsmanager.GetSecretValue":
            self._answer(400, {"__type": "InvalidRequestException"})
        elif asked["SecretId"] not in stored:
            self._answer(400, {"__type": "ResourceNotFoundException"})
        else:
            secret = json.dumps(stored[asked["SecretId"]])
            self._answer(200, {"Name": asked["SecretId"], "SecretString": secret})

    def log_message(self, *words: object) -> None:
        """Says nothing."""

    def _answer(self, status: int, body: dict) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
