"""How long things may take and how many there may be: the limits of the gate, each set once and named in the settings."""

from __future__ import annotations

from dataclasses import dataclass

from briefs.settings import Settings


@dataclass(frozen=True)
class Policy:
    """Days are business days, except the cool-down's. `weekly_briefs` 0 means no limit.

    `decide_within_days`: an undecided brief is then brought to an admin's notice; `expire_after_days`: it then lapses.
    `approval_days`: how long an approval that could not be delivered holds. `answer_hours`: business hours sales has to accept or decline.
    """

    decide_within_days: int = 3
    expire_after_days: int = 10
    approval_days: int = 5
    answer_hours: int = 24
    cool_down_days: int = 14
    weekly_briefs: int = 0

    @classmethod
    def of(cls, settings: Settings) -> Policy:
        """As the settings say."""
        return cls(
            decide_within_days=settings.decide_within_days,
            expire_after_days=settings.expire_after_days,
            approval_days=settings.approval_days,
            answer_hours=settings.answer_hours,
            cool_down_days=settings.cool_down_days,
            weekly_briefs=settings.weekly_briefs,
        )


DEFAULTS = Policy()
