"""Where an article can be opened, and what it is called where it has no title."""

from __future__ import annotations

import re
from urllib.parse import quote

_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)


def article_link(article_id: str, url: str | None, public_url: str) -> str:
    """Where an article can be opened: its own web address, its page here, or `dateline:ID`."""
    if safe_link(url):
        return str(url)
    written = quote(article_id, safe="")
    return f"{public_url.rstrip('/')}/articles/{written}" if public_url else f"dateline:{written}"


def safe_link(url: str | None) -> bool:
    """Whether an article's address may be offered as a link: http and https only."""
    return _WEB.match(url or "") is not None


def shown_title(title: str | None, text: str, words: int = 12) -> str:
    """The title, or the first words where there is none."""
    if title:
        return title
    first = text.split(maxsplit=words)
    return " ".join(first[:words]) + (" …" if len(first) > words else "")
