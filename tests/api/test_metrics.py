"""The figures move with the work they count, and no customer's word is among them."""

from __future__ import annotations

import re
from datetime import date

from briefs.brief import Cost, RejectedClaim
from tests.api.world import OURS, World


def figures(world: World) -> dict[str, float]:
    """Every figure by its name and labels."""
    answer = world.call("ada", "GET", "/metrics")
    assert answer.status_code == 200, answer.text
    assert "QZ" not in answer.text
    lines = (line for line in answer.text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def moved(before: dict[str, float], after: dict[str, float]) -> dict[str, float]:
    """What is otherwise, without times and the requests for the figures themselves."""
    ours = {name for name in after if not name.startswith(("briefs_http", "python", "process"))}
    return {name: after[name] - before.get(name, 0.0) for name in ours if after[name] != before.get(name, 0.0)}


def test_requests_are_counted_by_route_and_never_by_the_address_typed(world: World) -> None:
    world.call("mira", "GET", f"/v1/accounts/{OURS[0]}")
    world.call("mira", "GET", "/v1/accounts/QZ-nobody")
    world.call("mira", "GET", "/QZ/unknown")
    found = figures(world)
    assert found['briefs_http_requests_total{method="GET",route="/v1/accounts/{account_id}",status="200"}'] == 1
    assert found['briefs_http_requests_total{method="GET",route="/v1/accounts/{account_id}",status="404"}'] == 1
    assert found['briefs_http_request_seconds_count{method="GET",route="/v1/accounts/{account_id}"}'] == 2
    assert any('route="unmatched"' in name for name in found)


def test_an_approval_moves_the_briefs_and_a_look_is_counted(world: World) -> None:
    before = figures(world)
    assert before['briefs_queue_depth{queue="scans"}'] == 0
    assert world.decide("mira", world.brief_of(OURS[0])).status_code == 201
    ticket = next(r.id for r in world.workspace.archive.records(OURS[1]) if type(r).__name__ == "Ticket")
    world.call("help", "POST", "/v1/flags", json={"ticket_id": ticket, "reason": "They asked"})
    change = moved(before, figures(world))
    assert change['briefs_state_count{state="delivered"}'] == 1
    assert change['briefs_state_count{state="draft"}'] == -1
    assert change['briefs_deliveries{state="delivered"}'] == 1
    (look,) = [name for name in change if name.startswith("briefs_accounts_looked_at_total")]
    assert 'engine="offline"' in look
    assert change[look] == 1
    assert moved(figures(world), figures(world)) == {}, "asking changes nothing"


def test_calls_tokens_and_rejected_sentences_are_counted_once_whoever_kept_the_result(world: World) -> None:
    before = figures(world)
    space = world.workspace
    last = space.store.last_result(OURS[0])
    assert last is not None
    claims = [RejectedClaim(section="need", text="QZ said so", reason=reason, detail="", source="model") for reason in ("number", "number", "Q Z!")]
    cost = Cost(calls=3, tokens_in=1200, tokens_out=340, retries=1)
    result = last.result.model_copy(update={"engine": "llm", "model": "openai:tiny", "cost": cost, "rejected": tuple(claims)})
    space.store.start_scan("elsewhere", date(2026, 3, 31), "machine", space.now())
    space.store.save_result(result, "key", "elsewhere", space.now())
    change = moved(before, figures(world))
    assert change == {
        'briefs_accounts_looked_at_total{engine="llm",verdict="qualified"}': 1,
        'briefs_model_calls_total{model="openai:tiny"}': 3,
        'briefs_model_retries_total{model="openai:tiny"}': 1,
        'briefs_model_tokens_total{direction="in",model="openai:tiny"}': 1200,
        'briefs_model_tokens_total{direction="out",model="openai:tiny"}': 340,
        'briefs_claims_rejected_total{reason="number"}': 2,
        'briefs_claims_rejected_total{reason="other"}': 1,
        **{name: change[name] for name in change if re.search("_created", name)},
    }


def test_jobs_that_wait_are_counted_by_queue(world: World) -> None:
    space = world.workspace
    space.jobs.prepare()
    with space.store.writing() as connection:
        for n in range(3):
            space.jobs.enqueue(connection, "scan", f"scan:none{n}", f"none{n}")
    assert figures(world)['briefs_queue_depth{queue="scans"}'] == 3
    space.jobs.cancel("scan:none0")
    assert figures(world)['briefs_queue_depth{queue="scans"}'] == 2
