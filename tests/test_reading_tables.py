"""JSON, JSON Lines, CSV, Parquet: columns found or given, rows refused one by one."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qa.errors import InvalidRequest
from qa.reading.formats import ReadOptions, read_bytes
from qa.types import Article, Reading, Refusal

PLAIN = ReadOptions(sandbox=False)
ROW = {"id": "hp-1", "title": "Quay", "date": "2021-03-05", "text": "The quay will be rebuilt."}


def read(data: bytes | str, name: str, **options: Any) -> list[Reading | Refusal]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_bytes(data, name, ReadOptions(sandbox=False, **options)))


def articles(data: bytes | str, name: str, **options: Any) -> list[Article]:
    items = read(data, name, **options)
    assert all(isinstance(item, Reading) for item in items), items
    return [item.article for item in items if isinstance(item, Reading)]


@pytest.mark.parametrize("column", ["text", "Body", "article_text", "articleBody", "MainText"])
def test_the_text_is_found_under_its_many_names(column: str) -> None:
    (article,) = articles(json.dumps({column: "The quay."}), "a.json")
    assert article.text == "The quay."


@pytest.mark.parametrize(
    "column",
    ["published", "publishedAt", "date_published", "pubDate", "publish-date", "Publication Date"],
)
def test_the_date_is_found_under_its_many_names(column: str) -> None:
    (article,) = articles(json.dumps({column: "2021-03-05", "text": "x"}), "a.json")
    assert str(article.published.value) == "2021-03-05"
    assert article.published.method == "metadata"


def test_a_dateline_column_is_not_used() -> None:
    (article,) = articles(json.dumps({"dateline": "PORTVALE, March 5 -", "text": "x"}), "a.json")
    assert article.place == ()
    assert article.published.value is None


@pytest.mark.parametrize(
    ("value", "day"),
    [(1614935700, "2021-03-05"), (1614935700.0, "2021-03-05"), (1614935700000, "2021-03-05")],
)
def test_counted_seconds_are_a_date(value: float, day: str) -> None:
    (article,) = articles(json.dumps({"timestamp": value, "text": "x"}), "a.json")
    assert str(article.published.day) == day


def test_nested_objects_and_lists_give_names() -> None:
    row = {"text": "x", "source": {"id": None, "name": "Harbour Press"}, "authors": ["Ida", "Bo"]}
    (article,) = articles(json.dumps(row), "a.json")
    assert (article.source.name, article.byline) == ("Harbour Press", "Ida, Bo")


def test_a_list_of_paragraphs_is_joined_by_blank_lines() -> None:
    (article,) = articles(json.dumps({"body": ["a" * 130, "second"]}), "a.json")
    assert article.text == "a" * 130 + "\n\nsecond"


def test_a_given_mapping_wins_over_names_and_reaches_inside() -> None:
    row = {"text": "not this", "copy": {"full": "but this"}, "when": "2021-03-05"}
    mapping = {"text": "copy.full", "published": "when"}
    (article,) = articles(json.dumps(row), "a.json", mapping=mapping)
    assert (article.text, str(article.published.value)) == ("but this", "2021-03-05")


def test_a_mapping_of_a_field_that_articles_have_not_is_an_error_that_lists_them() -> None:
    with pytest.raises(InvalidRequest, match=r"'colour'; map one of id, title"):
        read("{}", "a.json", mapping={"colour": "c"})


def test_a_table_without_a_text_column_says_which_columns_it_has() -> None:
    (refusal,) = read("a,b\n1,2\n", "a.csv")
    assert isinstance(refusal, Refusal)
    assert "(columns: a, b); name it with --map text=COLUMN" in refusal.reason


def test_summaries_stand_in_only_where_there_is_no_text() -> None:
    both = articles(json.dumps({"summary": "short", "content": "long"}), "a.json")
    assert both[0].text == "long"
    assert articles(json.dumps({"summary": "short"}), "a.json")[0].text == "short"


def test_html_bodies_become_paragraphs_and_ticker_symbols_stay() -> None:
    (html,) = articles(json.dumps({"content": "<p>One</p><p>Two</p>"}), "a.json")
    assert html.text == "One\n\nTwo"
    (wire,) = articles(json.dumps({"text": "Burr Corp <BR> and Pier Inc <P> rose."}), "a.json")
    assert wire.text == "Burr Corp <BR> and Pier Inc <P> rose."


def test_a_lone_surrogate_in_an_html_body_does_not_stop_the_file() -> None:
    lines = '{"content": "<p>a \\ud800 b</p>"}\n{"text": "c \\ud800 d"}\n{"text": "e"}'
    assert len(articles(lines, "a.jsonl")) == 3


def test_only_web_addresses_are_kept() -> None:
    rows = [{"text": "x", "url": "javascript:alert(1)"}, {"text": "x", "url": "https://x.example/"}]
    assert [a.url for a in articles(json.dumps(rows), "a.json")] == [None, "https://x.example/"]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([ROW, ROW | {"id": "hp-2"}]),
        json.dumps({"status": "ok", "articles": [ROW, ROW | {"id": "hp-2"}]}),
        json.dumps({"response": {"docs": [ROW, ROW | {"id": "hp-2"}]}}),
        json.dumps(ROW) + "\n\n" + json.dumps(ROW | {"id": "hp-2"}) + "\n",
        json.dumps([ROW, ROW | {"id": "hp-2"}], indent=2),
    ],
    ids=["list", "wrapped", "wrapped twice", "lines", "indented"],
)
def test_lists_wrapped_lists_and_lines_are_told_apart_by_content(text: str) -> None:
    for name in ("a.json", "a.jsonl", "a"):
        assert [a.id for a in articles(text, name)] == ["hp-1", "hp-2"]


def test_an_article_that_has_a_list_of_its_own_is_one_article() -> None:
    row = ROW | {"items": [{"name": "a tag"}], "articles": [{"title": "related"}]}
    assert [a.id for a in articles(json.dumps(row), "a.json")] == ["hp-1"]


def test_a_broken_line_is_refused_by_its_number_and_the_rest_goes_on() -> None:
    good = json.dumps(ROW)
    items = read(f'{good}\n{{"text": \n[1]\n{good}\n', "a.jsonl")
    assert [type(item) for item in items] == [Reading, Refusal, Refusal, Reading]
    assert [i.name for i in items if isinstance(i, Refusal)] == ["a.jsonl:2", "a.jsonl:3"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"text": "a", "text": "b"}', "stands twice"),
        ('{"text": ' + "[" * 100_000, "nested too deep"),
        ('{"text": "x", "n": ' + "9" * 6000 + "}", "cannot be read"),
        ("[1, 2", "not valid JSON"),
        ('"a string"', "no JSON object"),
        ('{"text": "   "}', "is empty"),
    ],
)
def test_hostile_json_is_refused_with_its_reason(text: str, reason: str) -> None:
    items = read(text, "a.json")
    assert items
    assert all(isinstance(item, Refusal) and reason in item.reason for item in items)


def test_a_file_whose_lines_all_fail_is_given_up() -> None:
    items = read("{}\n" * 5000, "a.jsonl")
    assert len(items) == 1001
    assert isinstance(items[-1], Refusal)
    assert "given up" in items[-1].reason


def test_many_lines_are_read_as_a_stream_not_as_a_whole() -> None:
    stream = io.BytesIO((json.dumps(ROW) + "\n").encode() * 3)
    told: list[int] = []
    items = read_bytes(gzip.compress(stream.getvalue()), "a.jsonl.gz", PLAIN)
    first = next(items)
    told.append(1)
    assert isinstance(first, Reading)
    assert len(list(items)) == 2


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_csv_finds_its_delimiter_and_keeps_quoted_lines(delimiter: str) -> None:
    cells = [["id", "headline", "body"], ["1", "Quay", '"One\n\nTwo ""x"""'], ["", "", ""]]
    text = "\r\n".join(delimiter.join(row) for row in cells)
    (article,) = articles(text, "a.csv")
    assert (article.id, article.title, article.text) == ("1", "Quay", 'One\n\nTwo "x"')


def test_a_row_with_more_cells_than_the_header_is_refused_and_a_shorter_one_read() -> None:
    items = read("text,title\na,b,c\nd\n", "a.csv")
    assert isinstance(items[0], Refusal)
    assert items[0] == Refusal("a.csv:2", "it has 3 cells, the header 2")
    assert isinstance(items[1], Reading)
    assert items[1].article.text == "d"


def test_csv_in_another_encoding_and_utf_16_are_read() -> None:
    text = "text,title\nDie Brücke über die Förde ist größer.,Brücke\n"
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        (article,) = articles(text.encode(encoding), "a.csv")
        assert (article.text, article.title) == ("Die Brücke über die Förde ist größer.", "Brücke")


def test_a_cell_longer_than_the_csv_module_allows_by_itself_is_read() -> None:
    (article,) = articles("text\n" + "word " * 60_000 + "\n", "a.csv")
    assert article.text.count("word") == 60_000


def test_parquet_rows_are_articles_and_empty_ones_refused() -> None:
    table = pa.table(
        {
            "headline": ["Quay", "Pier"],
            "content": ["The quay.", None],
            "published_at": pa.array([1614935700000, None], pa.timestamp("ms", tz="UTC")),
            "source": [{"name": "Harbour Press"}, {"name": None}],
            "unused": [1, 2],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    first, second = read_bytes(buffer.getvalue(), "a.parquet", PLAIN)
    assert isinstance(first, Reading)
    assert first.article.source.name == "Harbour Press"
    assert str(first.article.published.day) == "2021-03-05"
    assert second == Refusal("a.parquet:2", "its text (content) is empty")


def test_parquet_in_the_sandbox_takes_a_mapping() -> None:
    buffer = io.BytesIO()
    pq.write_table(pa.table({"copy": ["The quay."], "text": ["no"]}), buffer)
    options = ReadOptions(mapping={"text": "copy"})
    (item,) = read_bytes(buffer.getvalue(), "a.parquet", options)
    assert isinstance(item, Reading), item
    assert item.article.text == "The quay."


@pytest.mark.corpus
@pytest.mark.slow
def test_sixteen_thousand_articles_are_given_one_by_one(shared: Any) -> None:
    from qa.reading.formats import read_path

    items = read_path(shared / "corpora" / "reuters21578.jsonl.gz", PLAIN)
    assert [item.article.id for _, item in zip(range(3), items)] == ["r1", "r2", "r3"]  # type: ignore[union-attr]  # noqa: B905
