"""The encoder of a BERT model as an ONNX graph, written node by node for onnxruntime.

A traced export has some 240 nodes, of which the runtime fuses a part; this one has 80, and uses
the runtime's own operators where they are fastest: one product for query, key and value, one node
of attention, the exact GELU, and `Add` before `LayerNormalization` (the fused form of those two is
scalar code here, and six times slower). Weights are int8, symmetric, with one scale for each output
channel; activations are scaled as they come. There is no attention mask, as texts are not padded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]
RUNTIME = "com.microsoft"  # the domain of onnxruntime's own operators
OPSET = 20  # the first with Gelu
IR_VERSION = 10
INT8_MAX = 127  # symmetric: -128 is not used
INT7_MAX = 63


@dataclass(frozen=True, slots=True)
class Shape:
    """What the weights' names do not tell about a BERT model."""

    layers: int
    heads: int
    epsilon: float  # of layer normalisation


def embedding_graph(weights: Weights, shape: Shape, *, int8: bool) -> onnx.ModelProto:
    """The model `input_ids` int64[texts, tokens] -> `vector` float32[texts, width].

    `vector` is the mean of the last hidden states, of length 1. All texts of a run have the same
    number of tokens. `weights` are named as in a Hugging Face BertModel; a missing one is a
    KeyError.
    """
    graph = _Graph(weights, shape, int8)
    graph.pool(graph.encoded(pairs=False))
    return graph.model()


def reading_graph(weights: Weights, shape: Shape, *, int8: bool) -> onnx.ModelProto:
    """The model `input_ids`, `token_type_ids` int64[texts, tokens] -> `logits` float32.

    `logits` is [texts, tokens, labels]: a linear layer, `head.weight` float32[labels, width] and
    `head.bias`, on the last hidden states, in float. Int8 weights use seven of their eight bits, so
    that sums of products do not saturate on processors without VNNI: this graph is shipped as it
    is, and not checked where it runs.
    """
    graph = _Graph(weights, shape, int8, largest=INT7_MAX)
    graph.label(graph.encoded(pairs=True))
    return graph.model()


class _Graph:
    """Nodes and constants so far. Every method adds some and returns its output's name."""

    def __init__(self, weights: Weights, shape: Shape, int8: bool, largest: int = INT8_MAX) -> None:
        self._weights, self._shape, self._int8, self._largest = weights, shape, int8, largest
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def encoded(self, *, pairs: bool) -> str:
        """The last hidden states, float32[texts, tokens, width]."""
        states = self.embeddings(pairs)
        for layer in range(self._shape.layers):
            states = self.layer(states, f"encoder.layer.{layer}")
        return states

    def embeddings(self, pairs: bool) -> str:
        """Word + position + type, normalised. Without pairs every token is of type 0."""
        self._takes("input_ids")
        words = self._words("embeddings.word_embeddings.weight")
        table = self._weights["embeddings.position_embeddings.weight"]
        types = self._weights["embeddings.token_type_embeddings.weight"]
        count = self._node("Shape", ["input_ids"], start=1, end=2)
        zero = self._constant(np.array([0], dtype=np.int64))
        places = self._node("Slice", [self._constant(table + types[0]), zero, count])
        if pairs:
            self._takes("token_type_ids")
            moved = self._constant(types - types[0])
            places = self._node("Add", [places, self._node("Gather", [moved, "token_type_ids"])])
        return self._normalise(self._node("Add", [words, places]), "embeddings.LayerNorm")

    def layer(self, states: str, name: str) -> str:
        """One transformer layer: attention and a feed-forward net, each added, then normalised."""
        mixed = self._linear(self._attention(states, name), [f"{name}.attention.output.dense"])
        mixed = self._node("Add", [mixed, states])
        mixed = self._normalise(mixed, f"{name}.attention.output.LayerNorm")
        wide = self._node("Gelu", [self._linear(mixed, [f"{name}.intermediate.dense"])])
        narrow = self._node("Add", [self._linear(wide, [f"{name}.output.dense"]), mixed])
        return self._normalise(narrow, f"{name}.output.LayerNorm")

    def pool(self, states: str) -> None:
        """The mean of the states, of length 1, as the graph's output."""
        axis = self._constant(np.array([1], dtype=np.int64))
        mean = self._node("ReduceMean", [states, axis], keepdims=0)
        self._nodes.append(helper.make_node("LpNormalization", [mean], ["vector"], axis=-1, p=2))
        self._gives("vector", "texts", self._width)

    def label(self, states: str) -> None:
        """The head's logits of every token as the graph's output."""
        weight, bias = self._weights["head.weight"], self._weights["head.bias"]
        product = self._node("MatMul", [states, self._constant(weight.T)])
        self._nodes.append(helper.make_node("Add", [product, self._constant(bias)], ["logits"]))
        self._gives("logits", "texts", "length", weight.shape[0])

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, "bert", self._inputs, self._outputs, self._constants)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)

    @property
    def _width(self) -> int:
        return len(self._weights["embeddings.LayerNorm.weight"])

    def _takes(self, name: str) -> None:
        shape = ["texts", "length"]
        self._inputs.append(helper.make_tensor_value_info(name, TensorProto.INT64, shape))

    def _gives(self, name: str, *shape: str | int) -> None:
        self._outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))

    def _attention(self, states: str, name: str) -> str:
        parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
        joined = self._linear(states, parts)
        split = [f"{joined}.{part}" for part in ("query", "key", "value")]
        self._nodes.append(helper.make_node("Split", [joined], split, axis=-1, num_outputs=3))
        return self._node("MultiHeadAttention", split, RUNTIME, num_heads=self._shape.heads)

    def _linear(self, states: str, names: Sequence[str]) -> str:
        """`states` times the transposed weights of `names` side by side, plus their biases."""
        weight = np.concatenate([self._weights[f"{name}.weight"] for name in names]).T
        bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])
        if not self._int8:
            product = self._node("MatMul", [states, self._constant(weight)])
            return self._node("Add", [product, self._constant(bias)])
        rounded, scales = quantise(weight, axis=0, largest=self._largest)
        constants = [self._constant(rounded), self._constant(scales[0]), "", self._constant(bias)]
        return self._node("DynamicQuantizeMatMul", [states, *constants], RUNTIME)

    def _words(self, name: str) -> str:
        """Rows of the table of word vectors, float32; as int8 each word has its own scale."""
        table = self._weights[name]
        if not self._int8:
            return self._node("Gather", [self._constant(table), "input_ids"])
        rounded, scales = quantise(table, axis=1)
        rows = self._node("Gather", [self._constant(rounded), "input_ids"])
        rows = self._node("Cast", [rows], to=TensorProto.FLOAT)
        factors = self._node("Gather", [self._constant(scales), "input_ids"])
        return self._node("Mul", [rows, factors])

    def _normalise(self, states: str, name: str) -> str:
        gain = self._constant(self._weights[f"{name}.weight"])
        shift = self._constant(self._weights[f"{name}.bias"])
        epsilon = self._shape.epsilon
        return self._node("LayerNormalization", [states, gain, shift], axis=-1, epsilon=epsilon)

    def _constant(self, values: NDArray[Any]) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def _node(self, op: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        name = f"{op}_{len(self._nodes)}"
        node = helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes)
        self._nodes.append(node)
        return name


def quantise(
    weight: NDArray[np.float32], axis: int, largest: int = INT8_MAX
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """`rounded` int8 and `scales` float32, with rounded * scales about equal to weight.

    Symmetric; the scale is the largest magnitude along `axis` over `largest`, the axis kept with
    size 1. A row of zeros gets scale 1.
    """
    peaks = np.abs(weight).max(axis=axis, keepdims=True)
    scales = np.where(peaks > 0, peaks / largest, 1).astype(np.float32)
    return np.rint(weight / scales).astype(np.int8), scales
