"""One article assembled: what a format states, weighed against what its text says.

The evidence for each field is gathered first, then ordered by how sure it is; the first wins and
the rest is kept as findings that lost. The agency that is credited comes before the publisher that
carries it. `Fields` is offered here too, as whoever assembles an article needs both.
"""

from __future__ import annotations

from datetime import date

from qa.reading.cleaning import clean
from qa.reading.credits import Credit, find_sign_off, reports_style
from qa.reading.dateline import Dateline, find_dateline
from qa.reading.dating import weigh_dates
from qa.reading.fields import Fields
from qa.reading.head import Head, read_head
from qa.reading.places import title_case
from qa.reading.sources import BUILT_IN, SourceNames, spells_out
from qa.types import Article, Finding, Reading, Source

__all__ = ["Fields", "assemble"]


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
    body = cleaned.text
    dateline = find_dateline(body, sources)
    head = read_head(body, dateline, sources)
    published, dated, notes = weigh_dates(fields, body, dateline, head, now)
    source, sourced, doubt = _source(fields, body, dateline, head, given_source, sources)
    place, placed = _place(fields, body, dateline, head)
    title, titled = _text_field("title", fields.title, fields, body, head.title)
    byline, bylined = _text_field("byline", fields.byline, fields, body, head.byline)
    article = Article(
        id=fields.id or fields.url or f"{source.name or 'unknown'}/{name}#{position}",
        text=body,
        source=source,
        published=published,
        title=title,
        byline=byline,
        place=place,
        url=fields.url,
        language=fields.language,
        findings=(*sourced, *dated, *placed, *titled, *bylined, *_dateline_finding(body, dateline)),
    )
    return Reading(article, (*cleaned.warnings, *notes, *doubt))


def _source(
    fields: Fields,
    text: str,
    dateline: Dateline | None,
    head: Head,
    given: str | None,
    sources: SourceNames,
) -> tuple[Source, tuple[Finding, ...], tuple[str, ...]]:
    """The credited house, all evidence for it, and a warning where two pieces name two houses."""
    found: list[tuple[Source, int | None, int | None]] = []
    if dateline is not None and dateline.source and dateline.agency:
        at = text.find(dateline.agency, dateline.start)
        name = sources.at_place(dateline.agency, (*dateline.place, dateline.place_full or ""))
        name = name or dateline.source
        if fields.source and spells_out(fields.source, dateline.agency):
            name = sources.canonical(fields.source)
        found.append((Source(name, "dateline", dateline.agency), at, at + len(dateline.agency)))
    if head.credit is not None and head.credit.sure:
        found.append(_credited(head.credit))
    sign_off = find_sign_off(text, sources) if not found else None
    if sign_off is None and not found and dateline is not None:
        sign_off = reports_style(text, dateline.end, sources)
    if sign_off is not None:
        found.append(_credited(sign_off))
    stated = fields.source
    if stated:
        found.append(
            (Source(sources.canonical(stated), fields.method("source"), stated), None, None)
        )
    if fields.url and (host := sources.of_url(fields.url)):
        found.append((Source(host, "url", fields.url), None, None))
    if given and not found:
        found.append((Source(sources.canonical(given), "given", given), None, None))
    if head.credit is not None and not head.credit.sure:
        found.append(_credited(head.credit))
    if not found:
        return Source(), (), ()
    best = found[0][0]
    findings = tuple(
        Finding("source", s.name or "", s.method, s.raw or "", start, end, s is best)
        for s, start, end in found
    )
    doubt: tuple[str, ...] = ()
    if stated and sources.canonical(stated) != best.name:
        canonical = sources.canonical(stated)
        doubt = (
            f"disagreement: source is {best.name} by {best.method}, "
            f"{canonical} by {fields.method('source')}",
        )
    return best, findings, doubt


def _credited(credit: Credit) -> tuple[Source, int, int]:
    return Source(credit.name, credit.method, credit.raw), credit.start, credit.end


def _place(
    fields: Fields, text: str, dateline: Dateline | None, head: Head
) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    findings = []
    place: tuple[str, ...] = ()
    if dateline is not None and dateline.place:
        place = dateline.place
        words = dateline.place_full or ""
        at = text.find(words, dateline.start) if words else -1
        where = (at, at + len(words)) if at >= 0 else (dateline.start, dateline.end)
        quoted = text[where[0] : where[1]]
        findings.append(Finding("place", "; ".join(place), "dateline", quoted, *where))
    elif head.place is not None:
        words = text[head.place[0] : head.place[1]]
        place = (words,)
        findings.append(Finding("place", words, "header", words, *head.place))
    if fields.place:
        stated = tuple(title_case(name) if name.isupper() else name for name in fields.place)
        value = "; ".join(stated)
        findings.append(Finding("place", value, fields.method("place"), value, won=not place))
        place = place or stated
    return place, tuple(findings)


def _text_field(
    name: str, stated: str | None, fields: Fields, text: str, where: tuple[int, int] | None
) -> tuple[str | None, tuple[Finding, ...]]:
    """A title or byline: as the format states it, else as a line of the head."""
    findings = []
    value = " ".join(clean(stated).text.split()) if stated else ""
    if value:
        findings.append(Finding(name, value, fields.method(name), value))
    if where is not None:
        words = text[where[0] : where[1]]
        shown = " ".join(words.split())
        findings.append(Finding(name, shown, "header", words, *where, won=not value))
        value = value or shown
    return value or None, tuple(findings)


def _dateline_finding(text: str, dateline: Dateline | None) -> tuple[Finding, ...]:
    if dateline is None:
        return ()
    words = text[dateline.start : dateline.end]
    return (Finding("dateline", words, "dateline", words, dateline.start, dateline.end),)
