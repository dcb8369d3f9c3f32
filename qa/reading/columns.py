"""Which column of a table, or key of a JSON object, holds which field of an article."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from qa.errors import InvalidRequest, UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract, HtmlToText, present, web_address

# Names that data sets, news APIs and content systems give to each field, best first; compared
# without case, spaces and punctuation. A name of its own ("maintext") goes before a common one.
NAMES: Mapping[str, tuple[str, ...]] = {
    "id": (
        *("id", "articleid", "docid", "docno", "documentid", "newsid", "storyid", "recordid"),
        *("guid", "uuid", "uri", "identifier", "itemid"),
    ),
    "title": ("title", "headline", "head", "newstitle", "articletitle", "heading"),
    "source": (
        *("source", "sourcename", "publisher", "publishername", "agency", "newsagency"),
        *("publication", "publicationname", "outlet", "newspaper", "provider", "sitename"),
        *("mediatype", "medium", "media", "newssource", "journal", "domain", "sourcedomain"),
        *("site", "website", "hostname"),
    ),
    "published": (
        *("published", "publishedat", "publishedon", "datepublished", "publisheddate"),
        *("pubdate", "publishdate", "publicationdate", "datepublish", "publishedtime"),
        *("publicationtime", "publishtime", "pubtime", "firstpublished", "firstpublicationdate"),
        *("webpublicationdate", "releasedate", "newsdate", "articledate", "issuedate"),
        *("date", "datetime", "timestamp", "time", "displaydate", "versioncreated"),
        *("firstcreated", "created", "createdat", "datecreated"),
    ),
    "text": (
        *("text", "body", "articletext", "articlebody", "maintext", "fulltext", "bodytext"),
        *("plaintext", "cleantext", "contenttext", "storytext", "textcontent", "articlecontent"),
        *("content", "article", "story", "newstext", "document", "passage"),
    ),
    "html": ("contenthtml", "bodyhtml", "html", "articlehtml", "texthtml", "bodyxhtml", "htmlbody"),
    "url": (
        *("url", "link", "articleurl", "weburl", "canonicalurl", "sourceurl", "permalink"),
        *("pageurl", "newsurl", "href", "storyurl"),
    ),
    "byline": ("byline", "author", "authors", "creator", "writer", "reporter", "authorname"),
    "language": ("language", "lang", "languagecode", "contentlanguage"),
    "place": ("place", "location", "locations", "city", "datelineplace", "datelinelocation"),
}
FIELDS = tuple(NAMES)
# What stands in for the text only where a row has no other.
_SUMMARIES = ("description", "summary", "abstract", "lead", "snippet")
# Where an object nests a field ({"source": {"name": ...}}, {"$date": ...}), the first of these.
_INNER = ("name", "title", "label", "value", "rendered", "text", "$date", "$oid", "#text", "href")
# Longest text of a field; a "title" beyond it is no title but a table read askew.
_LONGEST_FIELD = 20_000

# Bodies with these are HTML, whatever their column is called (WordPress exports, scraped sets).
# An opening tag alone proves nothing: wire copy writes ticker symbols so (<BR>, <P>).
_TAG = re.compile(r"</(?:p|div|span|a|li|h[1-6]|strong|em|b|i)>|<br ?/>|<p [a-z]+=", re.IGNORECASE)

# Field -> its columns in this row, best first. Rows with the same keys share one layout.
Layout = Mapping[str, tuple[str, ...]]


def layout_of(columns: Sequence[str], mapping: Mapping[str, str]) -> Layout:
    """Which of `columns` give which field; `mapping` (field -> column) wins over their names.

    A column given for one field gives no other. Raises InvalidRequest for a field that `mapping`
    names and articles have not. A column that `mapping` names and this row lacks is left out.
    """
    if unknown := sorted(set(mapping) - set(FIELDS)):
        raise InvalidRequest(
            f"articles have no field {unknown[0]!r}; map one of {', '.join(FIELDS)}", "map"
        )
    folded: dict[str, list[str]] = {}
    for column in columns:
        if column not in mapping.values():
            folded.setdefault(_fold(column), []).append(column)
    layout: dict[str, tuple[str, ...]] = {}
    for field, names in NAMES.items():
        if field in mapping:
            layout[field] = (mapping[field],)
        else:
            layout[field] = tuple(column for name in names for column in folded.get(name, ()))
    layout["summary"] = tuple(column for name in _SUMMARIES for column in folded.get(name, ()))
    if "text" in mapping:
        layout["html"] = layout["summary"] = ()
    return layout


def to_extract(row: Mapping[str, Any], layout: Layout, html_to_text: HtmlToText) -> Extract:
    """One row as an article. Raises UnreadableInput where it holds no text."""
    text = _text(row, layout, html_to_text)
    fields = Fields(
        id=present(_first(row, layout["id"])),
        title=_short(_first(row, layout["title"])),
        byline=_short(_first(row, layout["byline"])),
        source=_short(_first(row, layout["source"])),
        published=present(_first(row, layout["published"])),
        url=web_address(_first(row, layout["url"])),
        language=_short(_first(row, layout["language"])),
        place=_places(row, layout["place"]),
    )
    return Extract(fields, text)


def _text(row: Mapping[str, Any], layout: Layout, html_to_text: HtmlToText) -> str:
    text = _first(row, layout["text"])
    html = _first(row, layout["html"]) if not text else None
    text = html or text or _first(row, layout["summary"])
    if text and (html or _TAG.search(text)):
        text = html_to_text(text)
    if not text or not text.strip():
        raise UnreadableInput(_no_text(row, layout))
    return text


def _no_text(row: Mapping[str, Any], layout: Layout) -> str:
    if known := (*layout["text"], *layout["html"], *layout["summary"]):
        return f"its text ({', '.join(known)}) is empty"
    columns = ", ".join(str(column)[:40] for column in list(row)[:20]) or "none"
    return f"no column is known as the text (columns: {columns}); name it with --map text=COLUMN"


def _fold(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).lower()


def _first(row: Mapping[str, Any], columns: Sequence[str]) -> str | None:
    """The first column of these that holds something, as text."""
    for column in columns:
        value = row.get(column)
        if value is None and "." in column:
            value = _nested(row, column)
        text = _as_text(value)
        if text and text.strip():
            return text
    return None


def _nested(row: Mapping[str, Any], column: str) -> Any:
    """The value at a dotted path ("source.name") that a user maps."""
    value: Any = row
    for key in column.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _as_text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        # Seconds since 1970 are often kept as a float; as a whole number they read as a date.
        return str(int(value)) if isinstance(value, float) and value > 1e8 else str(value)
    if isinstance(value, Mapping):
        inner = next((value[key] for key in _INNER if value.get(key)), None)
        return _as_text(inner) if not isinstance(inner, Mapping | list) else None
    if isinstance(value, list):
        return _joined(value)
    return str(value) if hasattr(value, "isoformat") else None


def _joined(values: list[Any]) -> str | None:
    """A list of names is joined by commas, a list of paragraphs by blank lines."""
    texts = [text for value in values if not isinstance(value, list) and (text := _as_text(value))]
    long = any(len(text) > 120 for text in texts)
    return ("\n\n" if long else ", ").join(texts) or None


def _short(text: str | None) -> str | None:
    return present(text) if text and len(text) <= _LONGEST_FIELD else None


def _places(row: Mapping[str, Any], columns: Sequence[str]) -> tuple[str, ...]:
    for column in columns:
        value = row.get(column)
        values = value if isinstance(value, list) else [value]
        if places := tuple(p for v in values if (p := _short(_as_text(v)))):
            return places
    return ()
