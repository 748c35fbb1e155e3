"""What can be taken of an answer that was cut off at the output limit: the entries of its list that stand complete before the break."""

from __future__ import annotations

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from briefs.models import Answer, LanguageModel, UnusableAnswer

T = TypeVar("T", bound=BaseModel)

_OPENING = re.compile(r'\s*\{\s*"(\w+)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_JSON = json.JSONDecoder()


def ask(model: LanguageModel, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
    """The model's answer, or the complete entries of one that was cut off, which says so. Raises ModelFault."""
    try:
        return model.answer(prompt, shape)
    except UnusableAnswer as fault:
        value = complete(fault, shape)
        if value is None:
            raise
        return Answer(value, fault.usage, cut_off=True)


def complete(fault: UnusableAnswer, shape: type[T]) -> T | None:
    """The entries before the break, without one said twice; None where the answer failed otherwise, or nothing that fits `shape` stands complete.

    An entry counts once its own brace is closed: a section whose sentences broke off is none.
    One entry that breaks the shape makes all unusable, as in an answer that was not cut off.
    """
    value = entries(fault.said) if fault.reason == "cut_off" else {}
    try:
        return shape.model_validate(value) if value else None
    except ValidationError:
        return None


def entries(said: str) -> dict[str, list[Any]]:
    """The one list that each answer is (see shapes.py), by its name: what stands whole in it, each once, in the order said. Empty without one."""
    opening = _OPENING.match(said)
    if opening is None:
        return {}
    place, found = opening.end(), list[Any]()
    while True:
        place = _BETWEEN.match(said, place).end()  # pyright: ignore[reportOptionalMemberAccess] - it matches nothing, too
        try:
            entry, place = _JSON.raw_decode(said, place)
        except (ValueError, RecursionError):  # the break, or the list's own end
            return {opening[1]: found} if found else {}
        if entry not in found:
            found.append(entry)
