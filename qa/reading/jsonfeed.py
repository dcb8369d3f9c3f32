"""JSON Feed, versions 1 and 1.1 (jsonfeed.org): one article each of its `items`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract, HtmlToText, feed_identity, present, web_address
from qa.types import Method, Refusal


def is_json_feed(value: Any) -> bool:
    """Whether a JSON document says that it is a JSON Feed."""
    return isinstance(value, dict) and "jsonfeed.org/version/" in str(value.get("version", ""))[:80]


def parse_json_feed(
    feed: Mapping[str, Any], name: str, html_to_text: HtmlToText
) -> Iterator[Extract | Refusal]:
    """The articles of a feed; an item without text is refused as `name:number`."""
    items = feed.get("items")
    for number, item in enumerate(items if isinstance(items, list) else [], start=1):
        try:
            if not isinstance(item, dict):
                raise UnreadableInput("it is no JSON object, so no article")
            yield _article(item, feed, html_to_text)
        except UnreadableInput as error:
            yield Refusal(f"{name}:{number}", str(error))


def _article(item: Mapping[str, Any], feed: Mapping[str, Any], to_text: HtmlToText) -> Extract:
    text = _string(item, "content_text")
    html = _string(item, "content_html")
    text = text or (to_text(html) if html else None) or _string(item, "summary")
    if not text or not text.strip():
        raise UnreadableInput("its feed item has no text")
    stated: dict[str, Method] = dict.fromkeys(
        ("id", "title", "byline", "source", "published", "url", "language"), "feed"
    )
    address = web_address(_string(item, "url")) or web_address(_string(item, "external_url"))
    fields = Fields(
        id=feed_identity(present(_string(item, "id")), address),
        title=present(_string(item, "title")),
        byline=_authors(item) or _authors(feed),
        source=present(_string(feed, "title")),
        published=present(_string(item, "date_published")),
        url=address,
        language=_string(item, "language") or _string(feed, "language"),
        methods=stated,
    )
    return Extract(fields, text)


def _authors(value: Mapping[str, Any]) -> str | None:
    """Names of version 1.1's `authors` or version 1's `author`."""
    authors = value.get("authors")
    people = authors if isinstance(authors, list) else [value.get("author")]
    names = [present(_string(person, "name")) for person in people if isinstance(person, dict)]
    return ", ".join(name for name in names if name) or None


def _string(item: Mapping[str, Any], key: str) -> str | None:
    value = item.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None
