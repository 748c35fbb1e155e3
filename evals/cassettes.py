"""Keeps a model's answers in a file, so that a suite can be run again without the model: the same questions get the same answers, and no others do.

A cassette is JSON Lines: a head that says how it was recorded, then an answer a line. An answer is found by everything that reaches the model
(its name, the words of the system, the messages, the schema, the parameters) and by the repeat: three runs of a case are three answers.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

import prompts
from briefs.errors import BudgetSpent, ModelUnavailable, SchemaIgnored
from briefs.models import Answer, LanguageModel, ModelSettings, Reason, UnusableAnswer, Usage
from briefs.models.partial import usable
from briefs.models.shapes import schema_of
from evals.errors import CassetteMiss, NotAnswered, SuiteFault

T = TypeVar("T", bound=BaseModel)

PARTS = ("model", "system", "messages", "schema", "parameters")
"""What a key is made of; a miss names those that differ."""
_IN_WORDS = {
    "model": "the model",
    "system": "the system's words (a prompt was changed)",
    "messages": "the messages (the case, its records or a prompt was changed)",
    "schema": "the schema of the answer",
    "parameters": "the parameters (temperature, output limit)",
}
_asking: ContextVar[tuple[str, int]] = ContextVar("asking", default=("", 0))


@contextmanager
def asking_for(case: str, repeat: int) -> Generator[None]:
    """Whatever a model is asked inside is asked for this case and repeat."""
    token = _asking.set((case, repeat))
    try:
        yield
    finally:
        _asking.reset(token)


class Head(BaseModel):
    """How a cassette was recorded, and of which cases. Replay puts the model together with these settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    suite: str
    model: str
    recorded: date
    temperature: float | None = None
    max_output_tokens: int | None = None
    context_tokens: int
    repeats: int = 1
    cases: tuple[str, ...]


class Entry(BaseModel):
    """One answer: a value, or why there was none that could be used. `parts` are short hashes of what reached the model, by part."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    key: str
    case: str
    repeat: int
    prompt: str
    parts: dict[str, str]
    value: Any = None
    fault: dict[str, str] | None = None
    usage: dict[str, int] = Field(default_factory=dict)


class Cassette:
    """The answers of one file by key. Several threads may read and add; what is added is written at once."""

    def __init__(self, path: Path, head: Head) -> None:
        self.path, self.head = path, head
        self._entries: dict[str, Entry] = {}
        self._lock = threading.Lock()

    @classmethod
    def read(cls, path: Path, hint: str = "Record it: briefs eval run SUITE --mode record.") -> Cassette:
        """Raises CassetteMiss: no such file, with `hint`; SuiteFault: not a cassette."""
        if not path.is_file():
            raise CassetteMiss(f"There is no cassette {path.name}.", hint)
        lines = [line for line in path.read_text("utf-8").split("\n") if line]
        try:
            cassette = cls(path, Head.model_validate_json(lines[0]))
            for line in lines[1:]:
                entry = Entry.model_validate_json(line)
                cassette._entries[entry.key] = entry
        except (ValidationError, IndexError) as fault:
            raise SuiteFault(f"{path.name} is not a cassette this program wrote.", "Record it anew.") from fault
        return cassette

    @classmethod
    def begin(cls, path: Path, head: Head) -> Cassette:
        """A cassette to record into: one that was recorded in the same way is gone on with, any other is written anew."""
        if path.is_file():
            old = cls.read(path)
            if _manner(old.head) == _manner(head):
                kept = cls(path, head.model_copy(update={"recorded": old.head.recorded, "cases": tuple(sorted({*old.head.cases, *head.cases}))}))
                kept._entries = old._entries
                kept._rewrite()
                return kept
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = cls(path, head)
        fresh._rewrite()
        return fresh

    def get(self, key: str) -> Entry | None:
        with self._lock:
            return self._entries.get(key)

    def put(self, entry: Entry) -> Entry:
        """Keeps an answer; where two threads asked the same, the first stays for both."""
        with self._lock:
            kept = self._entries.setdefault(entry.key, entry)
            if kept is entry:
                with self.path.open("a", encoding="utf-8") as stream:
                    stream.write(_line(entry))
            return kept

    def usable(self) -> tuple[int, int, int]:
        """How many of the model's answers the product could use whole, how many in part because they were cut off, and how many there are."""
        with self._lock:
            faults = [entry.fault for entry in self._entries.values() if entry.fault is not None]
            in_part = sum(fault["reason"] == "cut_off" and usable(fault["said"]) for fault in faults)
            return len(self._entries) - len(faults), in_part, len(self._entries)

    def finished(self, case: str) -> None:
        """Every question of the case has its answer: a replay may expect them. One that was stopped half way is recorded to its end first."""
        with self._lock:
            if case not in self.head.cases:
                self.head = self.head.model_copy(update={"cases": tuple(sorted({*self.head.cases, case}))})
                self._rewrite()

    def nearest(self, case: str, prompt: str, parts: Mapping[str, str]) -> Entry | None:
        """The answer that comes closest to a question nobody recorded: of the same case and prompt, with the most parts alike."""
        with self._lock:
            near = [e for e in self._entries.values() if e.prompt == prompt]
        of_case = [e for e in near if e.case == case]
        return max(of_case or near, key=lambda e: sum(e.parts.get(part) == parts[part] for part in PARTS), default=None)

    def _rewrite(self) -> None:
        lines = [_line(self.head), *(_line(self._entries[key]) for key in sorted(self._entries))]
        beside = self.path.with_suffix(".part")
        beside.write_text("".join(lines), "utf-8")
        beside.replace(self.path)


def _line(value: BaseModel) -> str:
    return value.model_dump_json(exclude_defaults=True) + "\n"


def _manner(head: Head) -> dict[str, Any]:
    return head.model_dump(exclude={"recorded", "cases"})


class CassetteModel:
    """A model that answers from a cassette; `beneath` None: from nowhere else (replay), else it is asked what is not there (record)."""

    def __init__(self, cassette: Cassette, settings: ModelSettings, beneath: LanguageModel | None) -> None:
        self._cassette, self._settings, self._beneath = cassette, settings, beneath
        self.name = settings.qualified_name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """Raises CassetteMiss in replay, UnusableAnswer where that was recorded, and what the model beneath raises."""
        case, repeat = _asking.get()
        parts = parts_of(self._settings, prompt, shape)
        key = key_of(parts, repeat)
        entry = self._cassette.get(key)
        if entry is None:
            if self._beneath is None:
                raise self._miss(case, repeat, prompt.name, parts)
            asked = _ask(self._beneath, prompt, shape)
            entry = self._cassette.put(Entry(key=key, case=case, repeat=repeat, prompt=prompt.name, parts=parts, **asked))
        return _played(entry, shape)

    def _miss(self, case: str, repeat: int, prompt: str, parts: Mapping[str, str]) -> CassetteMiss:
        near = self._cassette.nearest(case, prompt, parts)
        where = f"case {case}, repeat {repeat + 1}, prompt {prompt}"
        if near is None:
            differs = "nothing was recorded for this prompt"
        elif changed := [part for part in PARTS if near.parts.get(part) != parts[part]]:
            differs = "of what reaches the model, these differ from the nearest answer: " + "; ".join(_IN_WORDS[part] for part in changed)
        else:
            differs = f"it was recorded for {self._cassette.head.repeats} repeats only"
        return CassetteMiss(f"Not in {self._cassette.path.name}: {where}: {differs}.", "Record it: briefs eval run SUITE --mode record.")


def parts_of(settings: ModelSettings, prompt: prompts.Rendered, shape: type[BaseModel]) -> dict[str, str]:
    """Short hashes of everything that reaches a model. Its address is not among them: an answer is the model's, wherever it runs."""
    told: dict[str, Any] = {
        "model": settings.qualified_name,
        "system": [m.text for m in prompt.messages if m.role == "system"],
        "messages": [[m.role, m.text] for m in prompt.messages if m.role != "system"],
        "schema": [shape.__name__, schema_of(shape)],
        "parameters": {"temperature": settings.temperature, "max_output_tokens": settings.output_limit(prompt)},
    }
    return {part: hashlib.sha256(json.dumps(told[part], sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16] for part in PARTS}


def key_of(parts: Mapping[str, str], repeat: int) -> str:
    """sha256 over the parts and the repeat."""
    return hashlib.sha256(json.dumps([*(parts[part] for part in PARTS), repeat]).encode()).hexdigest()


def _ask(model: LanguageModel, prompt: prompts.Rendered, shape: type[BaseModel]) -> dict[str, Any]:
    """An answer as it is kept. A service out of reach is no answer: it passes through and is recorded nowhere."""
    try:
        answer = model.answer(prompt, shape)
    except UnusableAnswer as fault:
        return {"fault": {"reason": fault.reason, "problem": fault.problem, "said": fault.said}, "usage": _counted(fault.usage)}
    return {"value": answer.value.model_dump(mode="json"), "usage": _counted(answer.usage)}


def _played(entry: Entry, shape: type[T]) -> Answer[T]:
    usage = Usage(**entry.usage)
    if entry.fault is not None:
        reason: Reason = entry.fault["reason"]  # pyright: ignore[reportAssignmentType] - written by _ask
        raise UnusableAnswer(reason, entry.fault["problem"], said=entry.fault["said"], usage=usage)
    return Answer(shape.model_validate(entry.value), usage)


def _counted(usage: Usage) -> dict[str, int]:
    told = {"calls": usage.calls, "tokens_in": usage.tokens_in, "tokens_out": usage.tokens_out, "retries": usage.retries}
    return {name: number for name, number in told.items() if number}


class Strict:
    """A model whose failures to answer at all end the case, where the product would go on with its offline engine: that is not what is measured."""

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name = model.name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """Raises NotAnswered for a service out of reach or a budget that is spent."""
        try:
            return self._model.answer(prompt, shape)
        except (ModelUnavailable, SchemaIgnored, BudgetSpent) as fault:
            raise NotAnswered(f"{fault}", fault.hint) from fault
