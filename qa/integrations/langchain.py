"""A LangChain retriever: `pip install "dateline[langchain]"`."""

from __future__ import annotations

from datetime import date
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from qa.integrations.retrieval import Content, Retrieval, metadata
from qa.types import Sort


class DatelineRetriever(BaseRetriever):
    """Documents with source, date and exact quote in their metadata, best first.

    `archive` is an open `qa.archive.Archive`; the other fields are those of `Retrieval`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, extra="forbid")

    archive: Any
    k: int = 5
    sources: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    as_of: date | None = None
    sort: Sort = "relevance"
    content: Content = "passage"

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        retrieval = Retrieval(
            self.k, self.sources, self.first, self.last, self.as_of, self.sort, self.content
        )
        return [
            Document(page_content=retrieval.text(citation), metadata=metadata(citation))
            for citation in retrieval.citations(self.archive, query)
        ]
