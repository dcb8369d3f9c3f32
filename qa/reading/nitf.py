"""NITF, the News Industry Text Format (IPTC), versions 2.5 to 3.6: one article a document."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.extract import Extract
from qa.reading.markup import first_attribute, first_text, parse_xml, safe_xml, text_of
from qa.reading.prose import SILENT, paragraphs

# Parts of the body's head that are fields, where a document keeps them within its content.
_FIELDS = frozenset({"hedline", "byline", "dateline", "distributor", "rights", "abstract"})


def parse_nitf(data: bytes, name: str) -> Iterator[Extract]:
    """The article. Raises UnreadableInput where it has no body or its status is cancelled."""
    decoded = safe_xml(data)
    root = parse_xml(decoded.text)
    if (first_attribute(root, (".//docdata", "management-status")) or "").startswith("cancel"):
        raise UnreadableInput("its management status is cancelled")
    text = body_text(root)
    if not text:
        raise UnreadableInput("its NITF body holds no text")
    yield Extract(nitf_fields(root), text, decoded.warnings)


def body_text(root: etree._Element) -> str:
    """The paragraphs of `body.content`, without pictures and their captions."""
    content = root.findall(".//body.content")
    bodies = content or root.findall(".//body")
    return "\n\n".join(text for body in bodies if (text := paragraphs(body, SILENT | _FIELDS)))


def nitf_fields(root: etree._Element) -> Fields:
    """Fields from `docdata`, `pubdata` and `body.head`.

    The day of publication goes before that of issue and of release; the dateline's day comes
    last, as it is when the story was written.
    """
    return Fields(
        id=first_attribute(root, (".//docdata/doc-id", "id-string")),
        title=first_text(root, ".//hedline/hl1", ".//hedline", "./head/title"),
        byline=_byline(root),
        source=first_text(root, ".//distributor/org", ".//distributor")
        or first_attribute(root, (".//docdata/doc-id", "regsrc"), (".//pubdata", "name"))
        or first_attribute(root, (".//docdata/doc.copyright", "holder"))
        or first_text(root, ".//rights/rights.owner"),
        published=first_attribute(
            root,
            (".//pubdata", "date.publication"),
            (".//docdata/date.issue", "norm"),
            (".//docdata/date.release", "norm"),
            (".//dateline/story.date", "norm"),
        ),
        url=first_attribute(root, (".//pubdata", "ex-ref")),
        language=root.get("{http://www.w3.org/XML/1998/namespace}lang"),
        place=_places(root),
    )


def _byline(root: etree._Element) -> str | None:
    people = [text for person in root.iterfind(".//byline/person") if (text := text_of(person))]
    return ", ".join(people) or first_text(root, ".//byline")


def _places(root: etree._Element) -> tuple[str, ...]:
    """Cities of the dateline; of a location without marked cities, what stands before a comma."""
    cities = [text for city in root.iterfind(".//dateline//city") if (text := text_of(city))]
    if cities:
        return tuple(cities)
    locations = [text_of(place) or "" for place in root.iterfind(".//dateline/location")]
    return tuple(place for text in locations if (place := text.partition(",")[0].strip()))
