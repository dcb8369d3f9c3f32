"""What a question asks for is read from its words alone."""

from __future__ import annotations

from datetime import date

import pytest

from qa.question import asked_kind, asked_order, named_sources, understand
from qa.types import Query


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the harbour at Lindholm reopen?", "when"),
        ("On which day was the treaty signed?", "when"),
        ("What was the date of the landslide?", "when"),
        ("By when is the bridge to be ready?", "when"),
        ("In what year did the mill close?", "when"),
        ("How many people were on the ferry?", "number"),
        ("At the meeting, by how much did they raise the levy?", "number"),
        ("What share of the vote did the Reform Party get?", "number"),
        ("What did the tanker cost?", "number"),
        ("Where did the Arvanian index close on Friday?", "number"),
        ("Maximum fine under the new rules?", "number"),
        ("When Ilse Marten resigned, how many directors were left?", "number"),
        ("Who signed the accord?", "who"),
        ("Which minister opposed the accord?", "who"),
        ("What was the name of the pilot?", "who"),
        ("Where was the trawler found?", "where"),
        ("Which country bought the ferries?", "where"),
        ("Why was the yard shut?", "why"),
        ("What led the yard to shut?", "why"),
        ("Did the court free the pilots?", "yes-no"),
        ("As of Monday, is the strike over?", "yes-no"),
        ("How did the talks end?", "how"),
        ("What happened to the man who found the wreck?", "what"),
        ("Name the ship that sank off Tolsund.", "what"),
        ("Hi, can you tell me which firm built the bridge?", "what"),
    ],
)
def test_the_kind_of_answer_follows_from_the_head_of_the_question(question: str, kind: str) -> None:
    assert asked_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "order"),
    [
        ("What is the latest death toll?", "latest"),
        ("Is the strike still on?", "latest"),
        ("How large did the shortfall turn out to be?", "latest"),
        ("Which bid carried the day?", "latest"),
        ("How many miners were rescued in all?", "latest"),
        ("How many bodies were found in all after the flood?", "latest"),
        ("How many clinics closed in all ten provinces?", None),
        ("How many people turned out to protest?", None),
        ("In all, how many ferries were lost?", "latest"),
        ("How many were killed in all on 3 May 2012?", "latest"),
        ("When were all told to leave?", None),
        ("Which stock won the day's trading?", None),
        ("Who turned out to be at the rally?", None),
        ("As of 3 May 2020, how many are missing?", "latest"),
        ("What became of the merger?", "latest"),
        ("In the end, what did the buyers pay?", "latest"),
        ("How many are now thought to have died?", "latest"),
        ("Who is in charge now that the chairman has gone?", "latest"),
        ("How many crowns a share was the final, agreed offer?", "latest"),
        ("What was the final toll?", "latest"),
        ("Who was the owner of the now-closed mine?", None),
        ("Who won the final?", None),
        ("What was said in the final week of the trial?", None),
        ("What toll was first reported?", "first"),
        ("What did the ministry originally say?", "first"),
        ("Who was the first to cross the strait?", None),
        ("How many were still missing when the search was over?", None),
        ("How many cars were sold in the final week of May?", None),
    ],
)
def test_the_newest_or_the_earliest_report_is_wanted_only_where_words_say_so(
    question: str, order: str | None
) -> None:
    assert asked_order(question)[0] == order


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("In the end, what did the fire of May 3, 2012 cost?", True),
        ("How large did the loss of May 2012 turn out to be?", True),
        ("What was the final toll of the fire on May 3, 2012?", True),
        ("What became of the merger of May 2012?", True),
        ("What did the current owner finally pay in May 2012?", True),
        ("How many were rescued in all by 5 May 2012?", False),
        ("What was the final toll as of 5 May 2012?", False),
        ("As of 3 May 2012, how many are missing?", False),
        ("What was the latest toll in May 2012?", False),
        ("What did the fire of May 3, 2012 cost?", False),
    ],
)
def test_an_outcome_is_asked_for_or_what_was_known_at_a_time(question: str, outcome: bool) -> None:
    understood = understand(Query(question), sources=(), coverage=None, now=date(2020, 1, 1))
    assert understood.period is not None
    assert understood.outcome == outcome


ARCHIVE = ("Reuters", "TASS", "BBC News", "The Harbour Times", "AP", "Time")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("According to TASS, when was the treaty signed?", ("TASS",)),
        ("According to Tass, when was the treaty signed?", ("TASS",)),
        ("Did the BBC report any injured?", ("BBC News",)),
        ("What did the Harbour Times say about the fire?", ("The Harbour Times",)),
        ("In Reuters' account, who fired first?", ("Reuters",)),
        ("Do TASS reports and according to Reuters the toll differ?", ("TASS", "Reuters")),
        ("Who bought AP?", ()),
        ("Who is on the board of the BBC?", ()),
        ("How many presidents did Reuters have?", ()),
        ("At what time did the ship say goodbye?", ()),
    ],
)
def test_a_publisher_counts_as_the_teller_not_as_the_topic(
    question: str, named: tuple[str, ...]
) -> None:
    assert named_sources(question, ARCHIVE) == named


def test_relative_times_count_from_as_of_where_that_is_given() -> None:
    asked = Query("What was the toll last month?", as_of=date(2012, 5, 10))
    understood = understand(asked, sources=(), coverage=None, now=date(2020, 1, 1))
    assert understood.period is not None
    assert (understood.period.start, understood.period.end) == (date(2012, 4, 1), date(2012, 5, 1))


def test_understanding_names_the_words_that_it_came_from() -> None:
    asked = Query("According to TASS, what is the latest toll of March 2011?")
    understood = understand(asked, sources=ARCHIVE, coverage=None, now=date(2020, 1, 1))
    assert understood.asked == "number"
    assert (understood.order, understood.order_basis) == ("latest", "latest")
    assert understood.sources == ("TASS",)
    assert understood.period is not None and "March 2011" in understood.period.basis
