"""Whether the service lives, whether it can work, and its figures."""

from __future__ import annotations

from typing import Annotated, Literal, cast

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.metrics import MEDIA_TYPE, Metrics
from api.parts import Space, caller
from api.problems import problem
from api.routes import problems
from api.schemas import Wire
from briefs.people import Person

calls = APIRouter(tags=["operation"])


class Health(Wire):
    status: Literal["ok"]


@calls.get("/healthz")
def healthz() -> Health:
    """The process answers."""
    return Health(status="ok")


@calls.get("/readyz", response_model=Health, responses=problems(503))
def readyz(space: Space) -> Health | Response:
    """The database answers, and is of this release."""
    fault = space.fault()
    return Health(status="ok") if fault is None else problem(503, "not_ready", fault, headers={"Retry-After": "5"})


@calls.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}, **problems(401, 403)})
def metrics(request: Request, space: Space, _person: Annotated[Person, Depends(caller("admin"))]) -> Response:
    """Requests, times and briefs by state, for Prometheus."""
    return Response(cast("Metrics", request.app.state.metrics).text(space), media_type=MEDIA_TYPE)
