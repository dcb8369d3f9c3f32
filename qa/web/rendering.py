"""The templates, opened once, with everything escaped; and the files that the pages load."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from qa import wire
from qa.web import marking, words
from qa.web.reference import operations, schemas

_HERE = Path(__file__).parent
_KINDS = {".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file that the pages load; `tag` changes with its content."""

    content: bytes
    media_type: str
    tag: str


def _assets() -> dict[str, Asset]:
    return {
        file.name: Asset(
            content := file.read_bytes(),
            _KINDS[file.suffix],
            hashlib.sha256(content).hexdigest()[:12],
        )
        for file in (_HERE / "static").iterdir()
        if file.suffix in _KINDS
    }


ASSETS = _assets()


def asset_path(name: str) -> str:
    """Where a page loads a file, with its tag, so that it can be cached for good."""
    return f"/static/{name}?{ASSETS[name].tag}"


def _coded(text: str) -> Markup:
    """Words between backticks as code; everything else escaped."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f"<code>{p}</code>" if n % 2 else p for n, p in enumerate(parts)))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        answer_words=words.answer_words,
        asked=words.ASKED,
        icon=asset_path("icon.svg"),
        reasons=words.REASONS,
        stylesheet=asset_path("style.css"),
        article_path=article_path,
        around=marking.around,
        event_words=words.event_words,
        known_by=words.known_by,
        long_day=words.long_day,
        machine_date=words.machine_date,
        max_question=wire.MAX_QUESTION,
        published_words=words.published_words,
        quote_pieces=marking.quote_pieces,
        safe_link=wire.safe_link,
        shown_title=wire.shown_title,
        window_words=words.window_words,
        span_of_days=words.span_of_days,
    )
    environment.filters["coded"] = _coded
    return environment


def article_path(article_id: str, version: int, start: int | None = None, end: int = 0) -> str:
    """The page of an article, at a quote of it if one is given."""
    path = f"/articles/{quote(article_id, safe='')}?version={version}"
    return path if start is None else f"{path}&quote={start}-{end}#quote"


_ENVIRONMENT = _environment()


def page(template: str, **values: Any) -> str:
    """One page as HTML."""
    return _ENVIRONMENT.get_template(template).render(**values)


def reference_page(schema: Mapping[str, Any], kinds: Sequence[Any]) -> str:
    """The API reference, rendered from its OpenAPI schema; it loads nothing from elsewhere."""
    return page(
        "reference.html",
        info=schema["info"],
        tags=operations(schema),
        schemas=schemas(schema),
        kinds=kinds,
    )
