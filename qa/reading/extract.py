"""What a format's reader hands over: the stated fields and the body, not yet understood."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import urlsplit

from qa.errors import QAError, UnreadableInput
from qa.reading.article import Fields
from qa.types import Refusal

MEBIBYTE = 1024 * 1024
# The largest document that is held in memory whole (a page, a message, one line of JSON Lines).
# Streams of many articles (JSON Lines, CSV, mbox, WARC) may be of any length.
MAX_DOCUMENT = 64 * MEBIBYTE


@dataclass(frozen=True, slots=True)
class Extract:
    """One article as its format states it; `warnings` tell how the bytes were understood."""

    fields: Fields
    text: str
    warnings: tuple[str, ...] = ()


# A reader of one whole document: bytes and name in, articles and refusals out, in file order.
# It raises UnreadableInput where nothing at all can be made of the bytes.
Parse = Callable[[bytes, str], Iterator[Extract | Refusal]]
# HTML of an article's body to paragraphs of text.
HtmlToText = Callable[[str], str]


def present(text: str | None) -> str | None:
    """`text` on one line, without outer space; None where nothing is left."""
    return " ".join(text.split()) or None if text else None


def web_address(text: str | None) -> str | None:
    """`text` when it is a web page's address; `javascript:` and all other schemes are dropped."""
    text = (text or "").strip()
    return text if text.lower().startswith(("http://", "https://")) else None


def host_of(url: str | None) -> str | None:
    """The host name of an address; None where it has none or is malformed."""
    try:
        return urlsplit(url).hostname if url else None
    except ValueError:
        return None


def feed_identity(identity: str | None, url: str | None) -> str | None:
    """An item's id if it can be unique in the world (a URI, a tag), else its address.

    Feeds promise ids that are unique among their own items: "1" is an article of every feed.
    """
    worldwide = identity is not None and ":" in identity
    return identity if worldwide or not url else url


def reader_named(reader: str) -> Callable[..., Iterator[Extract | Refusal]]:
    """The function that `module:function` names."""
    module, _, function = reader.partition(":")
    found: Callable[..., Iterator[Extract | Refusal]] = getattr(import_module(module), function)
    return found


def guarded(items: Iterator[Extract | Refusal]) -> Iterator[Extract | Refusal]:
    """The same items; whatever the libraries raise on a broken document becomes a refusal."""
    try:
        yield from items
    except QAError:
        raise
    except RecursionError:
        raise UnreadableInput("it is nested too deep") from None
    except MemoryError:
        raise UnreadableInput("reading it takes too much memory") from None
    except Exception as error:
        raise UnreadableInput(f"its reader failed: {type(error).__name__}") from error
