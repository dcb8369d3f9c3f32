"""JSON, JSON Lines and CSV: rows or objects with column names, one article each, as a stream."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO

from qa.errors import UnreadableInput
from qa.reading import ninjs
from qa.reading.columns import Layout, layout_of, to_extract
from qa.reading.encoding import decoded_lines
from qa.reading.extract import MAX_DOCUMENT, Extract, HtmlToText
from qa.reading.jsonfeed import is_json_feed, parse_json_feed
from qa.types import Refusal

# Keys under which services wrap their list of articles.
_WRAPPERS = ("articles", "items", "results", "docs", "documents", "stories", "news", "entries")
_OUTER = ("response", "data", "hits", "feed")
# A file whose lines all fail is no table: it is given up after so many.
_HOPELESS = 1000
_DELIMITERS = ",;\t|"
# The csv module's own limit, 128 KiB, is less than a long article.
_LONGEST_CELL = 16 * 1024 * 1024


def read_json(
    stream: BinaryIO, name: str, mapping: Mapping[str, str], html_to_text: HtmlToText
) -> Iterator[Extract | Refusal]:
    """Articles of a JSON document or of JSON Lines, whichever the first line shows.

    A line that cannot be read is refused as `name:line`; the rest goes on. Raises
    UnreadableInput where the whole file is none of both.
    """
    rows = _Rows(mapping, html_to_text)
    lines = decoded_lines(stream, MAX_DOCUMENT)
    first = next((line for line in lines if line.strip()), "")
    try:
        value = loads(first)
    except UnreadableInput:
        value = loads(_rest(first, lines))
        yield from _document(value, name, rows)
        return
    if isinstance(value, dict) and not rows.list_in(value) and not is_json_feed(value):
        yield from _json_lines(chain([first], lines), name, rows)
    else:
        yield from _document(value, name, rows)


def read_csv(
    stream: BinaryIO, name: str, mapping: Mapping[str, str], html_to_text: HtmlToText
) -> Iterator[Extract | Refusal]:
    """Articles of a table with a header line, its delimiter a comma, semicolon, tab or bar.

    A row with more cells than the header has names is refused as `name:row`: which of them is
    which cannot be known. Raises UnreadableInput where the header names no text.
    """
    csv.field_size_limit(_LONGEST_CELL)
    lines = decoded_lines(stream, MAX_DOCUMENT)
    header_line = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=header_line.count)
    table = csv.reader(chain([header_line], lines), delimiter=delimiter, strict=True)
    rows = _Rows(mapping, html_to_text)
    try:
        header = [column.strip() for column in next(table, [])]
        if not rows.has_text(header):
            raise UnreadableInput(
                f"no column is known as the text (columns: {', '.join(header)[:300]}); "
                "name it with --map text=COLUMN"
            )
        yield from _csv_rows(table, header, name, rows)
    except csv.Error as error:
        raise UnreadableInput(f"line {table.line_num}: {error}") from None


def loads(text: str) -> Any:
    """Strict JSON: duplicate keys, bad escapes, huge numbers and deep nesting are refused."""
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=lambda _: None)
    except RecursionError:
        raise UnreadableInput("its JSON is nested too deep") from None
    except json.JSONDecodeError as error:
        raise UnreadableInput(
            f"it is not valid JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        ) from None
    except ValueError as error:
        raise UnreadableInput(f"its JSON holds a value that cannot be read: {error}") from None


class _Rows:
    """Turns rows into articles, working out the columns once for each set of keys."""

    def __init__(self, mapping: Mapping[str, str], html_to_text: HtmlToText) -> None:
        self._mapping = mapping
        self._html_to_text = html_to_text
        self._layouts: dict[tuple[str, ...], Layout] = {}

    def has_text(self, columns: list[str]) -> bool:
        layout = self._layout(tuple(columns))
        return any(column in columns for column in (*layout["text"], *layout["html"]))

    def list_in(self, value: Any) -> list[Any] | None:
        """The articles that an object wraps; None for one that is an article itself."""
        own = isinstance(value, dict) and self.has_text(list(value))
        return None if own else _listed(value)

    def extract(self, row: Mapping[str, Any]) -> Extract:
        if not self._mapping and ninjs.is_ninjs(row):
            return ninjs.to_extract(row, self._html_to_text)
        return to_extract(row, self._layout(tuple(row)), self._html_to_text)

    def document(self, value: dict[str, Any], name: str) -> Iterator[Extract | Refusal]:
        return parse_json_feed(value, name, self._html_to_text)

    def _layout(self, columns: tuple[str, ...]) -> Layout:
        layout = self._layouts.get(columns)
        if layout is None:
            layout = layout_of(columns, self._mapping)
            # Objects whose keys are data ({"2020-05-05": ...}) would fill the memory.
            if len(self._layouts) < 1000:
                self._layouts[columns] = layout
        return layout


def _json_lines(lines: Iterator[str], name: str, rows: _Rows) -> Iterator[Extract | Refusal]:
    read = refused = 0
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        item = _row(lambda line=line: loads(line), f"{name}:{number}", rows)  # type: ignore[misc]
        yield item
        read, refused = (read + 1, refused) if isinstance(item, Extract) else (read, refused + 1)
        if not read and refused >= _HOPELESS:
            raise UnreadableInput(f"its first {refused} lines are no articles; it is given up")


def _csv_rows(
    table: Iterator[list[str]], header: list[str], name: str, rows: _Rows
) -> Iterator[Extract | Refusal]:
    for number, cells in enumerate(table, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            reason = f"it has {len(cells)} cells, the header {len(header)}"
            yield Refusal(f"{name}:{number}", reason)
            continue
        values = dict(zip(header, cells, strict=False))
        yield _row(lambda values=values: values, f"{name}:{number}", rows)  # type: ignore[misc]


def _document(value: Any, name: str, rows: _Rows) -> Iterator[Extract | Refusal]:
    if is_json_feed(value):
        yield from rows.document(value, name)
        return
    objects = value if isinstance(value, list) else rows.list_in(value) or [value]
    for number, item in enumerate(objects, start=1):
        place = f"{name}:{number}" if len(objects) > 1 else name
        yield _row(lambda item=item: item, place, rows)  # type: ignore[misc]


def _row(value: Callable[[], Any], name: str, rows: _Rows) -> Extract | Refusal:
    try:
        row = value()
        if not isinstance(row, dict):
            raise UnreadableInput("it is no JSON object, so no article")
        return rows.extract(row)
    except UnreadableInput as error:
        return Refusal(name, str(error))


def _listed(value: Any) -> list[Any] | None:
    """The list of articles that a service's answer wraps, one or two levels down."""
    if not isinstance(value, dict):
        return None
    for key in _WRAPPERS:
        inner = value.get(key)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner
    for key in _OUTER:
        inner = value.get(key)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner
        if isinstance(inner, dict) and (found := _listed(inner)):
            return found
    return None


def _rest(first: str, lines: Iterator[str]) -> str:
    parts, size = [first], len(first)
    for line in lines:
        parts.append(line)
        size += len(line)
        if size > MAX_DOCUMENT:
            raise UnreadableInput(
                f"it is one JSON document of more than {MAX_DOCUMENT:,} bytes; "
                "write one article a line (JSON Lines) instead"
            )
    return "".join(parts)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice[:40]!r} stands twice")
    return row
