"""Canonical names of agencies and publishers: "cnn.com", "CNN Business" and "CNN" are all CNN.

The built-in names are the table `agencies.tsv`; a user adds rows with a file of two columns,
raw form and canonical name, separated by a tab. A name that no table knows stays as written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import SettingsError


@dataclass(frozen=True, slots=True)
class SourceNames:
    """Folded raw forms -> canonical names, and host names -> canonical names."""

    names: Mapping[str, str]
    hosts: Mapping[str, str]

    def canonical(self, raw: str) -> str:
        """The canonical name of `raw`, which may be a name, a host or a URL."""
        raw = " ".join(raw.split())
        known = self.names.get(fold(raw))
        if known is None and "." in raw and " " not in raw:
            known = self.of_url(raw if "//" in raw else f"//{raw}")
        return known or raw

    def known(self, raw: str) -> str | None:
        """The canonical name of `raw` where a table has it."""
        return self.names.get(fold(raw))

    def of_url(self, url: str) -> str | None:
        """The publisher whose host `url` has, or whose host it is a part of."""
        try:
            host = (urlsplit(url).hostname or "").removeprefix("www.")
        except ValueError:
            return None
        while "." in host:
            if host in self.hosts:
                return self.hosts[host]
            host = host.partition(".")[2]
        return None

    def extended(self, path: Path) -> SourceNames:
        """These names and the rows `raw<TAB>canonical` of a file, which win.

        Raises SettingsError where a line has no tab.
        """
        names, hosts = dict(self.names), dict(self.hosts)
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            raw, tab, name = line.partition("\t")
            if not tab or not raw.strip() or not name.strip():
                raise SettingsError(f"{path}, line {number}: write RAW<TAB>CANONICAL NAME")
            names[fold(raw)] = name.strip()
            if "." in raw and " " not in raw.strip():
                hosts[raw.strip().lower().removeprefix("www.")] = name.strip()
        return SourceNames(names, hosts)


def fold(raw: str) -> str:
    """Case and spaces aside."""
    return " ".join(raw.casefold().split())


def _built_in() -> SourceNames:
    names: dict[str, str] = {}
    hosts: dict[str, str] = {}
    table = resources.files("qa.reading").joinpath("agencies.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        name, aliases, host_names = (line.split("\t") + ["", ""])[:3]
        for alias in (name, *aliases.split("|")):
            names.setdefault(fold(alias), name)
        hosts.update((host, name) for host in host_names.split("|") if host)
    return SourceNames(names, hosts)


BUILT_IN = _built_in()
