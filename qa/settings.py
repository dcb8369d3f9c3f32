"""Settings: the only reader of the environment. Each `QA_*` variable has a same-named option."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path

from qa.errors import SettingsError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
ELSEWHERE = frozenset({"QA_SHARED"})  # where tests and benchmarks find the corpora
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a person may choose. Sizes are bytes, times seconds.

    index        folder of the archive
    model        the default model's name, a directory, or a Hub id that is already cached
    cache        where the exported ONNX model lives
    threads      threads of inference and of indexing
    host, port   where `qa serve` listens
    api_key      required for writing when bound to anything but loopback; empty: none
    public_url   address under which articles without a URL can be opened; empty: none
    max_body     largest request body
    queue        requests that may wait for inference before new ones get 503
    deadline     longest time that a request may wait and run
    feeds        whether `qa ingest --feed` may open network connections
    sources      a TSV file of source names that extends the built-in table; empty: none
    """

    index: Path = Path("index")
    model: str = DEFAULT_MODEL
    cache: Path = field(default_factory=lambda: user_cache_path("dateline"))
    threads: int = 2
    host: str = "127.0.0.1"
    port: int = 8000
    api_key: str = ""
    public_url: str = ""
    max_body: int = 8 * 1024 * 1024
    queue: int = 64
    deadline: float = 30.0
    feeds: bool = False
    sources: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **given: Any) -> Settings:
        """Read `QA_*` from `environ` (default: the process's); `given` values that are set win.

        Raises SettingsError for a value of the wrong form and for an unknown `QA_*` name.
        """
        environ = os.environ if environ is None else environ
        known = {f"QA_{f.name.upper()}": f for f in fields(cls)}
        values: dict[str, Any] = {}
        for key, text in environ.items():
            if key in known:
                values[known[key].name] = _parse(key, text, str(known[key].type))
            elif key.startswith("QA_") and key not in ELSEWHERE:
                raise SettingsError(
                    f"{key} is no setting; the settings are {', '.join(sorted(known))}"
                )
        settings = cls(**(values | {k: v for k, v in given.items() if v is not None}))
        return settings._checked()

    def with_(self, **changes: Any) -> Settings:
        """A copy with some values changed, checked again."""
        return replace(self, **changes)._checked()

    def _checked(self) -> Settings:
        limits = {"threads": (1, 64), "port": (0, 65535), "queue": (1, 10_000)}
        for name, (low, high) in limits.items():
            if not low <= getattr(self, name) <= high:
                raise SettingsError(
                    f"QA_{name.upper()} is {getattr(self, name)}; give {low} to {high}"
                )
        return self

    @property
    def local_only(self) -> bool:
        """Whether the server is reachable from this machine alone."""
        return self.host in LOOPBACK


def _parse(key: str, text: str, kind: str) -> Any:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[
                text.lower()
            ]
        return {"int": int, "float": float, "Path": Path}.get(kind, str)(text)
    except (ValueError, KeyError):
        raise SettingsError(
            f"{key} is {text!r}, which is no {kind}; unset it or correct it"
        ) from None
