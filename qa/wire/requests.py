"""What a caller may ask. Unknown fields, coerced numbers and impossible days are refused."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
)

from qa.dates import valid_day
from qa.reading.article import Fields, assemble
from qa.reading.cleaning import clean
from qa.types import DateWindow, Query, Reading, Sort

MAX_QUESTION = 1_000  # characters; a question, not a document
MAX_K = 50
MAX_SOURCES = 100
MAX_ARTICLES = 1_000  # a request; more articles are more requests
MAX_NAME = 300  # characters of a name
MAX_ID = 2_000  # characters of an article's id or address
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PUBLISHED = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.]{5,15}(Z|[+-][0-9:]{4,6})?)?)?)?")


def _typed(text: str) -> str:
    if _CONTROLS.search(text):
        raise ValueError("must not hold control characters or lone surrogates")
    return text


def _written(text: str) -> str:
    """`text`, or ValueError where it holds nothing visible or characters that no one types."""
    if all(unicodedata.category(character)[0] in "ZC" for character in _typed(text)):
        raise ValueError("must hold at least one visible character")
    return text.strip()


def _day(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day written YYYY-MM-DD")
    day = valid_day(*map(int, value.split("-")))
    if day is None:
        raise ValueError("must be a day that the calendar has")
    return day


def _whole_number(value: object) -> object:
    """A whole number out of a query string: digits only, not ` 5 ` or `1_0`."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    return value


def _stated_date(value: str) -> str:
    parts = value[:10].split("-")
    padded = [int(part) for part in [*parts, "01", "01"][:3]] if _PUBLISHED.fullmatch(value) else []
    if not padded or valid_day(*padded) is None:
        raise ValueError(
            "must be a date written YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm+hh:mm"
        )
    return value


Day = Annotated[dt.date, BeforeValidator(_day)]
Question = Annotated[str, Field(max_length=MAX_QUESTION), AfterValidator(_written)]
Name = Annotated[str, Field(max_length=MAX_NAME), AfterValidator(_written)]
ArticleId = Annotated[str, Field(max_length=MAX_ID), AfterValidator(_written)]

_QUESTION = f"The question, in plain words; at most {MAX_QUESTION:,} characters."
_SOURCES = "Only articles of these sources, named as `/v1/sources` names them."


class Request(BaseModel):
    """A request: unknown fields are refused, nothing is coerced, no input is repeated in errors."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        frozen=True,
        allow_inf_nan=False,
        validate_by_name=False,
        validate_by_alias=True,
        hide_input_in_errors=True,
    )


class Narrowed(Request):
    """What a caller may fix about an answer, whichever way the question comes."""

    k: int = Field(5, ge=1, le=MAX_K, description="How many distinct stories to cite.")
    first: Day | None = Field(
        None, alias="from", description="Earliest day of publication, inclusive."
    )
    last: Day | None = Field(None, alias="to", description="Latest day of publication, inclusive.")
    as_of: Day | None = Field(
        None,
        description='Answer as on this day: later articles are hidden, "today" is then.',
    )
    sort: Sort = Field("relevance", description="Order of the citations.")

    @field_validator("last")
    @classmethod
    def _in_order(cls, last: dt.date | None, others: ValidationInfo) -> dt.date | None:
        first = others.data.get("first")
        if first is not None and last is not None and last < first:
            raise ValueError("must not lie before `from`")
        return last

    def _query(self, question: str, sources: list[str]) -> Query:
        window = window_of(self.first, self.last)
        return Query(question, self.k, window, tuple(sources), self.as_of, self.sort)


class AskRequest(Narrowed):
    """A question and what it may be answered from."""

    question: Question = Field(
        description=_QUESTION, examples=["How many people were evacuated in May 2020?"]
    )
    sources: list[Name] = Field([], max_length=MAX_SOURCES, description=_SOURCES)

    def query(self) -> Query:
        """The same request in the words of `qa.types`."""
        return self._query(self.question, self.sources)


class AskParameters(Narrowed):
    """The same request as the parameters of a URL, so that it can be shared."""

    q: Question = Field(
        description=_QUESTION, examples=["How many people were evacuated in May 2020?"]
    )
    k: Annotated[int, BeforeValidator(_whole_number)] = Field(
        5, ge=1, le=MAX_K, description="How many distinct stories to cite."
    )
    source: list[Name] = Field(
        [], max_length=MAX_SOURCES, description=_SOURCES + " Give it again for each source."
    )

    def query(self) -> Query:
        """The same request in the words of `qa.types`."""
        return self._query(self.q, self.source)


class VersionParameter(Request):
    """Which version of an article; absent: the newest."""

    version: Annotated[int, BeforeValidator(_whole_number)] | None = Field(
        None, ge=1, le=10**9, description="Version of the article; default: the newest."
    )


class VerifyRequest(Request):
    """A quote and where it stood when it was cited."""

    article_id: ArticleId = Field(description="The article's id.")
    version: int | None = Field(
        None, ge=1, le=10**9, description="Its version; default: the newest."
    )
    quote: str = Field(min_length=1, description="The quoted words, exactly.")
    start: int = Field(ge=0, le=10**9, description="First code point of the quote in the text.")
    end: int = Field(ge=1, le=10**9, description="Code point after the last.")

    @field_validator("end")
    @classmethod
    def _after_start(cls, end: int, others: ValidationInfo) -> int:
        if end <= others.data.get("start", -1):
            raise ValueError("must be greater than `start`")
        return end


class NewArticle(Request):
    """An article to store. Source and date that it does not state are read from its dateline."""

    text: str = Field(min_length=1, description="The body; control characters are removed.")
    id: ArticleId | None = Field(
        None, description="Kept as it is; default: the URL, else a digest of the text."
    )
    title: str | None = Field(None, max_length=MAX_ID)
    source: Name | None = Field(None, description="Publisher or agency.")
    published: Annotated[str, AfterValidator(_stated_date)] | None = Field(
        None, description="`YYYY`, `YYYY-MM`, `YYYY-MM-DD` or ISO 8601 with a time."
    )
    byline: str | None = Field(None, max_length=MAX_ID)
    place: list[Name] = Field([], max_length=20)
    url: str | None = Field(None, max_length=MAX_ID)
    language: str | None = Field(None, max_length=35, description="A BCP 47 tag.")

    def reading(self) -> Reading:
        """The article as the readers would assemble it from a file with the same fields."""
        digest = hashlib.sha256(self.text.encode("utf-8", "replace")).hexdigest()[:16]
        fields = Fields(
            id=self.id or self.url or f"sha256:{digest}",
            title=_cleaned(self.title),
            byline=_cleaned(self.byline),
            source=self.source,
            published=self.published,
            url=_cleaned(self.url),
            language=_cleaned(self.language),
            place=tuple(self.place),
        )
        return assemble(fields, self.text, name="request")


class ArticlesRequest(Request):
    """Articles to add or to replace; the same id with other content is a new version."""

    articles: list[NewArticle] = Field(min_length=1, max_length=MAX_ARTICLES)


def window_of(first: dt.date | None, last: dt.date | None) -> DateWindow | None:
    """The half-open window of two inclusive days; an absent one leaves that side open."""
    if first is None and last is None:
        return None
    end = dt.date.max if last is None or last == dt.date.max else last + dt.timedelta(days=1)
    return DateWindow(first or dt.date.min, end)


def _cleaned(text: str | None) -> str | None:
    return None if text is None else clean(text).text.strip() or None
