"""Reads the catalogue (what there is to sell) from catalogue.yaml or catalogue.json, product by product.

A product that cannot be read is reported and left out. A file that is no catalogue at all, is too large, or uses YAML aliases to blow itself up,
raises ImportFault: without knowing what is for sale no verdict can be trusted.
"""

# PyYAML comes without types
# pyright: basic

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from retrieval.errors import ImportFault
from retrieval.records import Catalogue, Product
from retrieval.sources import CatalogueRead, Fault
from retrieval.sources.lines import BOM
from retrieval.sources.shape import RowFault, sentence

SIZE_LIMIT = 1_000_000
"""Bytes: some five thousand products."""
ALIAS_LIMIT = 20
DEPTH_LIMIT = 30


def read_catalogue(path: Path) -> CatalogueRead:
    """The catalogue in a file. Raises ImportFault."""
    text = _text(path)
    products: list[Product] = []
    faults: list[Fault] = []
    unknown: dict[str, None] = {}
    for line, raw, data in _rows(path.name, text):
        if isinstance(data, RowFault):
            faults.append(Fault("catalogue", path.name, line, str(data), raw))
            continue
        try:
            product = Product.model_validate(data)
        except ValidationError as fault:
            faults.append(Fault("catalogue", path.name, line, sentence(fault), raw))
            continue
        if any(known.sku == product.sku for known in products):
            faults.append(Fault("catalogue", path.name, line, f"sku: {product.sku[:40]!r} stands twice", raw))
            continue
        products.append(product)
        unknown |= dict.fromkeys(str(name) for name in data if name not in Product.model_fields)
    warnings = [f"{path.name}: fields not known and not used: {', '.join(sorted(unknown))[:200]}"] if unknown else []
    if not products:
        warnings.append(f"{path.name} names no product")
    return CatalogueRead(Catalogue(products=tuple(products)), tuple(faults), tuple(warnings))


def _text(path: Path) -> str:
    with path.open("rb") as stream:
        raw = stream.read(SIZE_LIMIT + 1)
    if len(raw) > SIZE_LIMIT:
        raise ImportFault(f"{path.name} is larger than {SIZE_LIMIT:,} bytes.", "A catalogue lists products; give each its sku, name and kind.")
    try:
        text = raw.removeprefix(BOM).decode()
    except UnicodeDecodeError as fault:
        raise ImportFault(f"{path.name} is not UTF-8 (byte {fault.start + 1}).", "Save the catalogue as UTF-8.") from fault
    if "\0" in text or "\\u0000" in text:
        raise ImportFault(f"{path.name} holds a NUL character.", "Save the catalogue as plain text.")
    return text


def _rows(name: str, text: str) -> Iterator[tuple[int, str, Any]]:
    """(line, raw text, fields) of each product."""
    try:
        yield from _json_rows(name, text) if name.lower().endswith(".json") else _yaml_rows(name, text)
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError) as fault:
        raise ImportFault(f"{name} cannot be read: {_first_line(fault)}.", "Mend the file; `products` is a list of sku, name, kind, ...") from fault


def _json_rows(name: str, text: str) -> Iterator[tuple[int, str, Any]]:
    data = json.loads(text)
    products = data.get("products") if isinstance(data, dict) else None
    if not isinstance(products, list):
        raise _no_products(name)
    for product in products:
        raw = json.dumps(product, ensure_ascii=False)
        line = text.count("\n", 0, max(0, text.find(f'"{product.get("sku")}"'))) + 1 if isinstance(product, dict) else 1
        yield line, raw, product


def _yaml_rows(name: str, text: str) -> Iterator[tuple[int, str, Any]]:
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        fields = {key.value: value for key, value in root.value} if isinstance(root, yaml.MappingNode) else {}
        products = fields.get("products")
        if not isinstance(products, yaml.SequenceNode):
            raise _no_products(name)
        for node in products.value:
            raw = text[node.start_mark.index : node.end_mark.index].rstrip()
            yield node.start_mark.line + 1, raw, _built(loader, node)
    finally:
        loader.dispose()


def _built(loader: _Loader, node: Any) -> Any:
    """The values of one product, or what is wrong with one of them."""
    try:
        return loader.construct_document(node)
    except (yaml.YAMLError, ValueError, OverflowError, TypeError) as fault:
        return RowFault(f"row: {_first_line(fault)}")


def _no_products(name: str) -> ImportFault:
    return ImportFault(f"{name} has no list called `products`", "Write `products:` and under it one entry a product, with sku, name and kind.")


def _first_line(fault: Exception) -> str:
    if isinstance(fault, yaml.MarkedYAMLError) and fault.problem_mark is not None:
        return f"{fault.problem} in line {fault.problem_mark.line + 1}"
    return "nested too deeply" if isinstance(fault, RecursionError) else str(fault).splitlines()[0][:120]


class _Loader(yaml.SafeLoader):
    """Plain data only; refuses many aliases (a "billion laughs" file) and deep nesting."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._aliases = 0
        self._depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self._aliases += 1
        self._depth += 1
        if self._aliases > ALIAS_LIMIT:
            raise ValueError(f"more than {ALIAS_LIMIT} aliases (&name, *name): write the values out")
        if self._depth > DEPTH_LIMIT:
            raise ValueError(f"nested more than {DEPTH_LIMIT} levels deep")
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1
