"""Make the int8 ONNX file of the default model, once. Imports torch, and only when called.

sentence-transformers loads the float model, torch writes its encoder as ONNX, and onnxruntime's
quantiser stores the weights as int8 with one scale per output channel (one scale per tensor falls
to a cosine of .954). The graph has no attention mask: texts of one length need no padding, and
without padding there is nothing to mask. docs/decisions/embedder.md tells what was measured.
"""

from __future__ import annotations

import logging
import shutil
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.models import REMEDY, WEIGHTS, Export, Record, publish_export, sha256_of, staging_folder
from qa.types import Vectors

log = logging.getLogger(__name__)

OPSET = 18
MAX_POSITIONS = 512  # the model's position table; its window (256) is kept by the tokenizer
# What the int8 model must reach on SENTENCES; measured .994 and .988 on news passages. Lower means
# a processor or a library whose int8 arithmetic saturates.
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
    recipe: str,
    open_onnx: Callable[[Export], Callable[[Sequence[str]], Vectors]],
) -> None:
    """Export the sentence-transformers model in `folder` to the new folder `target`.

    `open_onnx` loads an export as it will be served; its vectors are compared with the float
    model's. Raises ModelError when torch is absent, the cache cannot be written, or they differ.
    """
    encoder = _load(folder)
    log.warning("exporting the model %s to int8 ONNX, once; this takes about 20 s", model)
    staged = staging_folder(target)
    try:
        _write_onnx(encoder, staged)
        shutil.copyfile(folder / "tokenizer.json", staged / "tokenizer.json")
        weights = sha256_of(folder / WEIGHTS)
        parity = _parity(encoder, open_onnx(Export(staged, weights, recipe)))
        names = ("model.onnx", "tokenizer.json")
        files = {name: sha256_of(staged / name) for name in names}
        publish_export(staged, target, Record(model, weights, recipe, files, parity, _made_with()))
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    log.warning("the model is ready; cosine to the float model %.4f on average", parity["mean"])


def _load(folder: Path) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError(f"the model must be exported once, which needs torch; {REMEDY}") from error
    # Eager attention becomes plain MatMul and Softmax nodes, which the runtime fuses best.
    return SentenceTransformer(
        str(folder),
        device="cpu",
        local_files_only=True,
        trust_remote_code=False,
        model_kwargs={"attn_implementation": "eager", "use_safetensors": True},
    )


def _write_onnx(encoder: Any, staged: Path) -> None:
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic

    bert = encoder[0].auto_model.eval()

    class Unpadded(torch.nn.Module):
        """input_ids int64[texts, tokens] -> vector float32[texts, 384], tokens float32[.., 384]."""

        def __init__(self) -> None:
            super().__init__()
            self.bert = bert

        def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            states = self.bert.embeddings(
                input_ids=input_ids, token_type_ids=torch.zeros_like(input_ids)
            )
            for layer in self.bert.encoder.layer:
                output = layer(states)
                states = output[0] if isinstance(output, tuple) else output
            return torch.nn.functional.normalize(states.mean(dim=1), dim=1), states

    example = torch.arange(1000, 1051).reshape(3, 17)
    texts, tokens = torch.export.Dim("texts"), torch.export.Dim("tokens", min=2, max=MAX_POSITIONS)
    with _quiet():
        torch.onnx.export(
            Unpadded(),
            (example,),
            str(staged / "float.onnx"),
            input_names=["input_ids"],
            output_names=["vector", "tokens"],
            dynamic_shapes={"input_ids": {0: texts, 1: tokens}},
            dynamo=True,
            external_data=False,
            opset_version=OPSET,
            verbose=False,
        )
        quantize_dynamic(
            staged / "float.onnx",
            staged / "model.onnx",
            weight_type=QuantType.QInt8,
            per_channel=True,
        )
    (staged / "float.onnx").unlink()


def _parity(encoder: Any, embed: Callable[[Sequence[str]], Vectors]) -> Mapping[str, float]:
    """Mean and lowest cosine of int8 with float vectors of SENTENCES; refused below the floor."""
    exact = encoder.encode(list(SENTENCES), normalize_embeddings=True, show_progress_bar=False)
    cosines = np.einsum("ij,ij->i", np.asarray(exact, dtype=np.float32), embed(SENTENCES))
    parity = {"mean": round(float(cosines.mean()), 5), "min": round(float(cosines.min()), 5)}
    if any(parity[name] < floor for name, floor in PARITY_FLOOR.items()):
        raise ModelError(
            f"the int8 model differs too much from the float model here: cosine {parity}, "
            f"at least {PARITY_FLOOR} expected. Report this with your processor's name."
        )
    return parity


def _made_with() -> Mapping[str, str]:
    names = ("torch", "transformers", "sentence-transformers", "onnx", "onnxruntime")
    return {name: version(name) for name in names}


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the exporter's notes about its own parts; errors still come through."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)
