"""For admins: people and their tokens, the audit chain with its check, the rubric with a what-if, and whether the system is well."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Form, Query, Request
from starlette.responses import Response

from api.pages.frame import ROLES, go, router, show
from api.pages.gather import own_accounts
from api.pages.trying import Trials, Tried
from api.pages.views.rubric import THRESHOLDS, thresholds
from api.pages.views.system import vitals
from api.parts import Space, caller
from briefs import people, what_if
from briefs.audit import AuditRow
from briefs.errors import AuditBroken, BadInput, RubricError
from briefs.people import NewPerson, Person
from briefs.rendering.words import plain_value
from briefs.wiring import Workspace, new_token

pages = router()
Admin = Annotated[Person, Depends(caller("admin"))]
Reader = Annotated[Person, Depends(caller("csm", "admin"))]
SHOWN = 100
AGAIN_S = 2
"""How often the page asks again without scripts, while accounts are read."""


@pages.get("/people")
def see_people(request: Request, space: Space, person: Admin) -> Response:
    return _people(request, space)


@pages.post("/people")
def add_person(
    request: Request,
    space: Space,
    person: Admin,
    name: Annotated[str, Form(max_length=200)],
    role: Annotated[str, Form(max_length=20)],
    email: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """A new person; the token is shown on this page and never again."""
    made = people.add(space.store, name, role, email, by=person, now=space.now, new_id=space.new_id, new_token=new_token)
    return _people(request, space, made)


@pages.post("/people/{person_id}/token")
def renew_token(request: Request, space: Space, person: Admin, person_id: str) -> Response:
    """A fresh token in place of every older one."""
    made = people.new_token_for(space.store, person_id, by=person, now=space.now, new_token=new_token)
    return _people(request, space, made)


@pages.post("/people/{person_id}/revoke")
def revoke_person(space: Space, person: Admin, person_id: str) -> Response:
    """Tokens and sessions stop; what was decided stands."""
    if person_id == person.id:
        raise BadInput("You cannot take your own rights away.", "Ask another admin.")
    people.revoke(space.store, person_id, by=person, now=space.now)
    return go("/people", "person")


def _people(request: Request, space: Workspace, made: NewPerson | None = None) -> Response:
    return show(request, "people.html", people=people.everybody(space.store), roles=ROLES, made=made, status=201 if made else 200)


@dataclass(frozen=True)
class Chain:
    """What the check of the whole chain said."""

    ok: bool
    words: str


@pages.get("/audit")
def see_audit(request: Request, space: Space, person: Admin, after: Annotated[int, Query(ge=0)] = 0, check: bool = False) -> Response:
    """The chain, a hundred rows a page, newest page first; `check` verifies all of it."""
    rows = space.store.audit_rows()
    start = after if "after" in request.query_params else max(len(rows) - SHOWN, 0)
    names = {row.id: row.name for row in people.everybody(space.store)}
    return show(
        request,
        "audit.html",
        rows=[(row, names.get(row.actor, row.actor), _details(row)) for row in rows[start : start + SHOWN]],
        start=start,
        total=len(rows),
        shown=SHOWN,
        head=space.store.audit_head(),
        chain=_chain(space, rows) if check else None,
    )


def _details(row: AuditRow) -> list[tuple[str, str]]:
    """What the row holds beside who, what and when; a hash is known by its first letters."""
    told: dict[str, object] = json.loads(row.details)
    shown = ((name.replace("_", " "), plain_value(value)) for name, value in told.items() if value is not None)
    return [(name, f"{value[:19]}…" if value.startswith("sha256:") else value) for name, value in shown]


def _chain(space: Workspace, rows: list[AuditRow]) -> Chain:
    try:
        count = space.store.verify_audit()
    except AuditBroken as fault:
        return Chain(False, f"{fault} {fault.hint}".strip())
    return Chain(True, f"All {count:,} rows add up: each holds the hash of the one before.")


@pages.get("/rubric")
def see_rubric(
    request: Request,
    space: Space,
    person: Reader,
    field: Annotated[str, Query(max_length=60)] = "",
    value: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """The rubric in words; with a threshold and a value, the accounts whose answer would change. Nothing is changed by looking."""
    fault, tried = "", None
    if field and value:
        try:
            tried = _tried(request, space, person, field, value)
        except (RubricError, BadInput) as wrong:
            fault = f"{wrong} {wrong.hint}".strip()
    return show(
        request,
        "rubric.html",
        status=422 if fault else 200,
        words=space.rubric.in_words(),
        version=space.rubric.version,
        thresholds=thresholds(space.rubric),
        field=field,
        value=value,
        tried=tried,
        again=AGAIN_S,
        fault=fault,
        field_name=THRESHOLDS.get(field, ""),
        products={each.sku: each.name for each in space.archive.catalogue().products} if tried else {},
    )


def _tried(request: Request, space: Workspace, person: Person, field: str, value: str) -> Tried:
    if field not in THRESHOLDS:
        raise BadInput("There is no such threshold.", "Choose one from the list.")
    other = what_if.changed(space.rubric, {field: value.replace(",", ".")})
    trials: Trials = request.app.state.trials
    return trials.of(space, other, [account.id for account in own_accounts(space, person)])


@pages.get("/system")
def see_system(request: Request, space: Space, person: Admin) -> Response:
    """Whether the database, the index and the work beside the requests are well."""
    return show(request, "system.html", vitals=vitals(space, getattr(request.app.state, "background", None) is not None))
