"""How well the reader reads, cross-validated; with --learn, writes what it learnt.

    python benchmarks/reader.py --ask DIR FILE [--ask DIR FILE ...] [--learn] [--json] [--plot FILE]

The questions of each FILE are asked of the archive in DIR as users ask them, and the hits are kept.
One ranking of all sentences is fitted on all questions; the network (benchmarks/network.py, which
has seen none of them) reads the best. In each of five folds three models are fitted on the other
four: spans (which words of the evidence sentence are the answer), sentences (which of those read is
the evidence), support (is the question answerable at all). Every figure printed is about questions
that none of the three was fitted on. The whole is repeated with other folds; figures are means over
the repeats. Each question is also read against the hits of another question, as one that the
archive knows nothing of: such readings are learnt from, so that strangeness is refused, but not
counted in the figures.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from reader_fit import expected_calibration_error, folds, listwise, named, signed_logistic

from qa.ask import ask
from qa.embedder import open_embedder
from qa.evaluate import Question, read_questions
from qa.evaluate.measures import auroc, normalised, token_f1
from qa.evaluate.questions import with_quotes
from qa.reader import shipped_network
from qa.reader.choose import (
    Scored,
    answer_text,
    closely,
    ordered,
    promise,
    quote_window,
    scored_sentences,
    span_group,
)
from qa.reader.evidence import ROUGH_FEATURES, SENTENCE_FEATURES, Sentence
from qa.reader.model import Linear, ReaderModel, logistic
from qa.reader.network import Network
from qa.reader.spans import SPAN_FEATURES
from qa.reader.support import SUPPORT_FEATURES, SUPPORT_SIGNS, support_of
from qa.reader.task import READ_HITS, Task
from qa.settings import Settings
from qa.store import ArchiveStore
from qa.types import Query, ReadAnswer, Span

GROUPS = ("count", "figure", "name", "phrase", "date")
FOLDS, REPEATS = 5, 5
SPAN_RIDGE, SENTENCE_RIDGE, SUPPORT_RIDGE = 1.5, 2.5, 3.0
REFUSED = 0.06  # false refusals that the threshold allows among the questions learnt from
SAME_ANSWER = 0.3  # weight of a sentence that says the same beside the evidence sentence
STORIES = 10  # hits asked for
EVERY = 10**6
STRANGER = 101  # how many questions on the hits of a foreign reading are taken from
FOREIGN_WEIGHT = 0.25  # of a foreign reading in the fit of the confidence
# How archives and the questions for each are named on the command line.
PAIRS: dict[str, Any] = {
    "nargs": 2,
    "action": "append",
    "metavar": ("DIR", "FILE"),
    "required": True,
}
TARGET = Path(__file__).resolve().parent.parent / "qa" / "reader" / "model.json"


@dataclass(slots=True)
class Case:
    """A question with its sentences and spans, and which of them are right.

    `every` are all sentences, `sentences` those that the network has read.
    """

    question: Question
    task: Task
    foreign: bool  # read against the hits of another question
    every: list[Scored]
    every_evidence: np.ndarray  # 1 for an evidence sentence, less for one that says the same
    sentences: list[Scored]
    evidence: np.ndarray
    spans: list[np.ndarray]  # F1 of each span of each sentence


class Recorder:
    """Stands in for the reader, and keeps what it was given to read."""

    def __init__(self) -> None:
        self.given: tuple[Any, ...] = ()

    def read(self, *given: Any) -> ReadAnswer:
        """Nothing is answered; every passage is its own quote."""
        self.given = given
        spans = (Span(n, one.passage.start, one.passage.end, "") for n, one in enumerate(given[3]))
        return ReadAnswer(tuple(spans), None, 0.0)


def blank_model() -> ReaderModel:
    """All weights 0: for the features of every sentence and every span."""
    rough = Linear((0.0,) * len(ROUGH_FEATURES))
    nothing = Linear((0.0,) * len(SENTENCE_FEATURES))
    spans = {group: Linear((0.0,) * len(SPAN_FEATURES)) for group in GROUPS}
    return ReaderModel(rough, nothing, spans, Linear((0.0,) * len(SUPPORT_FEATURES)), 0.0)


def cases_of(index: Path, questions: Sequence[Question]) -> list[Case]:
    """Ask every question, and lay out what its hits hold."""
    today = datetime.now(UTC).date()
    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=1)
    recorder, cases = Recorder(), []
    read: list[tuple[Any, Any, Any]] = []
    asking: list[tuple[str, Any]] = []
    store = ArchiveStore.open(
        index, fingerprint=embedder.fingerprint, dimension=embedder.dimension, writing=False
    )
    snapshot = store.snapshot()
    for question in with_quotes(questions, snapshot):
        as_of = date.fromisoformat(question.as_of) if question.as_of else None
        query = Query(question.text, k=STORIES, as_of=as_of)
        ask(query, snapshot, embedder, recorder, today)  # type: ignore[arg-type]
        asked, understood, hits, stored, articles = recorder.given
        if hits:
            cases.append(case_of(question, Task(asked.text, understood, hits, stored, articles)))
            read.append((hits, stored, articles))
            asking.append((asked.text, understood))
    for n, (text, understood) in enumerate(asking):
        task = Task(text, understood, *read[(n + STRANGER) % len(read)])
        cases.append(case_of(cases[n].question, task, foreign=True))
    store.close()
    return cases


def case_of(question: Question, task: Task, foreign: bool = False) -> Case:
    """Every sentence of the hits that compete, with labels; none is read yet."""
    found = [
        one
        for one in scored_sentences(task, blank_model().rough, typed=EVERY)
        if one.sentence.hit < READ_HITS
    ]
    evidence = np.array([evidence_of(question, task, one.sentence) for one in found])
    return Case(question, task, foreign, found, evidence, [], np.zeros(0), [])


def read_closely(case: Case, rough: Linear, network: Network) -> None:
    """Let the network read the best sentences by `rough`, and label what it has read."""
    width, blank = len(ROUGH_FEATURES), blank_model()
    order = ordered([replace(one, score=rough.score(one.features[:width])) for one in case.every])
    case.sentences = closely(case.task, order, network, blank.sentence, blank.span)
    case.evidence = np.array(
        [evidence_of(case.question, case.task, s.sentence) for s in case.sentences]
    )
    case.spans = [
        np.array([_right(case.question, case.task, one, n) for n in range(len(one.options))])
        for one in case.sentences
    ]


def fit_rough(cases: Sequence[Case]) -> Linear:
    """A ranking of all sentences of the hits by what is cheap to know."""
    lists, targets = [], []
    for case in cases:
        if not case.foreign and case.every_evidence.max(initial=0.0) == 1.0:
            lists.append(np.array([one.features[: len(ROUGH_FEATURES)] for one in case.every]))
            targets.append(case.every_evidence / case.every_evidence.sum())
    return Linear(tuple(listwise(lists, targets, SENTENCE_RIDGE).tolist()))


def evidence_of(question: Question, task: Task, sentence: Sentence) -> float:
    """1 for a sentence of the evidence, SAME_ANSWER for one that holds the answer too, else 0."""
    article = task.articles[sentence.hit].id
    quote = normalised(task.quote(sentence))
    for gold in question.evidence:
        words = normalised(gold.quote)
        if article == gold.article_id and len(quote) > 15 and (quote in words or words in quote):
            return 1.0
    same = article in question.relevant and question.type != "when"
    return SAME_ANSWER if same and _holds(question, task.quote(sentence)) else 0.0


def _holds(question: Question, quote: str) -> bool:
    padded = f" {normalised(quote)} "
    return any(f" {normalised(answer)} " in padded for answer in question.answers)


def _right(question: Question, task: Task, one: Scored, choice: int) -> float:
    if task.articles[one.sentence.hit].id not in question.relevant:
        return 0.0
    text = answer_text(task, one, choice)
    if question.answer_date:
        return float(text == question.answer_date)
    score = token_f1(text, question.answers)
    return score if score >= 0.5 else 0.0


def fit_spans(cases: Sequence[Case]) -> dict[str, Linear]:
    """A ranking of the spans inside an evidence sentence, for each group of kinds."""
    models = {}
    for group in GROUPS:
        lists, targets = [], []
        for case in cases:
            if (
                case.foreign
                or span_group(case.task.asked) != group
                or case.question.type == "multi"
            ):
                continue
            for one, evidence, right in zip(case.sentences, case.evidence, case.spans, strict=True):
                if evidence == 1.0 and right.size and right.max() > 0:
                    wanted = np.where(right >= right.max() - 0.05, right, 0.0)
                    lists.append(np.array([option.features for option, _ in one.options]))
                    targets.append(wanted / wanted.sum())
        width = len(SPAN_FEATURES)
        weights = listwise(lists, targets, SPAN_RIDGE) if lists else np.zeros(width)
        models[group] = Linear(tuple(weights.tolist()))
    return models


def respanned(case: Case, spans: dict[str, Linear]) -> list[Scored]:
    """The sentences with their spans in the order of the fitted model."""
    group = span_group(case.task.asked)
    found = []
    for one in case.sentences:
        options = sorted(
            ((option, spans[group].score(option.features)) for option, _ in one.options),
            key=lambda option: -option[1],
        )
        features = list(one.features)
        for name, value in promise(group, options).items():
            features[SENTENCE_FEATURES.index(name)] = value
        found.append(replace(one, features=tuple(features), options=tuple(options)))
    return found


def fit_sentences(cases: Sequence[Case], spans: dict[str, Linear]) -> Linear:
    """A ranking of all sentences that puts the evidence first."""
    lists, targets = [], []
    for case in cases:
        if not case.foreign and case.evidence.max(initial=0.0) == 1.0:
            lists.append(np.array([one.features for one in respanned(case, spans)]))
            targets.append(case.evidence / case.evidence.sum())
    return Linear(tuple(listwise(lists, targets, SENTENCE_RIDGE).tolist()))


def read_case(case: Case, model: ReaderModel) -> list[Scored]:
    """The best sentences as the reader would rank them at run time."""
    found = [
        replace(one, score=model.sentence.score(one.features))
        for one in respanned(case, dict(model.span))
    ]
    return ordered(found)


def fit_support(rows: np.ndarray, answerable: np.ndarray, weight: np.ndarray) -> Linear:
    """The confidence: a logistic regression with the signs that the features must have."""
    signs = [SUPPORT_SIGNS[name] for name in SUPPORT_FEATURES]
    weights, bias = signed_logistic(rows, answerable, weight, signs, SUPPORT_RIDGE)
    return Linear(tuple(weights.tolist()), bias)


def judged(case: Case, best: Sequence[Scored]) -> dict[str, Any]:
    """What the first answer is worth."""
    one, question = best[0], case.question
    start, end = quote_window(case.task, best)
    text = answer_text(case.task, one)
    return {
        "f1": token_f1(text, question.answers),
        "sentence": evidence_of(question, case.task, one.sentence) == 1.0,
        "quoted": _holds(question, case.task.text(one.sentence)[start:end]),
        "article": case.task.articles[one.sentence.hit].id in question.relevant,
        "date": text == question.answer_date,
    }


def cross_validated(cases: Sequence[Case], seed: int) -> tuple[list[dict[str, Any]], np.ndarray]:
    """For each case the worth of its first answer and its support, by models of other folds."""
    of = question_folds(cases, seed)
    worth: list[dict[str, Any]] = [{} for _ in cases]
    support = np.zeros((len(cases), len(SUPPORT_FEATURES)))
    for fold in range(FOLDS):
        others = [case for case, at in zip(cases, of, strict=True) if at != fold]
        spans = fit_spans(others)
        model = replace(blank_model(), span=spans, sentence=fit_sentences(others, spans))
        for n in np.flatnonzero(of == fold):
            best = read_case(cases[n], model)
            worth[n] = judged(cases[n], best)
            support[n] = support_of(cases[n].task, best)
    return worth, support


def question_folds(cases: Sequence[Case], seed: int) -> np.ndarray:
    """Folds by question, so that a question and its foreign reading are learnt from together."""
    types = {case.question.id: case.question.type for case in cases}
    of = dict(zip(types, folds(list(types.values()), FOLDS, seed), strict=True))
    return np.array([of[case.question.id] for case in cases])


def held(cases: Sequence[Case]) -> np.ndarray:
    """Whether the hits of each case answer its question."""
    return np.array([case.question.answerable and not case.foreign for case in cases])


def weights_of(cases: Sequence[Case]) -> np.ndarray:
    """How much each case counts in the fit of the confidence."""
    return np.array([FOREIGN_WEIGHT if case.foreign else 1.0 for case in cases])


def confidences(
    cases: Sequence[Case], support: np.ndarray, seed: int
) -> tuple[np.ndarray, np.ndarray, float]:
    """Cross-validated confidence of each case, whether it is refused, and the mean threshold."""
    answers, weight = held(cases), weights_of(cases)
    of = question_folds(cases, seed + 1000)
    found, thresholds, refused = np.zeros(len(cases)), [], np.zeros(len(cases), bool)
    for fold in range(FOLDS):
        mine = of == fold
        model = fit_support(support[~mine], answers[~mine], weight[~mine])
        ours = np.array([logistic(model.score(row)) for row in support[~mine & answers]])
        thresholds.append(float(np.quantile(ours, REFUSED)))
        found[mine] = [logistic(model.score(row)) for row in support[mine]]
        refused[mine] = found[mine] < thresholds[-1]
    return found, refused, float(np.mean(thresholds))


def measured(cases: Sequence[Case]) -> dict[str, Any]:
    """All figures, as means over the repeats; foreign readings are counted apart."""
    answers = held(cases)
    own = np.array([not case.foreign for case in cases])
    kinds = [case.question.type if not case.foreign else "foreign" for case in cases]
    worths, rows, all_confidence = [], [], []
    for seed in range(REPEATS):
        worth, support = cross_validated(cases, seed)
        confidence, refused, _ = confidences(cases, support, seed)
        worths.append(worth)
        all_confidence.append(confidence[own])
        near_miss = own & ~answers
        rows.append(
            {
                "auroc": auroc(confidence[answers].tolist(), confidence[near_miss].tolist()),
                "abstains": float(refused[near_miss].mean()),
                "false_refusals": float(refused[answers].mean()),
                "foreign_refused": float(refused[~own].mean()),
            }
        )
    by_type = {
        kind: {
            "questions": kinds.count(kind),
            **{
                name: float(np.mean([w[n][name] for w in worths for n in _of(kinds, kind)]))
                for name in ("f1", "quoted", "sentence", "article", "date")
            },
        }
        for kind in sorted(set(kinds) - {"unanswerable", "foreign"})
    }
    error, table = expected_calibration_error(
        np.concatenate(all_confidence).tolist(), np.tile(answers[own], REPEATS).tolist()
    )
    means = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    spread = {f"{name}_sd": float(np.std([row[name] for row in rows])) for name in rows[0]}
    return {"by_type": by_type, **means, **spread, "ece": error, "reliability": table}


def _of(kinds: Sequence[str], kind: str) -> list[int]:
    return [n for n, other in enumerate(kinds) if other == kind]


def learnt(cases: Sequence[Case], rough: Linear, run: dict[str, Any]) -> dict[str, Any]:
    """The model of all cases; its support is fitted on cross-validated sentences and spans."""
    spans = fit_spans(cases)
    sentence = fit_sentences(cases, spans)
    supports = [cross_validated(cases, seed)[1] for seed in range(REPEATS)]
    answers, weight = np.tile(held(cases), REPEATS), np.tile(weights_of(cases), REPEATS)
    support = fit_support(np.concatenate(supports), answers, weight / REPEATS)
    thresholds = [confidences(cases, rows, seed)[2] for seed, rows in enumerate(supports)]
    return {
        "run": run,
        "threshold": round(float(np.mean(thresholds)), 4),
        "rough": named(ROUGH_FEATURES, np.array(rough.weights)),
        "sentence": named(SENTENCE_FEATURES, np.array(sentence.weights)),
        "span": {
            group: named(SPAN_FEATURES, np.array(one.weights)) for group, one in spans.items()
        },
        "support": named(SUPPORT_FEATURES, np.array(support.weights), support.bias),
    }


def plot(table: Sequence[dict[str, float]], path: Path) -> None:
    """The reliability diagram: confidence against the share of answerable questions."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(4, 4))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot([row["confidence"] for row in table], [row["right"] for row in table], marker="o")
    axes.set_xlabel("confidence")
    axes.set_ylabel("share answerable")
    figure.tight_layout()
    figure.savefig(path)


def show(figures: dict[str, Any]) -> None:
    """The figures as a table."""
    print(f"{'type':10}{'n':>5}{'F1':>8}{'quoted':>8}{'sentence':>10}{'article':>9}{'date':>7}")
    for kind, row in figures["by_type"].items():
        print(
            f"{kind:10}{row['questions']:5}{row['f1']:8.3f}{row['quoted']:8.3f}"
            f"{row['sentence']:10.3f}{row['article']:9.3f}{row['date']:7.3f}"
        )
    print(
        f"AUROC {figures['auroc']:.3f} (sd {figures['auroc_sd']:.3f}), abstains on "
        f"{figures['abstains']:.3f} with {figures['false_refusals']:.3f} false refusals, "
        f"ECE {figures['ece']:.3f}; refuses {figures['foreign_refused']:.3f} of foreign readings"
    )
    for row in figures["reliability"]:
        print(
            f"  confidence {row['from']:.1f}-{row['to']:.1f}: {row['questions']:5d} readings, "
            f"mean {row['confidence']:.3f}, answerable {row['right']:.3f}"
        )


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ask", **PAIRS)
    parser.add_argument("--learn", action="store_true", help="write qa/reader/model.json")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--plot", type=Path)
    options = parser.parse_args()
    network = shipped_network(threads=2)
    cases = [
        case
        for index, file in options.ask
        for case in cases_of(Path(index), read_questions(Path(file)))
    ]
    rough = fit_rough(cases)
    for case in cases:
        read_closely(case, rough, network)
    figures = measured(cases)
    if options.learn:
        run = {
            "date": datetime.now(UTC).date().isoformat(),
            "questions": [f"{Path(file).name}" for _, file in options.ask],
            "count": len(cases) // 2,
            "seeds": list(range(REPEATS)),
            "folds": FOLDS,
            "ridges": [SPAN_RIDGE, SENTENCE_RIDGE, SUPPORT_RIDGE],
            "cross_validated": {
                name: round(figures[name], 3)
                for name in ("auroc", "abstains", "false_refusals", "foreign_refused", "ece")
            },
        }
        TARGET.write_text(json.dumps(learnt(cases, rough, run), indent=1) + "\n", encoding="utf-8")
    if options.plot:
        plot(figures["reliability"], options.plot)
    if options.json:
        print(json.dumps(figures, indent=1))
    else:
        show(figures)


if __name__ == "__main__":
    main()
