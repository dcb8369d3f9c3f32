"""The wire: what a request becomes inside, what an answer becomes outside."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from fake_archive import FERRY, HOSTILE, RECOUNT, FakeArchive
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from qa import wire
from qa.errors import ArchiveError
from qa.types import Anchor, DateWindow, Published, Query, Understood
from qa.wire.faults import faults
from qa.wire.requests import NewArticle, window_of

ASKED = Query("How many passengers were brought ashore?")


def test_an_answer_has_exactly_the_fields_of_the_documented_format() -> None:
    sent = wire.answer_json(FakeArchive().ask(ASKED))
    assert list(sent) == [
        "question", "answerable", "answer", "window", "citations", "abstention",
        "excluded_undated", "snapshot", "understood", "conflict",
    ]  # fmt: skip
    assert sent["answer"] == {
        "text": "214",
        "sentence": "All 214 passengers were brought ashore, the harbour master said.",
        "citation": "ferry@1:85-149",
        "confidence": 0.874,
    }
    cited = sent["citations"][0]
    assert list(cited) == [
        "id", "article_id", "version", "title", "source", "url", "published", "place", "quote",
        "start", "end", "passage", "event_dates", "also", "score", "by",
    ]  # fmt: skip
    assert cited["id"] == f"ferry@1:{cited['start']}-{cited['end']}"
    assert cited["published"] == {
        "date": "2014-03-04", "time": None, "precision": "day", "method": "dateline",
    }  # fmt: skip
    assert list(cited["passage"]) == ["id", "text", "start", "end"]
    assert list(cited["also"][0]) == ["article_id", "version", "source", "published"]


def test_a_quote_on_the_wire_is_the_article_at_its_offsets() -> None:
    for cited in wire.answer_json(FakeArchive().ask(ASKED))["citations"]:
        text = FakeArchive().article(cited["article_id"]).text
        assert text[cited["start"] : cited["end"]] == cited["quote"]
        assert text[cited["passage"]["start"] : cited["passage"]["end"]] == cited["passage"]["text"]


@pytest.mark.parametrize("shift", [-1, 1, 1000])
def test_an_answer_whose_quote_is_not_at_its_offsets_is_never_sent(shift: int) -> None:
    answer = FakeArchive().ask(ASKED)
    wrong = replace(
        answer.citations[0],
        start=answer.citations[0].start + shift,
        end=answer.citations[0].end + shift,
    )
    with pytest.raises(ArchiveError, match="offsets"):
        wire.answer_json(replace(answer, citations=(wrong,), conflict=()))


def test_a_score_that_is_not_finite_is_never_sent() -> None:
    answer = FakeArchive().ask(ASKED)
    wrong = replace(answer.citations[0], score=float("nan"))
    with pytest.raises(ValidationError):
        wire.answer_json(replace(answer, citations=(wrong,), conflict=()))


def test_a_declined_question_has_no_answer_but_a_reason_and_what_the_archive_covers() -> None:
    sent = wire.answer_json(FakeArchive().ask(Query("Who keeps bees?")))
    assert (sent["answerable"], sent["answer"]) == (False, None)
    assert sent["abstention"] == {
        "reason": "no_match",
        "detail": "Nothing here says this.",
        "nearest_score": 0.2,
        "threshold": 0.5,
        "coverage": {"from": "2014-03-04", "to": "2014-03-06"},
    }


def test_differing_figures_name_their_citation() -> None:
    sent = wire.answer_json(FakeArchive().ask(Query("How many passengers were on the ferry?")))
    by_id = {cited["id"]: cited["quote"] for cited in sent["citations"]}
    assert [figure["text"] for figure in sent["conflict"]] == ["214", "219"]
    assert all(figure["text"] in by_id[figure["citation"]] for figure in sent["conflict"])


def test_what_was_understood_is_sent_with_the_words_it_rests_on() -> None:
    anchor = Anchor("before", "the summit", "before the summit", date(2019, 6, 12), "s1")
    understood = Understood(
        "when", order="latest", order_basis="last", sources=("UPI",), anchor=anchor
    )
    sent = wire.answer_json(replace(FakeArchive().ask(ASKED), understood=understood))["understood"]
    assert sent == {
        "asked": "when",
        "period": None,
        "window": None,
        "bounded": False,
        "order": "latest",
        "order_basis": "last",
        "sources": ["UPI"],
        "anchor": {
            "relation": "before",
            "event": "the summit",
            "basis": "before the summit",
            "date": "2019-06-12",
            "article_id": "s1",
        },
    }


@given(st.dates(), st.dates())
def test_days_are_inclusive_on_the_wire_and_half_open_inside(a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    window = window_of(first, last)
    assert window is not None
    assert first in window
    assert last in window or last == date.max
    if first > date.min:
        assert first - timedelta(days=1) not in window
    sent = wire.answer_json(replace(FakeArchive().ask(ASKED), window=window))["window"]
    assert sent["from"] == (None if first == date.min else first.isoformat())
    if last < date.max - timedelta(days=1):
        assert sent["to"] == last.isoformat()


def test_a_side_of_the_window_that_was_not_given_is_open() -> None:
    assert window_of(None, None) is None
    assert window_of(date(2020, 5, 5), None) == DateWindow(date(2020, 5, 5), date.max)
    assert window_of(None, date(2020, 5, 5)) == DateWindow(date.min, date(2020, 5, 6))
    sent = wire.answer_json(
        replace(FakeArchive().ask(ASKED), window=window_of(None, date(2020, 5, 5)))
    )
    assert sent["window"] == {"from": None, "to": "2020-05-05", "basis": ""}


def test_a_time_of_publication_keeps_the_offset_it_came_with() -> None:
    at = datetime(2020, 5, 5, 23, 30, 1, tzinfo=timezone(timedelta(hours=-5)))
    sent = wire.as_json(wire.published_date(Published(at, "second", "feed")))
    assert sent == {
        "date": "2020-05-05", "time": "23:30:01-05:00", "precision": "second", "method": "feed",
    }  # fmt: skip


def test_the_two_forms_of_a_question_mean_the_same() -> None:
    body = {
        "question": " What rose? ", "k": 7, "from": "2014-01-01", "to": "2014-12-31",
        "sources": ["A", "B"], "as_of": "2015-01-01", "sort": "newest",
    }  # fmt: skip
    url = {
        "q": "What rose?", "k": "7", "from": "2014-01-01", "to": "2014-12-31",
        "source": ["A", "B"], "as_of": "2015-01-01", "sort": "newest",
    }  # fmt: skip
    expected = Query(
        "What rose?",
        7,
        DateWindow(date(2014, 1, 1), date(2015, 1, 1)),
        ("A", "B"),
        date(2015, 1, 1),
        "newest",
    )
    assert wire.AskRequest.model_validate(body).query() == expected
    assert wire.AskParameters.model_validate(url).query() == expected


def test_an_unknown_field_is_refused_without_repeating_its_name() -> None:
    with pytest.raises(ValidationError) as refused:
        wire.AskRequest.model_validate({"question": "a", "s3cret": 1})
    [fault] = faults(refused.value.errors())
    assert fault.pointer == "#"
    assert "s3cret" not in fault.sentence
    assert "s3cret" not in str(refused.value).splitlines()[-1]


@given(st.text(max_size=60))
def test_any_text_is_either_a_question_or_refused(text: str) -> None:
    try:
        query = wire.AskRequest.model_validate({"question": text}).query()
    except ValidationError:
        return
    assert query.text == text.strip()
    assert not [c for c in text if (c < " " and c not in "\t\n\r") or "\ud800" <= c <= "\udfff"]
    assert any(unicodedata.category(c)[0] not in "ZC" for c in text)


def test_a_new_article_gets_its_url_as_id_and_else_a_digest_of_its_text() -> None:
    assert NewArticle(text="Rain fell.", id="a1").reading().article.id == "a1"
    by_url = NewArticle(text="Rain fell.", url="https://x.example/1").reading().article
    assert by_url.id == "https://x.example/1"
    one, two = (NewArticle(text=t).reading().article.id for t in ("Rain fell.", "Snow fell."))
    assert one.startswith("sha256:")
    assert one != two
    assert one == NewArticle(text="Rain fell.").reading().article.id


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://meridian.example/a", True),
        ("HTTP://meridian.example", True),
        ("javascript:alert(1)", False),
        (" https://meridian.example", False),
        ("https:///nowhere", False),
        ("data:text/html,x", False),
        ("//meridian.example", False),
        (None, False),
    ],
)
def test_bad_input_row_47_only_web_addresses_become_links(url: str | None, safe: bool) -> None:
    assert wire.safe_link(url) is safe


def test_an_article_is_linked_where_it_can_be_opened() -> None:
    assert wire.article_link("ferry", FERRY.url, "") == FERRY.url
    assert wire.article_link("a/b c", None, "") == "dateline:a%2Fb%20c"
    assert wire.article_link("a/b c", None, "https://news.example/") == (
        "https://news.example/articles/a%2Fb%20c"
    )
    assert wire.article_link("../hostile", HOSTILE.url, "") == "dateline:..%2Fhostile"


def test_an_article_without_a_title_is_called_by_its_first_words() -> None:
    assert wire.shown_title("A title", "text") == "A title"
    assert wire.shown_title(None, RECOUNT.text, words=3) == "The ferry that …"
    assert wire.shown_title("", "Two words") == "Two words"
