"""NewsML-G1 (1.0 to 1.2) and NewsML-G2 (IPTC): one article for each news item with text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lxml import etree

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract, host_of
from qa.reading.markup import first_attribute, first_text, parse_xml, safe_xml
from qa.reading.nitf import body_text, nitf_fields
from qa.reading.prose import SILENT, paragraphs
from qa.types import Refusal

_XML = "{http://www.w3.org/XML/1998/namespace}lang"
_GONE = ("cancel", "withheld", "killed")


def parse_newsml_g1(data: bytes, name: str) -> Iterator[Extract | Refusal]:
    """The articles of a NewsML-G1 document; items of pictures only are refused by number."""
    decoded = safe_xml(data)
    items = parse_xml(decoded.text).findall(".//NewsItem")
    yield from _articles(items, name, _article_g1, decoded.warnings)


def parse_newsml_g2(data: bytes, name: str) -> Iterator[Extract | Refusal]:
    """The articles of a news item or a message of several; packages hold no text of their own."""
    decoded = safe_xml(data)
    root = parse_xml(decoded.text)
    items = [root] if root.tag == "newsItem" else root.findall(".//newsItem")
    yield from _articles(items, name, _article_g2, decoded.warnings)


def _articles(
    items: list[etree._Element],
    name: str,
    read: Callable[[etree._Element], tuple[Fields, str]],
    warnings: tuple[str, ...],
) -> Iterator[Extract | Refusal]:
    if not items:
        raise UnreadableInput("it holds no news item")
    for number, item in enumerate(items, start=1):
        try:
            fields, text = read(item)
            yield Extract(fields, text, warnings)
        except UnreadableInput as error:
            yield Refusal(f"{name}:{number}" if len(items) > 1 else name, str(error))


# --- G1 ---------------------------------------------------------------------------------------


def _article_g1(item: etree._Element) -> tuple[Fields, str]:
    status = first_attribute(item, ("./NewsManagement/Status", "FormalName")) or ""
    if status.lower().startswith(_GONE):
        raise UnreadableInput(f"its status is {status!r}")
    text, inner = _body_g1(item)
    if not text:
        raise UnreadableInput("its news item holds no text")
    identifier = "./Identification/NewsIdentifier/"
    dateline = first_text(item, ".//NewsLines/DateLine")
    fields = Fields(
        id=_identity_g1(item),
        title=first_text(item, ".//NewsLines/HeadLine") or inner.title,
        byline=first_text(item, ".//NewsLines/ByLine") or inner.byline,
        source=_party_g1(item) or inner.source or first_text(item, identifier + "ProviderId"),
        published=first_text(
            item, "./NewsManagement/FirstCreated", "./NewsManagement/ThisRevisionCreated"
        )
        or inner.published
        or first_text(item, identifier + "DateId"),
        language=first_attribute(item, (".//DescriptiveMetadata/Language", "FormalName"))
        or item.get(_XML),
        place=(_before_comma(dateline),) if dateline else inner.place,
    )
    return fields, text


def _identity_g1(item: etree._Element) -> str | None:
    """The identifier without its revision: a later revision is a new version of the article."""
    path = "./Identification/NewsIdentifier/"
    parts = [first_text(item, path + part) for part in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return "urn:newsml:" + ":".join(part for part in parts if part)
    return first_text(item, path + "PublicIdentifier")


def _party_g1(item: etree._Element) -> str | None:
    """Who made the item: its source, its creator, its provider, in this order."""
    for role in ("Source", "Creator", "Provider"):
        path = f".//AdministrativeMetadata/{role}/Party"
        name = first_text(item, path + "/Name") or first_attribute(item, (path, "FormalName"))
        if name:
            return name
    return None


def _body_g1(item: etree._Element) -> tuple[str, Fields]:
    """The longest text among the item's contents, and the fields of the NITF it may be in."""
    best, fields = "", Fields()
    for content in item.iterfind(".//DataContent"):
        nitf = content.find(".//nitf")
        text = body_text(nitf) if nitf is not None else _markup_or_plain(content)
        if len(text) > len(best):
            best, fields = text, nitf_fields(nitf) if nitf is not None else Fields()
    return best, fields


# --- G2 ---------------------------------------------------------------------------------------


def _article_g2(item: etree._Element) -> tuple[Fields, str]:
    status = first_attribute(item, ("./itemMeta/pubStatus", "qcode")) or ""
    if _code(status).startswith(_GONE):
        raise UnreadableInput(f"its publication status is {status!r}")
    text, inner = _body_g2(item)
    if not text:
        raise UnreadableInput("its news item holds no text")
    located = first_text(item, "./contentMeta/located/name")
    dateline = first_text(item, "./contentMeta/dateline")
    place = located or (_before_comma(dateline) if dateline else None)
    fields = Fields(
        id=item.get("guid"),
        title=first_text(item, "./contentMeta/headline", "./itemMeta/title") or inner.title,
        byline=first_text(item, "./contentMeta/by", "./contentMeta/creator/name") or inner.byline,
        source=_source_g2(item) or inner.source,
        published=first_text(
            item,
            "./itemMeta/firstCreated",
            "./contentMeta/contentCreated",
            "./itemMeta/versionCreated",
        )
        or inner.published,
        url=first_attribute(item, ("./itemMeta/link[@rel='irel:seeAlso']", "href")),
        language=first_attribute(item, ("./contentMeta/language", "tag")) or item.get(_XML),
        place=(place,) if place else inner.place,
    )
    return fields, text


def _source_g2(item: etree._Element) -> str | None:
    """The provider by name or code, the information's source, or the credit line."""
    named = first_text(item, "./itemMeta/provider/name", "./contentMeta/infosource/name")
    written = first_attribute(
        item, ("./itemMeta/provider", "literal"), ("./contentMeta/infosource", "literal")
    )
    code = first_attribute(item, ("./itemMeta/provider", "qcode"))
    address = first_attribute(item, ("./itemMeta/provider", "uri"))
    credit = first_text(item, "./contentMeta/creditline")
    coded = code.rpartition(":")[2] if code else None
    return named or written or credit or coded or host_of(address)


def _body_g2(item: etree._Element) -> tuple[str, Fields]:
    """The longest text among the item's inline contents, and the fields of the NITF it may be."""
    best, fields = "", Fields()
    for content in item.iterfind("./contentSet/*"):
        nitf = content.find(".//nitf") if content.tag == "inlineXML" else None
        if nitf is not None:
            text = body_text(nitf)
        elif content.tag in {"inlineXML", "inlineData"}:
            text = _markup_or_plain(content)
        else:
            continue
        if len(text) > len(best):
            best, fields = text, nitf_fields(nitf) if nitf is not None else Fields()
    return best, fields


# --- both -------------------------------------------------------------------------------------


def _markup_or_plain(content: etree._Element) -> str:
    """Paragraphs of the XHTML or NITF fragment inside; text without elements as it stands."""
    return paragraphs(content, SILENT) if len(content) else (content.text or "").strip()


def _code(qcode: str) -> str:
    return qcode.rpartition(":")[2].lower()


def _before_comma(dateline: str) -> str:
    """The city of a dateline such as "PORTVALE, May 5"; the grammar of text is not asked here."""
    return dateline.partition(",")[0].partition("(")[0].strip()
