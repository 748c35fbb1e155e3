"""Every role makes every call: what the table says may, may; everybody else is told no, in the same words whether the thing is there or not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.app import ROUTES
from api.walk import calls_of
from tests.api.roles import MAY, WHO
from tests.api.world import OURS, PLANTED, THEIRS, World, serving

CELLS = [(method, path, role) for method, path in sorted(MAY) for role in WHO]
PAGES = {route.path for each in ROUTES for route in each.calls.routes if not getattr(route, "include_in_schema", True)}


@pytest.fixture(scope="module")
def there(planted_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, dict[str, str]]]:
    """A world with one of each thing the paths name, all of them Mira's or delivered to Ana; nothing here changes it."""
    home = tmp_path_factory.mktemp("roles") / "home"
    shutil.copytree(planted_home, home)
    with serving(home) as world:
        handoff, brief = world.delivered(OURS[0]), world.brief_of(OURS[1])
        world.delivered(THEIRS[0])
        yield world, {"account_id": OURS[1], "brief_id": brief, "n": "1", "handoff_id": handoff, "name": "brief.md", "user_id": world.ids["spare"]}


def filled(path: str, things: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda m: things.get(m[1], "nothing"), path)


OURS_TO_LIST = ("/v1/", "/healthz", "/readyz", "/metrics", "/openapi.json")


def test_every_call_is_in_the_table(there: tuple[World, dict[str, str]]) -> None:
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
def test_a_role_may_make_the_calls_of_the_table_and_no_other(there: tuple[World, dict[str, str]], method: str, path: str, role: str) -> None:
    world, things = there
    body = {} if method in ("POST", "PATCH") else None
    answer = world.call(WHO[role], method, filled(path, {} if method == "DELETE" else things), json=body)
    if role in MAY[method, path]:
        absent = re.search("override_id|token_id|flag_id|import_id|entry_id|delivery_id|target_id|scan_id", path) is not None
        spared = method == "DELETE"
        assert answer.status_code not in (401, 403), answer.text
        assert answer.status_code != 404 or absent or spared, answer.text
        assert answer.status_code < 500
    elif role == "nobody":
        assert answer.status_code == 401
    else:
        assert answer.status_code in ((403, 404) if "{" in path else (403,)), answer.text
        if answer.status_code == 404:
            assert world.call(WHO[role], method, filled(path, {}), json=body).json()["detail"] == answer.json()["detail"]


def test_no_word_of_anothers_comes_back_from_any_call(there: tuple[World, dict[str, str]]) -> None:
    world, _ = there
    theirs = {
        "account_id": THEIRS[0],
        "brief_id": world.brief_of(THEIRS[0]),
        "n": "1",
        "handoff_id": world.workspace.store.handoffs(world.brief_of(THEIRS[0]))[-1].id,
        "name": "brief.md",
        "user_id": world.ids["jonas"],
    }
    seen = 0
    for who, forbidden in (("mira", "QZTHEIRS"), ("ana", "QZTHEIRS"), ("jonas", "QZOURS"), ("bob", "QZOURS"), ("eve", "QZ"), ("help", "QZ")):
        for method, path in sorted(MAY):
            if method != "GET":
                continue
            for things in (theirs, there[1]):
                for query in ("", f"?account={THEIRS[0]}", f"?account={OURS[0]}", "?limit=1", "?mine=true", "?verdict=qualified"):
                    answer = world.call(who, "GET", filled(path, things) + query)
                    assert forbidden not in answer.text, (who, path, query)
                    seen += "QZ" in answer.text
    assert seen > 20, "the planted words are not where the test looks for them"
    assert set(PLANTED.values()) == {"QZOURS", "QZTHEIRS"}
