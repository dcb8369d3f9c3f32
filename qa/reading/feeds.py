"""RSS (0.9x, 1.0, 2.0) and Atom files: one article for each item, by feedparser.

feedparser is handed a stream of bytes and nothing else: a string it would take for an address
or a file's name, and open.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract, feed_identity, present, web_address
from qa.reading.html import html_text
from qa.reading.markup import safe_xml
from qa.types import Method, Refusal

_FIELDS = ("id", "title", "byline", "source", "published", "url", "language")
_PLAIN = {"text/plain", "text"}


def parse_feed(data: bytes, name: str) -> Iterator[Extract | Refusal]:
    """The articles of a feed; an item without text is refused as `name:number`.

    Raises UnreadableInput where it is no feed, or one without items.
    """
    decoded = safe_xml(data)
    try:
        feed = feedparser.parse(
            io.BytesIO(decoded.text.encode("utf-8")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,  # bodies become text below, and only web addresses are kept
            resolve_relative_uris=False,
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        # feedparser stumbles over elements in places where it does not expect them
        raise UnreadableInput("the feed is damaged") from None
    if not feed.entries:
        raise UnreadableInput("it is no feed, or a feed without items")
    for number, entry in enumerate(feed.entries, start=1):
        try:
            yield _article(entry, feed.feed, decoded.warnings)
        except UnreadableInput as error:
            yield Refusal(f"{name}:{number}", str(error))


def _article(
    entry: Mapping[str, Any], channel: Mapping[str, Any], warnings: tuple[str, ...]
) -> Extract:
    text = _text(entry)
    if not text.strip():
        raise UnreadableInput("its feed item has no text")
    stated: dict[str, Method] = dict.fromkeys(_FIELDS, "feed")
    url = web_address(_plain(entry, "link"))
    fields = Fields(
        id=feed_identity(present(_plain(entry, "id")), url),
        title=present(html_text(_plain(entry, "title"))),
        byline=present(_plain(entry, "author")),
        source=_source(entry, channel),
        # dict.get, as feedparser's own falls back from "updated" to "published" with a warning
        published=present(_plain(entry, "published") or _plain(entry, "updated")),
        url=url,
        language=present(_plain(entry, "language") or _plain(channel, "language")),
        methods=stated,
    )
    return Extract(fields, text, warnings)


def _text(entry: Mapping[str, Any]) -> str:
    """The full content where the item has it, else its summary."""
    contents = [part for part in dict.get(entry, "content", []) if part.get("value")]  # type: ignore[call-overload]
    body = max(contents, key=lambda part: len(part["value"]), default=None)
    if body is None:
        detail = dict.get(entry, "summary_detail")  # type: ignore[call-overload]
        body = detail or {"value": _plain(entry, "summary")}
    value = str(body.get("value") or "")
    return value if body.get("type") in _PLAIN and "</" not in value else html_text(value)


def _source(entry: Mapping[str, Any], channel: Mapping[str, Any]) -> str | None:
    """The item's own source (feeds that gather others), its publisher, or the feed's title."""
    own = dict.get(entry, "source")  # type: ignore[call-overload]
    named = own.get("title") if isinstance(own, Mapping) else None
    for text in (named, _plain(entry, "publisher"), _plain(channel, "publisher")):
        if source := present(html_text(str(text)) if text else None):
            return source
    return present(html_text(_plain(channel, "title")))


def _plain(entry: Mapping[str, Any], key: str) -> str:
    value = dict.get(entry, key)  # type: ignore[call-overload]
    return value if isinstance(value, str) else ""
