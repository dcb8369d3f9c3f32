"""A LlamaIndex retriever: `pip install "dateline[llamaindex]"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from qa.integrations.retrieval import Retrieval, metadata

if TYPE_CHECKING:
    from qa.archive import Archive


class DatelineRetriever(BaseRetriever):
    """Nodes with source, date and exact quote in their metadata, best first."""

    def __init__(self, archive: Archive, retrieval: Retrieval | None = None) -> None:
        super().__init__()
        self._archive = archive
        self._retrieval = retrieval or Retrieval()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        citations = self._retrieval.citations(self._archive, query_bundle.query_str)
        return [
            NodeWithScore(
                node=TextNode(
                    id_=citation.id,
                    text=self._retrieval.text(citation),
                    metadata=metadata(citation),
                ),
                score=citation.score,
            )
            for citation in citations
        ]
