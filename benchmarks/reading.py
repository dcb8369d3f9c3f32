"""How well and how fast raw copy is read: `python benchmarks/reading.py [--sample N]`.

Prints, for the gold articles and the two corpora beside the project: how often source, date and
place are right, how many look-alikes are left alone, and articles a second on one core.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from qa.dates import MONTHS
from qa.reading.dateline import find_dateline
from qa.reading.inspect import inspect_jsonl_row
from qa.reading.plain import read_plain

PROJECT = Path(__file__).resolve().parent.parent
LABELS = PROJECT / "tests" / "data" / "reuters2006_labels.tsv"
SEED = 21578
Row = Mapping[str, Any]
Figures = dict[str, float]

# "CITY[, Region], Mon D -": the form of the dateline field that can be told without a grammar.
_FIELD = re.compile(
    r"([^,]+?)\s*(?:,[^,]*?){0,2},\s*([A-Za-z]{3,9})\.?\s*(\d{1,2})\s*,?\s*-.*", re.DOTALL
)


def read_rows(path: Path) -> list[Row]:
    """The rows of a JSON-lines file, gzipped or not."""
    raw = path.read_bytes()
    lines = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


def sampled(rows: list[Row], count: int) -> list[Row]:
    """`count` of the rows, always the same; all of them where `count` is 0."""
    return rows if not count or count >= len(rows) else random.Random(SEED).sample(rows, count)


def gold_figures(path: Path) -> Figures:
    """Share of gold articles whose field is as the gold says; place as a whole list."""
    right: dict[str, list[bool]] = {}
    for row in read_rows(path):
        gold, got = row["gold"], inspect_jsonl_row(row["id"], row["raw"])
        checks = {
            "source": got["source"] == gold["source"],
            "published": got["published"] == gold["published"]
            and got["published_precision"] == gold["published_precision"],
            "place": (got["place"] or []) == (gold["place"] or []),
            "dateline_text": got["dateline_text"] == gold["dateline_text"],
        }
        if "negative" in row["tags"]:
            checks["negatives left alone"] = not got["place"] and not got["dateline_text"]
        for name in ("title", "byline"):
            if name in gold:
                checks[name] = got[name] == gold[name]
        for name, correct in checks.items():
            right.setdefault(name, []).append(correct)
    return {name: sum(marks) / len(marks) for name, marks in right.items()}


def wire_1987_figures(path: Path, count: int = 0) -> Figures:
    """Place and month-day against the `dateline` field, over the fields that hold a dateline."""
    place = day = total = 0
    for row in sampled(read_rows(path), count):
        expected = _expected(row["dateline"])
        if expected is None:
            continue
        found = find_dateline(f"{row['title']}\n    {row['dateline']} {row['text']}")
        total += 1
        place += found is not None and "/".join(found.place).lower() == expected[0]
        day += found is not None and (found.month, found.day) == expected[1:]
    return {"datelines": float(total), "place": place / total, "month-day": day / total}


def _expected(dateline: str | None) -> tuple[str, int, int] | None:
    """City in lower case, month and day of a regular dateline field."""
    found = _FIELD.fullmatch(dateline.strip()) if dateline else None
    month = MONTHS.get(found[2].lower()) if found else None
    return (found[1].strip("*- ").lower(), month, int(found[3])) if found and month else None


def wire_2006_figures(path: Path, count: int = 0) -> Figures:
    """The published field's local day; source and place against the labels made by hand."""
    rows = read_rows(path)
    days = []
    for row in sampled(rows, count):
        text = f"date: {row['published']}\ntitle: {row['title']}\n\n{row['text']}"
        article = next(read_plain(text, name=row["id"])).article
        expected = time.strptime(re.sub(r" [\d:]+[ap]m \w+$", "", row["published"]), "%a %b %d, %Y")
        days.append(article.published.day is not None
                    and article.published.day.timetuple()[:3] == expected[:3])  # fmt: skip
    texts = {row["id"]: row["text"] for row in rows}
    figures = {"published": sum(days) / len(days)}
    for sample in ("random", "unusual"):
        labelled = [label for label in read_labels() if label[3] == sample]
        got = [next(read_plain(texts[i], name=i)).article for i, *_ in labelled]
        pairs = list(zip(labelled, got, strict=True))
        figures[f"source, {sample}"] = sum(a.source.name == x[1] for x, a in pairs) / len(pairs)
        figures[f"place, {sample}"] = sum("/".join(a.place) == x[2] for x, a in pairs) / len(pairs)
    return figures


def read_labels() -> Iterator[tuple[str, str, str, str]]:
    """Id, source, places divided by a slash, and sample of each labelled article."""
    for line in LABELS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            row, source, place, sample = line.split("\t")
            yield row, source, place, sample


def articles_a_second(texts: Iterable[str], read: Callable[[str], object]) -> float:
    """Throughput of `read` on one core, by processor time."""
    texts = list(texts)
    begin = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - begin)


def plain_speed(path: Path, count: int = 2000) -> float:
    """Plain-text articles a second, each with its header line and title in front."""
    rows = sampled(read_rows(path), count)
    texts = [f"date: {row['published']}\ntitle: {row['title']}\n\n{row['text']}" for row in rows]
    return articles_a_second(texts, lambda text: list(read_plain(text, name="speed")))


def show(title: str, figures: Figures) -> None:
    print(title)
    for name, value in figures.items():
        print(f"  {name:<24}{value:>10.4f}" if value <= 1 else f"  {name:<24}{value:>10.0f}")


def main() -> None:
    from reading_html import main as html_speed  # stands beside this script

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=PROJECT.parent / "shared")
    parser.add_argument("--sample", type=int, default=0, help="articles of each corpus; 0 for all")
    given = parser.parse_args()
    corpora = given.shared / "corpora"
    show("gold articles", gold_figures(given.shared / "gold" / "dateline_dev.jsonl"))
    show("wire of 1987", wire_1987_figures(corpora / "reuters21578.jsonl.gz", given.sample))
    show(
        "wire of 2006-2013", wire_2006_figures(corpora / "reuters2006-2013.jsonl.gz", given.sample)
    )
    show("articles a second", {
        "plain, 2006-2013": plain_speed(corpora / "reuters2006-2013.jsonl.gz"),
        "plain, 1987": plain_speed(corpora / "reuters21578.jsonl.gz"),
    })  # fmt: skip
    html_speed()  # through the sandbox, as pages come in


if __name__ == "__main__":
    main()
