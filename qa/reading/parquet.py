"""Parquet tables, a batch of rows at a time: one article each row."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping

import pyarrow
from pyarrow.parquet import ParquetFile

from qa.errors import UnreadableInput
from qa.reading.columns import layout_of, to_extract
from qa.reading.extract import Extract
from qa.reading.html import html_text
from qa.types import Refusal

_ROWS = 256


def parse_parquet(data: bytes, name: str, **mapping: str) -> Iterator[Extract | Refusal]:
    """The articles of a table; a row without text is refused as `name:row`."""
    try:
        # The system's allocator: Arrow's own reserve more addresses than a sandbox has.
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
        table = ParquetFile(io.BytesIO(data), memory_map=False, pre_buffer=False)
        columns = list(table.schema_arrow.names)
        layout = layout_of(columns, mapping)
        wanted = [c for c in columns if any(c in names for names in layout.values())]
        wanted += [c for c in _outer(mapping) if c in columns and c not in wanted]
        if not any(layout[field] for field in ("text", "html", "summary")):
            raise UnreadableInput(
                f"no column is known as the text (columns: {', '.join(columns)[:300]}); "
                "name it with --map text=COLUMN"
            )
        number = 0
        for batch in table.iter_batches(_ROWS, columns=wanted, use_threads=False):
            for row in batch.to_pylist():
                number += 1
                try:
                    yield to_extract(row, layout, html_text)
                except UnreadableInput as error:
                    yield Refusal(f"{name}:{number}", str(error))
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise UnreadableInput(f"the Parquet file is damaged: {str(error)[:200]}") from None


def _outer(mapping: Mapping[str, str]) -> list[str]:
    """The columns that dotted paths of a mapping begin with ("source.name" in "source")."""
    return [column.partition(".")[0] for column in mapping.values()]
