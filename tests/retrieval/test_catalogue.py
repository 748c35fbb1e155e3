"""The catalogue: read product by product, and safe against files made to do harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import ImportFault
from retrieval.sources.catalogue import read_catalogue
from tests.retrieval.bench import ACCOUNTS, Store

YAML = """\
products:
  - {sku: core, name: Core, kind: tier, rank: 1, unit_price: 10}
  - sku: plus
    name: Plus
    kind: tier
    rank: 2
    colour: red
  - sku: 7
    name: Seven
    kind: module
"""


def write(folder: Path, text: str | bytes, name: str = "catalogue.yaml") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_yaml_and_json_say_the_same(tmp_path: Path):
    products = [
        {"sku": "core", "name": "Core", "kind": "tier", "rank": 1, "unit_price": 10},
        {"sku": "plus", "name": "Plus", "kind": "tier", "rank": 2, "colour": "red"},
        {"sku": 7, "name": "Seven", "kind": "module"},
    ]
    from_yaml = read_catalogue(write(tmp_path, b"\xef\xbb\xbf" + YAML.encode()))
    from_json = read_catalogue(write(tmp_path, json.dumps({"products": products}), "catalogue.json"))
    assert from_yaml.catalogue == from_json.catalogue
    assert [product.sku for product in from_yaml.catalogue.products] == ["core", "plus", "7"]
    assert from_yaml.warnings == ("catalogue.yaml: fields not known and not used: colour",)


def test_a_bad_product_is_put_aside_and_the_others_are_kept(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put(
        "catalogue.yaml",
        YAML
        + "  - {sku: bad, name: Bad, kind: gadget}\n  - {sku: core, name: Twice, kind: tier}\n"
        + "  - just words\n  - {sku: d, name: 2026-13-41, kind: tier}\n",
    )
    report = store.run()
    assert report.records["catalogue"] == 3
    assert report.quarantined == 4
    assert [(entry.line, entry.reason.split(":")[0]) for entry in store.quarantined()] == [(11, "kind"), (12, "sku"), (13, "row"), (14, "row")]
    assert store.quarantined()[0].raw == "{sku: bad, name: Bad, kind: gadget}"


def test_importing_the_same_catalogue_again_changes_nothing(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("catalogue.yaml", YAML)
    store.run()
    before = store.archive.fingerprint("a1")
    again = store.run()
    assert (again.records["catalogue"], again.unchanged) == (0, 5)
    assert store.archive.fingerprint("a1") == before
    store.put("catalogue.yaml", YAML.replace("10", "11"))
    changed = store.run()
    assert (changed.records["catalogue"], changed.unchanged) == (1, 4)
    assert store.archive.fingerprint("a1") != before


LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9)) + "products: *a8\n"


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "products: " + "[" * 5000,
        "products: " + "[" * 50 + "]" * 50,
        "products: [1, 2",
        "products: {sku: core}",
        "- sku: core",
        "",
        "just words",
        "x" * 1_000_001,
        b"products: \xff\xfe",
        "products: [{sku: \"a\\u0000\", name: x, kind: tier}]",
        "products: [{sku: *nowhere}]",
    ],
)  # fmt: skip
def test_a_file_that_is_no_catalogue_is_refused_in_one_line(tmp_path: Path, text: str | bytes):
    path = write(tmp_path, text)
    with pytest.raises(ImportFault) as fault:
        read_catalogue(path)
    assert "\n" not in str(fault.value)
    assert fault.value.hint


def test_values_that_are_no_plain_data_cost_their_product(tmp_path: Path):
    for text in ("products:\n - !!python/object/apply:os.system ['true']\n", "products: &a [*a, *a]"):
        found = read_catalogue(write(tmp_path, text))
        assert found.catalogue.products == ()
        assert found.faults
        assert all("\n" not in fault.reason for fault in found.faults)


def test_a_bad_catalogue_stores_nothing_at_all(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("catalogue.json", "{")
    with pytest.raises(ImportFault, match=r"catalogue\.json cannot be read"):
        store.run()
    assert store.archive.accounts() == []


def test_a_second_catalogue_is_named_and_not_used(tmp_path: Path):
    store = Store(tmp_path)
    store.put("accounts.jsonl", ACCOUNTS)
    store.put("catalogue.yaml", YAML)
    store.put("catalogue.json", json.dumps({"products": []}))
    assert any("only catalogue.yaml is used" in line for line in store.run().warnings)


def test_few_aliases_are_an_honest_shorthand(tmp_path: Path):
    text = "f: &f [a, b]\nproducts:\n  - {sku: x, name: X, kind: tier, features: *f}\n"
    with pytest.raises(ImportFault):
        read_catalogue(write(tmp_path, text.replace("*f", "*" + "g")))
    assert read_catalogue(write(tmp_path, text)).catalogue.products[0].features == ("a", "b")
