"""Markdown with front matter in YAML or TOML, as static sites keep their articles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from markdown_it import MarkdownIt

from qa.errors import UnreadableInput
from qa.reading.columns import layout_of, to_extract
from qa.reading.encoding import decode
from qa.reading.extract import Extract
from qa.reading.html import html_text

_FRONT_MATTER = re.compile(
    r"\A\s*(?P<fence>---|\+\+\+)[ \t]*\n(?P<head>.*?)^(?P=fence)[ \t]*$", re.S | re.M
)
_HEADING = re.compile(r"\s*<h1>(.*?)</h1>", re.S)
# Front matter's keys for bodies and summaries name no body: that is what stands below it.
_BODY = "dateline: the text below the front matter"


def parse_markdown(data: bytes, name: str) -> Iterator[Extract]:
    """The article: fields from front matter, else the title from a leading first-level heading.

    Raises UnreadableInput where the front matter is broken or nothing follows it.
    """
    decoded = decode(data)
    head, body = _split(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    # CommonMark is rendered and read back, so that links, lists and emphasis leave their words.
    rendered = MarkdownIt("commonmark").enable("table").render(body)
    row = dict(head)
    heading = _HEADING.match(rendered)
    if heading and not any(key.lower() in {"title", "headline"} for key in head):
        row["title"] = html_text(heading[1])
    if heading and html_text(heading[1]) == row.get("title"):
        rendered = rendered[heading.end() :]
    row[_BODY] = html_text(rendered)
    found = to_extract(row, layout_of(list(row), {"text": _BODY}), html_text)
    yield Extract(found.fields, found.text, decoded.warnings)


def _split(text: str) -> tuple[Mapping[str, Any], str]:
    match = _FRONT_MATTER.match(text)
    if match is None:
        return {}, text
    try:
        # BaseLoader makes strings only: dates stay as written, and nothing is constructed.
        read = tomllib.loads if match["fence"] == "+++" else _yaml
        head = read(match["head"])
    except (yaml.YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        raise UnreadableInput(f"its front matter is broken: {str(error)[:200]}") from None
    if not isinstance(head, dict):
        return {}, text
    return {str(key): value for key, value in head.items()}, text[match.end() :]


def _yaml(text: str) -> Any:
    return yaml.load(text, Loader=yaml.BaseLoader)
