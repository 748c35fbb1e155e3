"""One way to write a thing down as bytes, so that an approval can name exactly what was approved."""

from __future__ import annotations

import hashlib
from typing import Any, cast

import rfc8785
from pydantic import BaseModel

from briefs.errors import BadInput

_SAFE, _PLAIN = 2**53 - 1, 10**21


def canonical(model: BaseModel) -> bytes:
    """The model as canonical JSON (RFC 8785, UTF-8). Raises BadInput for what JSON cannot carry (NaN, integers beyond 2^53)."""
    return canonical_json(model.model_dump(mode="json"))


def canonical_json(value: Any) -> bytes:
    """Plain JSON values (dict, list, str, number, bool, None) as canonical JSON. Raises BadInput as `canonical` does."""
    try:
        return rfc8785.dumps(_as_doubles(value))
    except rfc8785.CanonicalizationError as cause:
        raise BadInput(
            f"This cannot be written as canonical JSON: {str(cause)[:40]}.", "Check the numbers and the text of what was imported."
        ) from cause


def _as_doubles(value: Any) -> Any:
    """A whole number beyond 2^53 that is written as a double would be (as one comes back from canonical JSON) is that double."""
    if isinstance(value, int) and _SAFE < abs(value) < _PLAIN and rfc8785.dumps(float(value)) == str(value).encode():
        return float(value)
    if isinstance(value, dict):
        return {key: _as_doubles(inner) for key, inner in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_as_doubles(inner) for inner in cast("list[Any]", value)]
    return value


def digest(data: bytes) -> str:
    """`sha256:` and 64 hexadecimal digits."""
    return "sha256:" + hashlib.sha256(data).hexdigest()
