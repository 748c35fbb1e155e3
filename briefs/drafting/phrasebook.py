"""The offline writer's wordings, read once from briefs/phrases."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from briefs import yamlfile


@cache
def _read(name: str) -> dict[str, Any]:
    return yamlfile.read(resources.files("briefs").joinpath("phrases", f"{name}.yaml").read_text("utf-8"))


def fact(key: str, salt: str, /, **words: object) -> str:
    """One of the wordings of a fact, chosen by `salt`, filled with `words`. A customer's words are values: braces in them are safe."""
    wordings: list[str] = _read("facts")[key]
    pick = int.from_bytes(hashlib.sha256(f"{key}|{salt}".encode()).digest()[:4], "big") % len(wordings)
    return wordings[pick].format(**words)


def phrase(group: str, wording: str, /, **words: object) -> str:
    """The wording of a sentence that is not a single fact."""
    return _read("sections")[group][wording].format(**words)


def phrases() -> Mapping[str, Any]:
    """Every wording there is, for tests and documents."""
    return {"facts": _read("facts"), "sections": _read("sections")}


def frames() -> str:
    """The words that wordings of a fact put around a quotation, without what is filled in."""
    return " ".join(re.sub(r"\{\w+\}", " ", wording) for wordings in _read("facts").values() for wording in wordings if "{quote}" in wording)
