"""A brief as bytes, so that an approval can name exactly what was approved."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785
from pydantic import BaseModel

from briefs.errors import BadInput
from retrieval.canonical import canonical_bytes


def canonical(model: BaseModel) -> bytes:
    """The model as canonical JSON (RFC 8785, UTF-8). Raises BadInput for what JSON cannot carry (NaN, integers beyond 2^53)."""
    return canonical_json(model.model_dump(mode="json"))


def canonical_json(value: Any) -> bytes:
    """Plain JSON values (dict, list, str, number, bool, None) as canonical JSON. Raises BadInput as `canonical` does."""
    try:
        return canonical_bytes(value)
    except rfc8785.CanonicalizationError as cause:
        raise BadInput(
            f"This cannot be written as canonical JSON: {str(cause)[:40]}.", "Check the numbers and the text of what was imported."
        ) from cause


def digest(data: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
