"""Mail, mbox, wire transmissions and Markdown."""

from __future__ import annotations

import pytest

from qa.reading.formats import ReadOptions, read_bytes
from qa.types import Article, Reading, Refusal


def read(data: str | bytes, name: str) -> list[Reading | Refusal]:
    data = data.encode() if isinstance(data, str) else data
    return list(read_bytes(data, name, ReadOptions(sandbox=False)))


def articles(data: str | bytes, name: str) -> list[Article]:
    items = read(data, name)
    assert all(isinstance(item, Reading) for item in items), items
    return [item.article for item in items if isinstance(item, Reading)]


# --- mail -------------------------------------------------------------------------------------

HEADERS = "From: Harbour Press <wire@hp.example>\nSubject: Quay\nMIME-Version: 1.0\n"


def test_the_plain_part_goes_before_the_html_part() -> None:
    mail = (
        f'{HEADERS}Content-Type: multipart/alternative; boundary="b"\n\n--b\n'
        "Content-Type: text/html\n\n<p>html</p>\n--b\nContent-Type: text/plain\n\nplain\n--b--\n"
    )
    assert articles(mail, "a.eml")[0].text.strip() == "plain"


@pytest.mark.parametrize(
    ("headers", "body", "text"),
    [
        ("Content-Type: text/plain; charset=iso-8859-1\n", b"Gr\xf6\xdfe", "Größe"),
        (
            "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n",
            b"R3LDtsOfZQ==",
            "Größe",
        ),
        (
            "Content-Type: text/plain; charset=utf-8\n"
            "Content-Transfer-Encoding: quoted-printable\n",
            b"Gr=C3=B6=C3=9Fe",
            "Größe",
        ),
        (
            "Content-Type: text/plain; charset=utf-8\n",
            "Die Größe zählt hier.".encode("cp1252"),
            "Die Größe zählt hier.",
        ),
    ],
)
def test_bodies_are_decoded_as_declared_or_else_detected(
    headers: str, body: bytes, text: str
) -> None:
    (article,) = articles((HEADERS + headers + "\n").encode() + body, "a.eml")
    assert article.text.strip() == text


def test_headers_give_title_source_and_date_with_their_method() -> None:
    mail = f"{HEADERS}Date: Fri, 5 Mar 2021 09:15:00 +0100\nMessage-ID: <1@hp>\n\nThe quay."
    (article,) = articles(mail, "no-suffix")
    assert (article.id, article.title, article.source.name) == ("<1@hp>", "Quay", "Harbour Press")
    assert article.published.value is not None
    assert article.published.value.isoformat() == "2021-03-05T09:15:00+01:00"
    assert article.published.method == "header"


@pytest.mark.parametrize(
    "broken",
    [
        "Date: 99 Foo 99999\n",
        "Date: Fri, 5 Mar 2021 09:15:00 +99999999999999999999\n",
        "From: =?utf-8?b?!!!?= <\n",
        "Message-ID: <<<>>>\n",
        "Content-Type: text/plain; charset=\x00\n",
        "Content-Type: ;;;\n",
    ],
)
def test_malformed_headers_do_not_keep_the_text_from_being_read(broken: str) -> None:
    assert articles(f"Subject: Quay\n{broken}\nThe quay.", "a.eml")[0].text.strip() == "The quay."


def test_a_message_without_text_is_refused() -> None:
    mail = f"{HEADERS}Content-Type: image/png\nContent-Transfer-Encoding: base64\n\niVBORw==\n"
    (item,) = read(mail, "a.eml")
    assert isinstance(item, Refusal)


def test_an_mbox_gives_every_message_and_unquotes_from_lines() -> None:
    mbox = (
        "From a@x.example Fri Mar  5 09:15:00 2021\nSubject: One\n\nBody one.\n"
        "From the start it was so.\n\n>From here on.\n\n"
        "From b@x.example Fri Mar  5 09:16:00 2021\nSubject: Two\nContent-Type: image/png\n\nx\n\n"
        "From c@x.example Fri Mar  5 09:17:00 2021\nSubject: Three\n\nBody three.\n"
    )
    first, second, third = read(mbox, "a.mbox")
    assert isinstance(first, Reading)
    assert first.article.text.strip() == "Body one.\nFrom the start it was so.\n\nFrom here on."
    assert isinstance(second, Refusal)
    assert second.name == "a.mbox:2"
    assert isinstance(third, Reading)
    assert third.article.title == "Three"


# --- ANPA 1312 --------------------------------------------------------------------------------


def story(
    text: str, header: str = "a0412\x1f\r\nr i bc-Quay 03-05\r\n", trailer: str = ""
) -> bytes:
    return f"\x16\x16\x01{header}\x02{text}\x03{trailer}\x04".encode("latin-1")


def test_several_stories_of_a_transmission_are_several_articles() -> None:
    empty = story("BC-Empty,0001<\r\n")
    data = story("\tOne story.<\r\n") + empty + story("\tAnother\r\nstory.<\r\n")
    first, second, third = read(data, "wire.txt")
    assert isinstance(first, Reading)
    assert isinstance(third, Reading)
    assert (first.article.text, third.article.text) == ("One story.", "Another story.")
    assert second == Refusal("wire.txt:2", "its ANPA story holds no text")


@pytest.mark.parametrize(
    ("trailer", "value"),
    [
        ("HP-WF-03-05-21 0915GMT", "2021-03-05T09:15:00+00:00"),
        ("HP-WF-03-05-98 0915EST", "1998-03-05"),
        ("HP-NY-12-31-69 2359GMT<", "1969-12-31T23:59:00+00:00"),
        ("HP-WF-13-45-21 0915GMT", None),
    ],
)
def test_the_trailer_dates_the_story(trailer: str, value: str | None) -> None:
    (article,) = articles(story("\tA story.<", trailer=trailer), "wire.txt")
    found = article.published.value
    assert (found.isoformat() if found else None) == value


def test_the_id_needs_the_day_as_story_numbers_start_again_every_day() -> None:
    dated, undated = (
        articles(story("\tA story.<", trailer=trailer), "wire.txt")[0].id
        for trailer in ("HP-WF-03-05-21 0915GMT", "")
    )
    assert dated == "anpa:HP:2021-03-05:a0412"
    assert "a0412" not in undated


def test_centred_lines_are_title_and_byline_and_typed_quotes_become_quotes() -> None:
    text = "^Quay to rise<\r\n^By IDA QUAY=\r\n^Staff Writer=\r\n\t``Yes,'' she said.<\r\n"
    (article,) = articles(story(text), "wire.txt")
    assert (article.title, article.byline, article.text) == (
        "Quay to rise",
        "IDA QUAY",
        "“Yes,” she said.",
    )


def test_a_broken_frame_is_refused() -> None:
    (item,) = read(b"\x16\x01a0001\x02no end of text \x01 another start", "wire.txt")
    assert isinstance(item, Reading | Refusal)


# --- Markdown ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: Quay\ndate: 2021-03-05\nauthor: Ida\n---\n",
        '+++\ntitle = "Quay"\ndate = 2021-03-05\nauthor = "Ida"\n+++\n',
        "---\r\ntitle: Quay\r\ndate: 2021-03-05T09:15:00Z\r\nauthors: [Ida]\r\n---\r\n",
    ],
    ids=["yaml", "toml", "crlf"],
)
def test_front_matter_gives_the_fields(head: str) -> None:
    (article,) = articles(head + "The *quay* [rises](https://x.example).\n", "a.md")
    assert (article.title, article.byline) == ("Quay", "Ida")
    assert str(article.published.day) == "2021-03-05"
    assert article.text == "The quay rises."


def test_a_leading_heading_is_the_title_and_leaves_the_text() -> None:
    (article,) = articles("# The *quay*\n\nIt rises.\n\n## Later\n\nMore.\n", "a.md")
    assert (article.title, article.text) == ("The quay", "It rises.\n\nLater\n\nMore.")


def test_a_date_that_the_calendar_has_not_does_not_stop_the_article() -> None:
    (article,) = articles("---\ntitle: Quay\ndate: 2023-02-29\n---\nText.\n", "a.md")
    assert article.published.value is None


@pytest.mark.parametrize(
    "head",
    [
        "---\ntitle: [unclosed\n---\n",
        "---\n!!python/object/apply:os.system ['true']\n---\n",
        "+++\nno toml\n+++\n",
    ],
)
def test_broken_front_matter_is_refused_or_read_as_text_and_never_run(head: str) -> None:
    (item,) = read(head + "Text.\n", "a.md")
    if isinstance(item, Refusal):
        assert "front matter" in item.reason


def test_an_alias_bomb_in_yaml_does_not_grow() -> None:
    lines = ["a0: &a0 x"] + [
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)
    ]
    bomb = "---\n" + "\n".join(lines) + "\ntitle: *a11\n---\nText.\n"
    assert read(bomb, "a.md")


def test_html_inside_markdown_is_only_its_text() -> None:
    (article,) = articles("Text <b>bold</b> <script>alert(1)</script> end.\n", "a.md")
    assert "alert" not in article.text
