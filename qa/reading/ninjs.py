"""ninjs, the IPTC's news in JSON: versions 1 (`headline`) and 2 (`headlines`, `bodies`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract, HtmlToText, present, web_address

# Any two of these keys make an object ninjs; none of them is common elsewhere.
_MARKS = frozenset(
    {
        *("versioncreated", "pubstatus", "body_text", "body_html", "body_xhtml", "bodies"),
        *("headlines", "infosource", "usageterms", "representationtype", "profile", "firstcreated"),
    }
)
_BODIES_1 = ("body_text", "body_xhtml", "body_html")
_PLAIN = {"", "text/plain"}


def is_ninjs(value: Mapping[str, Any]) -> bool:
    """Whether a JSON object is a ninjs item."""
    standard = value.get("standard")
    if isinstance(standard, Mapping) and standard.get("name") == "ninjs":
        return True
    return "uri" in value and len(_MARKS & value.keys()) >= 2


def to_extract(item: Mapping[str, Any], html_to_text: HtmlToText) -> Extract:
    """The article of one item. Raises UnreadableInput where it is cancelled or has no text."""
    if item.get("pubstatus") in {"canceled", "cancelled", "withheld"}:
        raise UnreadableInput(f"its publication status is {item['pubstatus']!r}")
    body = _body(item, html_to_text)
    if not body:
        raise UnreadableInput("its ninjs item has no body of text")
    fields = Fields(
        id=_string(item, "uri"),
        title=_string(item, "headline") or _of_role(item.get("headlines"), "main"),
        byline=_string(item, "byline") or _string(item, "by"),
        source=_source(item),
        published=_string(item, "firstcreated", "contentcreated", "versioncreated"),
        url=_address(item),
        language=_string(item, "language"),
        place=tuple(place for place in [_string(item, "located")] if place),
    )
    return Extract(fields, body)


def _body(item: Mapping[str, Any], html_to_text: HtmlToText) -> str:
    for key in _BODIES_1:
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return value if key == "body_text" else html_to_text(value)
    bodies = [body for body in _objects(item.get("bodies")) if isinstance(body.get("value"), str)]
    for plain in (True, False):
        for body in bodies:
            kind = str(body.get("contenttype", "")).partition(";")[0].strip().lower()
            if (kind in _PLAIN) is plain and body["value"].strip():
                return str(body["value"]) if plain else html_to_text(body["value"])
    return ""


def _source(item: Mapping[str, Any]) -> str | None:
    """Who made the item: the source of information, else a `source` or the copyright holder."""
    for source in _objects(item.get("infosource")):
        if name := _string(source, "name", "literal"):
            return name
    return _string(item, "source", "provider", "creditline", "copyrightholder")


def _address(item: Mapping[str, Any]) -> str | None:
    """A link that a reader can open; ninjs 1 has none but sometimes a web page as its URI."""
    for alternative in _objects(item.get("altids")):
        if address := web_address(_string(alternative, "value")):
            return address
    return web_address(_string(item, "url", "link", "uri"))


def _of_role(values: Any, role: str) -> str | None:
    options = _objects(values)
    chosen = [option for option in options if option.get("role") == role] or options
    return next((value for option in chosen if (value := _string(option, "value"))), None)


def _objects(value: Any) -> list[Mapping[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [entry for entry in values if isinstance(entry, Mapping)]


def _string(item: Mapping[str, Any], *keys: str) -> str | None:
    for key in keys:
        value = item.get(key)
        if isinstance(value, Mapping):
            value = value.get("name")
        if isinstance(value, str) and (text := present(value)):
            return text
    return None
