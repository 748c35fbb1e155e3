"""Every call the service answers, as a list: for the tests that walk them all, and for saying which methods a path has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route


def routes_of(app: FastAPI) -> list[Route]:
    """Every route of the app, those of included routers too, in the order they are tried. Paths hold their `{parameters}`."""
    return list(_walk(app.router.routes))


def calls_of(app: FastAPI) -> set[tuple[str, str]]:
    """(method, path) of every call; HEAD, which follows from GET, left out."""
    return {(method, route.path) for route in routes_of(app) for method in route.methods or () if method != "HEAD"}


def _walk(routes: list[Any]) -> Iterator[Route]:
    """FastAPI keeps an included router as it is, behind `original_router`; routers here carry their whole path, so nothing is added on the way."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _walk(inner.routes)
        elif isinstance(route, APIRoute | Route):
            yield route
