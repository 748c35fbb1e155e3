"""Requests and model calls leave spans at a collector: which route, which model, how many tokens; never a word of anybody's."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from briefs.errors import InvalidAnswer
from briefs.models import shapes
from briefs.models.canary import Canary
from briefs.models.stack import open_model
from briefs.tracing import Tracer, Untraced, open_tracer
from tests.api.world import OURS, serving
from tests.briefs.models.builders import rendered, settings_for
from tests.servers.chat_server import Reply, ScriptedServer, cut_off, says
from tests.servers.collector import Collector

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
SERVER, CLIENT = 2, 3


def _ask(tracer: Tracer, reply: Reply) -> None:
    with ScriptedServer(lambda _: reply) as server:
        settings = settings_for(server)
        opened = open_model(settings, canary=Canary(lambda: "nonce"), chance=lambda: 0.0, today=date(2026, 3, 31), tracer=tracer)
        opened.model.answer(rendered("QZSECRET words of a customer"), shapes.signals(2))


def test_a_request_is_a_span_under_its_callers_with_the_route_and_no_more(planted_home: Path, tmp_path: Path) -> None:
    shutil.copytree(planted_home, tmp_path / "planted")
    with Collector() as collector:
        with serving(tmp_path / "planted", traces_endpoint=collector.url) as world:
            brief = world.brief_of(OURS[0])
            assert world.call("mira", "GET", f"/v1/briefs/{brief}", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"}).status_code == 200
            assert world.call("mira", "GET", "/v1/briefs/nowhere").status_code == 404
        spans = {(span.name, span.attributes["http.response.status_code"]): span for span in collector.spans}
        read, missed = spans["GET /v1/briefs/{brief_id}", 200], spans["GET /v1/briefs/{brief_id}", 404]
    assert (read.kind, read.trace.hex(), read.parent.hex(), read.failed) == (SERVER, TRACE, PARENT, False)
    assert read.attributes["http.route"] == "/v1/briefs/{brief_id}"
    assert missed.parent == b""
    assert collector.services == {"briefs"}
    assert not any(word in raw for raw in collector.raw for word in (b"QZ", brief.encode(), b"nowhere"))


def test_a_model_call_is_a_span_by_the_conventions_for_generative_ai() -> None:
    with Collector() as collector:
        tracer = open_tracer(collector.url)
        _ask(tracer, says({"signals": []}, tokens_in=70, tokens_out=9))
        tracer.close()
    span = next(span for span in collector.spans if span.attributes["briefs.prompt"] == "greeting")
    assert (span.name, span.kind, span.failed) == ("chat gpt-4.1-mini", CLIENT, False)
    assert span.attributes["gen_ai.operation.name"] == "chat"
    assert span.attributes["gen_ai.provider.name"] == "openai"
    assert (span.attributes["gen_ai.usage.input_tokens"], span.attributes["gen_ai.usage.output_tokens"]) == (70, 9)
    assert not any(b"QZSECRET" in raw for raw in collector.raw)


def test_a_call_that_fails_says_how_and_repeats_no_word_of_it() -> None:
    with Collector() as collector:
        tracer = open_tracer(collector.url)
        with pytest.raises(InvalidAnswer):
            _ask(tracer, cut_off())
        tracer.close()
    failed = [span for span in collector.spans if span.failed]
    assert failed
    assert {span.attributes["error.type"] for span in failed} == {"UnusableAnswer"}
    assert not any(b"QZSECRET" in raw or b"signals" in raw for raw in collector.raw)


def test_a_collector_that_is_away_costs_nobody_an_answer(planted_home: Path, tmp_path: Path) -> None:
    with Collector() as collector:
        gone = collector.url
    shutil.copytree(planted_home, tmp_path / "planted")
    with serving(tmp_path / "planted", traces_endpoint=gone) as world:
        assert world.call("mira", "GET", "/v1/briefs").status_code == 200


def test_without_a_collector_nothing_is_made() -> None:
    assert isinstance(open_tracer(None), Untraced)
