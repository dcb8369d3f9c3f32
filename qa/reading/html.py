"""Web pages: the article's text without the page around it, and what its metadata states."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html
from trafilatura import bare_extraction

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.encoding import Decoded, decode
from qa.reading.extract import Extract
from qa.reading.pagemeta import stated
from qa.reading.prose import SILENT, paragraphs

# trafilatura takes 40 s for 110,000 paragraphs: pages of more elements than this get the plain
# reading of their paragraphs. News pages have 500 to 5,000.
_MANY_ELEMENTS = 20_000
# Where trafilatura finds less than this share of the body that the publisher's own JSON-LD
# gives, it has missed the article.
_MISSED = 0.5
# Where it finds more than this many times the text of the marked article, it took the page.
_BEYOND = 1.5
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
# Characters that XML forbids, as they are and as references (&#1; &#x1F;).
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]"
    r"|&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|x0*(?:[0-8bcef]|1[\da-f]))(?![\da-f]);?",
    re.IGNORECASE,
)
# How far into a page its encoding may be declared (WHATWG HTML 13.2.3.2).
_DECLARED_WITHIN = 4096

# The page around the article.
_AROUND = frozenset({"nav", "aside", "footer", "header"})


def parse_html(data: bytes, name: str, url: str = "", charset: str = "") -> Iterator[Extract]:
    """The article of one page. `url` and `charset` are what the web server said, if known.

    Raises UnreadableInput where the page holds no text.
    """
    decoded = _decode(data, charset)
    tree = _tree(decoded.text)
    page = stated(tree, url)
    text = _article_text(tree)
    if page.body and len(text) < _MISSED * len(page.body):
        text = html_text(page.body) if "<" in page.body else page.body
    text = _without_title(text, page.fields.title)
    if not text.strip():
        raise UnreadableInput("the page holds no article text")
    yield Extract(page.fields, text, decoded.warnings)


def parse_fragment(data: bytes, name: str) -> Iterator[Extract]:
    """The text of a piece of HTML (UTF-8), as feeds and JSON carry their bodies."""
    yield Extract(Fields(), html_text(decode(data, "utf-8").text))


def html_text(fragment: str) -> str:
    """A piece of HTML as paragraphs with a blank line between them."""
    return paragraphs(_tree(f"<div>{fragment}</div>"))


def _decode(data: bytes, charset: str) -> Decoded:
    start = data[:_DECLARED_WITHIN]
    declared = _CHARSET.search(start) or _XML_ENCODING.search(start)
    return decode(data, charset or (declared[1].decode("ascii") if declared else None))


def _tree(text: str) -> html.HtmlElement:
    # NUL would end the document for libxml2, and no other control character can be put back into
    # a tree. The parser is told UTF-8, whatever a tag declares.
    data = _CONTROLS.sub("", text).encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        raise UnreadableInput("the page is empty or no HTML") from None
    if not isinstance(tree, html.HtmlElement):
        raise UnreadableInput("the page is empty or no HTML")
    return tree


def _article_text(tree: html.HtmlElement) -> str:
    marked = _marked_article(tree)
    # Read first: trafilatura takes the tree apart.
    plain = paragraphs(tree if marked is None else marked, SILENT | _AROUND)
    if sum(1 for _ in tree.iter()) > _MANY_ELEMENTS:
        return plain
    try:
        found = bare_extraction(tree, fast=True, include_comments=False, with_metadata=False)
    except (ValueError, TypeError, LookupError, AttributeError):
        return plain  # it trips over odd trees, which we can still read
    # One line is one paragraph there; ours are separated by a blank line.
    text = re.sub(r"\n+", "\n\n", str(getattr(found, "text", None) or "").strip())
    # Of a page with little text it takes everything; what the page marks is surer then.
    beyond = marked is not None and plain and len(text) > _BEYOND * len(plain)
    return plain if beyond else text or plain


def _marked_article(tree: html.HtmlElement) -> html.HtmlElement | None:
    """The one element that the page marks as its article or its main part."""
    for path in (".//article", ".//main", ".//*[@itemprop='articleBody']"):
        found = tree.findall(path)
        if len(found) == 1:
            return found[0]
    return None


def _without_title(text: str, title: str | None) -> str:
    """The text without a first line that only repeats the title."""
    first, _, rest = text.partition("\n")
    same = title and " ".join(first.split()).lower() == title.lower()
    return rest.lstrip("\n") if same and rest.strip() else text
