"""Canonical names of agencies and publishers: "cnn.com", "CNN Business" and "CNN" are all CNN.

The built-in names are the table `agencies.tsv`; a user adds rows with a file of two columns,
raw form and canonical name, separated by a tab. A name that no table knows stays as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from qa.errors import SettingsError
from qa.reading.tokens import Tokens

_PARTS = re.compile(r"\s*[/,;&|+]\s*|\s+(?:and|und|et|y|e)\s+")
LONGEST_NAME_WORDS = 5
_LEAST_SHOUTED = 6  # letters of a name that counts in capitals too: INTERFAX, but not BETA
_SMALL_WORDS = frozenset({"the", "of", "and", "for", "de", "des", "la", "le", "du", "der", "die"})


@dataclass(frozen=True, slots=True)
class SourceNames:
    """Folded raw forms -> canonical names, and host names -> canonical names.

    `bare` holds the written forms, case and all, of houses that a dateline may name without
    brackets; `shapes` the house styles of `grammar.tsv` that only some houses use.
    """

    names: Mapping[str, str]
    hosts: Mapping[str, str]
    bare: Mapping[str, str] = field(default_factory=dict)
    papers: frozenset[str] = frozenset()
    agencies: frozenset[str] = frozenset()
    shapes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    homonyms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # alias, place -> name
    # (papers: houses that carry others' copy; agencies: houses whose copy others carry)
    openers: frozenset[str] = field(init=False)  # the first word of every bare form

    def __post_init__(self) -> None:
        openers = frozenset(Tokens(alias)[0].text for alias in self.bare)
        object.__setattr__(self, "openers", openers)

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

    def credit(self, raw: str) -> str | None:
        """The house that a credit names: "dpa/lno" is dpa, "AP, Reuters" AP; None if unknown."""
        folded = fold(raw.strip(" ,.;:/-–—*"))
        if folded in self.names:
            return self.names[folded]
        parts = _PARTS.split(folded)
        for part in parts if len(parts) > 1 else ():
            if part in self.names:
                return self.names[part]
        words = folded.split()
        for count in range(len(words) - 1, 0, -1):
            head = " ".join(words[:count])
            if head in self.names:
                return self.names[head]
        if len(words) == 2 and words[1] in self.names:  # "Корр. БЕЛТА"
            return self.names[words[1]]
        for word in raw.split() if len(words) > 2 else ():  # "Корр. ТАСС Анна Смирнова"
            if word.isupper() and len(word) > 2 and word in self.bare:
                return self.bare[word]
        head = folded.partition("-")[0]
        return self.names.get(head) if len(head) < len(folded) else None

    def at_place(self, raw: str, places: Iterable[str]) -> str | None:
        """The house that a credit names in copy from `places`: "CNA" is another in Nicosia."""
        at = self.homonyms.get(fold(raw), {})
        for place in places:
            for part in (place, *place.split(",")):
                if fold(part) in at:
                    return at[fold(part)]
        return self.credit(raw)

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
        names, hosts, bare = dict(self.names), dict(self.hosts), dict(self.bare)
        for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            raw, tab, name = line.partition("\t")
            raw, name = raw.strip(), name.strip()
            if not tab or not raw or not name:
                raise SettingsError(f"{path}, line {number}: write RAW<TAB>CANONICAL NAME")
            names[fold(raw)] = name
            names.setdefault(fold(name), name)
            bare[raw] = name
            if "." in raw and " " not in raw:
                hosts[raw.lower().removeprefix("www.")] = name
        return SourceNames(
            names, hosts, bare, self.papers, self.agencies, self.shapes, self.homonyms
        )


def spells_out(name: str, initials: str) -> bool:
    """Whether `initials` are those of `name`: MNA of "Meridian News Agency"."""
    words = [word for word in re.findall(r"[^\W\d_]+", name) if word.lower() not in _SMALL_WORDS]
    return len(words) > 1 and "".join(word[0] for word in words).upper() == initials


def fold(raw: str) -> str:
    """Case and spaces aside."""
    return " ".join(raw.casefold().split())


def _built_in() -> SourceNames:
    names: dict[str, str] = {}
    hosts: dict[str, str] = {}
    bare: dict[str, str] = {}
    papers: set[str] = set()
    agencies: set[str] = set()
    shapes: dict[str, frozenset[str]] = {}
    homonyms: dict[str, dict[str, str]] = {}
    table = resources.files("qa.reading").joinpath("agencies.tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        columns = [*line.split("\t"), "", "", "", "", ""]
        name, kind, aliases, host_names, styles, places = columns[:6]
        written = [name.partition(" (")[0], *(alias for alias in aliases.split("|") if alias)]
        if kind == "word":
            written.pop(0)
        else:
            names.setdefault(fold(name), name)
        for alias in written:
            names.setdefault(fold(alias), name)
            if kind not in ("paper", "word") or "." in alias or styles:
                bare.setdefault(alias, name)
            if kind == "agency" and len(alias) >= _LEAST_SHOUTED:
                bare.setdefault(alias.upper(), name)
        hosts.update((host, name) for host in host_names.split("|") if host)
        if kind in ("paper", "word"):
            papers.add(name)
        elif kind == "agency":
            agencies.add(name)
        for place in filter(None, places.split("|")):
            for alias in written:
                homonyms.setdefault(fold(alias), {})[fold(place)] = name
        if styles:
            shapes[name] = frozenset(styles.split("|"))
    return SourceNames(names, hosts, bare, frozenset(papers), frozenset(agencies), shapes, homonyms)


BUILT_IN = _built_in()
