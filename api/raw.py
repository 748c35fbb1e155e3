"""Puts stored bytes into an answer as they are: what was approved is delivered byte for byte, and nobody pays for reading it twice."""

from __future__ import annotations

from pydantic import BaseModel
from starlette.responses import Response


def spliced(model: BaseModel, **parts: bytes) -> Response:
    """The model as JSON, with further fields whose values are JSON already. A part that is empty becomes null."""
    told = model.model_dump_json().encode()
    more = b"".join(b',"%s":%s' % (name.encode(), data or b"null") for name, data in parts.items())
    return Response(told[:-1] + more + b"}", media_type="application/json")
