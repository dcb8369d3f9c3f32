"""The reading of one question, top to bottom: sentences, spans, support, answer or abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from qa.reader.asked import NAMES, QUANTITIES, Asked, read_asked
from qa.reader.evidence import (
    SENTENCE_FEATURES,
    Rarity,
    Report,
    Sentence,
    coverage,
    read_report,
    sentence_features,
    weights,
)
from qa.reader.model import ReaderModel, load_model, logistic
from qa.reader.spans import SPAN_FEATURES, Candidate, candidates, holds_kind
from qa.reader.support import SUPPORT_FEATURES, missing_names, support_features
from qa.types import (
    AbstentionReason,
    Article,
    Embedder,
    Hit,
    Query,
    ReadAnswer,
    Span,
    StoredPassage,
    Understood,
    Vectors,
)

READ_HITS = 5  # hits whose sentences compete for the answer; the others are only quoted
EMBEDDED = 5  # sentences whose likeness to the question is computed, about 2 ms each
SPAN_SENTENCES = 4  # sentences in which spans are looked for


@dataclass(frozen=True, slots=True)
class Scored:
    """A sentence with its features and score; `near` are the stems of its neighbours."""

    sentence: Sentence
    near: frozenset[str]
    features: tuple[float, ...]
    score: float
    cosine: float


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that was worked out about one question and its hits, before a decision."""

    asked: Asked
    weight: Mapping[str, float]
    reports: tuple[Report, ...]
    ranked: tuple[Scored, ...]  # best first, over all hits
    options: tuple[tuple[Candidate, float], ...]  # best first


class SpanReader:
    """Reads hits for the words that answer; the same question and hits give the same answer."""

    def __init__(self, model: ReaderModel | None = None, rarity: Rarity | None = None) -> None:
        self.model = model or load_model(SENTENCE_FEATURES, SPAN_FEATURES, SUPPORT_FEATURES)
        self.rarity = rarity

    def read(
        self,
        query: Query,
        understood: Understood,
        hits: Sequence[Hit],
        texts: Sequence[str],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
        embedder: Embedder | None = None,
        question_vector: Vectors | None = None,
    ) -> ReadAnswer:
        """A quote for every hit, the best of them with its answer, and how sure it is.

        `texts[i]`, `stored[i]` and `articles[i]` belong to `hits[i]`. `best` is None where the
        confidence lies under the threshold; `reason` and `weakness` then say why.
        """
        if not hits:
            return ReadAnswer(
                quotes=(),
                best=None,
                confidence=0.0,
                reason="no_match",
                threshold=self.model.threshold,
            )
        page = self.study(
            query, understood, hits, texts, stored, articles, embedder, question_vector
        )
        support = self.support(page, understood, texts, articles)
        confidence = logistic(self.model.support.score(support))
        quotes = list(_quotes(page, len(hits), stored))
        best = page.options[0][0] if page.options else None
        sentence = best.sentence if best else page.ranked[0].sentence
        quotes[sentence.hit] = _answer_span(page, texts, sentence, best)
        if confidence < self.model.threshold:
            reason, weakness = _weakness(query, page)
            return ReadAnswer(
                tuple(quotes), None, confidence, reason, weakness, self.model.threshold
            )
        return ReadAnswer(tuple(quotes), sentence.hit, confidence, threshold=self.model.threshold)

    def study(
        self,
        query: Query,
        understood: Understood,
        hits: Sequence[Hit],
        texts: Sequence[str],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
        embedder: Embedder | None = None,
        question_vector: Vectors | None = None,
    ) -> Page:
        """Sentences and candidate spans with features and scores; what learning starts from."""
        asked = read_asked(query.text, understood.asked == "when", understood.asked == "yes-no")
        weight = weights(asked, self.rarity)
        reports = tuple(
            read_report(
                texts[n],
                articles[n].title,
                stored[n].passage.start,
                stored[n].passage.end,
                n,
                hits[n].score,
            )
            for n in range(len(hits))
        )
        scored = self._scored(asked, weight, understood, reports, texts, stored, articles)
        ranked = self._with_likeness(scored, texts, embedder, question_vector)
        options = []
        read = [s for s in ranked if s.sentence.hit < READ_HITS][:SPAN_SENTENCES]
        for one in read:
            events = stored[one.sentence.hit].event_dates
            text = texts[one.sentence.hit]
            for candidate in candidates(text, one.sentence, asked, weight, events, one.score):
                score = self.model.span[span_group(asked)].score(candidate.features)
                options.append((candidate, score))
        options.sort(key=lambda option: -option[1])
        return Page(asked, weight, reports, tuple(ranked), tuple(options))

    def _scored(
        self,
        asked: Asked,
        weight: Mapping[str, float],
        understood: Understood,
        reports: Sequence[Report],
        texts: Sequence[str],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
    ) -> list[Scored]:
        found = []
        for n, report in enumerate(reports):
            agreement = _agreement(understood, articles[n])
            for place, sentence in enumerate(report.sentences):
                near = _near(report, place)
                typed = holds_kind(texts[n], sentence, asked, stored[n].event_dates)
                features = sentence_features(
                    sentence, report, near, asked, weight,
                    cosine=0.0, typed=typed, in_window=agreement,
                )  # fmt: skip
                score = self.model.sentence.score(features)
                found.append(Scored(sentence, near, features, score, 0.0))
        return sorted(found, key=lambda one: -one.score)

    def _with_likeness(
        self,
        scored: list[Scored],
        texts: Sequence[str],
        embedder: Embedder | None,
        question_vector: Vectors | None,
    ) -> list[Scored]:
        """The first few sentences scored again with their likeness to the question."""
        if embedder is None or question_vector is None:
            return scored
        head = [one for one in scored if one.sentence.hit < READ_HITS][:EMBEDDED]
        quotes = [texts[s.sentence.hit][s.sentence.start : s.sentence.end] for s in head]
        likeness = embedder.embed_passages(quotes) @ question_vector
        at = SENTENCE_FEATURES.index("cosine")
        again = []
        for one, cosine in zip(head, np.asarray(likeness).tolist(), strict=True):
            features = (*one.features[:at], float(cosine), *one.features[at + 1 :])
            score = self.model.sentence.score(features)
            again.append(Scored(one.sentence, one.near, features, score, float(cosine)))
        chosen = {id(one) for one in head}
        rest = [one for one in scored if id(one) not in chosen]
        return [*sorted(again, key=lambda one: -one.score), *rest]

    def support(
        self,
        page: Page,
        understood: Understood,
        texts: Sequence[str],
        articles: Sequence[Article],
    ) -> tuple[float, ...]:
        """What supports the best answer, in the order of SUPPORT_FEATURES."""
        best = page.options[0] if page.options else None
        sentence = best[0].sentence if best else page.ranked[0].sentence
        one = next(s for s in page.ranked if s.sentence == sentence)
        report = page.reports[sentence.hit]
        focus_at = SPAN_FEATURES.index("focus_after"), SPAN_FEATURES.index("focus_near")
        focus = max(best[0].features[at] for at in focus_at) if best else 0.0
        other = [s for s in page.ranked if s.sentence.hit != sentence.hit]
        second = page.options[1][1] if len(page.options) > 1 else 0.0
        return support_features(
            texts[sentence.hit], sentence, one.near, report, page.asked, understood, page.weight,
            articles[sentence.hit].published.day,
            typed=one.features[SENTENCE_FEATURES.index("typed")] > 0,
            focus=focus,
            span_score=best[1] if best else 0.0,
            margin=min(3.0, best[1] - second) if best else 0.0,
            cosine=one.cosine,
            second=coverage(page.weight, other[0].sentence.stems) if other else 0.0,
        )  # fmt: skip


def span_group(asked: Asked) -> str:
    """The group of kinds that share one span model."""
    if asked.kind == "date":
        return "date"
    if asked.kind in QUANTITIES:
        return "figure"
    return "name" if asked.kind in NAMES else "phrase"


def _near(report: Report, place: int) -> frozenset[str]:
    """Stems of the sentences just before and after."""
    around = report.sentences[max(0, place - 1) : place] + report.sentences[place + 1 : place + 2]
    return frozenset().union(*(sentence.stems for sentence in around)) if around else frozenset()


def _agreement(understood: Understood, article: Article) -> float:
    """1 where the article's date fits the time asked for, 0 where not, 1/2 where none is."""
    days = article.published.days
    if understood.window is None or days is None:
        return 0.5
    return float(understood.window.overlaps(*days))


def _quotes(page: Page, count: int, stored: Sequence[StoredPassage]) -> list[Span]:
    """The best sentence of each hit; the passage itself where it has none."""
    best: dict[int, Sentence] = {}
    for one in page.ranked:
        best.setdefault(one.sentence.hit, one.sentence)
    spans = []
    for n in range(count):
        sentence = best.get(n)
        passage = stored[n].passage
        spans.append(
            Span(n, sentence.start, sentence.end, "")
            if sentence
            else Span(n, passage.start, passage.end, "")
        )
    return spans


def _answer_span(
    page: Page, texts: Sequence[str], sentence: Sentence, best: Candidate | None
) -> Span:
    """The quote with the answer inside it; a calendar date where a time was asked for."""
    text = texts[sentence.hit]
    if best is None or page.asked.kind == "yes-no":
        return Span(sentence.hit, sentence.start, sentence.end, text[sentence.start : sentence.end])
    answer = text[best.start : best.end]
    if best.event is not None:
        exact = best.event.precision == "day"
        answer = best.event.first.isoformat() if exact else best.event.first.isoformat()[:7]
    return Span(sentence.hit, sentence.start, sentence.end, answer)


def _weakness(query: Query, page: Page) -> tuple[AbstentionReason, str]:
    absent = missing_names(query.text, page.asked, page.reports)
    if absent:
        return "no_match", f"No article found mentions {absent[0]}."
    return "weak_match", "The nearest articles are about this, but none says what is asked."
