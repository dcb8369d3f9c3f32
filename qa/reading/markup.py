"""Untrusted XML: no entity is expanded, no file or address opened, whatever a DOCTYPE says."""

from __future__ import annotations

import re
from html.entities import html5

from lxml import etree

from qa.errors import UnreadableInput
from qa.reading.encoding import Decoded, decode

_ENCODING = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)")
_BEFORE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.S)
# A name and the public or system identifier of a DTD; a `[` would open declarations of its own.
_DOCTYPE = re.compile(r"<!DOCTYPE\s+[^\s\[<>\"']+(?:[^\[<>\"']|\"[^\"<]*\"|'[^'<]*')*>", re.I)
_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")
_NAMED = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
# Characters that XML 1.0 forbids; wire systems leave some in, and they carry no meaning.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def safe_xml(data: bytes) -> Decoded:
    """The document's text, ready to be parsed: without its XML declaration and its DOCTYPE.

    A DOCTYPE that only names a DTD, as NITF and old RSS files carry, is cut out: the DTD is never
    looked for, and the HTML entities that such DTDs declare (`&eacute;`) become their letters.
    Raises UnreadableInput where it declares anything itself (entities, "billion laughs").
    """
    declared = _ENCODING.match(data[:1024])
    decoded = decode(data, declared[1].decode("ascii") if declared else None)
    text = _DECLARATION.sub("", _FORBIDDEN.sub("", decoded.text).lstrip(), count=1)
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    if doctype := _DOCTYPE.match(text, start):
        text = text[:start] + text[doctype.end() :]
    if "<!ENTITY" in text or text[start : start + 9].upper() == "<!DOCTYPE":
        raise UnreadableInput("its DOCTYPE declares entities or markup of its own, which is unsafe")
    return Decoded(_NAMED.sub(_letter, text), decoded.encoding, decoded.detected)


def parse_xml(text: str) -> etree._Element:
    """The root element of XML that `safe_xml` gave; names lose their namespaces.

    Raises UnreadableInput where it is not well-formed or nested deeper than 256.
    """
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(text.encode("utf-8"), parser=parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableInput(f"it is not well-formed XML: {error.msg}") from None
    for element in root.iter(etree.Element):
        element.tag = etree.QName(element).localname
    return root


def text_of(element: etree._Element | None) -> str | None:
    """All text of an element on one line; None where there is none."""
    if element is None:
        return None
    return " ".join("".join(map(str, element.itertext())).split()) or None


def first_text(root: etree._Element, *paths: str) -> str | None:
    """The text of the first element with text that one of the paths names."""
    for path in paths:
        for element in root.iterfind(path):
            if text := text_of(element):
                return text
    return None


def first_attribute(root: etree._Element, *places: tuple[str, str]) -> str | None:
    """The first value among (path, attribute) pairs."""
    for path, attribute in places:
        for element in root.iterfind(path):
            if value := (element.get(attribute) or "").strip():
                return value
    return None


def _letter(match: re.Match[str]) -> str:
    name = match[1]
    return match[0] if name in _XML_OWN else html5.get(name + ";", match[0])
