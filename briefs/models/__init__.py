"""What the product asks of a language model: one question, one answer in a given shape, and what it cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel

import prompts
from briefs.errors import InvalidAnswer, ModelUnavailable

T = TypeVar("T", bound=BaseModel)
V_co = TypeVar("V_co", covariant=True)

Reason = Literal["shape", "empty", "cut_off", "refused", "filtered"]
"""Why an answer could not be used: not in the shape asked for, nothing said, over the output limit, declined by the model, withheld by a filter."""


@dataclass(frozen=True)
class Usage:
    """What answers took. `calls` are questions put to a model; `retries` are further tries of the transport, counted apart."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    retries: int = 0

    def __add__(self, other: Usage) -> Usage:
        calls, retries = self.calls + other.calls, self.retries + other.retries
        return Usage(calls, self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out, retries)


@dataclass(frozen=True)
class Answer(Generic[V_co]):
    """A value in the shape asked for. An answer from the cache is `cached`, and its usage is nothing. `cut_off`: see partial.py."""

    value: V_co
    usage: Usage = Usage()
    cached: bool = False
    cut_off: bool = False


class LanguageModel(Protocol):
    """Anything that answers a prompt in a shape. Raises ModelFault; see briefs/errors.py."""

    @property
    def name(self) -> str:
        """Provider and model, as in `openai:gpt-4.1-mini`."""
        ...

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]: ...


@dataclass(frozen=True)
class ModelSettings:
    """Which model, where, and how patiently.

    `model` is `provider:name` (`openai:` is understood where no provider stands). `base_url` None is the provider's own address.
    Seconds: `timeout_s` of one try's silence, `deadline_s` of a whole answer with its tries and waits.
    `temperature` None sends none (reasoning models refuse it). `max_output_tokens` None takes each prompt's own limit.
    """

    model: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout_s: float = 60.0
    max_retries: int = 2
    deadline_s: float = 180.0
    temperature: float | None = None
    max_output_tokens: int | None = None
    concurrency: int = 4
    prices_path: Path | None = None

    @property
    def provider(self) -> str:
        head, colon, _ = self.model.partition(":")
        return head if colon else "openai"

    @property
    def qualified_name(self) -> str:
        """`provider:name`, also where `model` names no provider."""
        return self.model if ":" in self.model else f"openai:{self.model}"

    def output_limit(self, prompt: prompts.Rendered) -> int:
        """Tokens the model may write in answer to `prompt`: the user's limit, else the prompt's."""
        return self.max_output_tokens or prompt.max_output_tokens


class UnusableAnswer(InvalidAnswer):
    """InvalidAnswer of one try, with what it took.

    `said` is what the model wrote, shown to nobody but the model when it is asked again. `problem` says what is wrong, without any customer text.
    """

    def __init__(self, reason: Reason, problem: str, *, said: str = "", usage: Usage = Usage()) -> None:
        super().__init__(f"The model's answer could not be used: {problem}", "Try again, raise the output limit, or use another model.")
        self.reason: Reason = reason
        self.problem = problem
        self.said = said
        self.usage = usage


class Unreachable(ModelUnavailable):
    """ModelUnavailable with the tries it took."""

    def __init__(self, message: str, hint: str = "", *, usage: Usage = Usage()) -> None:
        super().__init__(message, hint)
        self.usage = usage


def spent(fault: Exception) -> Usage:
    """What was used up by a question that ended in `fault`."""
    return fault.usage if isinstance(fault, (UnusableAnswer, Unreachable)) else Usage()
