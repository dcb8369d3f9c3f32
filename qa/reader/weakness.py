"""Why a question is not answered, in words that a reader of the answer can check."""

from __future__ import annotations

from collections.abc import Sequence

from qa.reader.asked import Asked
from qa.reader.choose import Scored
from qa.reader.evidence import Report, found_in
from qa.reader.kinds import NAMES
from qa.reader.support import SUPPORT_FEATURES, support_of
from qa.reader.task import Task
from qa.types import AbstentionReason

_WANTED = {
    "date": "when",
    "count": "how many",
    "money": "how much",
    "percent": "what share",
    "measure": "what figure",
    "person": "who",
    "organisation": "which organisation",
    "place": "where",
    "name": "which one",
    "thing": "what",
    "reason": "why",
    "yes-no": "whether",
}


def weakness_of(task: Task, best: Sequence[Scored]) -> tuple[AbstentionReason, str]:
    """The reason for not answering, and what is missing.

    "no_match" where a name of the question stands in none of the articles found, "weak_match" for
    a near miss: articles about the same thing that do not say what is asked.
    """
    absent = missing_names(task.asked, task.reports)
    if absent:
        return "no_match", f"No article found mentions {' or '.join(absent)}."
    support = dict(zip(SUPPORT_FEATURES, support_of(task, best), strict=True))
    asked = _WANTED[task.asked.kind]
    if support["undisclosed"]:
        return "weak_match", f"The nearest article says that it is not known or not told: {asked}."
    if support["too_early"]:
        return "weak_match", "The nearest articles appeared before the time that is asked about."
    unsaid = _unsaid(task, best[0])
    if unsaid:
        return "weak_match", f"No article about this that was found speaks of “{unsaid}”."
    if support["unhappened"]:
        return (
            "weak_match",
            "The nearest article speaks of a plan or a forecast, not of the outcome.",
        )
    if support["mismatch"] or (task.asked.kind in NAMES and support["echo"]):
        return "weak_match", f"The nearest articles are about this, but none says {asked}."
    return (
        "weak_match",
        f"The nearest articles are about this, but it is not sure that one says {asked}.",
    )


def missing_names(asked: Asked, reports: Sequence[Report]) -> tuple[str, ...]:
    """Names of the question, as written, of which no part stands in any of the articles."""
    everywhere = frozenset[str]().union(*(r.article | r.title for r in reports))
    written = {term.stem: term.text for term in asked.terms}
    absent = [name for name in asked.names if not any(part in everywhere for part in name)]
    return tuple(" ".join(written.get(part, part) for part in name) for name in absent)


def _unsaid(task: Task, one: Scored) -> str:
    """The first word of what is asked about the names, where the nearest article lacks it."""
    report = task.reports[one.sentence.hit]
    written = {term.stem: term.text for term in task.asked.terms}
    for stem, _ in task.asked.core[:1]:
        if stem in written and not found_in(stem, report.article | report.title):
            return written[stem]
    return ""
