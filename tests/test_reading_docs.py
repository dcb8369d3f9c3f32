"""docs/formats.md lists every format, and each example there reads as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from reading_samples import shown

from qa.reading.formats import FORMATS, ReadOptions, read_bytes

PAGE = (Path(__file__).resolve().parent.parent / "docs" / "formats.md").read_text(encoding="utf-8")
_EXAMPLE = re.compile(
    r"^`(?P<name>[^`\n]+)`\n\n```(?P<kind>\w+)\n(?P<example>.*?)\n```\n\n```text\n(?P<shown>.*?)\n```$",
    re.MULTILINE | re.DOTALL,
)
# The page shows the control characters of wire copy as their symbols.
_SYMBOLS = {symbol: chr(symbol - 0x2400) for symbol in (0x2401, 0x2402, 0x2403, 0x2404, 0x2416)}
_SYMBOLS |= {0x241F: "\x1f", 0x2409: "\t"}


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_format_has_its_section(known: object) -> None:
    assert f"\n## {known.title}\n" in PAGE  # type: ignore[attr-defined]


def test_json_feed_and_ninjs_which_are_recognised_within_json_have_sections_too() -> None:
    assert "\n## JSON Feed\n" in PAGE
    assert "\n## ninjs\n" in PAGE


def test_there_is_an_example_of_each_format_that_is_text() -> None:
    assert len(_EXAMPLE.findall(PAGE)) == 13


@pytest.mark.parametrize("match", list(_EXAMPLE.finditer(PAGE)), ids=lambda match: match["name"])
def test_each_example_reads_as_it_is_printed(match: re.Match[str]) -> None:
    example = match["example"]
    if match["kind"] == "anpa":
        example = example.translate(_SYMBOLS)
    items = read_bytes(example.encode(), match["name"], ReadOptions(sandbox=False))
    assert "\n\n".join(map(shown, items)) == match["shown"]
