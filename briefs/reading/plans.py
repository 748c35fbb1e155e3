"""Days ahead that something starts, opens, changes or must be ready, told apart from appointments and renewals."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from briefs.reading.dates import plan_periods
from briefs.reading.looked import FEWEST_WORDS, Looked
from briefs.reading.offline import Context, veto
from briefs.reading.sentences import Sentence

SOON = timedelta(days=6)
"""A date nearer than this is an appointment, not a plan."""
_APPOINTMENT = re.compile(
    r"(?i)\b(?:i(?:'m| am| will be|'ll be) (?:away|out|off|on (?:leave|holiday|vacation)|in|back|not in|not here)|on (?:leave|holiday|vacation)|out of office|demo|meeting|call (?:you|me|us)?|"
    r"ich bin|bin (?:ich )?(?:nicht da|im urlaub|unterwegs)|urlaub|termin mit|estoy (?:fuera|de)|vacaciones|reunión|je (?:suis|serai) (?:absent|en)|congés?|réunion|rendez-vous)\b"
)


def is_plan(one: Looked, context: Context) -> bool:
    """A day ahead that something starts, opens, changes or must be ready; appointments, renewals, freezes and agents' own dates are none."""
    said = one.sentence
    if said.side not in ("customer", "reported") or len(said.text.split()) < FEWEST_WORDS + 1 or not ahead(said):
        return False
    if (
        one.held & {"RENEW", "FREEZE"}
        or _APPOINTMENT.search(said.text)
        or _ASKS_OF_A_THING.search(said.text)
        or veto("dated_plan", said, context) not in (None, "hypothetical", "no_need", "no_offers")
    ):
        return False
    return one.scores["dated_plan"] >= 0.2 or bool(one.held & {"PROJECT", "START"}) or _MUST.search(said.text) is not None


_ASKS_OF_A_THING = re.compile(
    r"(?i)^\W*(?:(?:and|so|also|hi|hello),? )?(?:can|could|does|do|is|are|kann|können|puede|pueden|peut|est-ce que) (?:the|this|that|these|its?|our|my|der|die|das|el|la|los|las|le|les) (?:[\w-]+ ){1,3}(?:be |get |automatically )*"
    r"(?:scheduled|changed?|switched|moved?|hidden|renamed|printed|shown|displayed|turned|paused|locked|exported|geändert|umgeschaltet|verschoben|ausgeblendet|gedruckt|cambiar\w*|programar\w*|mover\w*|changé\w*|programmé\w*|masqué\w*)\b"
)
"""`Can the banner be switched on 1 June?` asks how a thing is done, on whatever day."""

_MUST = re.compile(
    r"(?i)\b(?:must|has to|have to|needs? to|before|by then|until|deadline|goes live|opens?|starts?|audit|muss|bis|vor|stellen .{2,40}um|umgestellt|eröffn\w+|beginnt|startet|Revision|debe|tiene que|antes|abr\w+|empieza|avant|doit|démarre|ouvr\w+)\b"
)


def ahead(said: Sentence) -> bool:
    """Does the sentence name a day that lies more than a few days ahead of when it was said?"""
    return _names_a_day_after(said.text, said.at)


@lru_cache(maxsize=4096)
def _names_a_day_after(text: str, at: date) -> bool:
    """Asked for several labels of the same sentence."""
    return any(p.end > at + SOON for p in plan_periods(text, at))
