"""The reading of one question, top to bottom: sentences, spans, support, answer or abstention."""

from __future__ import annotations

from collections.abc import Sequence

from qa.reader.choose import closely, evidence_of, quotes_of, scored_sentences
from qa.reader.conflict import conflicting
from qa.reader.evidence import ROUGH_FEATURES, SENTENCE_FEATURES
from qa.reader.model import ReaderModel, load_model, logistic
from qa.reader.network import Network, shipped_network
from qa.reader.spans import SPAN_FEATURES
from qa.reader.support import SUPPORT_FEATURES, support_of
from qa.reader.task import Task
from qa.reader.weakness import weakness_of
from qa.types import Article, Hit, Query, ReadAnswer, StoredPassage, Understood

WORDLESS = "The nearest articles hold no words."


class SpanReader:
    """Reads hits for the words that answer; the same question and hits give the same answer."""

    def __init__(self, network: Network | None = None, model: ReaderModel | None = None) -> None:
        """By default with the network and the model that come with the package."""
        self.network = network or shipped_network(threads=1)
        self.model = model or load_model(
            ROUGH_FEATURES, SENTENCE_FEATURES, SPAN_FEATURES, SUPPORT_FEATURES
        )

    def read(
        self,
        query: Query,
        understood: Understood,
        hits: Sequence[Hit],
        stored: Sequence[StoredPassage],
        articles: Sequence[Article],
    ) -> ReadAnswer:
        """A quote for every hit, the best of them with its answer, and how sure it is.

        `stored[i]` and `articles[i]` belong to `hits[i]`. `best` is None where the confidence lies
        under the threshold; `reason` and `weakness` then say why.
        """
        model, threshold = self.model, self.model.threshold
        if not hits:
            return ReadAnswer((), None, 0.0, reason="no_match", threshold=threshold)
        task = Task(query.text, understood, hits, stored, articles)
        rough = scored_sentences(task, model.rough)
        best = closely(task, rough, self.network, model.sentence, model.span)
        if not best:  # nothing but signs that no word is made of
            quotes = quotes_of(task, rough, best)
            return ReadAnswer(quotes, None, 0.0, weakness=WORDLESS, threshold=threshold)
        confidence = logistic(model.support.score(support_of(task, best)))
        figures = conflicting(task, best, model.sentence)
        quotes = quotes_of(task, rough, best, figures)
        evidence = evidence_of(best)
        if confidence < threshold:
            reason, weakness = weakness_of(task, best)
            return ReadAnswer(
                quotes, None, confidence, reason, weakness, threshold, evidence=evidence
            )
        hit = best[0].sentence.hit
        return ReadAnswer(
            quotes, hit, confidence, threshold=threshold, figures=figures, evidence=evidence
        )
