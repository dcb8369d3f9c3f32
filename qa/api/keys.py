"""Who may write: one check, one header, compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

from qa.api.problems import Problem
from qa.settings import Settings

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="dateline"'}


class Keys:
    """The key of one server.

    Without a key, writing is for servers that listen on loopback only. A key counts in
    `Authorization: Bearer` and nowhere else: not in another header, not in the URL.
    """

    def __init__(self, settings: Settings) -> None:
        self._digest = _digest(settings.api_key.encode()) if settings.api_key else None
        self._open = settings.local_only

    def refusal(self, authorization: Iterable[bytes]) -> Problem | None:
        """Why these `Authorization` headers do not allow writing; None where they do."""
        if self._digest is None:
            if self._open:
                return None
            return _unauthorized(
                "Writing needs a key, and this server has none: start it with QA_API_KEY set."
            )
        given = list(authorization)
        scheme, _, key = (given[0] if len(given) == 1 else b"").partition(b" ")
        # Always one comparison of equal length, whatever was sent.
        if hmac.compare_digest(_digest(key.strip()), self._digest) and scheme.lower() == b"bearer":
            return None
        return _unauthorized("Writing needs the key, as `Authorization: Bearer KEY`.")


def _unauthorized(detail: str) -> Problem:
    return Problem(401, "Unauthorized", detail, headers=_CHALLENGE)


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()
