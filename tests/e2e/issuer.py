"""An OpenID Connect issuer on loopback: discovery, authorisation with PKCE, RS256, log out."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "cutout", "of the client"


class Issuer:
    """Whoever comes is logged in at once, as `claims` say; `None` for one who declines."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.claims: dict[str, Any] | None = {}
        self.logged_out = 0
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
        self.codes: dict[str, dict[str, str]] = {}

    def metadata(self) -> dict[str, Any]:
        ends = {"authorization": "authorize", "token": "token", "end_session": "logout"}
        return {
            "issuer": self.address,
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            **{f"{name}_endpoint": f"{self.address}/{path}" for name, path in ends.items()},
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser goes next."""
        answer = {"state": asked["state"]}
        if self.claims is None:
            answer["error"] = "access_denied"
        else:
            assert asked["client_id"] == CLIENT
            answer["code"] = secrets.token_urlsafe()
            self.codes[answer["code"]] = asked
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def token(self, asked: dict[str, str], credentials: str) -> dict[str, str]:
        begun = self.codes.pop(asked["code"])
        digest = hashlib.sha256(asked["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == begun["code_challenge"]
        assert credentials == base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        now = int(time.time())
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "1", "nonce": begun["nonce"],
            "iat": now, "exp": now + 300, **(self.claims or {}),
        }  # fmt: skip
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)
        return {"access_token": "access", "token_type": "Bearer", "id_token": signed}


@contextmanager
def issuer() -> Iterator[Issuer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path, asked = urlsplit(self.path).path, _words(urlsplit(self.path).query)
            if path == "/.well-known/openid-configuration":
                self._tell(here.metadata())
            elif path == "/jwks":
                self._tell({"keys": [here.key.as_dict(private=False)]})
            elif path == "/authorize":
                self._send(here.authorize(asked))
            elif path == "/logout":
                here.logged_out += 1
                self._send(asked["post_logout_redirect_uri"])
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            credentials = self.headers["Authorization"].removeprefix("Basic ")
            self._tell(here.token(_words(body), credentials))

        def _tell(self, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send(self, elsewhere: str) -> None:
            self.send_response(302)
            self.send_header("Location", elsewhere)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        here = Issuer(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield here
        finally:
            server.shutdown()


def _words(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
