"""One mail message (RFC 5322, MIME): its text part, its subject, sender and date."""

from __future__ import annotations

from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parseaddr

from qa.errors import UnreadableInput
from qa.reading.article import Fields
from qa.reading.encoding import Decoded, decode
from qa.reading.extract import Extract, present
from qa.reading.html import html_text
from qa.reading.sources import BUILT_IN


def parse_mail(data: bytes, name: str) -> Iterator[Extract]:
    """The article of one message. Raises UnreadableInput where it has no text part."""
    message = BytesParser(policy=policy.default).parsebytes(data)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise UnreadableInput("it is no mail message: it has no headers")
    part = message.get_body(preferencelist=("plain", "html"))
    if not isinstance(part, EmailMessage):
        raise UnreadableInput("the message has no text part")
    body = _decoded(part)
    text = html_text(body.text) if part.get_content_subtype() == "html" else body.text
    if not text.strip():
        raise UnreadableInput("the message is empty")
    yield Extract(_fields(message), text, body.warnings)


def _decoded(part: EmailMessage) -> Decoded:
    """The part's text; a charset that is not declared, or declared wrongly, is detected."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        raise UnreadableInput("the message's text part cannot be decoded")
    return decode(payload, part.get_content_charset())


def _fields(message: EmailMessage) -> Fields:
    return Fields(
        id=present(_header(message, "Message-ID")),
        title=present(_header(message, "Subject")),
        source=_sender(message),
        published=present(_header(message, "Date")),
        language=present(_header(message, "Content-Language")),
        methods={"title": "header", "source": "header", "published": "header"},
    )


def _sender(message: EmailMessage) -> str | None:
    """Who sent it: a name or domain that is known as a publisher's, else the name as written."""
    name, address = parseaddr(_header(message, "From") or "")
    domain = address.rpartition("@")[2]
    if name and BUILT_IN.known(name):
        return present(name)
    if domain and BUILT_IN.of_url(f"//{domain}"):
        return domain
    return present(name) or present(domain)


def _header(message: EmailMessage, name: str) -> str | None:
    """A header's decoded value, or as it stands where the library cannot parse it."""
    try:
        value = message[name]
    except (MessageError, ValueError, LookupError, AttributeError, TypeError, OverflowError):
        raw = (value for key, value in message.raw_items() if key.lower() == name.lower())
        value = next(raw, None)
    return None if value is None else str(value)
