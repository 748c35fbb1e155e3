"""When a label the classifier proposes is believed: its bar, its grounds in the sentence and next to it, and the grounds against it."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re

from briefs.names import stands_in
from briefs.reading import cues
from briefs.reading.anger import without_spared
from briefs.reading.departures import i_leave, leaves, passing
from briefs.reading.grounds import BARS, concepts_in, grounded
from briefs.reading.looked import FEWEST_WORDS, QUESTION, Looked, Shop
from briefs.reading.offline import Context
from briefs.reading.plainly import TOLD
from briefs.reading.plans import ahead
from briefs.reading.sentences import Sentence

_FAULTY = re.compile(
    r"(?i)\b(?:too (?:low|high|late|slow|many|often|small|big)|falls? off|wrong|broken|does ?n.t work|not working|(?:print|come|came)s? (?:out )?(?:double|twice|blank)|at 0 ?%|error|crash\w*|falsch|kaputt|no funciona|ne marche p)"
)
_COSTS = re.compile(
    r"(?i)\b(?:takes|costs|eats|loses|wastes) (?:us|me|them|him|her|everybody)\b|\b(?:kostet|raubt) (?:uns|mich)\b|\bnos (?:lleva|cuesta|quita)\b|\bnous (?:prend|coûte)\b"
)
"""What a job takes today is a burden, unless it is held against what it took before."""

_USED_TO = re.compile(r"(?i)\bused to\b")
"""`He used to do this` tells of no gain: without a measure, or what is different now, it is only the past."""


def believed(label: str, score: float, one: Looked, near: frozenset[str], shop: Shop, context: Context) -> bool:
    """Is `label`, scored 0-1, believed of this sentence? `near` are the concepts the same side names next to it."""
    said, own = one.sentence, one.held
    bar = BARS[label]
    if label in ("dated_plan", "budget_event") and ahead(said):
        own = own | {"AHEAD"}
    built = _structural(label, own, near) or (label == "sponsor_left" and _goes(said, context))
    floor = STRUCTURAL.get(label, bar.grounded) if built else bar.grounded
    if label == "negative_sentiment" and own & {"SARCASM", "PRAISE"}:
        amiss = near | (own - {"FAIL"}) | (own & concepts_in(without_spared(said.text)))
        if not amiss & {"FAIL", "ANGRY", "VEXED"}:
            return False  # praise is mockery only where something goes wrong beside it
    if score < min(floor, bar.alone) or _ruled_out(label, one, own, shop, context):
        return False
    if len(said.text.split()) < FEWEST_WORDS and not (built and label in _SHORT):
        return grounded(label, own, near) and score >= max(bar.grounded, 0.8)
    return score >= bar.alone or (score >= floor and ((built and label == "sponsor_left") or grounded(label, own, near)))


STRUCTURAL = {
    "value_stated": 0.04,
    "new_sponsor": 0.0,
    "budget_event": 0.02,
    "new_team": 0.02,
    "growth_event": 0.2,
    "churn_intent": 0.03,
    "budget_freeze": 0.03,
    "competitor_evaluation": 0.0,
    "seats_requested": 0.05,
    "sponsor_left": 0.0,
    "negative_sentiment": 0.05,
}
"""Scores from which a label is believed where the sentence's build says it: a comparison with before, a successor, a vote on a day, a crew in the product,
so many more seats wanted."""

_SHORT = ("sponsor_left", "churn_intent", "budget_freeze", "competitor_evaluation", "negative_sentiment")
"""Told outright in three words they are told: `Budget is frozen.`"""

LOWEST = {label: min(STRUCTURAL.get(label, bar.grounded), bar.grounded, bar.alone) for label, bar in BARS.items()}
"""Scores below which no grounds help: most labels of most sentences, put aside before anything is asked of the text."""


def _structural(label: str, own: frozenset[str], near: frozenset[str]) -> bool:
    match label:
        case "value_stated":
            return (
                "COMPARES" in own and bool((own | near) & {"VENDOR", "SINCE"}) and bool(own & {"NUM", "TIMEUNIT", "PERCENT", "NONE", "MONTH", "NEG"})
            )
        case "new_sponsor":
            return "SUCCEEDS" in own
        case "budget_event":
            return {"BOARD", "APPROVE", "AHEAD"} <= own
        case "growth_event":
            return "ACQUIRES" in own
        case "churn_intent" | "budget_freeze" | "competitor_evaluation" | "negative_sentiment":
            return TOLD[label] in own
        case "seats_requested":
            return {"SEAT", "MORE", "NUM"} <= own and bool(own & {"WANT", "CANYOU", "BUY"}) and "NEG" not in own
        case "new_team":
            return "VENDOR" in own and bool(own & {"SUBSIDIARY", "SITE", "COLLEAGUE", "TEAMKIND"})
        case _:
            return False


def _ruled_out(label: str, one: Looked, own: frozenset[str], shop: Shop, context: Context) -> bool:
    """Grounds against: who speaks, a question where a statement is needed, a limit nobody sells, a person who is no sponsor."""
    said = one.sentence
    question = QUESTION.search(said.text) is not None
    match label:
        case "limit_reached":
            return question or shop.limit(said.text) is None
        case "seat_saturation":
            return question
        case "value_stated":
            vague = not own & {"COMPARES", "SINCE", "VENDOR", "PRAISE"} and one.scores[label] < 0.65
            return (
                question
                or vague
                or "UNANSWERED" in own
                or _FAULTY.search(said.text) is not None
                or (_USED_TO.search(said.text) is not None and not own & {"NUM", "TIMEUNIT", "PERCENT", "VENDOR", "MONTH", "NONE"})
                or (_COSTS.search(said.text) is not None and not own & {"COMPARES", "SINCE"})
                or (bool(own & {"WANT", "FAIL", "ANGRY", "CURIOUS"}) and not ("COMPARES" in own and one.scores[label] >= BARS[label].grounded))
            )
        case "sponsor_left" | "new_sponsor":
            imagined = label == "sponsor_left" and bool(cues.CUES["hypothetical"](said.text))
            away = label == "sponsor_left" and passing(said.text)
            return said.side == "agent" or imagined or away or not _about_a_sponsor(label, said, own, context)
        case "dated_plan":
            return True  # believed only beside a need: see `is_plan`
        case "competitor_evaluation" | "churn_intent" | "contested_renewal" | "budget_freeze":
            less = TOLD.get(label) not in own and bool(cues.CUES["reduction"](said.text) or cues.CUES["same_scope"](said.text))
            return (
                said.side == "agent"
                or (less and one.scores[label] < 0.9)
                or one.scores["taken_back"] >= BARS["taken_back"].grounded
                or _HAD.search(said.text) is not None
            )
        case "growth_event":
            return said.side == "agent"
        case _:
            return False


_HAD = re.compile(
    r"(?i)\b(?:we |they |i )?(?:had|used) (?:a|another|the) (?:competitor|different|other)\b|\b(?:picked|chose|went with|selected|won us|preferred) (?:us|you)\b|\bcame from (?:a )?competitor|\bin 20(?:0\d|1\d|2[0-4])\b"
)


def _goes(said: Sentence, context: Context) -> bool:
    """A champion or buyer goes, in plain words: `Lorna left on Friday`, `I'm finishing here on Friday` by one of them."""
    return (said.speaker in context.sponsors and i_leave(said.text)) or leaves(said.text, context.sponsors, context.account_names)


_FIRST_PERSON = re.compile(
    r"(?i)\b(?:i'm|i am|i will|i'll|i have|my last|ich (?:verlasse|gehe|höre|wechsle)|mein letzter|me voy|dejo|mi último|je (?:quitte|pars|change)|mon dernier)\b"
)


def _about_a_sponsor(label: str, said: Sentence, own: frozenset[str], context: Context) -> bool:
    """A champion or buyer who comes or goes: by name, by `I` where one speaks, or by title. Anybody else's moves are no signal."""
    if label == "sponsor_left" and said.speaker in context.sponsors and i_leave(said.text):
        return True  # whoever is named besides takes over
    names = {first for name in context.contacts if (first := name.split()[0])}
    taken = {name.split()[0] for name in context.contacts if " " in name.strip() and stands_in(name, said.text)}
    mentioned = {
        name
        for name in context.contacts
        if stands_in(name, said.text)
        or stands_in(name.split()[-1], said.text)
        or (name.split()[0] not in taken and stands_in(name.split()[0], said.text))
    }
    if mentioned:
        return bool(mentioned & set(context.sponsors)) or ("ROLE" in own and label == "new_sponsor")
    if label == "sponsor_left" and _FIRST_PERSON.search(said.text):
        return said.speaker in context.sponsors
    return "ROLE" in own and bool(names or own) and (label == "new_sponsor" or _SPONSOR_WORD.search(said.text) is not None)


_SPONSOR_WORD = re.compile(r"(?i)\b(?:champion|sponsor|economic buyer|head of|director\w*|vp|cio|coo|cfo|leiter\w*|jef[ea]|responsable|direct\w+)\b")
