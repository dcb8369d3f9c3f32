"""Articles assembled from what a format states and what the text says."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import SettingsError
from qa.reading.article import Fields, assemble
from qa.reading.plain import read_plain, split_articles
from qa.reading.sources import BUILT_IN

LEAD = "LIMA, Feb 26 (Reuters) - The anchovy season will open in April, the ministry said."


def test_a_header_beats_the_dateline_and_the_disagreement_is_reported() -> None:
    reading = assemble(Fields(published="2018-03-01"), LEAD, name="a.txt")
    assert reading.article.published.value == date(2018, 3, 1)
    assert reading.warnings == (
        "disagreement: published is 2018-03-01 by metadata, 02-26 by dateline",
    )
    found = [f for f in reading.article.findings if f.field == "published"]
    assert [(f.value, f.won) for f in found] == [("2018-03-01", True), ("2018-02-26", False)]


def test_the_dateline_of_december_under_a_january_header_is_last_years() -> None:
    text = "BEIJING, Dec. 30 (Xinhua) -- Tariffs will fall in the new year, officials said."
    reading = assemble(Fields(published="2015-01-05"), text, name="a.txt")
    lost = [f.value for f in reading.article.findings if f.field == "published" and not f.won]
    assert lost == ["2014-12-30"]


def test_a_header_with_only_a_year_lends_it_to_the_dateline() -> None:
    reading = assemble(Fields(published="2018"), LEAD, name="a.txt")
    assert reading.article.published.value == date(2018, 2, 26)
    assert reading.article.published.method == "dateline"


def test_a_dateline_without_a_year_dates_nothing_by_itself() -> None:
    assert assemble(Fields(), LEAD, name="a.txt").article.published.value is None


def test_a_copyright_line_lends_its_year_to_the_dateline() -> None:
    reading = assemble(Fields(), f"{LEAD}\n\nCopyright 2018 Reuters.", name="a.txt")
    assert reading.article.published.value == date(2018, 2, 26)


def test_the_credited_agency_comes_before_the_publisher_that_carries_it() -> None:
    reading = assemble(Fields(source="USA Today"), LEAD, name="a.txt")
    assert (reading.article.source.name, reading.article.source.method) == ("Reuters", "dateline")
    assert reading.warnings == (
        "disagreement: source is Reuters by dateline, USA TODAY by metadata",
    )


def test_a_given_source_serves_only_where_the_article_has_none() -> None:
    plain = "The anchovy season will open in April, the ministry said on Monday."
    assert assemble(Fields(), plain, name="a", given_source="upi").article.source.name == "UPI"
    assert assemble(Fields(), LEAD, name="a", given_source="upi").article.source.name == "Reuters"


def test_being_told_something_credits_nobody() -> None:
    text = (
        "The mayor told Reuters that the bridge would open.\nPhoto: Jane Roe/AP\nA long day ended."
    )
    assert assemble(Fields(), text, name="a").article.source.name is None


def test_the_id_is_the_given_one_else_the_url_else_source_file_and_position() -> None:
    assert assemble(Fields(id="7", url="https://x.test/1"), LEAD, name="a").article.id == "7"
    assert assemble(Fields(url="https://x.test/1"), LEAD, name="a").article.id == "https://x.test/1"
    assert assemble(Fields(), LEAD, name="a.txt", position=3).article.id == "Reuters/a.txt#3"


def test_invisible_characters_are_taken_out_and_counted() -> None:
    reading = assemble(Fields(), "A\x00B\u202eC\U000e0041D\ud800E\r\nF", name="a")
    assert reading.article.text == "ABCDE\nF"
    assert reading.warnings == (
        "control characters removed: 1",
        "bidirectional controls removed: 1",
        "tag characters removed: 1",
        "lone surrogates removed: 1",
    )


def test_a_future_date_is_kept_with_a_warning() -> None:
    reading = assemble(Fields(published="2040-01-01"), "Text.", name="a", now=date(2024, 1, 1))
    assert reading.article.published.value == date(2040, 1, 1)
    assert reading.warnings == ("dated in the future: 2040-01-01",)


def test_a_header_on_the_first_line_is_taken_out_and_the_dateline_stays() -> None:
    (reading,) = read_plain(f" date 2018-02-27 {LEAD}", name="a.txt")
    assert reading.article.text == LEAD
    assert reading.article.published.method == "header"


def test_a_block_of_keys_states_the_fields() -> None:
    text = f"Title: Anchovy season\nDate: Mon, 26 Feb 2018 10:00:00 GMT\nAuthor: Ana Roe\n\n{LEAD}"
    (reading,) = read_plain(text, name="a.txt")
    article = reading.article
    assert (article.title, article.byline, article.text) == ("Anchovy season", "Ana Roe", LEAD)
    assert article.published.day == date(2018, 2, 26)


def test_a_file_of_several_articles_gives_each_its_own_header() -> None:
    text = f" date 2018-02-27 {LEAD}\n date 2018-02-28 {LEAD}\n date 2018-03-01 {LEAD}\n"
    readings = list(read_plain(text, name="a.txt"))
    assert [r.article.published.day for r in readings] == [
        date(2018, 2, 27),
        date(2018, 2, 28),
        date(2018, 3, 1),
    ]
    assert [r.article.id for r in readings] == [f"Reuters/a.txt#{n}" for n in range(3)]


@pytest.mark.parametrize("divider", ["-----", "=====", "\f", "NNNN"])
def test_a_divider_parts_two_headed_articles(divider: str) -> None:
    one = f"title: One\ndate: 2018-02-27\n\n{LEAD}\n"
    two = f"title: Two\ndate: 2018-02-28\n\n{LEAD}\n"
    readings = list(read_plain(f"{one}{divider}\n{two}", name="a.txt"))
    assert [r.article.title for r in readings] == ["One", "Two"]
    assert [r.article.text for r in readings] == [LEAD, LEAD]


def test_a_rule_inside_an_article_parts_nothing() -> None:
    text = f"{LEAD}\n\n-----\n\nThe second half of the same article goes on here."
    assert list(split_articles(text)) == [text]


def test_user_names_extend_the_table(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text("# ours\nthe-gazette.test\tThe Gazette\nGZT\tThe Gazette\n", encoding="utf-8")
    names = BUILT_IN.extended(table)
    assert names.canonical("https://www.the-gazette.test/a/1") == "The Gazette"
    text = "DOVER, England (GZT) - The pier will be painted green this spring."
    assert assemble(Fields(), text, name="a", sources=names).article.source.name == "The Gazette"
    table.write_text("no tab here\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="line 1"):
        BUILT_IN.extended(table)


def test_hosts_names_and_their_forms_are_one_source() -> None:
    for raw in ("cnn.com", "https://edition.cnn.com/x", "CNN Business", "cnn"):
        assert BUILT_IN.canonical(raw) == "CNN"
    assert BUILT_IN.canonical("Unheard-of Gazette") == "Unheard-of Gazette"


_PIECES = st.sampled_from(
    ["(Reuters) -", "NEW YORK", ", ", "May 5", " date 2020-05-05 ", "\n", "\n\n", "By ",
     "Jane Roe", "AP", "/TASS/.", "---", "title: x\n", "©", "2019", "1/2/03", "新华社", "日电",
     "【", "】", "(", ")", "\x00", "\u202e", "—", "Published ", "12:30 EST", "서울=연합뉴스",
     ". ", "Publié le ", "03/04/2012 ", "Mis à jour ", "Source: AP ", "By AP\n", "le ",
     "said on Monday that it will"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(_PIECES, max_size=40).map("".join)))
def test_any_text_is_read_and_every_finding_quotes_it_exactly(text: str) -> None:
    for reading in read_plain(text, name="fuzz"):
        article = reading.article
        for found in article.findings:
            if found.start is not None and found.end is not None:
                assert 0 <= found.start < found.end <= len(article.text)
                assert article.text[found.start : found.end] == found.words


def test_initials_in_the_dateline_are_the_stated_house_where_they_spell_it_out() -> None:
    fields = Fields(source="Meridian News Agency", published="2021-02-11")
    reading = assemble(fields, "LORVANE, Feb 11 (MNA) - The bank held its rate.", name="x")
    assert reading.article.source.name == "Meridian News Agency"
    assert reading.article.source.raw == "MNA"
    assert reading.warnings == ()


def test_a_caption_with_its_photo_credit_is_no_title() -> None:
    text = (
        "Crews roll the rocket to its pad. (Photo courtesy of the Space Office)\n\n"
        "Aug. 22 (Tern Wire) -- The launch was put off again on Thursday, the office said."
    )
    article = assemble(Fields(published="2024-08-22"), text, name="x").article
    assert (article.title, article.source.name) == (None, "Tern Wire")
