"""Names of months, seasons and weekdays in four languages."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAMES = (
    "january jan enero ene januar jänner jan. janvier janv",
    "february feb febrero februar février fevrier févr fevr",
    "march mar marzo märz maerz mrz mars",
    "april apr abril abr avril avr",
    "may mayo mai",
    "june jun junio juni juin",
    "july jul julio juli juillet juil",
    "august aug agosto ago août aout",
    "september sept sep septiembre setiembre septembre",
    "october oct octubre oktober okt octobre",
    "november nov noviembre novembre",
    "december dec diciembre dic dezember dez décembre decembre déc",
)
MONTHS: dict[str, int] = {name.rstrip("."): number for number, listed in enumerate(_NAMES, start=1) for name in listed.split()}
SHORT = frozenset((
    "may", "march", "mar", "jan", "jun", "ago", "sep", "dec", "dic", "set", "abr", "ene", "avr", "juil", "mrz", "okt", "oct", "nov", "feb", "apr",
    "jul", "aug", "sept", "dez", "déc", "janv", "févr", "fevr", "mars",
))  # fmt: skip
"""Names that are also other words (`may`, `march`, `Jan`, `mar`): a month only beside a day, a year or a word of time."""


SEASONS = {
    **dict.fromkeys(["spring", "primavera", "frühjahr", "frühling", "fruhjahr", "fruehjahr", "printemps"], 3),
    **dict.fromkeys(["summer", "verano", "sommer", "été"], 6),
    **dict.fromkeys(["autumn", "otoño", "otono", "herbst", "automne"], 9),
    **dict.fromkeys(["winter", "invierno", "hiver"], 12),
}
_DAYS = (
    "monday lunes montag lundi",
    "tuesday martes dienstag mardi",
    "wednesday miércoles miercoles mittwoch mercredi",
    "thursday jueves donnerstag jeudi",
    "friday viernes freitag vendredi",
    "saturday sábado sabado samstag sonnabend samedi",
    "sunday domingo sonntag dimanche",
)
WEEKDAYS = {name: number for number, listed in enumerate(_DAYS) for name in listed.split()}


def either(names: Iterable[str]) -> str:
    """An alternation of names, longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
