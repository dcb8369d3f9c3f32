"""Feeds, NITF, NewsML and ninjs; XML that opens files or grows (BAD_INPUTS 39, 40, 47)."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from qa.errors import UnreadableInput
from qa.reading.formats import ReadOptions, read_bytes
from qa.reading.markup import parse_xml, safe_xml
from qa.types import Article, Reading, Refusal

NITF_BODY = "<body><body.content><p>The quay.</p></body.content></body>"


def read(data: str | bytes, name: str = "a.xml") -> list[Reading | Refusal]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_bytes(data, name, ReadOptions(sandbox=False)))


def articles(data: str | bytes, name: str = "a.xml") -> list[Article]:
    items = read(data, name)
    assert all(isinstance(item, Reading) for item in items), items
    return [item.article for item in items if isinstance(item, Reading)]


def reason(data: str | bytes, name: str = "a.xml") -> str:
    (item,) = read(data, name)
    assert isinstance(item, Refusal), item
    return item.reason


def rss(items: str, channel: str = "<title>Harbour Post</title>") -> str:
    spaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    )
    return f'<rss version="2.0" {spaces}><channel>{channel}{items}</channel></rss>'


# --- hostile XML ------------------------------------------------------------------------------


def test_billion_laughs_are_refused_before_parsing() -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<!DOCTYPE nitf [<!ENTITY l0 "ha">{entities}]><nitf><p>&l29;</p></nitf>'
    assert "DOCTYPE declares" in reason(bomb)


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE nitf SYSTEM "file://{secret}">',
        '<!DOCTYPE nitf PUBLIC "-//IPTC//DTD NITF 3.4//EN" "http://127.0.0.1:1/nitf.dtd">',
        "<!DOCTYPE nitf SYSTEM '{secret}'>",
        "<!doctype nitf>",
    ],
)
def test_a_doctype_that_names_a_dtd_is_passed_over_and_nothing_is_opened(
    doctype: str, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.dtd"
    secret.write_text('<!ENTITY x "SECRET">')
    opened: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if watching and (
            event.startswith("socket.") or (event == "open" and "secret" in str(arguments[0]))
        ):
            opened.append(event)

    sys.addaudithook(watch)
    (article,) = articles(doctype.format(secret=secret) + f"<nitf>{NITF_BODY}</nitf>")
    watching = False
    assert article.text == "The quay."
    assert opened == []


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE nitf [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE nitf SYSTEM "a.dtd" [<!ENTITY x "y">]>',
        '<?xml version="1.0"?><!-- c --><!DOCTYPE nitf [ ]>',
        '<!DOCTYPE nitf [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]>',
        '<!DOCTYPE nitf SYSTEM "a"><!DOCTYPE nitf [<!ENTITY x "y">]>',
        '<!DOCTYPE nitf SYSTEM "a><!ENTITY x "y">',
    ],
)
def test_a_doctype_with_declarations_is_refused(head: str) -> None:
    with pytest.raises(UnreadableInput):
        parse_xml(safe_xml(f"{head}<nitf>&x;</nitf>".encode()).text)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-16-le"])
def test_a_doctype_cannot_hide_in_another_encoding(encoding: str) -> None:
    text = '<!DOCTYPE nitf [<!ENTITY x "SECRET">]><nitf><p>&x;</p></nitf>'
    assert "DOCTYPE" in reason(text.encode(encoding))


def test_the_letters_that_a_news_dtd_declares_are_put_in_and_the_five_of_xml_kept() -> None:
    body = NITF_BODY.replace("The quay.", "caf&eacute;&nbsp;&mdash; R&amp;D &lt;x&gt;")
    (article,) = articles(f'<!DOCTYPE nitf SYSTEM "nitf.dtd"><nitf>{body}</nitf>')
    assert article.text == "café — R&D <x>"


def test_an_unknown_entity_is_refused() -> None:
    assert "well-formed" in reason(f"<nitf>&unknown;{NITF_BODY}</nitf>")


def test_deep_nesting_is_refused() -> None:
    assert "well-formed" in reason("<nitf>" + "<p>" * 100_000 + "</p>" * 100_000 + "</nitf>")


def test_other_xml_is_refused_by_its_root() -> None:
    assert "<svg>" in reason('<?xml version="1.0"?><svg><text>x</text></svg>')


def test_a_feed_that_is_a_file_name_is_never_opened(tmp_path: Path) -> None:
    from qa.reading.feeds import parse_feed

    feed = tmp_path / "feed.xml"
    feed.write_text(rss("<item><title>Secret</title><description>s</description></item>"))
    for data in (str(feed).encode(), b"http://127.0.0.1:9/feed", b"file://" + bytes(feed)):
        with pytest.raises(UnreadableInput):
            list(parse_feed(data, "a"))


# --- feeds ------------------------------------------------------------------------------------


def test_the_full_content_goes_before_the_summary() -> None:
    item = (
        "<item><title>T</title><description>Short</description>"
        "<content:encoded><![CDATA[<p>One</p><p>Two</p>]]></content:encoded></item>"
    )
    assert articles(rss(item))[0].text == "One\n\nTwo"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd"])
def test_links_that_are_no_web_addresses_are_dropped(link: str) -> None:
    (article,) = articles(rss(f"<item><description>x</description><link>{link}</link></item>"))
    assert article.url is None


def test_an_id_that_is_only_unique_in_its_feed_gives_way_to_the_address() -> None:
    item = "<item><guid>7</guid><link>https://x.example/7</link><description>x</description></item>"
    assert articles(rss(item))[0].id == "https://x.example/7"
    urn = item.replace("<guid>7", "<guid>urn:x:7")
    assert articles(rss(urn))[0].id == "urn:x:7"


def test_an_item_of_a_gathered_feed_names_its_own_source() -> None:
    source = '<source url="https://o.example">Other Paper</source>'
    item = f"<item>{source}<description>x</description></item>"
    assert articles(rss(item))[0].source.name == "Other Paper"


def test_a_title_with_markup_is_text() -> None:
    item = "<item><title>A &lt;i&gt;new&lt;/i&gt; quay</title><description>x</description></item>"
    assert articles(rss(item))[0].title == "A new quay"


def test_published_goes_before_updated_and_time_zones_stay() -> None:
    entry = (
        "<entry><id>tag:x,1</id><updated>2021-03-07T10:00:00Z</updated>"
        "<published>2021-03-05T23:30:00-05:00</published><summary>x</summary></entry>"
    )
    atom = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title>{entry}</feed>'
    (article,) = articles(atom)
    assert article.published.value is not None
    assert article.published.value.isoformat() == "2021-03-05T23:30:00-05:00"
    assert article.published.method == "feed"
    only = atom.replace("<published>2021-03-05T23:30:00-05:00</published>", "")
    assert str(articles(only)[0].published.day) == "2021-03-07"


def test_rss_1_0_is_read() -> None:
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>P</title></channel><item><title>T</title><description>x</description>"
        "<dc:date>2021-03-05</dc:date><link>https://x.example/1</link></item></rdf:RDF>"
    )
    (article,) = articles(rdf)
    assert (article.title, str(article.published.day)) == ("T", "2021-03-05")


def test_a_declared_encoding_is_kept() -> None:
    item = "<item><description>Größe der Brücke</description></item>"
    data = ('<?xml version="1.0" encoding="ISO-8859-1"?>' + rss(item)).encode("cp1252")
    assert articles(data)[0].text == "Größe der Brücke"


def test_an_empty_feed_is_refused() -> None:
    assert "no feed" in reason(rss(""))


# --- NITF and NewsML --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("docdata", "day"),
    [
        ('<docdata><date.issue norm="20210305"/></docdata>', "2021-03-05"),
        ('<docdata><date.release norm="20210305T0915Z"/></docdata>', "2021-03-05"),
        (
            '<docdata><date.issue norm="20210301"/></docdata>'
            '<pubdata date.publication="20210305T000000"/>',
            "2021-03-05",
        ),
    ],
)
def test_nitf_dates_by_rank(docdata: str, day: str) -> None:
    (article,) = articles(f"<nitf><head>{docdata}</head>{NITF_BODY}</nitf>")
    assert str(article.published.day) == day


def test_nitf_captions_are_not_text_and_bylines_lose_nothing() -> None:
    body = (
        "<body><body.head><byline>By <person>Ida Quay</person>, <byttl>staff</byttl></byline>"
        "<dateline><location>PORTVALE, Norland</location></dateline></body.head><body.content>"
        "<media><media-caption>A picture</media-caption></media><p>One</p><hl2>Head</hl2>"
        "<p>Two</p></body.content></body>"
    )
    (article,) = articles(f"<nitf>{body}</nitf>")
    assert (article.text, article.byline) == ("One\n\nHead\n\nTwo", "Ida Quay")
    assert article.place == ("Portvale",)


def g1(management: str = "", content: str = "<DataContent>The quay.</DataContent>") -> str:
    return (
        "<NewsItem><Identification><NewsIdentifier><ProviderId>hp.example</ProviderId>"
        "<DateId>20210305</DateId><NewsItemId>quay</NewsItemId><RevisionId>{revision}</RevisionId>"
        f"</NewsIdentifier></Identification><NewsManagement>{management}</NewsManagement>"
        f"<NewsComponent><ContentItem>{content}</ContentItem></NewsComponent></NewsItem>"
    )


def test_newsml_1_revisions_are_one_article() -> None:
    ids = {articles(f"<NewsML>{g1().format(revision=n)}</NewsML>")[0].id for n in (1, 2)}
    assert ids == {"urn:newsml:hp.example:20210305:quay"}


def test_newsml_1_items_without_text_or_cancelled_are_refused_and_the_rest_read() -> None:
    picture = g1(content='<ContentItem Href="a.jpg"/>')
    gone = g1('<Status FormalName="Canceled"/>')
    items = read(f"<NewsML>{picture}{gone}{g1()}</NewsML>".format(revision=1))
    assert [type(item) for item in items] == [Refusal, Refusal, Reading]
    assert [i.name for i in items if isinstance(i, Refusal)] == ["a.xml:1", "a.xml:2"]


def g2(meta: str, content: str) -> str:
    return (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1">'
        f"<itemMeta>{meta}</itemMeta><contentMeta/><contentSet>{content}</contentSet></newsItem>"
    )


@pytest.mark.parametrize(
    ("provider", "name"),
    [
        ('<provider literal="Harbour Press"/>', "Harbour Press"),
        ('<provider qcode="nprov:HARBOUR"/>', "HARBOUR"),
        ('<provider uri="https://harbour.example/id/1"/>', "harbour.example"),
    ],
)
def test_newsml_2_providers(provider: str, name: str) -> None:
    (article,) = articles(g2(provider, "<inlineData>The quay.</inlineData>"))
    assert article.source.name == name


def test_newsml_2_takes_nitf_inside_and_refuses_what_was_withdrawn() -> None:
    nitf = (
        '<inlineXML contenttype="application/nitf+xml"><nitf xmlns="http://iptc.org/std/NITF/">'
        "<body><body.head><hedline><hl1>Quay</hl1></hedline></body.head><body.content><p>The "
        "quay.</p></body.content></body></nitf></inlineXML>"
    )
    (article,) = articles(g2("", nitf))
    assert (article.title, article.text) == ("Quay", "The quay.")
    assert "stat:canceled" in reason(g2('<pubStatus qcode="stat:canceled"/>', nitf))


# --- ninjs ------------------------------------------------------------------------------------


def ninjs(**fields: Any) -> str:
    return json.dumps({"uri": "urn:x:1", "versioncreated": "2021-03-05T09:00:00Z", **fields})


def test_ninjs_2_bodies_and_headlines_by_role() -> None:
    text = ninjs(
        standard={"name": "ninjs", "version": "2.1"},
        headlines=[{"role": "short", "value": "Q"}, {"role": "main", "value": "Quay"}],
        bodies=[
            {"contenttype": "text/html", "value": "<p>html</p>"},
            {"contenttype": "text/plain", "value": "plain"},
        ],
    )
    (article,) = articles(text, "a.json")
    assert (article.title, article.text) == ("Quay", "plain")


def test_ninjs_lines_and_withdrawn_items() -> None:
    lines = "\n".join([ninjs(body_text="One"), ninjs(body_text="Two", pubstatus="canceled")])
    first, second = read(lines, "a.jsonl")
    assert isinstance(first, Reading)
    assert first.article.id == "urn:x:1"
    assert second == Refusal("a.jsonl:2", "its publication status is 'canceled'")
