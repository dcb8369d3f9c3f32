"""Texts to unit vectors: the default model as int8 ONNX, any other through sentence-transformers.

The default path imports onnxruntime and tokenizers only. Every text is embedded alone, unpadded,
on one thread, and several texts at the same time: int8 activations are scaled over whatever stands
in one batch, so only a text that is alone always gets the same vector. It is also the fastest way.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from qa.errors import ModelError
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
        self._session = _session(export.onnx)
        self._threads = threads
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
        ids = self._tokenizer.encode(text).ids
        found = self._session.run(["vector"], {"input_ids": np.array([ids], dtype=np.int64)})
        vector: Vectors = found[0][0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[len(texts), 384], in the order of `texts`.

        A text's vector does not depend on the texts beside it.
        """
        vectors = np.empty((len(texts), DIMENSION), dtype=np.float32)
        # The longest first, so that no thread is left alone with a long text at the end.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        found = self._pool.map(self.embed_question, (texts[i] for i in order))
        for i, vector in zip(order, found, strict=True):
            vectors[i] = vector
        return vectors


def _tokenizer(path: Path) -> Any:
    # The file pads and cuts at 128 tokens; no text is padded here, and the window is the model's.
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_padding()
    tokenizer.enable_truncation(WINDOW)
    return tokenizer


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
