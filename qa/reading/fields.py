"""What a format states about one article, before it is weighed against the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from qa.types import Method


@dataclass(frozen=True, slots=True)
class Fields:
    """What a format states about one article, as strings, before it is weighed against the text.

    `published` is the raw string. `methods` says per field name where it was found ("header",
    "metadata", "json-ld", "feed", "url", "filename", "given"); a field not named there counts as
    metadata.
    """

    id: str | None = None
    title: str | None = None
    byline: str | None = None
    source: str | None = None
    published: str | None = None
    url: str | None = None
    language: str | None = None
    place: tuple[str, ...] = ()
    methods: Mapping[str, Method] = field(default_factory=dict)

    def method(self, name: str) -> Method:
        """Where the field `name` was found."""
        return self.methods.get(name, "metadata")
