"""Which days are public holidays in a country: the one door to the holidays library, which comes with its own tables and asks no network."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from briefs.errors import BadInput
from briefs.workdays import Workdays, no_holiday


def workdays(country: str | None, timezone: str = "UTC") -> Workdays:
    """The business days of a country (`DE`) or a part of it (`US-CA`); None: Monday to Friday. Raises BadInput for one that is not known."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError) as cause:
        raise BadInput(f"No time zone {timezone[:40]!r}.", "Set BRIEFS_TIMEZONE to a name such as Europe/Berlin.") from cause
    if not country:
        return Workdays(no_holiday, zone)
    import holidays

    name, _, part = country.upper().partition("-")
    parts = holidays.list_supported_countries().get(name)
    if parts is None or (part and part not in parts):
        raise BadInput(f"No calendar of {country[:20]!r}.", "Set BRIEFS_CALENDAR to a country code such as DE, or US-CA.")
    known = holidays.country_holidays(name, subdiv=part or None)
    return Workdays(lambda day: day in known, zone)
