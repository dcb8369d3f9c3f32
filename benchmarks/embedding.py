"""Ways to embed, measured: speed, closeness to the float model, and what they find.

    python benchmarks/embedding.py [--corpus FILE.jsonl.gz --questions FILE.jsonl] [--json]

Rows: sentence-transformers in batches of 32, the exported graph with float weights, and with int8.
Speeds are medians over rounds in which every way has its turn. With a corpus (JSONL: id, text) and
questions (JSONL: question, evidence, also), dense-only retrieval is scored on articles: those that
the questions name, and `--distractors` others; a passage is 100 words, an article its best passage.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.embedder import OnnxEmbedder
from qa.export import SENTENCES, write_onnx
from qa.models import RECIPES, Export, default_model_folder
from qa.named_model import load
from qa.types import Vectors

WORDS = 100
ROUNDS = 3
Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Gold:
    """A question and the articles that count as right."""

    question: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Collection:
    """Passages with the article that each is from."""

    articles: Sequence[str]
    passages: Sequence[str]


def main() -> int:
    options = _options()
    gold = _gold(options.questions) if options.questions else []
    collection = _collection(options.corpus, gold, options.distractors)
    speed = random.Random(1).sample(list(collection.passages), options.passages)
    with tempfile.TemporaryDirectory() as folder:
        ways = _ways(Path(folder), options.threads)
        seconds = _timed(ways, speed, [entry.question for entry in gold] or list(SENTENCES[1:4]))
        vectors = {name: embed(collection.passages) for name, embed in ways.items() if gold}
        asked = {name: embed([g.question for g in gold]) for name, embed in ways.items() if gold}
        exact = ways["sentence-transformers"](speed)
        cosines = {name: (embed(speed) * exact).sum(axis=1) for name, embed in ways.items()}
    rows = [
        {
            "way": name,
            "passages_per_second": round(len(speed) / seconds[name][0], 1),
            "question_ms": round(seconds[name][1] * 1e3, 2),
            "cosine_mean": round(float(cosines[name].mean()), 5),
            "cosine_min": round(float(cosines[name].min()), 4),
            **(_quality(vectors[name], asked[name], collection, gold) if gold else {}),
        }
        for name in ways
    ]
    _print(rows, options.json)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", help="JSONL, gzipped or not, with id and text")
    parser.add_argument("--questions", help="JSONL with question, evidence and also")
    parser.add_argument("--distractors", type=int, default=3000, help="articles beside the gold")
    parser.add_argument("--passages", type=int, default=200, help="passages whose speed is taken")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if options.questions and not options.corpus:
        parser.error("--questions needs --corpus")
    return options


def _gold(path: str) -> list[Gold]:
    entries = map(json.loads, Path(path).read_text("utf-8").splitlines())
    return [
        Gold(
            entry["question"], frozenset(e["article_id"] for e in entry["evidence"]) | _also(entry)
        )
        for entry in entries
        if entry["evidence"]
    ]


def _also(entry: dict[str, Any]) -> frozenset[str]:
    return frozenset(a if isinstance(a, str) else a["article_id"] for a in entry.get("also", ()))


def _collection(path: str | None, gold: Sequence[Gold], distractors: int) -> Collection:
    """The named articles and some others; without a corpus, passages of invented sentences."""
    if path is None:
        words = " ".join(SENTENCES).split()
        draw = random.Random(2)
        texts = [" ".join(draw.choices(words, k=WORDS)) for _ in range(1000)]
        return Collection([str(n) for n in range(len(texts))], texts)
    raw = Path(path).read_bytes()
    lines = (gzip.decompress(raw) if path.endswith(".gz") else raw).decode("utf-8").splitlines()
    articles = [(str(a["id"]), str(a["text"])) for a in map(json.loads, lines)]
    named = frozenset[str]().union(*(entry.articles for entry in gold))
    others = [article for article in articles if article[0] not in named]
    random.Random(7).shuffle(others)
    chosen = [article for article in articles if article[0] in named] + others[:distractors]
    pairs = [(name, passage) for name, text in chosen for passage in _passages(text)]
    return Collection([name for name, _ in pairs], [passage for _, passage in pairs])


def _passages(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[n : n + WORDS]) for n in range(0, len(words), WORDS)]


def _ways(folder: Path, threads: int) -> dict[str, Embed]:
    encoder = load(default_model_folder(), threads)

    def plain(texts: Sequence[str]) -> Vectors:
        return np.asarray(encoder.encode(list(texts), show_progress_bar=False), dtype=np.float32)

    ways: dict[str, Embed] = {"sentence-transformers": plain}
    for recipe in reversed(RECIPES):
        own = folder / recipe
        own.mkdir()
        write_onnx(encoder, own / "model.onnx", int8=recipe == RECIPES[0])
        tokenizer = default_model_folder() / "tokenizer.json"
        (own / "tokenizer.json").write_bytes(tokenizer.read_bytes())
        ways[recipe] = OnnxEmbedder(Export(own, "", recipe), threads=threads).embed_passages
    return ways


def _timed(
    ways: dict[str, Embed], passages: Sequence[str], questions: Sequence[str]
) -> dict[str, tuple[float, float]]:
    """Median seconds for all passages, and for one question, of each way."""
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for embed in ways.values():
        embed(passages[:32])
    for _ in range(ROUNDS):
        for name, embed in ways.items():
            single = [_seconds(embed, [question]) for question in questions[:30]]
            rounds[name].append((_seconds(embed, passages), statistics.median(single)))
    return {
        name: (statistics.median(a for a, _ in found), statistics.median(b for _, b in found))
        for name, found in rounds.items()
    }


def _seconds(embed: Embed, texts: Sequence[str]) -> float:
    begun = time.perf_counter()
    embed(texts)
    return time.perf_counter() - begun


def _quality(
    passages: Vectors, questions: Vectors, collection: Collection, gold: Sequence[Gold]
) -> dict[str, float]:
    """hit@1, hit@5 and MRR over articles; an article's score is its best passage's."""
    names, index = np.unique(np.array(collection.articles), return_inverse=True)
    scores = np.full((len(gold), len(names)), -1, dtype=np.float32)
    for article, column in zip(index, (questions @ passages.T).T, strict=True):
        np.maximum(scores[:, article], column, out=scores[:, article])
    ranks = []
    for row, entry in zip(scores, gold, strict=True):
        best = max(row[np.isin(names, list(entry.articles))], default=np.float32(-2))
        ranks.append(1 + int((row > best).sum()))
    return {
        "hit@1": round(statistics.mean(rank <= 1 for rank in ranks), 4),
        "hit@5": round(statistics.mean(rank <= 5 for rank in ranks), 4),
        "mrr": round(statistics.mean(1 / rank for rank in ranks), 4),
    }


def _print(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        print(json.dumps(rows, indent=2))
        return
    print(" | ".join(rows[0]))
    for row in rows:
        print(" | ".join(str(value) for value in row.values()))


if __name__ == "__main__":
    sys.exit(main())
