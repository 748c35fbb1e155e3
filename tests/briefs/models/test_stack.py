"""A model as the pipeline gets it: second chance, canary, budget, memory, price."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, create_model

import prompts
from briefs.brief import Cost
from briefs.errors import BadInput, BudgetSpent, InvalidAnswer, ModelUnavailable, SchemaIgnored
from briefs.models import Unreachable, UnusableAnswer, Usage, prices, shapes, spent, tokens
from briefs.models.budget import BudgetedModel
from briefs.models.cache import key_of
from briefs.models.canary import Canary
from briefs.models.repair import RepairingModel
from briefs.models.stack import OpenedModel, open_model
from tests.briefs.models.builders import SETTINGS, SIGNAL, ScriptedModel, rendered, settings_for
from tests.servers.chat_server import ScriptedServer, cut_off, fails, refuses, says

SHAPE = shapes.signals(2)
GOOD = {"signals": [SIGNAL]}
WRONG = {"signals": [SIGNAL | {"sentence": "S9"}]}
TODAY = date(2026, 3, 31)
PRICE = prices.Price(model="openai:gpt-4.1-mini", input=1.0, output=2.0, effective=date(2025, 1, 1))


def nonces() -> Canary:
    numbers = itertools.count()
    return Canary(lambda: f"nonce-{next(numbers)}")


def opened(server: ScriptedServer, canary: Canary | None = None, *, max_calls: int | None = None, **changes: Any) -> OpenedModel:
    return open_model(settings_for(server, **changes), canary=canary or nonces(), chance=lambda: 0.0, today=TODAY, max_calls=max_calls)


def test_an_unusable_answer_is_asked_for_once_more_with_the_reason():
    with ScriptedServer([says(WRONG), says(GOOD)]) as server:
        answer = opened(server).model.answer(rendered("the question"), SHAPE)
        again = server.requests[1]["messages"]
    assert answer.value.signals[0].sentence == "S1"
    assert (answer.usage.calls, answer.usage.tokens_in) == (3, 300)  # the canary, the first and the second answer
    assert [message["role"] for message in again] == ["user", "assistant", "user"]
    assert again[0]["content"] == "the question"
    assert '"S9"' in again[1]["content"]
    assert "signals.0.sentence: Input should be 'S1' or 'S2'" in again[2]["content"]


@pytest.mark.parametrize("bad", [says(WRONG), says(None), cut_off(), refuses()], ids=["wrong id", "nothing", "cut off", "refused"])
def test_a_second_unusable_answer_ends_it_and_both_are_counted(bad: Any):
    with ScriptedServer(lambda _: bad) as server, pytest.raises(InvalidAnswer, match="asked twice") as caught:
        opened(server).model.answer(rendered(), SHAPE)
    assert len(server.requests) == 2
    assert spent(caught.value).calls == 3


def test_a_model_that_is_gone_at_the_second_chance_still_counts_the_first():
    broken = [UnusableAnswer("shape", "it was not JSON", usage=Usage(1, 10, 5)), Unreachable("gone", usage=Usage(calls=1, retries=2))]
    with pytest.raises(ModelUnavailable) as caught:
        RepairingModel(ScriptedModel(broken)).answer(rendered(), SHAPE)
    assert spent(caught.value) == Usage(calls=2, tokens_in=10, tokens_out=5, retries=2)


def test_a_server_that_ignores_schemas_is_found_before_any_real_question():
    with ScriptedServer(canary="ignores") as server:
        opening = opened(server)
        for _ in range(2):
            with pytest.raises(SchemaIgnored, match="ignores the schema") as caught:
                opening.model.answer(rendered(), SHAPE)
        assert server.requests == []
        assert len(server.canaries) == 1
    assert "json_schema" in caught.value.hint


def test_the_canary_says_nothing_of_the_word_and_a_guess_does_not_pass():
    with ScriptedServer([says({"word": "nonce-1"})], canary="scripted") as server:
        with pytest.raises(SchemaIgnored):
            opened(server).model.answer(rendered(), SHAPE)
        assert "nonce-0" not in str(server.requests[0]["messages"])
        assert "nonce-0" in str(server.requests[0]["response_format"])


def test_the_canary_is_asked_once_for_a_model_however_many_threads_and_stacks():
    canary = nonces()
    with ScriptedServer(lambda _: says(GOOD)) as server:
        with ThreadPoolExecutor(4) as pool:
            models = [opened(server, canary).model for _ in range(2)]
            list(pool.map(lambda place: models[place % 2].answer(rendered(), SHAPE), range(8)))
        assert len(server.canaries) == 1
        assert len(server.requests) == 8


def test_a_canary_that_got_no_answer_proves_nothing_and_is_asked_again():
    replies = [fails(401), says({"word": "nonce-1"}), says(GOOD)]
    with ScriptedServer(replies, canary="scripted") as server:
        opening = opened(server)
        with pytest.raises(ModelUnavailable):
            opening.model.answer(rendered(), SHAPE)
        assert opening.model.answer(rendered(), SHAPE).value.signals


def test_a_refused_canary_is_an_invalid_answer_and_not_a_missing_schema():
    with ScriptedServer([refuses(), refuses()], canary="scripted") as server, pytest.raises(InvalidAnswer):
        opened(server).model.answer(rendered(), SHAPE)


def test_the_same_question_is_paid_for_once():
    store: dict[str, Any] = {}
    with ScriptedServer([says(GOOD)]) as server:
        model = opened(server).remembering(store.get, store.__setitem__)
        first, second = (model.answer(rendered(), SHAPE) for _ in range(2))
    assert (first.cached, second.cached) == (False, True)
    assert second.value == first.value
    assert second.usage == Usage()
    (kept,) = store.values()
    assert kept["value"] == GOOD


def test_answers_that_cannot_be_used_are_not_remembered():
    store: dict[str, Any] = {}
    with ScriptedServer(lambda _: refuses()) as server, pytest.raises(InvalidAnswer):
        opened(server).remembering(store.get, store.__setitem__).answer(rendered(), SHAPE)
    assert store == {}


@pytest.mark.parametrize("kept", [{"value": WRONG}, {"value": None}, {}, {"value": {"signals": [{}]}}])
def test_a_remembered_answer_that_no_longer_fits_is_asked_anew(kept: Any):
    with ScriptedServer([says(GOOD)]) as server:
        answer = opened(server).remembering(lambda _: kept, lambda *_: None).answer(rendered(), SHAPE)
    assert answer.cached is False


def test_the_key_of_an_answer_changes_with_everything_it_depends_on():
    base = (SETTINGS, rendered(), SHAPE)
    keys = [
        key_of(*base),
        key_of(SETTINGS.__class__(model="openai:gpt-4.1"), *base[1:]),
        key_of(SETTINGS.__class__(model=SETTINGS.model, base_url="http://127.0.0.1:1/v1"), *base[1:]),
        key_of(SETTINGS.__class__(model=SETTINGS.model, temperature=0.0), *base[1:]),
        key_of(SETTINGS.__class__(model=SETTINGS.model, max_output_tokens=7), *base[1:]),
        key_of(SETTINGS, rendered("goodbye"), SHAPE),
        key_of(SETTINGS, rendered(), shapes.signals(3)),
    ]
    assert len(set(keys)) == len(keys)
    assert key_of(SETTINGS, rendered(), shapes.signals(2)) == keys[0]
    assert key_of(SETTINGS.__class__(model=SETTINGS.model, api_key="another", concurrency=9), *base[1:]) == keys[0]


def test_two_shapes_of_one_name_and_other_content_have_other_keys():
    old, new = (create_model("Same", **fields) for fields in ({"a": (str, ...)}, {"a": (str, ...), "b": (str, ...)}))  # type: ignore[call-overload]
    assert key_of(SETTINGS, rendered(), old) != key_of(SETTINGS, rendered(), new)


def test_calls_stop_before_the_one_too_many():
    with ScriptedServer(lambda _: says(GOOD)) as server:
        opening = opened(server, max_calls=3)
        for _ in range(2):  # and the canary
            opening.model.answer(rendered(), SHAPE)
        with pytest.raises(BudgetSpent, match="3 calls"):
            opening.model.answer(rendered(), SHAPE)
        assert len(server.requests) == 2
    assert opening.budget.usage == Usage(calls=3, tokens_in=300, tokens_out=60)


def test_calls_are_counted_over_all_threads():
    model = BudgetedModel(ScriptedModel([GOOD] * 20), SETTINGS, None, max_calls=5)

    def ask(_: int) -> bool:
        try:
            model.answer(rendered(), SHAPE)
        except BudgetSpent:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(ask, range(20))) == 5


def test_a_call_that_could_cost_too_much_is_not_made():
    inner = ScriptedModel([GOOD] * 9)
    model = BudgetedModel(inner, SETTINGS, PRICE, max_cost=0.003)  # an answer may cost 500 tokens × 2 a million, and what is asked
    model.answer(rendered(), SHAPE)
    with pytest.raises(BudgetSpent, match="could cost"):
        model.answer(rendered("x" * 20000), SHAPE)
    assert len(inner.prompts) == 1
    assert prices.amount(model.usage, PRICE) == pytest.approx(100e-6 + 40e-6)


def test_money_is_set_aside_while_a_call_is_under_way():
    inside, leave = threading.Event(), threading.Event()

    class Slow(ScriptedModel):
        def answer(self, prompt: prompts.Rendered, shape: type[BaseModel]):
            inside.set()
            assert leave.wait(5)
            return super().answer(prompt, shape)

    model = BudgetedModel(Slow([GOOD]), SETTINGS, PRICE, max_cost=0.002)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(model.answer, rendered(), SHAPE)
        assert inside.wait(5)
        with pytest.raises(BudgetSpent):
            model.answer(rendered(), SHAPE)
        leave.set()
        assert first.result(5).value


def test_a_highest_cost_needs_a_known_price():
    with pytest.raises(BadInput, match="No price"):
        BudgetedModel(ScriptedModel([]), SETTINGS, None, max_cost=1.0)


def test_an_unusable_answer_costs_too():
    model = BudgetedModel(ScriptedModel([UnusableAnswer("cut_off", "it was cut off", usage=Usage(1, 10, 500))]), SETTINGS, PRICE)
    with pytest.raises(InvalidAnswer):
        model.answer(rendered(), SHAPE)
    assert model.usage == Usage(1, 10, 500)


def test_a_model_of_ones_own_at_another_address_has_no_known_price():
    with ScriptedServer([says(GOOD)]) as server:
        opening = opened(server)
    assert opening.price is None
    assert opening.cost(Usage(1, 100, 20)) == Cost(calls=1, tokens_in=100, tokens_out=20, amount=None)
    assert opening.cost(Usage()).amount == 0.0


def test_the_price_in_force_on_a_day_is_taken():
    old, new = (PRICE.model_copy(update={"input": cost, "effective": day}) for cost, day in ((1.0, date(2025, 1, 1)), (3.0, date(2026, 1, 1))))
    listed = prices.PriceList(currency="EUR", prices=(new, old))
    assert listed.price("openai:gpt-4.1-mini", None, date(2025, 6, 1)) == old
    assert listed.price("openai:gpt-4.1-mini", None, date(2026, 1, 1)) == new
    assert listed.price("openai:gpt-4.1-mini", None, date(2024, 1, 1)) is None
    assert listed.price("openai:gpt-4.1-mini-2025-04-14", None, TODAY) == new
    assert listed.price("openai:gpt-4.1-mini-preview", None, TODAY) is None
    assert listed.price("openai:gpt-4.1-mini", "http://127.0.0.1/v1", TODAY) is None


def test_the_price_list_that_comes_along_is_valid():
    assert prices.load().price("openai:gpt-4.1-mini", None, TODAY) is not None


@pytest.mark.parametrize("text", ["", "prices: 3", "currency: EUR\nprices:\n  - {model: m, input: -1, output: 1, effective: 2025-01-01}", "{"])
def test_a_price_list_that_cannot_be_read_is_bad_input(tmp_path: Path, text: str):
    path = tmp_path / "prices.yaml"
    path.write_text(text)
    with pytest.raises(BadInput, match=r"prices\.yaml"):
        prices.load(path)
    with pytest.raises(BadInput):
        prices.load(tmp_path / "none.yaml")


def test_tokens_are_guessed_on_the_high_side():
    assert tokens.estimate("") == 0
    assert tokens.estimate("x" * 35) == 12
    assert tokens.estimate("座席を増やしたい") >= 8


def test_the_guess_learns_from_what_was_counted():
    estimator = tokens.Estimator()
    before = estimator.tokens("x" * 350)
    estimator.learn(100, 200)
    assert estimator.tokens("x" * 350) > before
    estimator.learn(0, 5)
    estimator.learn(5, 0)


def test_a_schema_is_in_the_subset_every_provider_understands():
    seen: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        seen.append(node)
        for child in (*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])):
            walk(child)

    for shape in (shapes.signals(1), shapes.draft(["need"], 2), shapes.redraft(1, 1), shapes.checks(3), shapes.canary("x")):
        walk(shapes.schema_of(shape))
    for node in seen:
        assert node.keys() <= {"type", "properties", "required", "additionalProperties", "items", "enum"}
        if node["type"] == "object":
            assert node["required"] == list(node["properties"])
            assert node["additionalProperties"] is False


def test_a_shape_that_needs_more_is_refused():
    with pytest.raises(ValueError, match="Not portable"):
        shapes.schema_of(create_model("Counted", number=(int, ...)))
    with pytest.raises(ValueError, match="at least one"):
        shapes.signals(0)
