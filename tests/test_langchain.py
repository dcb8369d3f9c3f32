"""Retrieval inside LangChain, by its own client."""

from __future__ import annotations

from datetime import date

import pytest
from fake_archive import FERRY, RECOUNT, FakeArchive
from langchain_core.prompts import PromptTemplate
from langchain_core.runnables import RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from qa.integrations.langchain import DatelineRetriever
from qa.types import DateWindow


def test_documents_carry_the_quote_with_source_date_and_offsets() -> None:
    [first, second] = DatelineRetriever(archive=FakeArchive()).invoke("ferry passengers ashore")
    assert first.page_content == FERRY.text
    kept = first.metadata
    assert FERRY.text[kept["start"] : kept["end"]] == kept["quote"]
    assert kept["quote"] == "All 214 passengers were brought ashore, the harbour master said."
    assert kept["citation"] == f"ferry@1:{kept['start']}-{kept['end']}"
    assert (kept["source"], kept["published"]) == ("Meridian Wire", "2014-03-04")
    assert (kept["published_precision"], kept["published_method"]) == ("day", "dateline")
    assert (kept["title"], kept["url"], kept["place"]) == (FERRY.title, FERRY.url, ["Port Selwick"])
    assert kept["score"] == 0.83
    assert second.metadata["article_id"] == RECOUNT.id


def test_a_document_may_be_the_quote_alone() -> None:
    [document] = DatelineRetriever(archive=FakeArchive(), k=1, content="quote").invoke(
        "passengers ashore"
    )
    assert document.page_content == document.metadata["quote"]


def test_filters_reach_the_search() -> None:
    archive = FakeArchive()
    retriever = DatelineRetriever(
        archive=archive,
        k=3,
        sources=("Northern Press",),
        first=date(2014, 3, 5),
        last=date(2014, 3, 31),
        as_of=date(2014, 6, 1),
        sort="newest",
    )
    found = retriever.invoke("ferry passengers")
    assert [d.metadata["source"] for d in found] == ["Northern Press"]
    asked = archive.asked[-1]
    assert asked.window == DateWindow(date(2014, 3, 5), date(2014, 4, 1))
    assert (asked.k, asked.as_of, asked.sort) == (3, date(2014, 6, 1), "newest")


def test_an_unknown_or_impossible_option_is_refused() -> None:
    for wrong in ({"top_k": 3}, {"sort": "random"}, {"content": "all"}):
        with pytest.raises(ValidationError):
            DatelineRetriever(archive=FakeArchive(), **wrong)


def test_it_runs_in_a_chain_and_asynchronously() -> None:
    retriever = DatelineRetriever(archive=FakeArchive(), content="quote", k=1)
    chain = (
        {"context": retriever, "question": RunnablePassthrough()}
        | PromptTemplate.from_template("{question}\n{context}")
        | RunnableLambda(lambda prompt: prompt.to_string())
    )
    said = chain.invoke("How many passengers were brought ashore?")
    assert "All 214 passengers were brought ashore" in said
    assert "Meridian Wire" in said


@pytest.mark.parametrize("questions", [["ferry passengers", "levy"]])
def test_a_batch_keeps_the_order_of_its_questions(questions: list[str]) -> None:
    first, second = DatelineRetriever(archive=FakeArchive(), k=1).batch(questions)
    assert first[0].metadata["article_id"] == "ferry"
    assert second[0].metadata["article_id"] == "../hostile"
