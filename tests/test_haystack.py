"""Retrieval inside Haystack, by its own pipeline."""

from __future__ import annotations

import warnings

import pytest
from fake_archive import FERRY, FakeArchive

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the package warns about on import is its own
    haystack = pytest.importorskip("haystack", reason="needs dateline[haystack]")
    from qa.integrations.haystack import DatelineRetriever
from qa.integrations.retrieval import Retrieval

pytestmark = pytest.mark.slow


def test_documents_carry_the_quote_with_source_date_and_offsets() -> None:
    pipeline = haystack.Pipeline()
    pipeline.add_component("retriever", DatelineRetriever(FakeArchive()))
    answer = pipeline.run({"retriever": {"query": "ferry passengers ashore"}})
    first, _ = answer["retriever"]["documents"]
    assert first.content == FERRY.text
    assert FERRY.text[first.meta["start"] : first.meta["end"]] == first.meta["quote"]
    assert first.id == first.meta["citation"]
    assert (first.meta["source"], first.meta["published"]) == ("Meridian Wire", "2014-03-04")
    assert first.score == 0.83


def test_a_document_may_be_the_quote_alone_and_the_search_is_filtered() -> None:
    retrieval = Retrieval(k=1, sources=("Northern Press",), content="quote")
    [document] = DatelineRetriever(FakeArchive(), retrieval).run(query="ferry passengers")[
        "documents"
    ]
    assert document.content == document.meta["quote"]
    assert document.meta["source"] == "Northern Press"
