"""Web pages and pieces of HTML: the article's text, and fields by the surest evidence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from qa.reading.extract import Extract
from qa.reading.formats import ReadOptions, read_bytes
from qa.reading.html import html_text, parse_html
from qa.types import Article, Reading, Refusal

BODY = """<article><h1>Quay to be rebuilt</h1>
<p>The northern quay will be rebuilt before winter, the council of Portvale said on Friday.</p>
<p>Work begins in June and is to cost four million crowns, a spokeswoman told reporters there.</p>
</article>"""
TEXT = (
    "The northern quay will be rebuilt before winter, the council of Portvale said on Friday.\n\n"
    "Work begins in June and is to cost four million crowns, a spokeswoman told reporters there."
)


def page(head: str = "", body: str = BODY) -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def extract(data: bytes, **options: str) -> Extract:
    (item,) = parse_html(data, "a.html", **options)
    return item


def article(data: bytes, name: str = "a.html") -> Article:
    (item,) = read_bytes(data, name, ReadOptions(sandbox=False))
    assert isinstance(item, Reading), item
    return item.article


def linked(**fields: Any) -> str:
    node = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


def test_the_article_is_taken_and_the_page_around_it_left() -> None:
    around = f"<nav><ul><li>Home</li></ul></nav>{BODY}<aside>Read more</aside><footer>©</footer>"
    assert extract(page(body=around)).text == TEXT


def test_json_ld_goes_before_meta_and_meta_before_elements() -> None:
    meta = (
        '<meta property="article:published_time" content="2021-03-06"><title>Other</title>'
        '<meta property="og:title" content="From meta"><meta name="author" content="Bo Pier">'
    )
    surest = linked(
        headline="From JSON-LD",
        datePublished="2021-03-05T09:15:00+01:00",
        author=[{"@type": "Person", "name": "Ida Quay"}, {"name": "Bo Pier"}],
        publisher={"name": "Harbour Post"},
    )
    fields = extract(page(surest + meta)).fields
    assert (fields.title, fields.byline) == ("From JSON-LD", "Ida Quay, Bo Pier")
    assert (fields.published, fields.method("published")) == (
        "2021-03-05T09:15:00+01:00",
        "json-ld",
    )
    fields = extract(page(meta)).fields
    assert (fields.title, fields.byline, fields.published) == ("From meta", "Bo Pier", "2021-03-06")
    assert fields.method("published") == "metadata"
    assert extract(page()).fields.title == "Quay to be rebuilt"


@pytest.mark.parametrize(
    "head",
    [
        linked(datePublished="2021-03-05"),
        '<script type="application/ld+json">[{"@type":["Thing","Article"],'
        '"datePublished":"2021-03-05"}]</script>',
        '<script type="application/ld+json">{"@graph":[{"@type":"WebSite"},'
        '{"@type":"NewsArticle","datePublished":"2021-03-05"}]}</script>',
        '<script type="application/ld+json">{broken</script>' + linked(datePublished="2021-03-05"),
        '<meta name="parsely-pub-date" content="2021-03-05">',
        '<meta itemprop="datePublished" content="2021-03-05">',
        '<meta name="DC.date.issued" content="2021-03-05">',
    ],
)
def test_the_day_is_found_in_many_markups(head: str) -> None:
    assert str(article(page(head)).published.day) == "2021-03-05"


@pytest.mark.parametrize(
    "mark",
    [
        '<time itemprop="datePublished" datetime="2021-03-05T09:15">yesterday</time>',
        '<time datetime="2021-03-05">5 March</time>',
        '<span class="published-date">Published: 2021-03-05</span>',
    ],
)
def test_the_day_is_found_in_marked_elements(mark: str) -> None:
    assert str(article(page(body=mark + BODY)).published.day) == "2021-03-05"


def test_a_day_in_running_text_or_in_a_picture_is_not_the_day_of_publication() -> None:
    told = "<p>The old quay was opened to ferries and fishing boats on 1987-06-04, and rebuilt.</p>"
    picture = '<img src="/2019/11/02/quay.jpg">'
    assert article(page(body=BODY + told + picture)).published.value is None


def test_where_nothing_else_dates_a_page_its_address_does() -> None:
    found = article(page('<link rel="canonical" href="https://x.example/2021/03/05/quay">'))
    assert (str(found.published.value), found.published.method) == ("2021-03-05", "url")
    found = article(page(), "2021-03-05-quay.html")
    assert (str(found.published.value), found.published.method) == ("2021-03-05", "filename")


def test_the_publisher_is_named_by_metadata_then_by_the_host() -> None:
    site = '<meta property="og:site_name" content="Harbour Post">'
    where = '<meta property="og:url" content="https://www.harbourpost.example/quay">'
    named = extract(page(site + where)).fields
    assert (named.source, named.method("source")) == ("Harbour Post", "metadata")
    hosted = extract(page(where)).fields
    assert (hosted.source, hosted.method("source")) == ("www.harbourpost.example", "url")
    fetched = extract(page(), url="https://other.example/a").fields
    assert (fetched.source, fetched.url) == ("other.example", "https://other.example/a")


def test_dangerous_addresses_are_dropped() -> None:
    head = '<link rel="canonical" href="javascript:alert(1)">'
    assert extract(page(head)).fields.url is None


def test_a_title_with_markup_stays_text() -> None:
    head = '<meta property="og:title" content="&lt;img onerror=x&gt; Quay">'
    assert extract(page(head)).fields.title == "<img onerror=x> Quay"


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta charset="windows-1252">',
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
    ],
)
def test_the_declared_encoding_is_used(declaration: str) -> None:
    body = BODY.replace("northern", "süd­liche „große“")
    html = f"<html><head>{declaration}</head><body>{body}</body></html>"
    assert "große“ quay" in extract(html.encode("cp1252")).text


def test_the_servers_encoding_goes_before_the_pages_own() -> None:
    html = f'<html><head><meta charset="utf-8"></head><body>{BODY}<p>Łódź</p></body></html>'
    assert "Łódź" in extract(html.encode("iso8859_2"), charset="iso-8859-2").text


def test_the_publishers_own_body_is_taken_where_the_page_hides_the_article() -> None:
    head = linked(articleBody="First sentence of the hidden body. " * 20)
    hidden = extract(page(head, "<div id='app'></div><p>Loading</p>"))
    assert hidden.text.startswith("First sentence of the hidden body.")


@pytest.mark.parametrize("data", [b"<html></html>", b"<!DOCTYPE html>", b"<html><body></body>"])
def test_a_page_without_text_is_refused(data: bytes) -> None:
    (item,) = read_bytes(data, "a.html", ReadOptions(sandbox=False))
    assert isinstance(item, Refusal)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two <b>bold</b></p>", "One\n\nTwo bold"),
        ("One<br>two<br/>three", "One two three"),
        ("<ul><li>a</li><li>b</li></ul>", "a\n\nb"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("x<script>alert(1)</script>y<style>z</style>", "xy"),
        ("<figure><img><figcaption>caption</figcaption></figure><p>text</p>", "text"),
        ("plain &amp; simple &lt;b&gt;", "plain & simple <b>"),
        ("<p>a\n  b\t c</p>", "a b c"),
        ("", ""),
        ("<!-- only a comment -->", ""),
    ],
)
def test_pieces_of_html_become_paragraphs(html: str, text: str) -> None:
    assert html_text(html) == text
