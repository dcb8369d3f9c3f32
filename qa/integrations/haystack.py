"""A Haystack component: `pip install "dateline[haystack]"`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from haystack import Document, component

from qa.integrations.retrieval import Retrieval, metadata

if TYPE_CHECKING:
    from qa.archive import Archive


@component
class DatelineRetriever:
    """Documents with source, date and exact quote in their metadata, best first.

    An open archive cannot be written into a pipeline file: add this component in code.
    """

    def __init__(self, archive: Archive, retrieval: Retrieval | None = None) -> None:
        self._archive = archive
        self._retrieval = retrieval or Retrieval()

    @component.output_types(documents=list[Document])
    def run(self, query: str) -> dict[str, Any]:
        """The documents that a question finds, under the key `documents`."""
        citations = self._retrieval.citations(self._archive, query)
        documents = [
            Document(
                id=citation.id,
                content=self._retrieval.text(citation),
                meta=metadata(citation),
                score=citation.score,
            )
            for citation in citations
        ]
        return {"documents": documents}
