"""The reading network: which of a few sentences answers a question, and at which of its words.

A small BERT that reads the question and the best sentences of the hits together, in one run of some
160 tokens. For every token it gives three logits: an answer begins here, an answer ends here, this
is evidence. benchmarks/network.py learnt it; docs/decisions/network.md tells from what.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.inference import open_session
from qa.models import sha256_of

SHA256: Mapping[str, str] = {
    "model.onnx": "a359d70c515a086fce5cdb2ce149c111b9ac9f96985b1cd4ba77ec2e794846c1",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
BUDGET = 160  # tokens of the question and its sentences; separators come on top
_LONGEST_QUESTION, _LONGEST_SENTENCE = 40, 80  # tokens
_CLS, _SEP = 101, 102
_STARTS, _ENDS, _EVIDENCE = range(3)

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence to be read: its words, the hit that it stands in, and where it begins there."""

    hit: int
    start: int
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says of one excerpt.

    `score` is the evidence in logits above "none of these answers". `starts[i]` and `ends[i]` are
    log-probabilities that the answer begins or ends with the i-th word piece, which stands at
    `offsets[i]` of the excerpt's text; within the excerpt they sum to 1.
    """

    score: float
    starts: Floats
    ends: Floats
    offsets: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> float:
        """Log-probability that `[start, end)` of the excerpt's text is the answer."""
        first = next((n for n, (_, last) in enumerate(self.offsets) if last > start), None)
        if first is None or self.offsets[first][0] >= end:
            return float(self.starts.min() + self.ends.min())
        last = max(n for n, (begin, _) in enumerate(self.offsets) if begin < end)
        return float(self.starts[first] + self.ends[last])

    def best_span(self, longest: int = 24) -> tuple[int, int]:
        """The likeliest answer of at most `longest` word pieces, as offsets into the text."""
        count = len(self.starts)
        together = self.starts[:, None] + self.ends[None, :]
        place, other = np.indices((count, count))
        together = np.where((other >= place) & (other < place + longest), together, -np.inf)
        first, last = np.unravel_index(int(together.argmax()), together.shape)
        return self.offsets[first][0], self.offsets[last][1]


@dataclass(frozen=True, slots=True)
class Packed:
    """One run: `ids` and `types` int64[tokens]; `places[i]` is where the i-th excerpt's tokens are.

    An excerpt for which there was no room has no place.
    """

    ids: NDArray[np.int64]
    types: NDArray[np.int64]
    places: tuple[tuple[int, int] | None, ...]
    offsets: tuple[tuple[tuple[int, int], ...], ...]


def packed(tokenizer: Tokenizer, question: str, excerpts: Sequence[Excerpt]) -> Packed:
    """Question, then hit by hit its excerpts in the order of the article.

    `excerpts` come best first: the last ones are left out where the budget is spent.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:_LONGEST_QUESTION]
    encoded = [tokenizer.encode(e.text, add_special_tokens=False) for e in excerpts]
    kept = _fitting([len(one.ids) for one in encoded], BUDGET - len(asked) - 2)
    text: list[int] = []
    places: list[tuple[int, int] | None] = [None] * len(excerpts)
    begin = len(asked) + 2
    for hit in sorted({excerpts[n].hit for n in kept}):
        own = sorted((n for n in kept if excerpts[n].hit == hit), key=lambda n: excerpts[n].start)
        for n in own:
            ids = encoded[n].ids[:_LONGEST_SENTENCE]
            places[n] = begin + len(text), begin + len(text) + len(ids)
            text += ids
        text.append(_SEP)
    return Packed(
        np.array([_CLS, *asked, _SEP, *text], np.int64),
        np.array([0] * begin + [1] * len(text), np.int64),
        tuple(places),
        tuple(tuple(one.offsets[:_LONGEST_SENTENCE]) for one in encoded),
    )


def _fitting(lengths: Sequence[int], room: int) -> list[int]:
    """The excerpts, best first, that fit into `room` tokens; the first in any case."""
    kept: list[int] = []
    for n, length in enumerate(lengths):
        needed = min(length, _LONGEST_SENTENCE) + 1
        if length and (needed <= room or not kept):
            kept.append(n)
            room -= needed
    return kept


class Network:
    """The loaded network. Thread-safe; the same excerpts give the same reading."""

    def __init__(self, folder: Path, *, threads: int) -> None:
        """Load and verify the files in `folder`. Raises ModelError when one is not the known."""
        for name, expected in SHA256.items():
            found = sha256_of(folder / name)
            if found != expected:
                raise ModelError(
                    f"{folder / name} is not the known reading network: its SHA-256 is {found}, "
                    f"expected {expected}. Install Dateline again."
                )
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._session = open_session(folder / "model.onnx", threads=threads)

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Reading | None]:
        """A reading of each excerpt, best first; None where the budget left no room for one."""
        if not excerpts:
            return []
        run = packed(self._tokenizer, question, excerpts)
        inputs = {"input_ids": run.ids[None], "token_type_ids": run.types[None]}
        return readings(self._session.run(["logits"], inputs)[0][0], run)


def readings(logits: Floats, run: Packed) -> list[Reading | None]:
    """What `logits` float32[tokens, 3] of a run say of each excerpt; None where it has no place."""
    none = float(logits[0, _EVIDENCE])
    return [
        _reading(logits[place[0] : place[1]], none, offsets) if place else None
        for place, offsets in zip(run.places, run.offsets, strict=True)
    ]


def _reading(logits: Floats, none: float, offsets: tuple[tuple[int, int], ...]) -> Reading:
    return Reading(
        float(logits[:, _EVIDENCE].mean()) - none,
        _log_softmax(logits[:, _STARTS]),
        _log_softmax(logits[:, _ENDS]),
        offsets,
    )


def _log_softmax(logits: Floats) -> Floats:
    moved: Floats = logits - logits.max()
    logs: Floats = moved - np.log(np.exp(moved).sum())
    return logs


@cache
def shipped_network(threads: int) -> Network:
    """The network that comes with the package; loaded once."""
    with as_file(files("qa.reader").joinpath("weights")) as folder:
        return Network(folder, threads=threads)
