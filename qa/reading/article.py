"""One article assembled: what a format states, weighed against what its text says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from qa.dates import valid_day
from qa.reading.cleaning import clean
from qa.reading.sources import BUILT_IN, SourceNames
from qa.types import Article, Method, Published, Reading, Source


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


def assemble(
    fields: Fields,
    text: str,
    *,
    name: str,
    position: int = 0,
    given_source: str | None = None,
    sources: SourceNames = BUILT_IN,
    now: date | None = None,
) -> Reading:
    """The article that `fields` and `text` make together, every decision with its evidence.

    `name` is the file's name, `position` the article's place in it, `given_source` what the user
    says where the article itself does not; `now` only serves to warn about dates in the future.
    """
    cleaned = clean(text)
    source = Source()
    if fields.source:
        source = Source(sources.canonical(fields.source), fields.method("source"), fields.source)
    elif given_source:
        source = Source(sources.canonical(given_source), "given", given_source)
    published = Published()
    if fields.published and (day := _iso_day(fields.published)):
        published = Published(day, "day", fields.method("published"))
    article = Article(
        id=fields.id or fields.url or f"{source.name or 'unknown'}/{name}#{position}",
        text=cleaned.text,
        source=source,
        published=published,
        title=fields.title,
        byline=fields.byline,
        place=fields.place,
        url=fields.url,
        language=fields.language,
    )
    return Reading(article, cleaned.warnings)


def _iso_day(raw: str) -> date | None:
    digits = raw[:10].split("-")
    if len(digits) != 3 or not all(part.isascii() and part.isdigit() for part in digits):
        return None
    return valid_day(*map(int, digits))
