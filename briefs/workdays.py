"""Time as people at work count it: hours and days that pass on business days only.

Pure: which days are holidays is handed in. A business day has all its twenty-four hours, so "24 business hours" after Friday noon is Monday noon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

SATURDAY = 5


def no_holiday(day: date) -> bool:
    """A calendar of weekends only."""
    return False


@dataclass(frozen=True)
class Workdays:
    """Whose business days count: `holiday` says which weekdays are free, `zone` where a day begins."""

    holiday: Callable[[date], bool] = no_holiday
    zone: tzinfo = UTC

    def works(self, day: date) -> bool:
        """Whether people are at work that day."""
        return day.weekday() < SATURDAY and not self.holiday(day)

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    def start_of(self, day: date) -> datetime:
        """The day's first moment, UTC."""
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def after_hours(self, at: datetime, hours: float) -> datetime:
        """The instant, UTC, when so many hours of business days have passed since `at` (aware). Hours of free days do not pass."""
        local, left = at.astimezone(self.zone).replace(tzinfo=None), timedelta(hours=hours)
        while True:
            midnight = datetime.combine(local.date() + timedelta(days=1), time())
            if self.works(local.date()):
                if left < midnight - local or (left == midnight - local and not left):
                    return (local + left).replace(tzinfo=self.zone).astimezone(UTC)
                left -= midnight - local
            local = midnight

    def after_days(self, at: datetime, days: int) -> datetime:
        """The same time of day, `days` business days later; a start on a free day counts from the next business day's beginning."""
        return self.after_hours(at, 24 * days)

    def week_of(self, at: datetime) -> datetime:
        """When the week of `at` began: Monday's first moment, UTC."""
        day = self.day_of(at)
        return self.start_of(day - timedelta(days=day.weekday()))


WEEKDAYS = Workdays()
"""Monday to Friday, UTC."""
