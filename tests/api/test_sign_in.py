"""Signing in to the pages: with a token, or through a real identity provider on this machine; forms that come from elsewhere are refused."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from tests.api.world import MIRA, World, serving

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the provider's own imports name a module of Authlib that is on its way out
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # the provider of the tests uses what its own libraries leave behind


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    people = [
        User(sub="m1", claims={"email": MIRA.upper(), "email_verified": True}),
        User(sub="m2", claims={"email": MIRA, "email_verified": True}),
        User(sub="x1", claims={"email": "jonas@fieldlane.example", "email_verified": False}),
        User(sub="s1", claims={"email": "stranger@elsewhere.example", "email_verified": True}),
    ]
    with run_server_in_thread(user_claims=people, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def world(tmp_path: Path, issuer: str) -> Iterator[World]:
    with serving(tmp_path / "home", oidc_issuer=issuer, oidc_client_id="briefs", oidc_client_secret="s3cret") as world:
        world.client.follow_redirects = False
        yield world


def through_the_provider(world: World, subject: str, next: str = "/inbox") -> httpx.Response:
    """What a browser does: is sent to the provider, says there who it is, and comes back."""
    sent = world.client.get("/sign-in/company", params={"next": next})
    assert sent.status_code == 303, sent.text
    asked = parse_qs(urlsplit(sent.headers["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["nonce"]
    agreed = httpx.post(sent.headers["location"], data={"sub": subject})
    assert agreed.status_code == 302, agreed.text
    back = urlsplit(agreed.headers["location"])
    return world.client.get(f"{back.path}?{back.query}")


def test_somebody_the_provider_vouches_for_is_signed_in_as_the_person_of_that_address(world: World) -> None:
    answer = through_the_provider(world, "m1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/inbox"), answer.text
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert world.client.get("/v1/briefs").status_code == 200


@pytest.mark.parametrize("subject", ["x1", "s1"])
def test_nobody_is_signed_in_by_an_address_that_is_not_verified_or_not_known(world: World, subject: str) -> None:
    answer = through_the_provider(world, subject)
    assert answer.headers["location"] == "/sign-in?fault=company"
    assert world.client.get("/v1/briefs").status_code == 401


def test_another_subject_with_the_same_address_opens_nothing_once_it_is_bound(world: World) -> None:
    assert through_the_provider(world, "m1").headers["location"] == "/inbox"
    world.client.cookies.clear()
    assert through_the_provider(world, "m2").headers["location"] == "/sign-in?fault=company"


def test_an_answer_of_the_provider_counts_once_and_in_the_browser_that_asked(world: World) -> None:
    sent = world.client.get("/sign-in/company")
    back = urlsplit(httpx.post(sent.headers["location"], data={"sub": "m1"}).headers["location"])
    kept = dict(world.client.cookies)
    world.client.cookies.clear()
    assert world.client.get(f"{back.path}?{back.query}").headers["location"] == "/sign-in?fault=company"
    world.client.cookies.update(kept)
    assert world.client.get(f"{back.path}?{back.query}").headers["location"] == "/"
    world.client.cookies.update(kept)
    assert world.client.get(f"{back.path}?{back.query}").headers["location"] == "/sign-in?fault=company"


def test_a_token_signs_in_and_a_form_without_the_sessions_value_does_nothing(world: World) -> None:
    first = world.client.post("/sign-in", data={"token": world.tokens["mira"], "next": "//evil.example/x"})
    assert first.headers["location"] == "/"
    assert world.client.get("/v1/briefs").status_code == 200
    world.client.post("/sign-in", data={"token": world.tokens["mira"], "csrf": "x"})
    refused = world.client.post("/sign-out")
    assert refused.status_code == 403
    world.client.cookies.clear()
    assert world.client.post("/sign-in", data={"token": "nonsense"}).headers["location"].startswith("/sign-in?fault=token")


def test_a_change_by_cookie_needs_the_forms_value_and_must_not_come_from_another_site(world: World) -> None:
    from briefs import sessions

    world.client.post("/sign-in", data={"token": world.tokens["ada"]})
    session = sessions.find(world.workspace.store, world.client.cookies["briefs_session"], now=world.workspace.now)
    wish = {"name": "Nora", "role": "csm"}
    assert world.client.post("/v1/users", json=wish).status_code == 403
    assert world.client.post("/v1/users", json=wish, headers={"X-CSRF-Token": "guess"}).status_code == 403
    good = {"X-CSRF-Token": session.csrf}
    assert world.client.post("/v1/users", json=wish, headers=good | {"Origin": "http://evil.example"}).status_code == 403
    assert world.client.post("/v1/users", json=wish, headers=good | {"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert world.client.post("/v1/users", json=wish, headers=good).status_code == 201
    out = world.client.post("/sign-out", data={"csrf": session.csrf})
    assert out.headers["location"] == "/sign-in"
    assert world.client.get("/v1/users", headers={"Cookie": f"briefs_session={session.value}"}).status_code == 401


def test_a_browser_signs_in_by_the_form_it_was_given_and_by_no_other(world: World) -> None:
    form = {"token": world.tokens["mira"]}
    here = {"Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert world.client.post("/sign-in", data=form, headers=here).status_code == 403
    page = world.client.get("/sign-in")
    value = page.cookies["briefs_form"]
    assert f'name="csrf" value="{value}"' in page.text
    assert world.client.post("/sign-in", data=form | {"csrf": "guessed"}, headers=here).status_code == 403
    assert world.client.post("/sign-in", data=form | {"csrf": value}, headers=here | {"Origin": "http://evil.example"}).status_code == 403
    assert world.client.post("/sign-in", data=form | {"csrf": value}, headers=here).headers["location"] == "/"


@pytest.mark.parametrize(("proto", "public", "secure"), [("http", None, False), ("https", None, True), ("http", "https://desk.example", True)])
def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites_and_secure_behind_tls(
    tmp_path: Path, proto: str, public: str | None, secure: bool
) -> None:
    with serving(tmp_path / "home", public_url=public) as world:
        client = TestClient(world.client.app, base_url=f"{proto}://127.0.0.1", follow_redirects=False)
        answers = [client.get("/sign-in"), client.post("/sign-in", data={"token": world.tokens["mira"]})]
        client.cookies.set("briefs_session", answers[1].cookies["briefs_session"])
        answers.append(client.get("/rubric"))
        csrf = re.search(r'name="csrf" value="([^"]+)"', answers[2].text)
        assert csrf
        answers += [client.post(path, data={"csrf": csrf[1], "theme": "dark"}) for path in ("/theme", "/sign-out")]
    kept = [each.lower() for answer in answers for each in answer.headers.get_list("set-cookie")]
    assert {each.partition("=")[0] for each in kept} == {"briefs_form", "briefs_session", "briefs_theme"}
    for each in kept:
        flags = {flag.strip() for flag in each.split(";")[1:]}
        assert {"httponly", "samesite=lax", "path=/"} <= flags
        assert ("secure" in flags) is secure


def test_signing_in_ends_the_session_the_browser_came_with(world: World) -> None:
    world.client.post("/sign-in", data={"token": world.tokens["mira"]})
    first = world.client.cookies["briefs_session"]
    world.client.post("/sign-in", data={"token": world.tokens["ada"]})
    assert world.client.cookies["briefs_session"] != first
    world.client.cookies.clear()
    assert world.client.get("/v1/briefs", headers={"Cookie": f"briefs_session={first}"}).status_code == 401


def test_a_revoked_person_is_signed_out_at_once(world: World) -> None:
    world.client.post("/sign-in", data={"token": world.tokens["mira"]})
    assert world.client.get("/v1/briefs").status_code == 200
    assert world.call("ada", "DELETE", f"/v1/users/{world.ids['mira']}").status_code == 204
    assert world.client.get("/v1/briefs").status_code == 401
