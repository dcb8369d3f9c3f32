"""Archives whose passages are cut by the real ingest path, with models that cost nothing."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from archive_pieces import article, opened

from qa.ingest import ingest
from qa.store import ArchiveStore
from qa.types import Article, Reading, Vectors

TOWNS = ("Oslo", "Turin", "Quito", "Perth", "Lagos", "Kyoto", "Malmo")


class Model:
    """Vectors that depend on the name of the model and the text only; remembers what it read."""

    def __init__(self, name: str = "old-model", dimension: int = 8, pause: float = 0.0) -> None:
        self.fingerprint = f"{name}@1"
        self.dimension = dimension
        self.read: list[str] = []
        self._pause = pause

    def fits(self, _text: str) -> bool:
        return True

    def embed_question(self, text: str) -> Vectors:
        digest = hashlib.sha256(f"{self.fingerprint} {text}".encode()).digest()
        raw = np.frombuffer(digest[: self.dimension], np.uint8).astype(np.float32) - 127.5
        unit: Vectors = raw / np.linalg.norm(raw)
        return unit

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        time.sleep(self._pause)
        self.read.extend(texts)
        return np.array([self.embed_question(t) for t in texts], np.float32).reshape(
            -1, self.dimension
        )


def story(number: int) -> Article:
    town = TOWNS[number % len(TOWNS)]
    return article(f"s{number}", f"A bridge opened in {town} on Tuesday. It is {number} m long.")


def store_of(folder: Path, model: Model, writing: bool = False) -> ArchiveStore:
    return ArchiveStore.open(
        folder, fingerprint=model.fingerprint, dimension=model.dimension, writing=writing
    )


def taken_in(folder: Path, articles: Iterable[Article], model: Model | None = None) -> None:
    """Articles through the real ingest path, with an index made of them."""
    model = model or Model()
    with store_of(folder, model, writing=True) as store:
        ingest((Reading(one) for one in articles), store, model)


__all__ = ["Model", "article", "opened", "store_of", "story", "taken_in"]
