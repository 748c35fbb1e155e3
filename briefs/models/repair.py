"""Gives a model that answered in an unusable way one more chance, with the reason in front of it."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel

import prompts
from briefs.models import Answer, LanguageModel, Unreachable, UnusableAnswer
from briefs.models.partial import complete

T = TypeVar("T", bound=BaseModel)

LONGEST_QUOTE = 2000
"""Characters of the unusable answer the model is shown again."""
_NOTHING_SAID = "(no answer)"


class RepairingModel:
    """Asks a second time where the first answer cannot be used, never a third. Both calls count in what is spent.

    An answer that was cut off behind complete entries is not asked for again: the same list would break off at the same limit.
    """

    def __init__(self, model: LanguageModel) -> None:
        self._model = model
        self.name = model.name

    def answer(self, prompt: prompts.Rendered, shape: type[T]) -> Answer[T]:
        """Raises UnusableAnswer when the second answer is unusable too, or the first was cut off with something in it. Passes on other faults."""
        try:
            return self._model.answer(prompt, shape)
        except UnusableAnswer as fault:
            if complete(fault, shape) is not None:
                raise
            first = fault
        further = prompts.load("repair").render(problem=first.problem)
        again = prompt.followed_by(first.said[:LONGEST_QUOTE] or _NOTHING_SAID, further)
        try:
            second = self._model.answer(again, shape)
        except UnusableAnswer as fault:
            raise UnusableAnswer(fault.reason, f"{fault.problem} (asked twice)", said=fault.said, usage=first.usage + fault.usage) from None
        except Unreachable as fault:
            fault.usage = first.usage + fault.usage
            raise
        return Answer(second.value, first.usage + second.usage, second.cached)
