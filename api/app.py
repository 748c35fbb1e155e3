"""The service as one object: every call, what each request goes through on its way in, and what runs beside it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Protocol

import anyio.to_thread
from fastapi import FastAPI

from api import oidc, problems
from api.metrics import Metrics
from api.pages.faults import dressed
from api.pages.first_run import Start
from api.pages.routers import ROUTERS as PAGES
from api.pages.trying import Trials
from api.rates import REFUSED_PER_MINUTE, Rates
from api.routes import (
    accounts,
    audit,
    briefs,
    cases,
    deliveries,
    desk_work,
    flags,
    handoffs,
    health,
    imports,
    reports,
    rubric,
    sales,
    scans,
    sign_in,
    teach,
    users,
)
from api.traffic import Traffic
from briefs.wiring import Workspace

THREADS = 16
"""Requests worked on at once; the others wait. More would only queue for the database."""
LIMITS = (("/v1/imports", 64 * 1024 * 1024),)
LIMIT = 1024 * 1024
"""How long a body may be, in bytes: of an upload, and of everything else."""


ROUTES = (accounts, audit, briefs, cases, deliveries, desk_work, flags, handoffs, health, imports, reports, rubric, sales, scans, sign_in, users)


class Background(Protocol):
    """Work beside the requests: scans, deliveries, timers."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def create_app(workspace: Workspace, background: Background | None = None) -> FastAPI:
    """The service over an open workspace, which stays the caller's to close. `background` is started and stopped with it."""
    app = FastAPI(title="Expansion briefs", version="1", docs_url=None, redoc_url=None, lifespan=partial(_life, background=background))
    app.state.workspace, app.state.metrics, app.state.background = workspace, Metrics(), background
    app.state.rates = Rates(workspace.settings.rate_per_minute)
    app.state.refusals = Rates(min(REFUSED_PER_MINUTE, workspace.settings.rate_per_minute))
    app.state.start, app.state.trials = Start(), Trials()
    app.state.provider = oidc.of(workspace.settings)
    problems.install(app, dressed)
    observe = app.state.metrics.observe
    app.add_middleware(Traffic, new_id=workspace.new_id, limit_of=_limit_of, observe=observe, dress=dressed, tracer=lambda: workspace.tracer)
    for router in (*(each.calls for each in ROUTES), *PAGES):
        app.include_router(router)
    app.openapi = partial(_openapi, app, app.openapi)  # pyright: ignore[reportAttributeAccessIssue]  # FastAPI's own way to add to it
    return app


@asynccontextmanager
async def _life(app: FastAPI, background: Background | None) -> AsyncGenerator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
    await anyio.to_thread.run_sync(app.state.metrics.begin, app.state.workspace)
    if background is not None:
        await anyio.to_thread.run_sync(background.start)
    try:
        yield
    finally:
        for beside in (app.state.start, app.state.trials):
            await anyio.to_thread.run_sync(beside.stop)
        if background is not None:
            await anyio.to_thread.run_sync(background.stop)


def _openapi(app: FastAPI, made: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return teach(made()) if app.openapi_schema is None else app.openapi_schema


def _limit_of(path: str) -> int:
    return next((limit for prefix, limit in LIMITS if path.startswith(prefix)), LIMIT)
