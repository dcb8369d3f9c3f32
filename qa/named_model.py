"""Any other embedding model that a person names, served by sentence-transformers itself.

The name is a directory in sentence-transformers' format, or a Hub id whose files are in the cache
already; nothing is downloaded, no code of the model's is run, and weights are safetensors only.
Imports torch, and only when called.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.models import REMEDY, sha256_of
from qa.settings import DEFAULT_MODEL
from qa.types import Vectors

# Formats that can run code when they are opened.
PICKLES = frozenset({".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib"})
CODE = frozenset({".py", ".pyc", ".so", ".pyd", ".dll"})
HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
BATCH = 32


class NamedModel:
    """A sentence-transformers model behind the Embedder protocol. Not fast, but any."""

    def __init__(self, name: str, *, threads: int) -> None:
        """Find, check and load the model. Raises ModelError with the reason and the remedy."""
        folder = find_model(name)
        check_files(folder)
        self._fingerprint = f"{_short(name)} {weights_fingerprint(folder)} sentence-transformers"
        self._model = load(folder, threads)
        self._dimension = int(self._model.get_embedding_dimension())

    @property
    def dimension(self) -> int:
        return self._dimension

    @property
    def fingerprint(self) -> str:
        return self._fingerprint

    def fits(self, text: str) -> bool:
        """Whether the whole text is inside the model's window."""
        window = self._model.max_seq_length
        return (
            window is None or len(self._model.tokenizer(text, verbose=False)["input_ids"]) <= window
        )

    def embed_question(self, text: str) -> Vectors:
        """One unit vector, float32[dimension]; with the model's own prompt for queries."""
        vector: Vectors = _unit(self._model.encode_query([text], show_progress_bar=False))[0]
        return vector

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32[len(texts), dimension], in the order of `texts`."""
        if not texts:
            return np.empty((0, self._dimension), dtype=np.float32)
        found = self._model.encode_document(list(texts), batch_size=BATCH, show_progress_bar=False)
        return _unit(found)


def find_model(name: str) -> Path:
    """The folder of the model of that name. Raises ModelError when it is not on this machine."""
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder.resolve()
    if not HUB_ID.fullmatch(name):
        raise ModelError(f"{name} is no folder and no Hub id; name one, or use {DEFAULT_MODEL}")
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError
    except ImportError as error:
        raise ModelError(f"{name} needs sentence-transformers; {REMEDY}") from error
    try:
        return Path(snapshot_download(name, local_files_only=True))
    except (LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            f"the model {name} is not on this machine, and nothing is downloaded. Fetch it first "
            f"with `hf download {name}`, name a folder, or use {DEFAULT_MODEL}."
        ) from error


def check_files(folder: Path) -> None:
    """Raise ModelError unless the folder holds safetensors and nothing that runs code.

    A pickled file is let be where safetensors lie beside it: then it is not the one that is read.
    """
    if not (folder / "modules.json").is_file():
        raise ModelError(f"{folder} is no sentence-transformers model: it has no modules.json")
    for path in _files(folder):
        if path.suffix in CODE:
            raise ModelError(f"{path} is code; a model that brings code is not loaded")
        if path.suffix in PICKLES and not any(path.parent.glob("*.safetensors")):
            raise ModelError(
                f"{path} can run code when it is opened; save the model as safetensors "
                "(sentence-transformers: model.save_pretrained(folder))"
            )
    if not any(path.suffix == ".safetensors" for path in _files(folder)):
        raise ModelError(f"{folder} holds no weights as safetensors")
    for module in _modules(folder):
        if not module.startswith("sentence_transformers."):
            raise ModelError(f"{folder} names the class {module}, which is not a known one")


def weights_fingerprint(folder: Path) -> str:
    """Weights and configuration as hashes: vectors of two models that differ in either differ.

    One file of weights is named by its own SHA-256; several by that of their names and hashes.
    """
    weights = sorted(path for path in _files(folder) if path.suffix == ".safetensors")
    settings = sorted(path for path in _files(folder) if path.suffix in {".json", ".txt"})
    whole = sha256_of(weights[0]) if len(weights) == 1 else _digest(folder, weights)
    return f"sha256:{whole} config:{_digest(folder, settings)[:16]}"


def _digest(folder: Path, paths: Sequence[Path]) -> str:
    lines = (f"{path.relative_to(folder).as_posix()} {sha256_of(path)}\n" for path in paths)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _modules(folder: Path) -> list[str]:
    try:
        listed = json.loads((folder / "modules.json").read_text("utf-8"))
        return [str(module["type"]) for module in listed]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"{folder / 'modules.json'} cannot be read: {error}") from error


def _short(name: str) -> str:
    """A directory by its last part: moving an archive's model to another place changes nothing."""
    folder = Path(name).expanduser()
    return folder.resolve().name if folder.is_dir() else name


def load(folder: Path, threads: int) -> Any:
    """The SentenceTransformer in that folder, on the CPU. Sets torch's threads, process-wide.

    Raises ModelError when sentence-transformers is not installed, or cannot load it.
    """
    try:
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        raise ModelError(
            f"{folder} must be loaded by torch, which is not here; {REMEDY}"
        ) from error
    torch.set_num_threads(threads)
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise ModelError(f"sentence-transformers cannot load {folder}: {error}") from error


def _unit(vectors: Any) -> Vectors:
    """Float32 of length 1. A vector without a direction is a ModelError."""
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths == 0).any():
        raise ModelError("the model gave a vector that is not finite, or zero; its weights are bad")
    unit: Vectors = rows / lengths
    return unit
