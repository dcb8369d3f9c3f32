"""Copies are one story; reports that only share their form are not."""

from __future__ import annotations

from datetime import datetime

from qa.copies import joined, outlets, resemblance
from qa.types import Article, Published, Source

FIRE = (
    "A fire broke out in the grain store of Tolsund harbour early on Monday and destroyed two of "
    "its three halls, the port authority said. Nobody was hurt. Forty firemen fought the flames "
    "for six hours, and the damage was put at 3.5 million crowns. The cause is not known, and the "
    "harbour will stay shut until the ruins have been made safe, a spokeswoman said."
)
WEEKLY = (
    "Deposits at the central bank of Arvania {verb} by {change} million crowns to {total} billion "
    "in the week to {day}, the bank said. Notes in circulation came to {notes} billion crowns, and "
    "the bank's reserves of foreign currency to {reserves} billion crowns at the end of the week."
)


def article(
    name: str, text: str, day: str, source: str = "Kestral", title: str | None = None
) -> Article:
    published = Published(datetime.fromisoformat(day), "minute", "metadata")
    return Article(name, text, Source(source, "metadata"), published, title)


def test_a_re_run_is_a_copy_of_the_better_ranked_article() -> None:
    first = article("a", FIRE, "2012-05-07T08:00")
    again = article("b", FIRE + " The store was built in 1931.", "2012-05-07T14:00")
    other = article("c", "The ferry to Lindholm sails again on Sunday.", "2012-05-07T09:00")
    stories = joined([again, other, first], 5)
    assert [(s.head, s.copies) for s in stories] == [(0, (2,)), (1, ())]


def test_copies_beyond_the_kth_story_are_still_found() -> None:
    others = [article(f"o{n}", f"Report number {n} of the ferry line.", "2012-05-07T09:00")
              for n in range(3)]  # fmt: skip
    first, again = article("a", FIRE, "2012-05-07T08:00"), article("b", FIRE, "2012-05-08T08:00")
    stories = joined([first, *others, again], 1)
    assert [(s.head, s.copies) for s in stories] == [(0, (4,))]


def test_weekly_reports_of_one_form_are_different_stories() -> None:
    one = WEEKLY.format(
        verb="rose", change=310, total="7.31", day="May 7", notes="12.4", reserves="3.9"
    )
    two = WEEKLY.format(
        verb="rose", change=145, total="7.46", day="May 10", notes="12.9", reserves="4.2"
    )
    assert (
        resemblance(article("a", one, "2012-05-07T09:00"), article("b", two, "2012-05-10T09:00"))
        > 0.3
    )
    stories = joined(
        [article("a", one, "2012-05-07T09:00"), article("b", two, "2012-05-10T09:00")], 5
    )
    assert [s.copies for s in stories] == [(), ()]


def test_the_same_words_a_month_later_are_another_story() -> None:
    stories = joined(
        [article("a", FIRE, "2012-05-07T08:00"), article("b", FIRE, "2012-06-07T08:00")], 5
    )
    assert len(stories) == 2


def test_a_correction_stands_before_what_it_corrects() -> None:
    wrong = article("a", FIRE, "2012-05-07T08:00", title="FIRE IN TOLSUND")
    right = article("b", FIRE.replace("two of its three", "one of its three").replace("3.5", "1.5"),
                    "2012-05-07T11:00", title="CORRECTED - FIRE IN TOLSUND")  # fmt: skip
    story = joined([wrong, right], 5)[0]
    assert (story.head, story.copies, story.corrected, story.rank) == (1, (0,), True, 0)


def test_the_first_telling_and_the_latest_are_told_apart() -> None:
    late, early = article("a", FIRE, "2012-05-07T14:00"), article("b", FIRE, "2012-05-07T08:00")
    assert joined([late, early], 5, prefer="first")[0].head == 1
    assert joined([early, late], 5, prefer="latest")[0].head == 1


def test_reprints_do_not_make_a_second_outlet() -> None:
    own = article("a", FIRE, "2012-05-07T08:00", "Kestral")
    reprint = article("b", FIRE, "2012-05-07T09:00", "Harbour Times")
    other = article("c", "Tolsund's harbour lost two halls to flames on Monday. The mayor told us "
                    "that the town would pay for a new store by the autumn.", "2012-05-07T10:00",
                    "Nordpress")  # fmt: skip
    assert outlets([own, reprint]) == 1
    assert outlets([own, reprint, other]) == 2


def test_an_empty_text_and_an_undated_article_are_no_trouble() -> None:
    blank = Article("a", "")
    assert [s.copies for s in joined([blank, Article("b", "Rain.")], 5)] == [(), ()]
