"""What can be taken of an answer that was cut off at the output limit: what stands complete before the break."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import prompts
from briefs.models import Answer, LanguageModel, UnusableAnswer

T = TypeVar("T", bound=BaseModel)

_OPENING = re.compile(r'\s*\{\s*"(\w+)"\s*:\s*\[')
_BETWEEN = re.compile(r"[\s,]*")
_JSON = json.JSONDecoder()
TRIED = 50
"""Closing braces tried, from the last one back: each costs a reading of the whole."""


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

    An entry counts once its own brace is closed. One that broke off inside a list of its own, a section of a draft, counts with what stands whole
    there. One entry that breaks the shape makes all unusable, as in an answer that was not cut off.
    """
    name, whole, begun = entries(fault.said) if fault.reason == "cut_off" else ("", [], None)
    for found in ([*whole, begun], whole) if begun is not None else (whole,):
        if found:
            with suppress(ValidationError):
                return shape.model_validate({name: found})
    return None


def usable(said: str) -> bool:
    """Whether anything stands whole in an answer that was cut off."""
    _, whole, begun = entries(said)
    return bool(whole) or begun is not None


def entries(said: str) -> tuple[str, list[Any], Any]:
    """The one list that each answer is (see shapes.py): its name, what stands whole in it, each once, in the order said, and what was begun last."""
    opening = _OPENING.match(said)
    if opening is None:
        return "", [], None
    place, found = opening.end(), list[Any]()
    while True:
        place = _BETWEEN.match(said, place).end()  # pyright: ignore[reportOptionalMemberAccess] - it matches nothing, too
        try:
            entry, place = _JSON.raw_decode(said, place)
        except (ValueError, RecursionError):  # the break, or the list's own end
            return opening[1], found, _begun(said[place:])
        if entry not in found:
            found.append(entry)


def _begun(said: str) -> Any:
    """An entry that broke off inside a list of its own, that list closed behind its last whole object; None where none stands there."""
    for brace in reversed([found.end() for found in re.finditer(r"\}", said)][-TRIED:]):
        with suppress(ValueError, RecursionError):  # a brace inside a string, or deeper down
            return json.loads(said[:brace] + "]}")
    return None
