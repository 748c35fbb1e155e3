"""The adapter over real HTTP: what it sends, what it makes of good and bad answers, and how it behaves when the server does not."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import BaseModel

import prompts
from briefs.errors import BadInput, InvalidAnswer, ModelUnavailable
from briefs.models import ModelSettings, Unreachable, UnusableAnswer, shapes, spent
from briefs.models.langchain_chat import LangChainModel
from tests.briefs.models.builders import SETTINGS, SIGNAL, reach, rendered
from tests.servers.chat_server import ScriptedServer, cut_off, drops, fails, filtered, refuses, says, stalls

SHAPE = shapes.signals(2)
GOOD = {"signals": [SIGNAL]}


def test_a_good_answer_comes_back_in_the_shape_asked_for_with_what_it_took():
    with ScriptedServer([says(GOOD, tokens_in=321, tokens_out=45)]) as server:
        answer = reach(server).answer(rendered(), SHAPE)
    assert answer.value.signals[0].sentence == "S1"
    assert (answer.usage.calls, answer.usage.tokens_in, answer.usage.tokens_out, answer.usage.retries) == (1, 321, 45, 0)
    assert answer.cached is False


def test_what_is_sent_is_the_prompt_the_schema_and_the_output_limit_and_nothing_that_a_reasoning_model_refuses():
    prompt = prompts.load("check_claims").render(account="Acme", claims=[], evidence=[])
    with ScriptedServer([says({"claims": []})]) as server:
        reach(server).answer(prompt, shapes.checks(1))
        (request,) = server.requests
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert request["messages"][1]["content"] == prompt.messages[1].text
    assert request["response_format"]["json_schema"] == {"name": "checks", "strict": True, "schema": shapes.schema_of(shapes.checks(1))}
    assert request["max_completion_tokens"] == prompt.max_output_tokens
    assert request.keys() == {"model", "messages", "response_format", "max_completion_tokens", "stream"}
    assert request["stream"] is False


def test_temperature_and_output_limit_are_sent_where_they_are_set():
    with ScriptedServer([says(GOOD)]) as server:
        reach(server, temperature=0.0, max_output_tokens=77).answer(rendered(), SHAPE)
        (request,) = server.requests
    assert (request["temperature"], request["max_completion_tokens"]) == (0.0, 77)


def test_the_key_goes_into_the_header_and_not_into_what_settings_print():
    with ScriptedServer([says(GOOD)]) as server:
        reach(server).answer(rendered(), SHAPE)
        assert server.headers[0]["authorization"] == "Bearer test-key"
    assert "test-key" not in repr(SETTINGS)


@pytest.mark.parametrize(
    ("reply", "reason", "problem"),
    [
        (says("Here you are: nothing."), "shape", "it was not JSON"),
        (says('{"signals": [{"sentence": "S1"'), "shape", "it was not JSON"),
        (says({"signals": [SIGNAL | {"type": "wants_a_discount"}]}), "shape", "signals.0.type: Input should be 'value_stated'"),
        (says({"signals": [SIGNAL | {"sentence": "S3"}]}), "shape", "signals.0.sentence: Input should be 'S1' or 'S2'"),
        (says({"signals": [SIGNAL | {"note": "Confidential words"}]}), "shape", "signals.0: Extra inputs are not permitted"),
        (says({}), "shape", "signals: Field required"),
        (says([1]), "shape", "answer: Input should be a valid dictionary"),
        (says(None), "empty", "it was empty"),
        (says("  "), "empty", "it was empty"),
        (cut_off(), "cut_off", "it was longer than the output limit allows"),
        (refuses(), "refused", "the model declined to answer"),
        (filtered(), "filtered", "the provider's content filter withheld it"),
    ],
)
def test_an_unusable_answer_is_named_for_what_is_wrong_with_it_and_still_counted(reply, reason: str, problem: str):
    with ScriptedServer([reply]) as server, pytest.raises(InvalidAnswer) as caught:
        reach(server).answer(rendered(), SHAPE)
    fault = caught.value
    assert isinstance(fault, UnusableAnswer)
    assert fault.reason == reason
    assert fault.problem.startswith(problem)
    assert (spent(fault).calls, spent(fault).tokens_in) == (1, 100)
    assert len(server.requests) == 1


def test_a_fault_carries_no_words_of_a_customer_not_even_in_its_traceback():
    secret = "Acme plans to leave us in June"
    with ScriptedServer([says({"signals": [SIGNAL | {"type": secret}]}), says(secret), fails(400, message=secret)]) as server:
        for _ in range(3):
            with pytest.raises((InvalidAnswer, ModelUnavailable)) as caught:
                reach(server).answer(rendered(secret), SHAPE)
            printed = "".join(traceback.format_exception(caught.value))
            assert secret not in printed


@pytest.mark.parametrize("trouble", [fails(429), fails(500), fails(503), fails(408), drops()], ids=["429", "500", "503", "408", "dropped"])
def test_a_passing_trouble_is_tried_again_and_the_try_counted_apart(trouble):
    with ScriptedServer([trouble, says(GOOD)]) as server:
        answer = reach(server).answer(rendered(), SHAPE)
    assert (answer.usage.calls, answer.usage.retries) == (1, 1)
    assert len(server.requests) == 2


@pytest.mark.parametrize("status", [429, 500])
def test_retries_do_not_multiply(status: int):
    with ScriptedServer(lambda _: fails(status)) as server, pytest.raises(Unreachable, match=f"after 3 tries .*HTTP {status}") as caught:
        reach(server, max_retries=2).answer(rendered(), SHAPE)
    assert len(server.requests) == 3
    assert (caught.value.usage.calls, caught.value.usage.retries) == (1, 2)
    assert caught.value.hint


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (fails(400), "BadRequest|InvalidRequest"),
        (fails(401), "Authentication"),
        (fails(404), "NotFound"),
        (fails(429, code="insufficient_quota"), "RateLimit"),
    ],
)
def test_a_lasting_trouble_is_not_tried_again(reply, said: str):
    with ScriptedServer([reply]) as server, pytest.raises(ModelUnavailable, match=said) as caught:
        reach(server).answer(rendered(), SHAPE)
    assert len(server.requests) == 1
    assert caught.value.hint


@pytest.mark.parametrize("body", ["not json", '{"choices": null}', "{}", '{"error": {"message": "Confidential"}}', "[]"])
def test_a_body_that_is_no_chat_completion_is_the_servers_trouble_not_the_models(body: str):
    with ScriptedServer([replace(says(""), body=body)]) as server, pytest.raises(ModelUnavailable) as caught:
        reach(server, max_retries=0).answer(rendered(), SHAPE)
    assert "Confidential" not in str(caught.value)


def test_the_wait_a_server_asks_for_is_kept():
    with ScriptedServer([fails(429, retry_after=0.8), says(GOOD)]) as server:
        began = time.monotonic()
        reach(server).answer(rendered(), SHAPE)
    assert time.monotonic() - began >= 0.8


def test_a_wait_until_a_date_is_kept():
    when = format_datetime(datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=2), usegmt=True)
    with ScriptedServer([fails(503, retry_after=when), says(GOOD)]) as server:
        began = time.monotonic()
        reach(server).answer(rendered(), SHAPE)
    assert time.monotonic() - began >= 0.8  # the header has whole seconds


def test_a_wait_past_the_deadline_is_not_begun():
    with ScriptedServer([fails(429, retry_after=60)]) as server:
        began = time.monotonic()
        with pytest.raises(ModelUnavailable, match="asked to wait 60 s"):
            reach(server, deadline_s=5).answer(rendered(), SHAPE)
    assert time.monotonic() - began < 2


def test_a_stalled_answer_is_given_up_after_the_timeout_and_tried_again():
    with ScriptedServer([stalls(30), says(GOOD)]) as server:
        answer = reach(server, timeout_s=0.3).answer(rendered(), SHAPE)
    assert answer.usage.retries == 1


def test_a_server_that_always_stalls_is_unavailable():
    with ScriptedServer(lambda _: stalls(30)) as server, pytest.raises(ModelUnavailable, match="Timeout"):
        reach(server, timeout_s=0.2, max_retries=1).answer(rendered(), SHAPE)
    assert len(server.requests) == 2


def test_the_deadline_holds_for_an_answer_with_all_its_tries():
    with ScriptedServer(lambda _: stalls(30)) as server:
        began = time.monotonic()
        with pytest.raises(ModelUnavailable):
            reach(server, timeout_s=20, deadline_s=0.5, max_retries=5).answer(rendered(), SHAPE)
    assert time.monotonic() - began < 2


def test_a_port_where_nobody_listens_is_unavailable():
    with ScriptedServer() as server:
        url = server.url
    model = LangChainModel(replace(SETTINGS, base_url=url, max_retries=1), chance=lambda: 0.0)
    with pytest.raises(ModelUnavailable, match="Connection"):
        model.answer(rendered(), SHAPE)


def test_no_more_calls_are_under_way_than_allowed():
    barrier = threading.Barrier(2, timeout=5)

    def slowly(_: object):
        barrier.wait()
        return says(GOOD)

    with ScriptedServer(slowly) as server:
        model = reach(server, concurrency=2)
        with ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: model.answer(rendered(), SHAPE), range(6)))
    assert len(answers) == 6
    assert server.most_under_way == 2


def test_openai_itself_needs_a_key_and_says_so():
    with pytest.raises(BadInput, match="API key"):
        LangChainModel(ModelSettings(model="gpt-4.1-mini"), chance=lambda: 0.0)


@pytest.mark.parametrize("model", ["anthropic:some-model", "nobody:model"])
def test_a_provider_that_is_not_there_is_bad_input(model: str):
    with pytest.raises(BadInput) as caught:
        LangChainModel(ModelSettings(model=model, api_key="k"), chance=lambda: 0.0)
    assert caught.value.hint


def test_a_name_without_a_provider_is_openais():
    assert ModelSettings(model="gpt-4.1-mini").qualified_name == "openai:gpt-4.1-mini"


def test_a_server_of_ones_own_needs_no_key():
    with ScriptedServer([says(GOOD)]) as server:
        reach(server, api_key=None).answer(rendered(), SHAPE)


PROGRAM = """
import json, socket, sys
from briefs.models import ModelSettings, shapes
from tests.briefs.models.builders import rendered
real, gone = socket.socket.connect, []
def connect(self, address):
    if address[0] != "127.0.0.1": gone.append(address)
    return real(self, address)
socket.socket.connect = connect
def look_up(host, *args, real=socket.getaddrinfo, **kwargs):
    if host not in ("127.0.0.1", "localhost"): gone.append(host)
    return real(host, *args, **kwargs)
socket.getaddrinfo = look_up
from briefs.models.langchain_chat import LangChainModel
settings = ModelSettings(model="openai:gpt-4.1-mini", base_url=sys.argv[1], api_key="k")
LangChainModel(settings, chance=lambda: 0.0).answer(rendered("words"), shapes.signals(1))
import tiktoken.registry
print(json.dumps({"gone": gone, "vocabularies": list(tiktoken.registry.ENCODINGS)}))
"""


def test_nothing_leaves_this_machine_whatever_the_environment_says_and_no_vocabulary_is_loaded(tmp_path):
    with ScriptedServer([says({"signals": []})]) as server, ScriptedServer() as spy:
        elsewhere = dict.fromkeys(("LANGSMITH_ENDPOINT", "OPENAI_API_BASE", "OPENAI_BASE_URL"), spy.url)
        on = dict.fromkeys(("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2", "LANGSMITH_GATEWAY"), "true")
        keys = {"LANGSMITH_API_KEY": "theirs", "OPENAI_API_KEY": "theirs"}
        environment = {"PATH": "", "HOME": str(tmp_path), "PYTHONPATH": ".", **elsewhere, **on, **keys}
        done = subprocess.run([sys.executable, "-c", PROGRAM, server.url], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert len(server.requests) == 1
        assert server.headers[0]["authorization"] == "Bearer k"
        assert spy.paths == []
    assert done.stdout.strip() == '{"gone": [], "vocabularies": []}'


def test_importing_the_models_package_imports_no_provider():
    program = (
        "import sys, briefs.models, briefs.models.operations, briefs.models.stack; "
        "print([m for m in sys.modules if m.split('.')[0] in {'langchain', 'langchain_core', 'langchain_openai', 'openai', 'tiktoken', 'langsmith'}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_shape_is_any_closed_pydantic_model():
    class Colour(BaseModel):
        name: str

    with ScriptedServer([says({"name": "blue"})]) as server:
        assert reach(server).answer(rendered(), Colour).value == Colour(name="blue")
