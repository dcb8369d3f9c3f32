"""Whether an archive really holds what is asked: the features behind confidence and abstention.

A near miss names the same people and the same event but does not say the thing. What tells it:
the kind of answer is not in the sentence, a name or the rarest word of the question is nowhere in
the article, the figures disagree, the article was published before what it is asked about, or it
says itself that the thing is not known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from qa.reader.asked import Asked
from qa.reader.evidence import Report, Sentence, coverage, found_in, name_coverage
from qa.types import Understood

SUPPORT_FEATURES = (
    "cover", "cover_near", "cover_article", "missing", "missing_near", "names", "names_article",
    "relation", "relation_near", "typed", "focus", "span", "margin", "cosine", "undisclosed",
    "unhappened", "too_early", "second", "numbers",
)  # fmt: skip

# How reports say that the thing asked for is not known or not told.
_UNDISCLOSED = re.compile(
    r"\b(?:(?:not|n't|never|yet to be|without) (?:yet )?(?:be(?:en)? )?(?:immediately )?"
    r"(?:disclos|reveal|identif|nam|know|releas|specif|giv|sa[iy]|elaborat|announc|decid|determin|"
    r"establish|comment|confirm|provid|detail|claim)\w*|undisclosed|unnamed|unidentified|unknown|"
    r"unspecified|declin(?:ed|es|ing) to|refus(?:ed|es|ing) to (?:name|say|give|identify|comment)|"
    r"no (?:details|further details|immediate|word|figure|figures|information|indication|claim)|"
    r"under investigation|being investigated|(?:is|are|was|were) investigating|mystery|unclear|"
    r"terms (?:of the \w+ )?were (?:not|un)|remains? (?:unknown|unclear))\b",
    re.I,
)
_AHEAD = re.compile(
    r"\b(?:will|would|plans? to|expect(?:s|ed)? to|expected|forecast|could|may|might|hopes? to|"
    r"aims? to|intends? to|seeks? to|demand(?:s|ed|ing)?|is to|are to|scheduled|due to|set to|"
    r"predicted|projected|proposed|threaten(?:s|ed)?)\b",
    re.I,
)


def support_features(
    text: str,
    sentence: Sentence,
    near: frozenset[str],
    report: Report,
    asked: Asked,
    understood: Understood,
    weight: Mapping[str, float],
    published: date | None,
    *,
    typed: bool,
    focus: float,
    span_score: float,
    margin: float,
    cosine: float,
    second: float,
) -> tuple[float, ...]:
    """The features of the best sentence, in the order of SUPPORT_FEATURES.

    `span_score` and `margin` come from the span model, `focus` says whether the asked noun stands
    at the answer, `second` is how well the best other article covers the question.
    """
    around = sentence.stems | near | report.title
    everywhere = around | report.article
    relation = {t.stem: weight[t.stem] for t in asked.terms if not (t.name or t.number)}
    quote = text[sentence.start : sentence.end]
    beside = text[max(0, sentence.start - 300) : sentence.end + 300]
    numbers = [term.stem for term in asked.terms if term.number]
    return (
        coverage(weight, sentence.stems),
        coverage(weight, around),
        coverage(weight, everywhere),
        _missing(weight, everywhere),
        _missing(weight, around),
        name_coverage(asked.names, around),
        name_coverage(asked.names, everywhere),
        coverage(relation, sentence.stems) if relation else 0.5,
        coverage(relation, around) if relation else 0.5,
        float(typed),
        focus,
        span_score,
        margin,
        cosine,
        0.5 * bool(_UNDISCLOSED.search(quote)) + 0.5 * bool(_UNDISCLOSED.search(beside)),
        float(asked.outcome and bool(_AHEAD.search(quote))),
        float(_too_early(asked, understood, published)),
        second,
        sum(n in everywhere for n in numbers) / len(numbers) if numbers else 0.5,
    )


def _missing(weight: Mapping[str, float], stems: frozenset[str]) -> float:
    """The weight of the rarest term of the question that is not found; 0 where all are."""
    return max((value * (1 - found_in(stem, stems)) for stem, value in weight.items()), default=0.0)


def _too_early(asked: Asked, understood: Understood, published: date | None) -> bool:
    """Whether the article came out before the time whose outcome is asked for."""
    period = understood.period
    return bool(asked.outcome and period and published and published < period.start)


def missing_names(question: str, asked: Asked, reports: Sequence[Report]) -> tuple[str, ...]:
    """Names of the question, as written, of which no part stands in any of the articles."""
    everywhere = (
        frozenset().union(*(r.article | r.title for r in reports)) if reports else frozenset()
    )
    written = {term.stem: term.text for term in asked.terms}
    absent = [name for name in asked.names if not any(part in everywhere for part in name)]
    return tuple(" ".join(written.get(part, part) for part in name) for name in absent)
