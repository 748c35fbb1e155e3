"""Reads a record as a whole: what the classifier proposes for each sentence, seconded by its grounds, its neighbours, the catalogue and the calendar."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from briefs.reading import cues
from briefs.reading.classifier import Classifier, load
from briefs.reading.dates import plan_periods
from briefs.reading.grounds import BARS, concepts_in, grounded, near_grounds
from briefs.reading.offline import Context, OfflineReader, Reading, firmness, stance, veto
from briefs.reading.sentences import Sentence

REACH = 2
"""Sentences before and after in which the rest of a request may stand."""
SOON = timedelta(days=6)
"""A date nearer than this is an appointment, not a plan."""
THREAD = 4
"""Sentences between which naming a product and asking for it are one request."""
ANSWER = 14
"""Sentences before our own answer in which the customer may have asked for what it names."""
OUTRIGHT = 0.2
WISH = 0.02
"""Lowest score of a wish that stands apart from the name of what is wished for: `please close` is none."""
LINK = 3
"""Sentences around a date in which the need it belongs to may be named."""
FEWEST_WORDS = 4
_QUESTION = re.compile(r"\?\s*\Z")


@dataclass(frozen=True)
class Shop:
    """What the reader may ask of the catalogue: does a text name something this account could buy, and which limit does it speak of?"""

    wanted: Callable[[str], bool] = lambda text: False
    owned: Callable[[str], bool] = lambda text: False
    limit: Callable[[str], str | None] = lambda text: None
    vendor: frozenset[str] = field(default_factory=frozenset)


class RecordReader:
    """The offline engine's reading. Deterministic; `version` changes when a reading could."""

    CODE = "3"
    name = "offline"

    def __init__(self, classifier: Classifier | None = None) -> None:
        self._classifier = classifier or load()
        self.version = f"{self._classifier.version}-{OfflineReader.RULES_VERSION}-{self.CODE}"

    def candidates(self, sentences: Sequence[Sentence]) -> list[Sentence]:
        """Stage one, for a model to look at: sentences that may say something, the likeliest first. Quoted mails are left out."""
        fresh = [s for s in sentences if not s.quoted]
        if not fresh:
            return []
        scores = self._classifier.scores([s.text for s in fresh]) / self._classifier.sure
        best = scores.max(axis=1)
        order = sorted(range(len(fresh)), key=lambda i: (-float(best[i]), i))
        return [fresh[i] for i in order if best[i] >= self._classifier.wide]

    def read(self, sentences: Sequence[Sentence], context: Context, shop: Shop) -> list[Reading]:
        """Everything the sentences say that is sure enough and that no rule takes away."""
        fresh = [s for s in sentences if not s.quoted]
        scores = self._classifier.scores([s.text for s in fresh]) if fresh else ()
        looked = [
            _Looked(s, dict(zip(self._classifier.labels, map(float, row), strict=True)), near_grounds(s.text, shop.vendor))
            for s, row in zip(fresh, scores, strict=True)
        ]
        found: list[Reading] = []
        for record in _records(looked):
            found.extend(_of_record(record, context, shop))
        return _settled(found)


@dataclass(frozen=True)
class _Looked:
    """A sentence with the classifier's scores and the concepts it holds."""

    sentence: Sentence
    scores: dict[str, float]
    held: frozenset[str]


def _records(looked: Sequence[_Looked]) -> Iterator[list[_Looked]]:
    """The sentences of one record together, in reading order."""
    grouped: dict[str, list[_Looked]] = defaultdict(list)
    for one in looked:
        grouped[one.sentence.record_id].append(one)
    yield from grouped.values()


def _of_record(record: list[_Looked], context: Context, shop: Shop) -> Iterator[Reading]:
    """What one record says, its parts in order: an answer stands in the next message, a date in the next sentence."""
    asked = list(_requests(record, context, shop))
    yield from asked
    for place, one in enumerate(record):
        around = record[max(0, place - REACH) : place] + record[place + 1 : place + 1 + REACH]
        near = frozenset(c for other in around if other.sentence.side == one.sentence.side for c in other.held)
        for label, score in sorted(one.scores.items(), key=lambda item: (-item[1], item[0])):
            if _believed(label, score, one, near, shop, context) and veto(label, one.sentence, context) is None:
                yield _reading(one.sentence, label, score)
    wanted = bool(asked) or any(shop.wanted(o.sentence.text) and o.sentence.side == "customer" for o in record)
    for place, one in enumerate(record):
        near_by = record[max(0, place - LINK) : place + LINK + 1]
        linked = wanted or any(o.scores["seats_requested"] >= BARS["seats_requested"].grounded or _crew(o) for o in near_by)
        if linked and _is_plan(one, context):
            yield _reading(one.sentence, "dated_plan", max(one.scores["dated_plan"], 0.5))


def _believed(label: str, score: float, one: _Looked, near: frozenset[str], shop: Shop, context: Context) -> bool:
    said, own = one.sentence, one.held
    bar = BARS[label]
    ahead = label in ("dated_plan", "budget_event") and _ahead(said)
    if ahead:
        own = own | {"AHEAD"}
    floor = STRUCTURAL.get(label, bar.grounded) if _structural(label, own, near) else bar.grounded
    if score < min(floor, bar.alone) or _ruled_out(label, one, own, shop, context):
        return False
    if len(said.text.split()) < FEWEST_WORDS:
        return grounded(label, own, near) and score >= max(bar.grounded, 0.8)
    return score >= bar.alone or (score >= floor and grounded(label, own, near))


STRUCTURAL = {"value_stated": 0.04, "new_sponsor": 0.0, "budget_event": 0.02, "new_team": 0.02, "growth_event": 0.2}
"""Scores from which a label is believed where the sentence's build says it: a comparison with before, a successor, a vote on a day, a crew in the product."""


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
        case "new_team":
            return "VENDOR" in own and bool(own & {"SUBSIDIARY", "SITE", "COLLEAGUE", "TEAMKIND"})
        case _:
            return False


def _ruled_out(label: str, one: _Looked, own: frozenset[str], shop: Shop, context: Context) -> bool:
    """Grounds against: who speaks, a question where a statement is needed, a limit nobody sells, a person who is no sponsor."""
    said = one.sentence
    question = _QUESTION.search(said.text) is not None
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
                or _FAULTY.search(said.text) is not None
                or (bool(own & {"WANT", "FAIL", "ANGRY", "CURIOUS"}) and not ("COMPARES" in own and one.scores[label] >= BARS[label].grounded))
            )
        case "sponsor_left" | "new_sponsor":
            imagined = label == "sponsor_left" and bool(cues.CUES["hypothetical"](said.text))
            return said.side == "agent" or imagined or not _about_a_sponsor(label, said, own, context)
        case "dated_plan":
            return True  # believed only beside a need: see `_is_plan`
        case "competitor_evaluation" | "churn_intent" | "contested_renewal" | "budget_freeze":
            less = bool(cues.CUES["reduction"](said.text)) or bool(cues.CUES["same_scope"](said.text))
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
_FIRST_PERSON = re.compile(
    r"(?i)\b(?:i'm|i am|i will|i'll|i have|my last|ich (?:verlasse|gehe|höre|wechsle)|mein letzter|me voy|dejo|mi último|je (?:quitte|pars|change)|mon dernier)\b"
)


def _about_a_sponsor(label: str, said: Sentence, own: frozenset[str], context: Context) -> bool:
    """A champion or buyer who comes or goes: by name, by `I` where one speaks, or by title. Anybody else's moves are no signal."""
    names = {first for name in context.contacts if (first := name.split()[0])}
    mentioned = {
        name for name in context.contacts if re.search(rf"(?<!\w)(?:{re.escape(name.split()[0])}|{re.escape(name.split()[-1])})(?!\w)", said.text)
    }
    if mentioned:
        return bool(mentioned & set(context.sponsors)) or ("ROLE" in own and label == "new_sponsor")
    if label == "sponsor_left" and _FIRST_PERSON.search(said.text):
        return said.speaker in context.sponsors
    return "ROLE" in own and bool(names or own) and (label == "new_sponsor" or _SPONSOR_WORD.search(said.text) is not None)


_SPONSOR_WORD = re.compile(r"(?i)\b(?:champion|sponsor|economic buyer|head of|director\w*|vp|cio|coo|cfo|leiter\w*|jef[ea]|responsable|direct\w+)\b")
_ASKING = frozenset(("WANT", "CANYOU", "MISSING", "BUY"))
_AGREES = re.compile(
    r"(?i)\b(?:that(?:'s| is| sounds| would be)? (?:exactly |precisely |just |the one |what )*(?:what|the one|the thing|it)\b|sounds (?:like|exactly)|interested|send (?:me|us)|the one i need|tell (?:me|us) what|"
    r"genau das|hört sich|klingt|interessant|schick\w*|eso es|justo lo que|me interesa|nos interesa|mánd\w+|enví\w+|c'est exactement|ça m'intéresse|nous intéresse|envoyez)"
)


def _requests(record: list[_Looked], context: Context, shop: Shop) -> Iterator[Reading]:
    """Requests for what the catalogue holds and the account lacks: somebody names it, and the customer asks for it there or close by.

    Where our own side names it, that is often the answer to a question asked several sentences before.
    """
    for place, one in enumerate(record):
        if not shop.wanted(one.sentence.text) or (one.sentence.side == "agent" and _turned_down(record, place)):
            continue
        before = ANSWER if one.sentence.side == "agent" else THREAD
        near = range(max(0, place - before), min(len(record), place + THREAD + 1))
        for other in sorted(near, key=lambda o: (abs(o - place), o)):
            if not _asks(record[other], other == place, context) or (abs(other - place) > THREAD and not _asks_outright(record[other])):
                continue
            own = one.sentence.side in ("customer", "reported")
            if own and veto("feature_requested", one.sentence, context) is None:
                yield _reading(one.sentence, "feature_requested", 0.5, asked=True)
            if other != place:
                yield _reading(record[other].sentence, "feature_requested", 0.5, asked=True, about=one.sentence.text)
            break


def _turned_down(record: list[_Looked], place: int) -> bool:
    """Did the customer say no to what our own side named?"""
    after = (o.sentence.text for o in record[place + 1 : place + 1 + ANSWER] if o.sentence.side == "customer")
    return any(_NO_THANKS.search(text) or cues.CUES["declined"](text) for text in after)


_FAULTY = re.compile(
    r"(?i)\b(?:too (?:low|high|late|slow|many|often|small|big)|falls? off|wrong|broken|does ?n.t work|not working|(?:print|come|came)s? (?:out )?(?:double|twice|blank)|at 0 ?%|error|crash\w*|falsch|kaputt|no funciona|ne marche p)"
)
_NO_THANKS = re.compile(
    r"(?i)\b(?:no,? (?:thanks|thank you|need|not)|not (?:now|for us|interested|needed|necessary)|we(?:'re| are) (?:fine|good|happy) (?:with|as)|leave it|nein,? danke|brauchen wir nicht|no,? gracias|no hace falta|non,? merci|pas besoin)\b"
)


def _asks_outright(one: _Looked) -> bool:
    """A request that stands on its own feet: likely by its words, or a question for the plan, the price or the way to get it."""
    question = _QUESTION.search(one.sentence.text) is not None
    return one.scores["feature_requested"] >= OUTRIGHT or (question and bool(one.held & {"PLAN", "BUY", "LOCKED"}))


def _asks(one: _Looked, itself: bool, context: Context) -> bool:
    """Does the customer ask, wish or agree here? A report of our own counts only where it names the thing itself."""
    said = one.sentence
    if said.side != "customer" and not (itself and said.side == "reported"):
        return False
    if veto("feature_requested", said, context) is not None:
        return False
    if said.side == "reported":
        return bool(one.held & {"WANT", "BUY", "MISSING"})
    question = _QUESTION.search(said.text) is not None and (itself or bool(one.held & {"PLAN", "BUY", "PRICE", "CANYOU"}))
    wish = one.scores["feature_requested"] >= WISH and (itself or len(said.text.split()) >= FEWEST_WORDS)
    wishes = bool(one.held & _ASKING) and (wish or (itself and bool(one.held & {"CANYOU", "BUY", "MISSING"})))
    return question or wishes or _AGREES.search(said.text) is not None


def _crew(one: _Looked) -> bool:
    """People who are to work in the product."""
    return one.sentence.side in ("customer", "reported") and "VENDOR" in one.held and bool(one.held & {"SUBSIDIARY", "SITE", "TEAMKIND"})


_APPOINTMENT = re.compile(
    r"(?i)\b(?:i(?:'m| am| will be|'ll be) (?:away|out|off|on (?:leave|holiday|vacation)|in|back|not in|not here)|on (?:leave|holiday|vacation)|out of office|demo|meeting|call (?:you|me|us)?|"
    r"ich bin|bin (?:ich )?(?:nicht da|im urlaub|unterwegs)|urlaub|termin mit|estoy (?:fuera|de)|vacaciones|reunión|je (?:suis|serai) (?:absent|en)|congés?|réunion|rendez-vous)\b"
)


def _is_plan(one: _Looked, context: Context) -> bool:
    """A day ahead that something starts, opens, changes or must be ready; appointments, renewals, freezes and agents' own dates are none."""
    said = one.sentence
    if said.side not in ("customer", "reported") or len(said.text.split()) < FEWEST_WORDS + 1 or not _ahead(said):
        return False
    if one.held & {"RENEW", "FREEZE"} or _APPOINTMENT.search(said.text) or veto("dated_plan", said, context) not in (None, "hypothetical", "declined"):
        return False
    return one.scores["dated_plan"] >= 0.2 or bool(one.held & {"PROJECT", "START"}) or _MUST.search(said.text) is not None


_MUST = re.compile(
    r"(?i)\b(?:must|has to|have to|needs? to|before|by then|until|deadline|goes live|opens?|starts?|audit|muss|bis|vor|stellen .{2,40}um|umgestellt|eröffn\w+|beginnt|startet|Revision|debe|tiene que|antes|abr\w+|empieza|avant|doit|démarre|ouvr\w+)\b"
)


def _ahead(said: Sentence) -> bool:
    """Does the sentence name a day that lies more than a few days ahead of when it was said?"""
    return any(p.end > said.at + SOON for p in plan_periods(said.text, said.at))


def _reading(said: Sentence, label: str, score: float, *, asked: bool = False, about: str = "") -> Reading:
    return Reading(said, label, "asked_now" if asked else stance(label, said.text), firmness(said.text), round(score, 4), about)


def _settled(found: list[Reading]) -> list[Reading]:
    """Each label once a sentence; where a record points at another company, its `they` are that company's."""
    once: dict[tuple[str, str, int, str], Reading] = {}
    for reading in found:
        s = reading.sentence
        key = (s.record_id, s.part, s.start, reading.label)
        if key not in once or reading.score > once[key].score:
            once[key] = reading
    referring = {r.sentence.record_id for r in once.values() if r.label == "referral"}
    theirs = frozenset(("new_team", "seats_requested", "feature_requested", "dated_plan", "new_use_case"))
    return [r for r in once.values() if not (r.sentence.record_id in referring and r.label in theirs and "THEY" in concepts_in(r.sentence.text))]
