"""What every door answers. Days are inclusive at both ends; offsets are code points, half-open."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from qa.types import AbstentionReason, Asked, EventPrecision, Method, Precision


class Sent(BaseModel):
    """A part of a response: frozen, numbers finite."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class PublishedDate(Sent):
    """When an article appeared and how that is known; `date` is null where it is not."""

    date: dt.date | None = Field(
        description="The local calendar day as published; the first day of a month or a year."
    )
    time: str | None = Field(description="Local time with offset, where the article states one.")
    precision: Precision = Field(description="How exactly it is known.")
    method: Method = Field(description="Where it was found.")


class Window(Sent):
    """Days of publication, inclusive; a null side is open."""

    first: dt.date | None = Field(serialization_alias="from", description="First day.")
    last: dt.date | None = Field(serialization_alias="to", description="Last day.")
    basis: str = Field(description="The words that it came from; empty: the request's own filter.")


class ResolvedTime(Sent):
    """A time expression in the quote, resolved against its article's date."""

    text: str = Field(description="The expression as it stands in the quote.")
    start: int = Field(description="Its first code point, counted from the start of the quote.")
    end: int = Field(description="Code point after its last.")
    first: dt.date = Field(serialization_alias="from", description="First day that it means.")
    last: dt.date = Field(serialization_alias="to", description="Last day that it means.")
    precision: EventPrecision = Field(description="Width of the expression.")


class CitedPassage(Sent):
    """The passage around the quote."""

    id: str
    text: str
    start: int = Field(description="First code point in the article's text.")
    end: int = Field(description="Code point after the last.")


class Reprint(Sent):
    """Another article that carries the same story."""

    article_id: str
    version: int
    source: str | None
    published: PublishedDate


class CitationBody(Sent):
    """An exact quote with its source: `article.text[start:end] == quote`."""

    id: str = Field(description="`ARTICLE@VERSION:START-END`.")
    article_id: str
    version: int
    title: str | None
    source: str | None
    url: str | None
    published: PublishedDate
    place: list[str] = Field(description="Places of the dateline.")
    quote: str = Field(description="The sentences that answer, exactly as they stand.")
    start: int = Field(description="First code point of the quote in the article's text.")
    end: int = Field(description="Code point after the last.")
    passage: CitedPassage
    event_dates: list[ResolvedTime]
    also: list[Reprint] = Field(description="Articles that carry the same story.")
    score: float = Field(description="0 to 1, higher is better; list order is rank.")
    by: dict[str, float] = Field(description="What each signal contributed to the score.")


class AnswerText(Sent):
    """The shortest span that answers, the sentence that holds it, and that sentence's citation."""

    text: str = Field(
        description="The words that answer. Where a time was asked for, a calendar date: "
        "YYYY-MM-DD, YYYY-MM or YYYY, or two of them, the first and the last, joined by ` to `."
    )
    sentence: str
    citation: str = Field(description="Id of the citation that the answer stands in.")
    confidence: float = Field(ge=0, le=1, description="Chance that the answer is right.")


class Coverage(Sent):
    """First and last day that the archive holds."""

    first: dt.date = Field(serialization_alias="from")
    last: dt.date = Field(serialization_alias="to")


class AbstentionBody(Sent):
    """Why there is no answer. The nearest passages are still cited."""

    reason: AbstentionReason
    detail: str
    nearest_score: float | None
    threshold: float | None
    coverage: Coverage | None


class EventAnchor(Sent):
    """An event that bounds the question, and its date where the archive tells it."""

    relation: Literal["before", "after", "since", "until", "during"]
    event: str
    basis: str
    date: dt.date | None
    article_id: str | None


class UnderstoodBody(Sent):
    """What the question was taken to mean, each part with the words that say so."""

    asked: Asked = Field(description="The kind of thing that is asked for.")
    period: Window | None = Field(description="The time that the question names.")
    window: Window | None = Field(description="The days of publication that follow from it.")
    bounded: bool = Field(description="Whether that window filters, or only weighs.")
    order: Literal["latest", "first"] | None
    order_basis: str
    sources: list[str] = Field(description="Sources that the question names.")
    anchor: EventAnchor | None


class FigureBody(Sent):
    """One of several answers that independent articles give; `citation` is a citation's id."""

    text: str
    citation: str


class AnswerBody(Sent):
    """An answer, or `answerable: false` with the reason; both are a 200."""

    question: str
    answerable: bool
    answer: AnswerText | None
    window: Window | None = Field(description="Days of publication that were searched.")
    citations: list[CitationBody]
    abstention: AbstentionBody | None
    excluded_undated: int = Field(description="Articles left out only because they have no date.")
    snapshot: str = Field(description="The state of the archive that was read.")
    understood: UnderstoodBody
    conflict: list[FigureBody] = Field(
        description="Differing answers of independent articles, in order of date; often empty."
    )


class FoundBody(Sent):
    """Passages for a question, best first, without an answer."""

    citations: list[CitationBody]
    window: Window | None
    excluded_undated: int
    snapshot: str
    understood: UnderstoodBody


class Evidence(Sent):
    """Where one field of an article was found; offsets are null outside the text."""

    field: str
    value: str
    method: Method
    words: str
    start: int | None
    end: int | None
    won: bool = Field(description="False for evidence that lost to a surer one.")


class ArticleBody(Sent):
    """One version of an article. `text` never changes; a correction is a new version."""

    id: str
    version: int
    title: str | None
    source: str | None
    source_method: Method
    published: PublishedDate
    byline: str | None
    place: list[str]
    url: str | None
    language: str | None
    text: str
    findings: list[Evidence]


class SourceCount(Sent):
    """One source and how many articles it has."""

    name: str
    articles: int


class SourcesBody(Sent):
    """Every source of the archive, by name; articles without one are not listed."""

    sources: list[SourceCount]


class VerificationBody(Sent):
    """Whether a quote still stands where it was cited."""

    stands: bool
    moved_to: list[int] | None = Field(
        description="`[start, end]` where the same words stand now, if they moved."
    )
    reason: str


class RefusalBody(Sent):
    """An article that could not be taken, with the reason."""

    name: str
    reason: str


class IngestBody(Sent):
    """What became of every article; sent after the articles are committed."""

    new: int
    changed: int = Field(description="New versions of articles that the archive held.")
    same: int = Field(description="Articles that the archive held already, word for word.")
    empty: int = Field(description="Articles without text; not stored.")
    passages: int = Field(description="Passages that were embedded.")
    undated: int = Field(description="Articles whose date could not be found.")
    unsourced: int = Field(description="Articles whose source could not be found.")
    disagreements: int = Field(description="Articles whose evidence for the date disagrees.")
    refused: list[RefusalBody]
    warnings: list[str]
    snapshot: str


class StatusBody(Sent):
    """What the archive holds."""

    folder: str
    snapshot: str
    articles: int
    passages: int
    undated: int
    unsourced: int
    sources: dict[str, int]
    coverage: Coverage | None
    model: str = Field(description="Name and weights of the model that the archive was built with.")
    bytes: int = Field(description="Size on disk.")


class DeletedBody(Sent):
    """The article is gone from the archive, all versions of it."""

    id: str
    deleted: bool


class HealthBody(Sent):
    """Whether this server lives, or is ready to answer."""

    status: Literal["alive", "ready"]
