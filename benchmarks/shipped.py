"""The weights of the shipped reading network, in float again: what a new run goes on from.

    python benchmarks/shipped.py --out WEIGHTS

The float weights of a run are not kept in the tree (they are four times as large). In the graph
those of products are rounded to seven bits; a network that is trained on from there soon makes up
for that. The word vectors, which no run changes, come unrounded from the embedding model.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from qa.models import default_model_folder

WEIGHTS = Path(__file__).resolve().parent.parent / "qa" / "reader" / "weights"
Floats = NDArray[np.float32]


def floats(graph: Path) -> dict[str, Floats]:
    """The weights in the graph that `qa.graph.reading_graph` wrote, by their names in the network.

    Its constants stand in the order in which that function adds them.
    """
    constants = (numpy_helper.to_array(one) for one in onnx.load(graph).graph.initializer)
    found = dict(_embeddings(constants))
    for layer, first in enumerate(constants):  # the first constant of each layer
        if first.dtype != np.int8:  # the head ends it
            found["head.weight"], found["head.bias"] = first.T, next(constants)
            return found
        found.update(_layer(first, constants, f"bert.encoder.layer.{layer}"))
    raise ValueError(f"{graph} has no head")


def _embeddings(constants: Iterator[NDArray]) -> Iterator[tuple[str, Floats]]:
    name = "bert.embeddings"
    yield f"{name}.word_embeddings.weight", next(constants) * next(constants)
    _zero, table, moved = next(constants), next(constants), next(constants)
    # Only the sum of a place and the first type is kept: the first type becomes 0.
    yield f"{name}.position_embeddings.weight", table
    yield f"{name}.token_type_embeddings.weight", moved
    yield from _norm(constants, f"{name}.LayerNorm")


def _layer(first: NDArray, constants: Iterator[NDArray], name: str) -> Iterator[tuple[str, Floats]]:
    weight, bias = (first * next(constants)).T, next(constants)
    third = len(weight) // 3
    for n, part in enumerate(("query", "key", "value")):
        yield f"{name}.attention.self.{part}.weight", weight[n * third : (n + 1) * third]
        yield f"{name}.attention.self.{part}.bias", bias[n * third : (n + 1) * third]
    yield from _dense(constants, f"{name}.attention.output.dense")
    yield from _norm(constants, f"{name}.attention.output.LayerNorm")
    yield from _dense(constants, f"{name}.intermediate.dense")
    yield from _dense(constants, f"{name}.output.dense")
    yield from _norm(constants, f"{name}.output.LayerNorm")


def _dense(constants: Iterator[NDArray], name: str) -> Iterator[tuple[str, Floats]]:
    yield f"{name}.weight", (next(constants) * next(constants)).T
    yield f"{name}.bias", next(constants)


def _norm(constants: Iterator[NDArray], name: str) -> Iterator[tuple[str, Floats]]:
    yield f"{name}.weight", next(constants)
    yield f"{name}.bias", next(constants)


def main() -> None:
    """The command line."""
    from safetensors.numpy import load_file, save_file

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    out = parser.parse_args().out
    weights = {n: np.ascontiguousarray(w) for n, w in floats(WEIGHTS / "model.onnx").items()}
    # No run changes the word vectors: in the embedding model they are not rounded.
    exact = load_file(default_model_folder() / "model.safetensors")
    weights["bert.embeddings.word_embeddings.weight"] = exact["embeddings.word_embeddings.weight"]
    made = json.loads((WEIGHTS / "made.json").read_text(encoding="utf-8"))
    save_file(weights, out, {"epochs": str(made["epochs"])})
    print(f"{len(weights)} weights of a network that saw {made['epochs']} epochs")


if __name__ == "__main__":
    main()
