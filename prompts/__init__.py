"""The words sent to a language model: one Markdown file a prompt, read strictly, with a version that is the hash of what the model is told.

PromptError             code, hint
├── PromptFileError     a prompt's file is not in the form README.md describes
└── PromptVariableError a variable is missing, surplus or of the wrong kind
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypeAlias, cast, get_args

import yaml

from prompts.fence import NOTHING, Fenced, evidence, fenced, one_line

__all__ = [
    "FOLDER", "NAMES", "Fenced", "Message", "Prompt", "PromptError", "PromptFileError", "PromptVariableError", "Rendered",
    "Value", "copied_example", "evidence", "examples", "load",
]  # fmt: skip

FOLDER = Path(__file__).parent
NAMES = ("extract_signals", "draft_sections", "redraft", "check_claims", "repair", "canary")

Role = Literal["system", "user", "assistant"]
Kind = Literal["line", "list", "fenced"]
Value: TypeAlias = "str | Sequence[str] | Sequence[Fenced]"

_KEYS = {"purpose", "shape", "parameters", "variables", "markers"}
_PARAMETERS = {"max_output_tokens"}
_HOLE = re.compile(r"\{\{(\w+)\}\}")
_EXAMPLE = re.compile(r"<example>.*?</example>", re.DOTALL)


class PromptError(Exception):
    """A fault in a prompt or in its use. `code` is stable; `hint` says what to do next."""

    code = "prompt_error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class PromptFileError(PromptError):
    code = "prompt_file"


class PromptVariableError(PromptError):
    code = "prompt_variables"


@dataclass(frozen=True)
class Message:
    role: Role
    text: str


@dataclass(frozen=True)
class Rendered:
    """What a model is sent: messages, and under which prompt, version and output shape. `max_output_tokens` is the prompt's own limit."""

    name: str
    version: str
    messages: tuple[Message, ...]
    shape: str
    max_output_tokens: int

    def followed_by(self, said: str, further: Rendered) -> Rendered:
        """The conversation after the model `said` something and is told `further`; still this prompt, its shape and its version."""
        return replace(self, messages=(*self.messages, Message("assistant", said), *further.messages))


@dataclass(frozen=True)
class Prompt:
    """One prompt's file. `system` holds no variables: what does not change comes first, and a provider can cache it."""

    name: str
    purpose: str
    shape: str
    max_output_tokens: int
    variables: Mapping[str, Kind]
    markers: tuple[str, ...]
    system: str
    user: str

    @property
    def version(self) -> str:
        """`sha256:` over the text, the parameters and the name of the shape: what reaches the model, and not the purpose."""
        told = {"system": self.system, "user": self.user, "max_output_tokens": self.max_output_tokens, "shape": self.shape}
        return "sha256:" + hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def render(self, **values: Value) -> Rendered:
        """The messages with every variable filled in once; braces in a value are only braces. Raises PromptVariableError."""
        unmatched = sorted(set(self.variables) ^ set(values))
        if unmatched:
            raise PromptVariableError(f"Prompt {self.name!r}: unmatched variables {unmatched}", f"It takes {sorted(self.variables)}.")
        shown = {key: _shown(self.name, key, self.variables[key], value) for key, value in values.items()}
        user = Message("user", _HOLE.sub(lambda hole: shown[hole[1]], self.user))
        messages = (Message("system", self.system), user) if self.system else (user,)
        return Rendered(self.name, self.version, messages, self.shape, self.max_output_tokens)


def load(name: str, folder: Path = FOLDER) -> Prompt:
    """The prompt `name` of a folder of prompts (the product's own by default). Raises PromptFileError."""
    return _load(name, folder)


def examples() -> tuple[str, ...]:
    """Invented names and dates of the prompts' examples. None can be true of an account: a sentence that holds one was copied."""
    return tuple(sorted({marker for name in NAMES for marker in load(name).markers}))


def copied_example(text: str) -> str | None:
    """The first example marker that `text` holds, or None. Upper and lower case are the same."""
    folded = " ".join(text.split()).casefold()
    return next((marker for marker in examples() if marker.casefold() in folded), None)


@cache
def _load(name: str, folder: Path) -> Prompt:
    path = folder / f"{name}.md"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PromptFileError(f"No prompt named {name!r}.", f"There are {', '.join(NAMES)}.") from None
    return _parse(name, text)


def _parse(name: str, text: str) -> Prompt:
    match = re.fullmatch(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    if not match:
        raise PromptFileError(f"Prompt {name!r} has no front matter.", "It stands first, between two lines of '---'.")
    front = _front(name, match[1])
    system, user = _parts(name, match[2])
    prompt = Prompt(
        name=name,
        purpose=str(front["purpose"]),
        shape=str(front["shape"]),
        max_output_tokens=int(front["parameters"]["max_output_tokens"]),
        variables=cast("Mapping[str, Kind]", front.get("variables") or {}),
        markers=tuple(str(marker) for marker in front.get("markers") or ()),
        system=system,
        user=user,
    )
    _check(prompt)
    return prompt


def _front(name: str, text: str) -> dict[str, Any]:
    try:
        front = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise PromptFileError(f"Prompt {name!r}: the front matter is not YAML.") from cause
    if not isinstance(front, dict):
        raise PromptFileError(f"Prompt {name!r}: the front matter is not a mapping.")
    front = cast("dict[str, Any]", front)
    unknown = sorted(set(front) - _KEYS)
    missing = sorted({"purpose", "shape", "parameters"} - set(front))
    if unknown or missing:
        raise PromptFileError(f"Prompt {name!r}: unknown keys {unknown}, missing keys {missing} in the front matter.")
    parameters = front["parameters"]
    if not isinstance(parameters, dict) or set(cast("dict[str, Any]", parameters)) != _PARAMETERS:
        raise PromptFileError(f"Prompt {name!r}: parameters must be exactly {sorted(_PARAMETERS)}.")
    kinds = cast("dict[str, Any]", front.get("variables") or {})
    wrong = sorted(key for key, kind in kinds.items() if kind not in get_args(Kind))
    if wrong:
        raise PromptFileError(f"Prompt {name!r}: variables {wrong} are not of a kind in {get_args(Kind)}.")
    return front


def _parts(name: str, body: str) -> tuple[str, str]:
    """The system part (may be empty) and the user part, which open with the lines `# system` and `# user`."""
    pieces = re.split(r"^# (system|user)$", body, flags=re.MULTILINE)
    roles = pieces[1::2]
    if pieces[0].strip() or roles not in (["system", "user"], ["user"]):
        raise PromptFileError(f"Prompt {name!r} must hold a part '# system' (may be left out) and then a part '# user'.")
    parts = dict(zip(roles, (piece.strip() for piece in pieces[2::2]), strict=True))
    return parts.get("system", ""), parts["user"]


def _check(prompt: Prompt) -> None:
    holes = set(_HOLE.findall(prompt.user))
    if holes != set(prompt.variables):
        raise PromptFileError(f"Prompt {prompt.name!r}: declared and used variables differ: {sorted(holes ^ set(prompt.variables))}.")
    if "{{" in prompt.system or "{{" in _HOLE.sub("", prompt.user):
        raise PromptFileError(f"Prompt {prompt.name!r}: '{{{{' outside a variable of the user part.")
    shown = " ".join(" ".join(_EXAMPLE.findall(prompt.system)).split())
    absent = sorted(marker for marker in prompt.markers if marker not in shown)
    if absent or bool(shown) != bool(prompt.markers):
        raise PromptFileError(f"Prompt {prompt.name!r}: examples and markers do not match: {absent}.", "Every example needs markers; see README.md.")


def _shown(prompt: str, key: str, kind: Kind, value: Value) -> str:
    if isinstance(value, str):
        if kind == "line":
            return one_line(value) or NOTHING
    elif kind == "list" and all(isinstance(item, str) for item in value):
        return "; ".join(one_line(item) for item in cast("Sequence[str]", value)) or NOTHING
    elif kind == "fenced" and all(isinstance(item, Fenced) for item in value):
        return "\n".join(fenced(item) for item in cast("Sequence[Fenced]", value)) or NOTHING
    raise PromptVariableError(f"Prompt {prompt!r}: variable {key!r} is not of kind {kind!r}.")
