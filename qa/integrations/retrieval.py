"""What every framework's retriever does: search strictly, and carry the citation along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from qa import wire
from qa.types import Query, Sort
from qa.wire.bodies import CitationBody
from qa.wire.requests import window_of

if TYPE_CHECKING:
    from qa.archive import Archive

Content = Literal["passage", "quote"]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """How to search: as the fields of `POST /v1/search`, days inclusive.

    `content` is what a framework gets as a document's text: the passage of about a hundred words,
    or only the sentences that answer.
    """

    k: int = 5
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    sort: Sort = "relevance"
    content: Content = "passage"

    def citations(self, archive: Archive, question: str) -> list[CitationBody]:
        """Citations of distinct stories, best first, each quote checked.

        Raises InvalidRequest for a blank question or a `k` out of 1 to 50.
        """
        window = window_of(self.first, self.last)
        query = Query(question, self.k, window, self.sources, self.as_of, self.sort)
        return wire.found_body(archive.search(query)).citations

    def text(self, citation: CitationBody) -> str:
        """What the document says."""
        return citation.quote if self.content == "quote" else citation.passage.text


def metadata(citation: CitationBody) -> dict[str, Any]:
    """What a document carries, as plain JSON values.

    `start` and `end` are code points of `quote` in the article's text; `published` is the day in
    ISO form, or None.
    """
    sent = wire.as_json(citation)
    kept = ("article_id", "version", "title", "source", "url", "place", "quote", "start", "end")
    return {name: sent[name] for name in kept} | {
        "citation": citation.id,
        "published": sent["published"]["date"],
        "published_precision": sent["published"]["precision"],
        "published_method": sent["published"]["method"],
        "event_dates": sent["event_dates"],
        "score": citation.score,
    }
