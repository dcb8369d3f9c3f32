"""From `qa.types` to the wire: where an answer becomes JSON, each quote checked first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from qa.errors import ArchiveError
from qa.types import (
    Abstention,
    Anchor,
    Answer,
    Article,
    Citation,
    Copy,
    DateWindow,
    EventDate,
    Finding,
    Published,
    Understood,
)
from qa.wire.bodies import (
    AbstentionBody,
    AnswerBody,
    AnswerText,
    ArticleBody,
    CitationBody,
    CitedPassage,
    Coverage,
    EventAnchor,
    Evidence,
    FigureBody,
    FoundBody,
    IngestBody,
    PublishedDate,
    RefusalBody,
    Reprint,
    ResolvedTime,
    SourceCount,
    SourcesBody,
    StatusBody,
    UnderstoodBody,
    VerificationBody,
    Window,
)

if TYPE_CHECKING:
    from qa.archive import Status, Verification
    from qa.ask import Found
    from qa.ingest import IngestReport


def answer_body(answer: Answer) -> AnswerBody:
    """Raises ArchiveError where a quote is not what its offsets say; nothing is sent then."""
    text = None
    if answer.answerable and answer.text is not None:
        text = AnswerText(
            text=answer.text,
            sentence=answer.sentence or answer.text,
            citation=answer.citations[answer.cited or 0].id,
            confidence=_rounded(answer.confidence),
        )
    return AnswerBody(
        question=answer.question,
        answerable=answer.answerable,
        answer=text,
        window=_window(answer.window),
        citations=[citation_body(c) for c in answer.citations],
        abstention=_abstention(answer.abstention),
        excluded_undated=answer.excluded_undated,
        snapshot=answer.snapshot,
        understood=_understood(answer.understood),
        conflict=[
            FigureBody(text=f.text, citation=answer.citations[f.citation].id)
            for f in answer.conflict
        ],
    )


def found_body(found: Found) -> FoundBody:
    """As `answer_body`, for a search."""
    return FoundBody(
        citations=[citation_body(c) for c in found.citations],
        window=_window(found.window),
        excluded_undated=found.excluded_undated,
        snapshot=found.snapshot,
        understood=_understood(found.understood),
    )


def citation_body(citation: Citation) -> CitationBody:
    """One citation, its quote checked against its passage first."""
    passage = citation.passage
    at = citation.start - passage.start
    if at < 0 or citation.passage_text[at : citation.end - passage.start] != citation.quote:
        raise ArchiveError("a quote is not what its offsets say; run `qa check --repair`")
    return CitationBody(
        id=citation.id,
        article_id=citation.article_id,
        version=citation.version,
        title=citation.title,
        source=citation.source,
        url=citation.url,
        published=published_date(citation.published),
        place=list(citation.place),
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        passage=CitedPassage(
            id=passage.id, text=citation.passage_text, start=passage.start, end=passage.end
        ),
        event_dates=[_resolved(e) for e in citation.event_dates],
        also=[_reprint(copy) for copy in citation.also],
        score=_rounded(citation.score),
        by={name: _rounded(part) for name, part in citation.by.items()},
    )


def article_body(article: Article) -> ArticleBody:
    """One article as stored."""
    return ArticleBody(
        id=article.id,
        version=article.version,
        title=article.title,
        source=article.source.name,
        source_method=article.source.method,
        published=published_date(article.published),
        byline=article.byline,
        place=list(article.place),
        url=article.url,
        language=article.language,
        text=article.text,
        findings=[_evidence(finding) for finding in article.findings],
    )


def sources_body(sources: Mapping[str, int]) -> SourcesBody:
    """The archive's sources, by name."""
    return SourcesBody(
        sources=[SourceCount(name=name, articles=sources[name]) for name in sorted(sources)]
    )


def verification_body(verification: Verification) -> VerificationBody:
    """What became of a quote."""
    moved = verification.moved_to
    return VerificationBody(
        stands=verification.stands,
        moved_to=list(moved) if moved else None,
        reason=verification.reason,
    )


def ingest_body(report: IngestReport) -> IngestBody:
    """What became of the articles of one run or request."""
    return IngestBody(
        new=report.new,
        changed=report.changed,
        same=report.same,
        empty=report.empty,
        passages=report.passages,
        undated=report.undated,
        unsourced=report.unsourced,
        disagreements=report.disagreements,
        refused=[RefusalBody(name=r.name, reason=r.reason) for r in report.refused],
        warnings=list(report.warnings),
        snapshot=report.snapshot,
    )


def status_body(status: Status) -> StatusBody:
    """What the archive holds."""
    return StatusBody(
        folder=status.folder,
        snapshot=status.snapshot,
        articles=status.articles,
        passages=status.passages,
        undated=status.undated,
        unsourced=status.unsourced,
        sources=dict(status.sources),
        coverage=_coverage(status.coverage),
        model=status.model,
        bytes=status.bytes,
    )


def answer_json(answer: Answer) -> dict[str, Any]:
    """The object that the API sends and `qa ask --json` prints."""
    return as_json(answer_body(answer))


def found_json(found: Found) -> dict[str, Any]:
    """The object that the API sends and `qa search --json` prints."""
    return as_json(found_body(found))


def article_json(article: Article) -> dict[str, Any]:
    """The object that the API sends for an article."""
    return as_json(article_body(article))


def as_json(body: BaseModel) -> dict[str, Any]:
    """A model as plain JSON values, under its wire names."""
    return body.model_dump(mode="json", by_alias=True)


def published_date(published: Published) -> PublishedDate:
    """A date of publication on the wire; the time keeps the offset that came with it."""
    value = published.value
    time = value.timetz().isoformat() if isinstance(value, dt.datetime) else None
    return PublishedDate(
        date=published.day, time=time, precision=published.precision, method=published.method
    )


def _window(window: DateWindow | None) -> Window | None:
    if window is None:
        return None
    first = None if window.start == dt.date.min else window.start
    last = None if window.end == dt.date.max else window.end - dt.timedelta(days=1)
    return Window(first=first, last=last, basis=window.basis)


def _resolved(event: EventDate) -> ResolvedTime:
    return ResolvedTime(
        text=event.text,
        start=event.start,
        end=event.end,
        first=event.first,
        last=event.last,
        precision=event.precision,
    )


def _reprint(copy: Copy) -> Reprint:
    return Reprint(
        article_id=copy.article_id,
        version=copy.version,
        source=copy.source,
        published=published_date(copy.published),
    )


def _evidence(finding: Finding) -> Evidence:
    return Evidence(
        field=finding.field,
        value=finding.value,
        method=finding.method,
        words=finding.words,
        start=finding.start,
        end=finding.end,
        won=finding.won,
    )


def _abstention(abstention: Abstention | None) -> AbstentionBody | None:
    if abstention is None:
        return None
    return AbstentionBody(
        reason=abstention.reason,
        detail=abstention.detail,
        nearest_score=_maybe_rounded(abstention.nearest_score),
        threshold=_maybe_rounded(abstention.threshold),
        coverage=_coverage(abstention.coverage),
    )


def _coverage(days: tuple[dt.date, dt.date] | None) -> Coverage | None:
    return Coverage(first=days[0], last=days[1]) if days else None


def _understood(understood: Understood) -> UnderstoodBody:
    return UnderstoodBody(
        asked=understood.asked,
        period=_window(understood.period),
        window=_window(understood.window),
        bounded=understood.bounded,
        order=understood.order,
        order_basis=understood.order_basis,
        sources=list(understood.sources),
        anchor=_anchor(understood.anchor),
    )


def _anchor(anchor: Anchor | None) -> EventAnchor | None:
    if anchor is None:
        return None
    return EventAnchor(
        relation=anchor.relation,
        event=anchor.event,
        basis=anchor.basis,
        date=anchor.found,
        article_id=anchor.article_id,
    )


def _maybe_rounded(score: float | None) -> float | None:
    return None if score is None else _rounded(score)


def _rounded(score: float) -> float:
    return round(float(score), 4)
