"""Every role makes every call: what the table says may, may; everybody else is told no, in the same words whether the thing is there or not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.walk import calls_of
from tests.api.pages.visitor import HTML, visitor
from tests.api.roles import MAY, WHO
from tests.api.things import BROKEN, filled, fresh, things_of
from tests.api.world import OURS, PLANTED, THEIRS, World, serving

CELLS = [(method, path, role) for method, path in sorted(MAY) for role in WHO]
REFUSED = (403, 404)


@pytest.fixture(scope="module")
def there(planted_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, str], dict[str, str]]]:
    """A world with one of each thing the paths name: Mira's and Ana's, and Jonas' and Bob's."""
    home = tmp_path_factory.mktemp("roles") / "home"
    shutil.copytree(planted_home, home)
    with serving(home, rate_per_minute=0) as world:
        ours = things_of(world, "mira", "ana", kept=OURS[1], given=OURS[0])
        world.workspace.serves = False
        theirs = things_of(world, "jonas", "bob", kept=THEIRS[1], given=THEIRS[0])
        yield world, ours, theirs


OURS_TO_LIST = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def test_every_call_is_in_the_table(there: tuple[World, dict[str, str], dict[str, str]]) -> None:
    calls = {(method, path) for method, path in calls_of(there[0].client.app) if path.startswith(OURS_TO_LIST)}
    assert calls == set(MAY)


def test_every_call_is_in_the_readme_with_who_may_make_it() -> None:
    readme = (Path(__file__).parents[2] / "api/README.md").read_text("utf-8")
    rows = {(m[1], m[2]): m[3] for m in re.finditer(r"^\| `(\w+) ([^`]+)` \| ([^|]+) \|", readme, re.MULTILINE)}
    said = {call: "anyone" if "nobody" in roles else ", ".join(r for r in WHO if r in roles) for call, roles in MAY.items()}
    assert {call: ", ".join(sorted(told.strip().split(", "))) for call, told in rows.items()} == {
        call: ", ".join(sorted(told.split(", "))) for call, told in said.items()
    }


@pytest.mark.parametrize(("method", "path", "role"), CELLS, ids=str)
def test_a_role_may_make_the_calls_of_the_table_and_no_other(
    there: tuple[World, dict[str, str], dict[str, str]], method: str, path: str, role: str
) -> None:
    world, ours, _ = there
    things = fresh(world, path, ours) if method == "DELETE" and role in MAY[method, path] else ours
    body = {} if method in ("POST", "PATCH") else None
    answer = world.call(WHO[role], method, filled(path, things), json=body)
    if role in MAY[method, path]:
        done = {"GET": (200,), "DELETE": (204,)}.get(method, (200, 201, 202, 409, 422, 428))  # nothing was sent: what has to be is asked for
        assert answer.status_code in done, answer.text
    elif role == "nobody":
        assert answer.status_code == 401
    else:
        assert answer.status_code in (REFUSED if "{" in path else (403,)), answer.text
        if answer.status_code == 404:
            absent = world.call(WHO[role], method, filled(path, {}), json=body)
            assert absent.json()["detail"] == answer.json()["detail"]


ALWAYS = {"/static/{version}/{name:path}", "/handoffs/{handoff_id}"}
"""Nobody's; and an old address that only leads on to the page which asks who is there."""
LISTS = ("/v1/accounts", "/v1/briefs", "/v1/handoffs", "/v1/reports/funnel", "/inbox", "/calls", "/notices")
QUERIES = ("", f"?account={THEIRS[0]}", f"?account={OURS[0]}", "?mine=true")


def test_no_word_of_anothers_comes_back_from_any_address(there: tuple[World, dict[str, str], dict[str, str]]) -> None:
    """Calls and pages, each with everything of one's own and everything of the other's: the words planted in it, and its ids in lists."""
    world, ours, theirs = there
    app = world.client.app
    paths = sorted(path for method, path in calls_of(app) if method == "GET" and path != "/openapi.json")
    reached, seen = set[str](), 0
    for who, own, others, forbidden in (
        ("mira", ours, theirs, ("QZTHEIRS", BROKEN)),
        ("ana", ours, theirs, ("QZTHEIRS", BROKEN)),
        ("jonas", theirs, ours, ("QZOURS", BROKEN)),
        ("bob", theirs, ours, ("QZOURS", BROKEN)),
        ("eve", {}, ours, ("QZ",)),
        ("help", {}, ours, ("QZOURS", "QZTHEIRS")),
        (None, {}, ours, ("QZ",)),
        ("ada", ours, theirs, ()),
    ):
        ask = asking(world, who)
        for path in paths:
            named = "{" in path
            drawn = path.endswith(".pdf") and who != "ada"  # no word can be found in one: that the other's is refused says it all
            for things in ((others,) if drawn else (own, others)) if named else (own,):
                for query in QUERIES if path in LISTS else ("",):
                    answer = ask(filled(path, things) + query)
                    assert answer.status_code < 500, (who, path)
                    assert not [word for word in forbidden if word in answer.text], (who, path, query)
                    seen += "QZ" in answer.text
                    if named and who and answer.status_code < 400:
                        reached.add(path)
                    if named and things is others and who != "ada" and path not in ALWAYS | allowed(who):
                        assert answer.status_code >= 400 or (who is None and answer.headers["location"].startswith("/sign-in")), (who, path)
    assert {path for path in paths if "{" in path} - reached == {NEEDS_A_RUN, NEEDS_A_RUN + "/cases/{suite}/{case_id:path}"}
    assert seen > 40, "the planted words are not where the test looks for them"
    assert set(PLANTED.values()) == {"QZOURS", "QZTHEIRS"}


NEEDS_A_RUN = "/runs/{run_id}"
"""Evaluations hold no account's records: tests/api/pages/test_runs.py opens one as each of two roles."""


def allowed(who: str | None) -> set[str]:
    """The calls of the table whose things are nobody's in particular, for those who may make them."""
    role = next((role for role, name in WHO.items() if name == who), "csm")
    return {
        path
        for (method, path), roles in MAY.items()
        if method == "GET" and role in roles and ("import_id" in path or (who == "help" and "flag_id" in path))
    }


def asking(world: World, who: str | None) -> Any:
    """How somebody asks for an address: calls with a token, pages with a session."""
    browser = visitor(world, who).client if who else world.client

    def ask(address: str) -> Any:
        if address.startswith("/v1/"):
            return world.call(who, "GET", address)
        return browser.get(address, headers=HTML, follow_redirects=False)

    return ask
