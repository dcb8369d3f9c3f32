"""What a question says about time: the period that it names, and the publication days that follow.

A question may speak of when a thing happened or of when it was told. The period is the first, the
window the second: it begins with the period and runs on for as long as news of such a period keeps
appearing. It filters only where the question clearly bounds the articles; else it weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from qa.types import Anchor, DateWindow
from qa.when import vocabulary as v
from qa.when.anchor import read_anchor
from qa.when.named import Named, capitalised, named_times
from qa.when.window import About, about_what, period_of, window_of

Order = Literal["latest", "first"]


@dataclass(frozen=True, slots=True)
class QuestionTimes:
    """The times of a question, each with the words that say so.

    `period` is what the question names, `window` the publication days that follow from it; both
    half-open. `bounded` says that `window` filters. `order` asks for the newest or the oldest
    telling. `anchor` is an event whose date bounds the question and is yet to be found.
    """

    period: DateWindow | None = None
    window: DateWindow | None = None
    bounded: bool = False
    about: About = "either"
    order: Order | None = None
    order_basis: str = ""
    anchor: Anchor | None = None


def read_question(
    text: str, now: date, *, coverage: tuple[date, date] | None = None
) -> QuestionTimes:
    """What `text` says about time, seen from the day `now`.

    `now` is what "yesterday" and "last year" count from, and no window runs beyond it: the
    caller's `as_of`, or the last day of the archive. `coverage`, the archive's first and last
    day, lets go of windows in which nothing was published ("the 1985 disaster" in an archive of
    1987 names an event, not a time to search in), unless the question bounds the articles.
    """
    plain = capitalised(text)
    named = named_times(plain, now)
    anchor = read_anchor(text, [(time.found.start, time.end) for time in named])
    order, order_basis = _order(text, named)
    if not named:
        return QuestionTimes(order=order, order_basis=order_basis, anchor=anchor)
    period = period_of(text, named, now)
    about, bounded = about_what(plain, named)
    window = window_of(period, named, bounded, now)
    if window and coverage and not bounded:
        window = window if window.meets(*coverage) else None
    return QuestionTimes(period, window, bounded, about, order, order_basis, anchor)


# "Is it still on?" and "what became of it?" ask for the newest article, as "latest" does.
_LATEST = re.compile(
    r"\b(?:"
    + v.any_of(
        "latest most_recent most_recently newest up-to-date up_to_date currently current "
        "at_present presently right_now as_of_now nowadays so_far to_date these_days lately recent "
        "recently still updated corrected last_confirmed last_reported last_known in_the_end "
        "end_up ends_up ended_up what_became_of what_has_become_of as_of"
    )
    + r"|(?<!until )(?<!by )(?<!up to )now(?!-))\b",
    re.I,
)
_FIRST = re.compile(
    r"\b"
    + v.any_of(
        "first_reported first_reports? first_announced first_disclosed first_published "
        "first_mentioned first_estimates? first_word initial initially originally original "
        "earliest at_first"
    )
    + r"\b",
    re.I,
)


def _order(text: str, named: Sequence[Named]) -> tuple[Order | None, str]:
    """Whether the newest or the first telling is asked for; words inside a time do not count."""
    inside = [(time.found.start, time.end) for time in named]
    for order, pattern in (("latest", _LATEST), ("first", _FIRST)):
        for match in pattern.finditer(text):
            if not any(start <= match.start() < end for start, end in inside):
                return ("latest" if order == "latest" else "first"), match[0]
    return None, ""
