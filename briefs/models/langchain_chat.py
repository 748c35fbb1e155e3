"""The one door to chat models: any provider LangChain knows, OpenAI and servers that speak its protocol first."""
# pyright: basic
# LangChain's and openai's own types are partly unknown; what leaves this file is typed.

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import openai
from langchain.chat_models import init_chat_model
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage
from langsmith.run_helpers import tracing_context
from pydantic import BaseModel, ValidationError

import prompts
from briefs.errors import BadInput
from briefs.models import Answer, ModelSettings, Reason, UnusableAnswer, Usage
from briefs.models.shapes import schema_of
from briefs.models.transport import Patience

T = TypeVar("T", bound=BaseModel)

OPENAI_URL = "https://api.openai.com/v1"
LONGEST_PROBLEM = 600
"""Characters of a validation fault shown to the model."""


@dataclass(frozen=True)
class Reply:
    """What came back over the wire, before anybody believed it."""

    text: str
    parsed: Any
    usage: Usage
    fault: tuple[Reason, str] | None = None


class LangChainModel:
    """A chat model behind LangChain. One `answer` is one call; the caller decides about a second.

    The schema is sent as it stands in shapes.py and the answer is read here, strictly: LangChain would mend a cut-off JSON text unseen.
    At most `settings.concurrency` calls are under way at once. Nothing is cached, streamed or traced by LangChain.
    """

    def __init__(self, settings: ModelSettings, *, chance: Callable[[], float]) -> None:
        """`chance` gives numbers from 0 to 1 that spread the waits between tries. Raises BadInput: no key, no such provider."""
        self.name = settings.qualified_name
        self._settings = settings
        self._places = threading.BoundedSemaphore(settings.concurrency)
        self._patience = Patience(settings.max_retries, settings.deadline_s, chance)
        self._clients: dict[int, BaseChatModel] = {}
        self._lock = threading.Lock()
        self._client(1024)

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """One call. Raises UnusableAnswer (an InvalidAnswer) and Unreachable (a ModelUnavailable)."""
        call = self._call(prompt, shape)
        with self._places:
            reply, retries = self._patience.get(call, self.name)
        usage = Usage(1, reply.usage.tokens_in, reply.usage.tokens_out, retries)
        if reply.fault:
            raise UnusableAnswer(*reply.fault, said=reply.text, usage=usage)
        return Answer(_read(reply, shape, usage), usage)

    def _call(self, prompt: prompts.Rendered, shape: type[BaseModel]) -> Callable[[], Reply]:
        named = _named_schema(shape, self._settings.provider)
        asking = self._client(self._settings.output_limit(prompt)).with_structured_output(named, method="json_schema", include_raw=True)
        messages = [(message.role, message.text) for message in prompt.messages]

        def call() -> Reply:
            try:
                with tracing_context(enabled=False):
                    return _reply(asking.invoke(messages))
            except openai.LengthFinishReasonError as error:
                return _ended(error.completion, "cut_off", "it was longer than the output limit allows")
            except openai.ContentFilterFinishReasonError as error:
                return _ended(error.completion, "filtered", "the provider's content filter withheld it")

        return call

    def _client(self, output_limit: int) -> BaseChatModel:
        """The client that writes at most so many tokens; made once each."""
        with self._lock:
            if output_limit not in self._clients:
                self._clients[output_limit] = _connect(self._settings, output_limit)
            return self._clients[output_limit]


def _connect(settings: ModelSettings, output_limit: int) -> BaseChatModel:
    options: dict[str, Any] = {"max_tokens": output_limit, "timeout": min(settings.timeout_s, settings.deadline_s), "max_retries": 0, "cache": False}
    if settings.temperature is not None:
        options["temperature"] = settings.temperature
    if settings.base_url:
        options["base_url"] = settings.base_url
    if settings.api_key:
        options["api_key"] = settings.api_key
    if settings.provider == "openai":
        options |= _openai_options(settings)
    try:
        return init_chat_model(settings.qualified_name, **options)
    except ImportError as cause:
        raise BadInput(f"The package for models of {settings.provider!r} is not installed.", f"pip install langchain-{settings.provider}") from cause
    except ValueError as cause:
        raise BadInput(f"No model opens by the name {settings.model!r}.", "Models are named provider:name: openai:gpt-4.1-mini.") from cause


def _openai_options(settings: ModelSettings) -> dict[str, Any]:
    """Address and key are always said, so that nothing in the environment sends a customer's words elsewhere."""
    if settings.base_url:
        return {"api_key": settings.api_key or "none", "use_responses_api": False}
    if not settings.api_key:
        raise BadInput(f"{settings.qualified_name} needs an API key.", "Set OPENAI_API_KEY, or run with --engine offline.")
    return {"base_url": OPENAI_URL}


def _named_schema(shape: type[BaseModel], provider: str) -> dict[str, Any]:
    if provider in {"openai", "azure_openai"}:
        return {"name": shape.__name__, "strict": True, "schema": schema_of(shape)}
    return {"title": shape.__name__, "description": "The answer.", **schema_of(shape)}


def _reply(result: Any) -> Reply:
    raw = result["raw"]
    if not isinstance(raw, AIMessage):
        return Reply("", None, Usage(), ("empty", "there was none"))
    counted: Mapping[str, Any] = raw.usage_metadata or {}
    usage = Usage(tokens_in=counted.get("input_tokens", 0), tokens_out=counted.get("output_tokens", 0))
    text = raw.text
    if raw.additional_kwargs.get("refusal") or any(block.get("type") == "refusal" for block in raw.content if isinstance(block, dict)):
        return Reply(text, None, usage, ("refused", "the model declined to answer"))
    finish = raw.response_metadata.get("finish_reason") or raw.response_metadata.get("stop_reason")
    if finish in {"length", "max_tokens"}:
        return Reply(text, None, usage, ("cut_off", "it was longer than the output limit allows"))
    return Reply(text, result["parsed"], usage)


def _ended(completion: Any, reason: Reason, problem: str) -> Reply:
    counted = completion.usage
    usage = Usage(tokens_in=counted.prompt_tokens, tokens_out=counted.completion_tokens) if counted else Usage()
    return Reply(completion.choices[0].message.content or "", None, usage, (reason, problem))


def _read(reply: Reply, shape: type[T], usage: Usage) -> T:
    """The value the reply holds. Its text counts where there is one; a provider that answers by a tool call has it parsed only."""
    if not reply.text.strip() and not isinstance(reply.parsed, dict):
        raise UnusableAnswer("empty", "it was empty", usage=usage)
    try:
        value = json.loads(reply.text) if reply.text.strip() else reply.parsed
    except (ValueError, RecursionError):
        raise UnusableAnswer("shape", "it was not JSON", said=reply.text, usage=usage) from None
    try:
        return shape.model_validate(value)
    except ValidationError as error:
        raise UnusableAnswer("shape", _problem(error), said=reply.text, usage=usage) from None


def _problem(error: ValidationError) -> str:
    """What is wrong and where, without what was written there: a fault must not carry customers' words."""
    lines: list[str] = []
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        place = fault["loc"][:-1] if fault["type"] == "extra_forbidden" else fault["loc"]
        lines.append(f"{'.'.join(map(str, place)) or 'answer'}: {fault['msg']}")
    return "; ".join(lines)[:LONGEST_PROBLEM]
