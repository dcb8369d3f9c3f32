"""The pages, as the HTML that a browser gets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from fake_archive import FERRY, HOSTILE, FakeArchive
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from qa.api import create_app
from qa.settings import Settings
from qa.types import Article, DateWindow, Published, Query
from qa.web.marking import Span, paragraphs, pieces, quote_pieces
from qa.web.rendering import ASSETS
from qa.web.words import answer_words, machine_date, published_words, span_of_days, window_words

FERRY_PAGE = "/?q=How+many+passengers+were+brought+ashore%3F"


@pytest.fixture
def archive() -> FakeArchive:
    return FakeArchive()


@pytest.fixture
def client(archive: FakeArchive) -> Iterator[TestClient]:
    app = create_app(archive, Settings())  # type: ignore[arg-type]
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as client:
        yield client


def tree(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    return html.fromstring(response.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_start_page_says_what_the_archive_holds(client: TestClient) -> None:
    page = tree(client, "/")
    assert "4 articles from 2 sources, 4 March 2014 – 1 January 2015." in text(page)
    assert [text(h) for h in page.iter("h1")] == ["Ask the archive"]
    boxes = page.xpath("//input[@name='source']/@value")
    assert boxes == ["Northern Press", "Meridian Wire"]  # the larger first


def test_the_start_page_offers_headlines_of_the_archive_to_ask_about(
    client: TestClient, archive: FakeArchive
) -> None:
    good = Article(id="n", text="The latest news is good.", title="Good news & more")
    archive.articles["n"] = [good]
    [link] = tree(client, "/").xpath("//section[@class='headlines']//a")
    assert text(link) == "Good news & more"
    assert link.get("href") == "/?q=Good+news+%26+more"
    assert archive.asked[-1].sort == "newest"


def test_an_answer_shows_its_words_its_source_its_date_and_how_sure_it_is(
    client: TestClient,
) -> None:
    page = tree(client, FERRY_PAGE)
    [answer] = page.xpath("//section[@class='answer']")
    assert text(answer.find("p[@class='said']")) == "214"
    assert "Meridian Wire, 4 March 2014" in text(answer)
    assert "87 %" in text(answer)
    first = page.xpath("//ol[@class='citations']/li")[0]
    assert text(first.find(".//mark")) == (
        "All 214 passengers were brought ashore, the harbour master said."
    )
    assert text(first.find(".//mark/strong")) == "214"
    assert "from the dateline" in text(first)
    assert "Port Selwick" in text(first)
    assert "Also carried by Northern Press, undated." in text(first)


def test_a_time_in_a_quote_is_shown_with_the_day_it_means(client: TestClient) -> None:
    page = tree(client, "/?q=When+did+the+ferry+run+aground+off+Tarn+Island%3F")
    [times] = page.xpath("(//ul[@class='times'])[1]")
    assert text(times) == "Tuesday → 4 March 2014"


def test_differing_figures_stand_side_by_side(client: TestClient) -> None:
    page = tree(client, "/?q=How+many+passengers+were+on+the+ferry%3F")
    figures = page.xpath("//section[@class='conflict']//li")
    assert [text(f) for f in figures] == [
        "214 Meridian Wire, 4 March 2014",
        "219 Northern Press, 6 March 2014, 14:30 UTC+01:00",
    ]
    assert figures[1].find("a").get("href") == "#c2"


def test_how_the_question_was_read_is_shown_with_the_words_it_rests_on(client: TestClient) -> None:
    [aside] = tree(client, FERRY_PAGE).xpath("//aside")
    read = {text(term): text(term.getnext()) for term in aside.iter("dt")}
    assert read["Time"] == "March 2014 “in March 2014”"
    assert read["Asked for"] == "a number"


def test_no_answer_says_why_and_shows_what_was_nearest(client: TestClient) -> None:
    page = tree(client, "/?q=Who+rescued+the+lighthouse+keeper%3F")
    [answer] = page.xpath("//section[@class='answer none']")
    assert "Not in the archive" in text(answer)
    assert "Nothing here says this." in text(answer)
    assert "The archive runs from 4 March 2014 to 6 March 2014." in text(answer)
    assert "The nearest passages" in text(page)
    assert "The lighthouse keeper of Tarn Island retired" in text(page.find(".//mark"))


def test_filters_reach_the_archive_and_stay_in_the_form(
    client: TestClient, archive: FakeArchive
) -> None:
    page = tree(
        client,
        "/?q=ferry&from=2014-03-05&to=2014-03-31&source=Northern+Press&as_of=2014-05-01"
        "&sort=newest&k=3",
    )
    assert archive.asked[-1] == Query(
        "ferry",
        3,
        DateWindow(date(2014, 3, 5), date(2014, 4, 1)),
        ("Northern Press",),
        date(2014, 5, 1),
        "newest",
    )
    values = {i.get("name"): i.get("value") for i in page.xpath("//input[@type!='checkbox']")}
    assert values == {
        "q": "ferry", "from": "2014-03-05", "to": "2014-03-31", "as_of": "2014-05-01", "k": "3",
    }  # fmt: skip
    assert page.xpath("//input[@checked]/@value") == ["Northern Press"]
    assert page.xpath("//option[@selected]/@value") == ["newest"]
    assert page.xpath("//details[@open]")


def test_a_form_that_was_sent_gets_a_short_address_to_share(client: TestClient) -> None:
    sent = client.get("/?q=ferry&from=&to=2014-03-31&as_of=&sort=relevance&k=5")
    assert sent.status_code == 303
    assert sent.headers["Location"] == "/?q=ferry&to=2014-03-31"
    assert client.get("/?q=&from=").headers["Location"] == "/"


def test_row_56_a_wrong_date_is_said_beside_its_field_and_what_was_typed_stays(
    client: TestClient,
) -> None:
    page = tree(client, "/?q=ferry&from=2023-02-29", 422)
    [field] = page.xpath("//input[@name='from']")
    assert field.get("aria-invalid") == "true"
    assert field.get("value") == "2023-02-29"
    [complaint] = page.xpath(f"//*[@id='{field.get('aria-describedby')}']")
    assert "a day that the calendar has" in text(complaint)
    assert page.xpath("//input[@name='q']/@value") == ["ferry"]


@pytest.mark.parametrize(
    "query", ["q=%E2%80%8B", "q=a%00b", "q=ferry&k=0", "q=ferry&sort=best", "q=ferry&x=1", "from=1"]
)
def test_a_wrong_form_is_shown_again_with_the_reason(client: TestClient, query: str) -> None:
    page = tree(client, f"/?{query}", 422)
    assert page.xpath("//p[@class='wrong']")


def test_a_whole_article_is_shown_with_the_quote_marked_and_its_evidence(
    client: TestClient,
) -> None:
    link = tree(client, FERRY_PAGE).xpath("//p[@class='read']/a/@href")[0]
    assert link.endswith("#quote")
    page = tree(client, link)
    [mark] = page.xpath("//*[@id='quote']")
    assert text(mark) == "All 214 passengers were brought ashore, the harbour master said."
    assert len(page.xpath("//div[@class='text']/p")) == 2
    assert text(page.xpath("//div[@class='text']")[0]) == " ".join(FERRY.text.split())
    assert "from the file’s name: “2014-03-05.txt”" in text(page.xpath("//footer")[0])
    assert page.xpath("//a[@rel]/@href") == [FERRY.url]


def test_an_older_version_says_that_there_is_a_newer_one(
    client: TestClient, archive: FakeArchive
) -> None:
    newer = Article(id="ferry", text="Corrected.", version=2)
    archive.articles["ferry"].append(newer)
    assert "There is a newer one." in text(tree(client, "/articles/ferry?version=1"))
    assert "newer" not in text(tree(client, "/articles/ferry"))


def test_what_is_not_there_is_a_page_too(client: TestClient) -> None:
    assert "Not found" in text(tree(client, "/articles/none", 404))
    assert "Not found" in text(tree(client, "/articles/ferry?version=x", 404))


def test_row_46_markup_in_an_article_is_shown_as_text(client: TestClient) -> None:
    for path in ("/?q=What+became+of+the+levy%3F", "/articles/..%2Fhostile"):
        page = tree(client, path)
        assert not page.xpath("//img")
        assert not page.xpath("//b")
        assert HOSTILE.title in text(page)
        assert "The <b>levy</b> rose & fell." in text(page)


def test_row_47_a_script_address_is_shown_as_text(client: TestClient) -> None:
    page = tree(client, "/articles/..%2Fhostile")
    assert "javascript:alert(document.cookie)" in text(page)
    assert not [href for href in page.xpath("//@href") if "javascript" in href]


def test_a_question_of_markup_is_shown_as_text(client: TestClient) -> None:
    page = client.get("/", params={"q": '"><script>alert(1)</script> ferry'}).text
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_every_page_is_labelled_and_loads_only_from_here(client: TestClient) -> None:
    for path in ("/", FERRY_PAGE, "/articles/ferry", "/docs", "/articles/none"):
        page = html.fromstring(client.get(path).text)
        assert page.get("lang") == "en"
        assert len(page.xpath("//main")) == len(page.xpath("//h1")) == 1
        assert len(page.xpath("//title")) == 1
        assert not page.xpath("//script | //style | //@style | //@onclick")
        for loaded in page.xpath("//link/@href | //img/@src"):
            assert loaded.startswith("/static/")
            assert client.get(loaded).status_code == 200
        for field in page.xpath("//input[@type!='checkbox'] | //select"):
            assert page.xpath(f"//label[@for='{field.get('id')}']")
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        for target in page.xpath("//a[starts-with(@href, '#')]/@href"):
            assert target[1:] in ids


def test_static_files_are_cached_for_good_under_an_address_that_changes(
    client: TestClient,
) -> None:
    sheet = client.get(html.fromstring(client.get("/").text).xpath("//link/@href")[1])
    assert sheet.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert sheet.headers["Content-Type"].startswith("text/css")
    for name in re.findall(r'url\("([^"]+)"\)', sheet.text):
        assert name in ASSETS
    assert client.get("/static/OFL.txt").status_code == 404
    assert client.get("/static/..%2fpages.py").status_code == 404


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80))))
def test_pieces_join_to_the_text_they_were_cut_from(
    value: str, spans: list[tuple[int, int]]
) -> None:
    inside = [Span(*sorted((min(a, len(value)), min(b, len(value)))), "x") for a, b in spans]
    assert "".join(piece.text for piece in pieces(value, inside)) == value


@given(st.text("ab \n\t", max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_paragraphs_lose_nothing_but_space_and_mark_the_quote(value: str, a: int, b: int) -> None:
    start, end = sorted((min(a, len(value)), min(b, len(value))))
    shown = [piece for paragraph in paragraphs(value, (start, end)) for piece in paragraph]
    assert "".join("".join(p.text for p in shown).split()) == "".join(value.split())
    marked = "".join(p.text for p in shown if p.kind)
    assert "".join(marked.split()) == "".join(value[start:end].split())
    assert len([p for p in shown if p.kind == "quote"]) <= 1


def test_the_marked_quote_joins_to_the_quote() -> None:
    for citation in FakeArchive().search(Query("ferry tarn island keeper levy")).citations:
        for answer in ("2", "Tuesday", "a", None):
            joined = "".join(piece.text for piece in quote_pieces(citation, answer))
            assert joined == citation.quote


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((2020, 5, 5), (2020, 5, 5), "5 May 2020"),
        ((2020, 5, 1), (2020, 5, 31), "May 2020"),
        ((2020, 1, 1), (2020, 12, 31), "2020"),
        ((1990, 1, 1), (1999, 12, 31), "1990–1999"),
        ((2020, 5, 3), (2020, 5, 9), "3–9 May 2020"),
        ((2020, 5, 3), (2020, 6, 9), "3 May – 9 June 2020"),
        ((2019, 12, 1), (2020, 2, 29), "1 December 2019 – 29 February 2020"),
        ((9999, 12, 1), (9999, 12, 31), "1–31 December 9999"),
    ],
)
def test_days_are_written_as_briefly_as_they_can_be(
    first: tuple[int, int, int], last: tuple[int, int, int], words: str
) -> None:
    assert span_of_days(date(*first), date(*last)) == words


def test_a_calendar_day_as_an_answer_is_shown_in_words_and_marked_where_it_is_named() -> None:
    assert answer_words("2014-03-04") == "4 March 2014"
    assert answer_words("2014-02-30") == "2014-02-30"
    assert answer_words("214") == "214"
    assert answer_words("2018") == "2018"
    assert answer_words("2018-03") == "March 2018"
    assert answer_words("2031-06 to 2031-08") == "1 June – 31 August 2031"
    first = FakeArchive().search(Query("When did the ferry run aground off Tarn?")).citations[0]
    marked = [p.text for p in quote_pieces(first, "2014-03-04") if p.kind == "answer"]
    assert marked == ["Tuesday"]


def test_an_open_window_says_which_side_is_open() -> None:
    assert window_words(DateWindow(date.min, date(2020, 5, 6))) == "up to 5 May 2020"
    assert window_words(DateWindow(date(2020, 5, 5), date.max)) == "from 5 May 2020 on"
    assert window_words(DateWindow(date(2020, 5, 5), date(2020, 5, 5))) == "no day at all"


def test_a_date_is_written_no_more_exactly_than_it_is_known() -> None:
    day = date(2020, 5, 5)
    at = datetime(2020, 5, 5, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert published_words(Published(day, "year", "url")) == "2020"
    assert published_words(Published(day, "month", "url")) == "May 2020"
    assert published_words(Published(day, "day", "url")) == "5 May 2020"
    assert published_words(Published(at, "minute", "feed")) == "5 May 2020, 14:30 UTC+02:00"
    assert published_words(Published()) == "undated"
    assert machine_date(Published(day, "month", "url")) == "2020-05"
