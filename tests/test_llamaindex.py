"""Retrieval inside LlamaIndex, by its own client."""

from __future__ import annotations

import warnings

import pytest
from fake_archive import FERRY, FakeArchive

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what the package warns about on import is its own
    core = pytest.importorskip("llama_index.core", reason="needs dateline[llamaindex]")
    from qa.integrations.llamaindex import DatelineRetriever
from qa.integrations.retrieval import Retrieval

pytestmark = pytest.mark.slow


def test_nodes_carry_the_quote_with_source_date_and_offsets() -> None:
    first, _ = DatelineRetriever(FakeArchive()).retrieve("ferry passengers ashore")
    kept = first.node.metadata
    assert first.node.get_content() == FERRY.text
    assert FERRY.text[kept["start"] : kept["end"]] == kept["quote"]
    assert first.node.node_id == kept["citation"]
    assert (kept["source"], kept["published"]) == ("Meridian Wire", "2014-03-04")
    assert first.score == 0.83


def test_a_node_may_be_the_quote_alone_and_the_search_is_filtered() -> None:
    retrieval = Retrieval(k=1, sources=("Northern Press",), content="quote")
    [node] = DatelineRetriever(FakeArchive(), retrieval).retrieve("ferry passengers")
    assert node.node.get_content() == node.node.metadata["quote"]
    assert node.node.metadata["source"] == "Northern Press"
