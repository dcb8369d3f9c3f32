"""Exporting the default model, and serving other ones through sentence-transformers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest

from qa import export as exporting
from qa import models
from qa.embedder import OnnxEmbedder, default_export, open_embedder
from qa.errors import ModelError
from qa.export import SENTENCES, export_model
from qa.graph import Shape, embedding_graph, quantise, reading_graph
from qa.models import (
    DEFAULT_SHA256,
    RECIPES,
    Export,
    default_model_folder,
    export_folder,
    open_export,
    sha256_of,
)
from qa.named_model import NamedModel, check_files, find_model, load, weights_fingerprint
from qa.settings import DEFAULT_MODEL, Settings
from qa.types import Vectors

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def encoder() -> Any:
    return load(default_model_folder(), threads=2)


def _serve(export: Export) -> Callable[[Sequence[str]], Vectors]:
    return OnnxEmbedder(export, threads=2).embed_passages


def _export(target: Path, serve: Callable[[Export], Callable[[Sequence[str]], Vectors]]) -> None:
    export_model(default_model_folder(), target, model="m", threads=2, open_onnx=serve)


# --- the export ---------------------------------------------------------------------------------


def test_an_export_records_its_files_its_weights_and_its_parity(tmp_path: Path) -> None:
    target = export_folder(tmp_path, "m", DEFAULT_SHA256)
    _export(target, _serve)
    record = json.loads((target / "record.json").read_text("utf-8"))
    assert record["weights_sha256"] == DEFAULT_SHA256
    assert record["recipe"] == RECIPES[0]
    assert record["files"]["model.onnx"] == sha256_of(target / "model.onnx")
    assert 0.99 < record["parity"]["mean"] < 1
    assert record["parity"]["min"] <= record["parity"]["mean"]
    assert {"torch", "onnxruntime"} <= record["made_with"].keys()
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_exporting_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    """So two machines with the same libraries have the same model, and the same vectors."""
    made = default_export(Settings.from_env().cache, threads=2)
    target = export_folder(tmp_path, "m", DEFAULT_SHA256)
    _export(target, _serve)
    assert sha256_of(target / "model.onnx") == sha256_of(made.onnx)


def test_where_int8_differs_too_much_float_weights_are_served(tmp_path: Path) -> None:
    """As on a processor whose int8 sums saturate: here the int8 vectors are turned round."""

    def serve(export: Export) -> Callable[[Sequence[str]], Vectors]:
        embed = _serve(export)
        return embed if export.recipe == RECIPES[1] else lambda texts: -embed(texts)

    target = export_folder(tmp_path, "m", DEFAULT_SHA256)
    _export(target, serve)
    made = open_export(target, DEFAULT_SHA256)
    assert made is not None
    assert made.recipe == RECIPES[1]
    assert made.parity["min"] > 0.9999
    assert RECIPES[1] in OnnxEmbedder(made, threads=1).fingerprint


def test_an_export_that_is_never_faithful_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    target = export_folder(tmp_path, "m", DEFAULT_SHA256)
    with pytest.raises(ModelError, match="cosine"):
        _export(target, lambda _: lambda texts: np.zeros((len(texts), 384), dtype=np.float32))
    assert list(target.parent.iterdir()) == []


def test_the_second_of_two_exports_at_once_keeps_the_first(tmp_path: Path) -> None:
    target = export_folder(tmp_path, "m", DEFAULT_SHA256)

    def serve(export: Export) -> Callable[[Sequence[str]], Vectors]:
        if not target.exists():  # another process is faster
            target.mkdir()
            (target / "first").touch()
        return _serve(export)

    _export(target, serve)
    assert [path.name for path in target.iterdir()] == ["first"]
    assert list(target.parent.iterdir()) == [target]


def test_a_cache_that_cannot_be_written_is_named_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where a folder belongs", "utf-8")
    with pytest.raises(ModelError, match="QA_CACHE"):
        _export(export_folder(tmp_path, "m", DEFAULT_SHA256), _serve)


def test_weights_are_checked_before_they_are_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "altered_model"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "model" / models.WEIGHTS).write_bytes(b"altered")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(models, "PACKAGE", "altered_model")
    with pytest.raises(ModelError, match=DEFAULT_SHA256):
        open_embedder(DEFAULT_MODEL, cache=tmp_path / "cache", threads=1)
    assert not (tmp_path / "cache").exists()


# --- the graph ----------------------------------------------------------------------------------


def opened(graph: Any) -> Any:
    return onnxruntime.InferenceSession(
        graph.SerializeToString(), providers=["CPUExecutionProvider"]
    )


def test_the_float_graph_computes_what_the_model_computes(encoder: Any) -> None:
    """For several texts of one length in one run."""
    bert = encoder[0].auto_model
    weights = {name: tensor.numpy() for name, tensor in bert.state_dict().items()}
    graph = embedding_graph(weights, Shape(6, 12, bert.config.layer_norm_eps), int8=False)
    ids = np.random.default_rng(2).integers(1000, 20_000, size=(3, 40))
    import torch

    with torch.no_grad():
        states = bert(torch.from_numpy(ids), torch.ones(3, 40)).last_hidden_state
        pooled = torch.nn.functional.normalize(states.mean(dim=1), dim=1).numpy()
    (vector,) = opened(graph).run(["vector"], {"input_ids": ids})
    np.testing.assert_allclose(vector, pooled, atol=1e-5)


def test_the_reading_graph_labels_every_token_of_a_pair(encoder: Any) -> None:
    """Float as the model computes it, types of both kinds counted; seven bits come near to it."""
    bert = encoder[0].auto_model
    weights = {name: tensor.numpy() for name, tensor in bert.state_dict().items()}
    random = np.random.default_rng(3)
    weights["head.weight"] = random.normal(size=(3, 384)).astype(np.float32)
    weights["head.bias"] = np.array([0.5, -1.0, 2.0], np.float32)
    ids = random.integers(1000, 20_000, size=(1, 30))
    types = np.array([[0] * 10 + [1] * 20])
    import torch

    with torch.no_grad():
        states = bert(
            torch.from_numpy(ids),
            attention_mask=torch.ones(1, 30),
            token_type_ids=torch.from_numpy(types),
        ).last_hidden_state.numpy()
    expected = states @ weights["head.weight"].T + weights["head.bias"]
    shape = Shape(6, 12, bert.config.layer_norm_eps)
    given = {"input_ids": ids, "token_type_ids": types}
    (logits,) = opened(reading_graph(weights, shape, int8=False)).run(["logits"], given)
    np.testing.assert_allclose(logits, expected, atol=5e-3)
    (rounded,) = opened(reading_graph(weights, shape, int8=True)).run(["logits"], given)
    assert np.corrcoef(rounded.ravel(), expected.ravel())[0, 1] > 0.97
    same = opened(reading_graph(weights, shape, int8=False)).run(
        ["logits"], {"input_ids": ids, "token_type_ids": np.zeros_like(types)}
    )[0]
    assert np.abs(same - logits).max() > 0.05  # a graph that forgot the types would give these


def test_rounding_is_within_half_a_step_of_each_channels_own_scale() -> None:
    weight = np.random.default_rng(4).normal(size=(50, 7)).astype(np.float32)
    weight[:, 2] *= 100  # one loud channel must not cost the others their precision
    weight[:, 5] = 0
    rounded, scales = quantise(weight, axis=0)
    assert scales.shape == (1, 7)
    assert np.abs(rounded).max(axis=0).tolist() == [127, 127, 127, 127, 127, 0, 127]
    assert (np.abs(rounded * scales - weight) <= scales / 2 + 1e-6).all()
    fewer, wider = quantise(weight, axis=0, largest=63)
    assert np.abs(fewer).max() == 63
    assert (np.abs(fewer * wider - weight) <= wider / 2 + 1e-6).all()


# --- other models -------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A model in a directory of its own; its files are good."""
    copy = tmp_path / "newsroom-model"
    shutil.copytree(default_model_folder(), copy)
    return copy


def test_a_directory_is_served_with_the_vectors_of_sentence_transformers(
    folder: Path, encoder: Any
) -> None:
    named = open_embedder(str(folder), cache=folder.parent, threads=2)
    expected = encoder.encode(list(SENTENCES), show_progress_bar=False)
    np.testing.assert_allclose(named.embed_passages(SENTENCES), expected, atol=1e-5)
    np.testing.assert_allclose(named.embed_question(SENTENCES[1]), expected[1], atol=1e-5)
    assert named.dimension == 384
    assert named.embed_passages([]).shape == (0, 384)
    assert named.fits("wheat " * 254)
    assert not named.fits("wheat " * 255)
    assert DEFAULT_SHA256 in named.fingerprint
    assert named.fingerprint.startswith("newsroom-model ")


def test_a_fingerprint_changes_with_weights_and_with_configuration(folder: Path) -> None:
    before = weights_fingerprint(folder)
    (folder / "1_Pooling" / "config.json").write_text("{}", "utf-8")
    configured = weights_fingerprint(folder)
    with (folder / "model.safetensors").open("ab") as file:
        file.write(b"\0")
    altered = weights_fingerprint(folder)
    assert len({before, configured, altered}) == 3
    assert before.split()[0] == configured.split()[0] != altered.split()[0]


def test_a_directory_that_holds_code_is_refused(folder: Path) -> None:
    (folder / "1_Pooling" / "modeling.py").write_text("print('hello')", "utf-8")
    with pytest.raises(ModelError, match=r"modeling\.py is code"):
        NamedModel(str(folder), threads=1)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.pt", "weights.pkl", "model.ckpt"])
def test_a_directory_with_pickled_weights_only_is_refused(folder: Path, name: str) -> None:
    (folder / "model.safetensors").rename(folder / name)
    with pytest.raises(ModelError, match="save the model as safetensors"):
        check_files(folder)


def test_a_pickle_beside_safetensors_is_not_the_one_that_is_read(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"not even a pickle")
    check_files(folder)
    NamedModel(str(folder), threads=1)


def test_a_directory_without_weights_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match="no weights"):
        check_files(folder)


def test_a_directory_that_names_a_strange_class_is_refused(folder: Path) -> None:
    listed = [{"idx": 0, "name": "0", "path": "", "type": "subprocess.Popen"}]
    (folder / "modules.json").write_text(json.dumps(listed), "utf-8")
    with pytest.raises(ModelError, match=r"subprocess\.Popen"):
        check_files(folder)


def test_damaged_weights_are_refused_by_name(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"\xff" * 64)
    with pytest.raises(ModelError, match="cannot load"):
        NamedModel(str(folder), threads=1)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("nobody/has-this-model", "nothing is downloaded"),
        ("no-such-folder/of/a/model", "no folder and no Hub id"),
        ("../../etc\n", "no folder and no Hub id"),
    ],
)
def test_a_model_that_is_not_here_is_refused(name: str, reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        find_model(name)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"modules\.json"):
        open_embedder(str(tmp_path), cache=tmp_path, threads=1)


def test_a_model_that_gives_no_direction_is_refused(folder: Path) -> None:
    """Weights of NaN load without complaint; their vectors must not reach an archive."""
    from safetensors.numpy import load_file, save_file

    path = folder / "model.safetensors"
    weights = load_file(path)
    weights["encoder.layer.5.output.LayerNorm.bias"][:] = np.nan
    save_file(weights, path, metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        NamedModel(str(folder), threads=1).embed_passages(["Wheat."])


def test_the_sentences_of_the_parity_check_span_the_window() -> None:
    made = OnnxEmbedder(default_export(Settings.from_env().cache, threads=1), threads=1)
    counts = [made.token_count(text) for text in exporting.SENTENCES]
    assert min(counts) <= 5
    assert 200 <= max(counts) <= 256
