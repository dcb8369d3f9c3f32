"""Texts to unit vectors: the default model as int8 ONNX, any other through sentence-transformers.

The default path imports onnxruntime and tokenizers only. Every text is embedded alone, unpadded:
int8 activations are scaled over whatever stands in one batch, so only a text that is alone always
gets the same vector. Of passages several go side by side, each on one thread, which is the fastest
way to embed many; a question has all threads to itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.inference import open_session
from qa.models import (
    DEFAULT_SHA256,
    Export,
    check_weights,
    default_model_folder,
    export_folder,
    open_export,
)
from qa.settings import DEFAULT_MODEL
from qa.types import Embedder, Vectors

WINDOW = 256  # tokens, with [CLS] and [SEP]: what the model was trained on
SPECIAL = 2  # [CLS] and [SEP]
DIMENSION = 384


def open_embedder(name: str, *, cache: Path, threads: int) -> Embedder:
    """The embedder of that name: DEFAULT_MODEL, a model's directory, or an already cached Hub id.

    The default model is exported on first use, which needs torch and takes some seconds.
    Raises ModelError when a model is missing, altered or holds code.
    """
    if name == DEFAULT_MODEL:
        return OnnxEmbedder(default_export(cache, threads), threads=threads)
    from qa.named_model import NamedModel  # imports torch

    return NamedModel(name, threads=threads)


def default_export(cache: Path, threads: int) -> Export:
    """The verified export of the default model, made first where the cache has none."""
    folder = export_folder(cache, DEFAULT_MODEL, DEFAULT_SHA256)
    ready = open_export(folder, DEFAULT_SHA256)
    if ready is not None:
        return ready
    source = default_model_folder()
    check_weights(source, DEFAULT_SHA256)
    from qa.export import export_model  # imports torch

    export_model(
        source,
        folder,
        model=DEFAULT_MODEL,
        threads=threads,
        open_onnx=lambda export: OnnxEmbedder(export, threads=threads).embed_passages,
    )
    made = open_export(folder, DEFAULT_SHA256)
    if made is None:
        raise ModelError(f"the export of {DEFAULT_MODEL} vanished from {folder}; try again")
    return made


class OnnxEmbedder:
    """The default model. Thread-safe; holds no state but the loaded model and its threads."""

    def __init__(self, export: Export, *, threads: int) -> None:
        self._export = export
        self._tokenizer = _tokenizer(export.tokenizer)
        self._asking = open_session(export.onnx, threads=threads)
        self._taking_in: Any = None  # one thread a text, so that texts go side by side
        self._opening = Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="embed")

    @property
    def dimension(self) -> int:
        return DIMENSION

    @property
    def window(self) -> int:
        """Longest text in tokens, [CLS] and [SEP] included; what lies beyond is not embedded."""
        return WINDOW

    @property
    def fingerprint(self) -> str:
        weights, recipe = self._export.weights_sha256, self._export.recipe
        return f"{DEFAULT_MODEL} sha256:{weights} {recipe} mean {WINDOW}"

    def fits(self, text: str) -> bool:
        """Whether the whole text is inside the window; what lies beyond is not embedded."""
        return not self._tokenizer.encode(text).overflowing

    def token_count(self, text: str) -> int:
        """Tokens of the whole text, [CLS] and [SEP] included, even beyond the window."""
        encoding = self._tokenizer.encode(text)
        return len(encoding.ids) + sum(len(part.ids) - SPECIAL for part in encoding.overflowing)

    def embed_question(self, text: str) -> Vectors:
        """One unit vector, float32[384]."""
        return self._vector(self._asking, text)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[len(texts), 384], in the order of `texts`.

        A text's vector does not depend on the texts beside it.
        """
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        session = self._passage_session()
        # The longest first, so that no thread is left alone with a long text at the end.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        found = self._pool.map(partial(self._vector, session), (texts[i] for i in order))
        for i, vector in zip(order, found, strict=True):
            vectors[i] = vector
        return vectors

    def _vector(self, session: Any, text: str) -> Vectors:
        ids = self._tokenizer.encode(text).ids
        found = session.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})
        vector: Vectors = found[0][0]
        return vector

    def _passage_session(self) -> Any:
        """Opened when the first passages come: who only asks needs no second copy of the model."""
        with self._opening:
            if self._taking_in is None:
                self._taking_in = open_session(self._export.onnx, threads=1)
            return self._taking_in


def _tokenizer(path: Path) -> Any:
    # The file pads and cuts at 128 tokens; no text is padded here, and the window is the model's.
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(WINDOW)
    return tokenizer
