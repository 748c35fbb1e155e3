"""The calls, one file a noun; each parses, calls one function of `briefs` or `retrieval`, and returns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from api.idempotency import OnceRoute
from api.problems import MEDIA_TYPE, TITLES
from api.schemas import Problem

USUAL = (401, 403, 422, 429, 503)
"""What any call may answer instead."""


def router(tag: str) -> APIRouter:
    """A router of calls on one noun, under /v1, whose POSTs are done once a key."""
    return APIRouter(prefix="/v1", tags=[tag], route_class=OnceRoute, responses=problems(*USUAL))


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """How a call says in OpenAPI which problems it may answer."""
    schema: Mapping[str, Any] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": TITLES[status], "content": dict(schema)} for status in statuses}


def teach(openapi: dict[str, Any]) -> dict[str, Any]:
    """Puts the shape of a problem into an OpenAPI document, and takes out FastAPI's own shape of a 422."""
    shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    inner = shape.pop("$defs", {})
    shapes = openapi.setdefault("components", {}).setdefault("schemas", {})
    shapes |= {"Problem": shape, **inner}
    for name in ("HTTPValidationError", "ValidationError"):
        shapes.pop(name, None)
    return openapi
