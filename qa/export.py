"""Make the int8 ONNX file of the default model, once. Imports torch, and only when called.

sentence-transformers loads the float model, its weights become an ONNX graph (qa/graph.py), and
the graph's vectors are compared with those of the model that it was made from before it is used.
docs/decisions/embedder.md tells what was measured.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.models import (
    RECIPES,
    WEIGHTS,
    Export,
    Record,
    publish_export,
    sha256_of,
    staging_folder,
)
from qa.named_model import load
from qa.types import Vectors

log = logging.getLogger(__name__)

# What the served model must reach on SENTENCES; int8 has .994 and .976 on news passages. Lower
# means a processor or a library whose int8 arithmetic saturates: then float weights are served.
PARITY_FLOOR = {"mean": 0.985, "min": 0.95}

# Invented, of one word to some two hundred, in the manner of news.
SENTENCES = (
    "Elections.",
    "Who signed the fishing accord?",
    "When did the harbour at Lindholm reopen after the flood?",
    "The ministry said on Tuesday that 1,204 houses had been rebuilt.",
    "Shares of Norvik Timber fell 3.2 pct to 41.50 crowns after the quarterly report.",
    "KESTRAL, March 3 - A court in the port city acquitted two pilots of negligence on Monday, "
    "ruling that the beacon they relied on had failed eleven minutes before the collision.",
    "The central bank of Arvania left its main rate at 6.75 per cent, saying that inflation, which "
    "reached 9.1 per cent in June, was slowing. Governor Ilse Marten told reporters that a cut "
    "before the autumn was possible if harvests were good. The currency rose half a per cent "
    "against the dollar, and ten-year bonds gained for a fourth day in a row.",
    "Rescue teams searched a third night for the crew of the trawler Anna Brandt, which sent its "
    "last position from the strait at 02:40 on Friday. Nine of the fourteen sailors were found "
    "alive in a raft by a helicopter from the northern station, a spokeswoman said; one of them "
    "was flown to hospital with a broken leg. Waves of seven metres kept the divers from the "
    "wreck. The owners, a family company in Tolsund, said the ship had passed its inspection in "
    "April and carried new radios. Fishermen's unions asked why the storm warning had been issued "
    "only at midnight, two hours after the wind turned. The weather office answered that its "
    "buoys west of the islands had stopped sending on Thursday, and that an inquiry had begun. "
    "Parliament will debate the rescue service's budget, cut by a tenth last year, on Wednesday. "
    "The prime minister, who broke off a visit abroad, promised the families every help. Last "
    "autumn the Margrethe, of the same yard, was lost in the same waters with all hands.",
)


def export_model(
    folder: Path,
    target: Path,
    *,
    model: str,
    threads: int,
    open_onnx: Callable[[Export], Callable[[Sequence[str]], Vectors]],
) -> None:
    """Export the sentence-transformers model in `folder` to the new folder `target`.

    `open_onnx` loads an export as it will be served; its vectors are compared with the float
    model's. Raises ModelError when torch is absent, the cache cannot be written, or they differ.
    """
    encoder = load(folder, threads)
    log.warning("exporting the model %s to int8 ONNX, once; this takes some seconds", model)
    weights = sha256_of(folder / WEIGHTS)
    staged = staging_folder(target)
    try:
        shutil.copyfile(folder / "tokenizer.json", staged / "tokenizer.json")
        for recipe in RECIPES:
            write_onnx(encoder, staged / "model.onnx", int8=recipe == RECIPES[0])
            parity = _parity(encoder, open_onnx(Export(staged, weights, recipe)))
            if _faithful(parity):
                break
            log.warning("%s differs from the float model here: cosine %s", recipe, parity)
        else:
            raise ModelError(
                f"the exported model differs from the one it was made from: cosine {parity}, at "
                f"least {PARITY_FLOOR} expected; reinstall onnxruntime, or report your processor"
            )
        files = {name: sha256_of(staged / name) for name in ("model.onnx", "tokenizer.json")}
        publish_export(staged, target, Record(model, weights, recipe, files, parity, _made_with()))
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    log.warning("the model is ready; cosine to the float model %.4f on average", parity["mean"])


def write_onnx(encoder: Any, path: Path, *, int8: bool) -> None:
    """Write the encoder of a loaded sentence-transformers BERT model as ONNX to `path`."""
    import onnx

    from qa.graph import Shape, embedding_graph

    bert = encoder[0].auto_model
    weights = {name: tensor.numpy() for name, tensor in bert.state_dict().items()}
    config = bert.config
    shape = Shape(config.num_hidden_layers, config.num_attention_heads, config.layer_norm_eps)
    onnx.save(embedding_graph(weights, shape, int8=int8), path)


def _parity(encoder: Any, embed: Callable[[Sequence[str]], Vectors]) -> Mapping[str, float]:
    """Mean and lowest cosine of int8 with float vectors of SENTENCES."""
    exact = encoder.encode(list(SENTENCES), normalize_embeddings=True, show_progress_bar=False)
    cosines = np.einsum("ij,ij->i", np.asarray(exact, dtype=np.float32), embed(SENTENCES))
    return {"mean": round(float(cosines.mean()), 5), "min": round(float(cosines.min()), 5)}


def _faithful(parity: Mapping[str, float]) -> bool:
    return all(parity[name] >= floor for name, floor in PARITY_FLOOR.items())


def _made_with() -> Mapping[str, str]:
    names = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
    return {name: version(name) for name in names}
