"""The reading of one question, top to bottom: sentences, spans, support, answer or abstention."""

from __future__ import annotations

from collections.abc import Sequence

from qa.reader.choose import Scored, likened, quotes_of, scored_sentences, searched
from qa.reader.conflict import conflicting
from qa.reader.evidence import SENTENCE_FEATURES, Rarity
from qa.reader.model import ReaderModel, load_model, logistic
from qa.reader.spans import SPAN_FEATURES
from qa.reader.support import SUPPORT_FEATURES, support_of
from qa.reader.task import Task
from qa.reader.weakness import weakness_of
from qa.types import (
    Article,
    Embedder,
    Hit,
    Query,
    ReadAnswer,
    StoredPassage,
    Understood,
    Vectors,
)


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
        threshold = self.model.threshold
        if not hits:
            return ReadAnswer((), None, 0.0, reason="no_match", threshold=threshold)
        task = Task(query.text, understood, hits, stored, articles, self.rarity)
        rough, best = ranked_sentences(task, self.model, embedder, question_vector)
        confidence = logistic(self.model.support.score(support_of(task, best)))
        figures = conflicting(task, best, self.model.sentence)
        quotes = quotes_of(task, rough, best, figures)
        if confidence < threshold:
            reason, weakness = weakness_of(task, best)
            return ReadAnswer(quotes, None, confidence, reason, weakness, threshold)
        hit = best[0].sentence.hit
        return ReadAnswer(quotes, hit, confidence, threshold=threshold, figures=figures)


def ranked_sentences(
    task: Task, model: ReaderModel, embedder: Embedder | None, question_vector: Vectors | None
) -> tuple[list[Scored], list[Scored]]:
    """All sentences by their cheap features, and the best few by all features; best first."""
    rough = scored_sentences(task, model.sentence)
    found = searched(task, rough, model.sentence, model.span)
    return rough, likened(task, found, model.sentence, embedder, question_vector)
