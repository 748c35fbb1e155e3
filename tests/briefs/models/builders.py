"""A valid model, request and prompt, for tests to change one part of."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import BaseModel

import prompts
from briefs.models import Answer, ModelSettings, Usage
from briefs.models.langchain_chat import LangChainModel
from briefs.models.questions import AccountFacts, ExtractRequest, Passage
from tests.servers.chat_server import ScriptedServer

SETTINGS = ModelSettings(model="openai:gpt-4.1-mini", api_key="test-key", timeout_s=5, max_retries=2, deadline_s=20)
EXTRACT = ExtractRequest(AccountFacts("Acme"), (Passage("We need 20 more seats.", "ticket"), Passage("Thanks!", "ticket")))
SIGNAL = {"sentence": "S1", "type": "seats_requested", "stance": "asked_now", "speaks_for": "this_customer", "firmness": "firm"}


def reach(server: ScriptedServer, **changes: Any) -> LangChainModel:
    """The real adapter, at the scripted server; waits between tries are as short as they can be."""
    return LangChainModel(settings_for(server, **changes), chance=lambda: 0.0)


def settings_for(server: ScriptedServer, **changes: Any) -> ModelSettings:
    return replace(SETTINGS, base_url=server.url, **changes)


def rendered(text: str = "hello", name: str = "greeting") -> prompts.Rendered:
    return prompts.Rendered(name, "sha256:1", (prompts.Message("user", text),), "signals", 500)


@dataclass
class ScriptedModel:
    """Answers with the JSON it is given, in order; raises it where it is an error. `prompts` holds what it was asked."""

    replies: list[Any]
    usage: Usage = field(default_factory=lambda: Usage(calls=1, tokens_in=100, tokens_out=20))
    name: str = "scripted:model"
    prompts: list[prompts.Rendered] = field(default_factory=list)

    def answer(self, prompt: prompts.Rendered, shape: type[BaseModel]) -> Answer[Any]:
        self.prompts.append(prompt)
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        base = shape.__bases__[0]  # the shape as it is before ids are narrowed: a model nobody can trust
        return Answer(base.model_validate(reply), self.usage)
