"""Requests for what the catalogue holds, told over several sentences: one names the product, another asks for it."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from briefs.reading import cues
from briefs.reading.grounds import concepts_in
from briefs.reading.looked import FEWEST_WORDS, QUESTION, Looked, Shop, reading_of
from briefs.reading.offline import Context, Reading, veto
from briefs.reading.patterns import Guarded
from briefs.reading.plainly import ONLY_ASKING, asks_how_much
from briefs.reading.sentences import HEADLINES

THREAD = 4
"""Sentences between which naming a product and asking for it are one request."""
ANSWER = 14
"""Sentences before our own answer in which the customer may have asked for what it names."""
OUTRIGHT = 0.2
WISH = 0.015
"""Lowest score of a wish that stands apart from the name of what is wished for: `please close` is none."""
QUESTION_BESIDE = 0.04
"""Lowest score of `can you` beside the name of what is wished for: `can you hear me?` asks for nothing."""
_ASKING = frozenset(("WANT", "CANYOU", "MISSING", "BUY"))
_AGREES = Guarded(
    r"(?i)\b(?:that(?:'s| is| sounds| would be)? (?:exactly |precisely |just |the one |what )*(?:what|the one|the thing|it)\b|sounds (?:like|exactly)|interested|send (?:me|us)|the one i need|tell (?:me|us) what|"
    r"genau das|hört sich|klingt|interessant|schick\w*|eso es|justo lo que|me interesa|nos interesa|mánd\w+|enví\w+|c'est exactement|ça m'intéresse|nous intéresse|envoyez)"
)
_NO_THANKS = Guarded(
    r"(?i)\b(?:no,? (?:thanks|thank you|need|not)|not (?:now|for us|interested|needed|necessary)|we(?:'re| are) (?:fine|good|happy) (?:with|as)|leave it|nein,? danke|brauchen wir nicht|no,? gracias|no hace falta|non,? merci|pas besoin)\b"
)
_NO = re.compile(r"(?i)\W*(?:no|non|nein|nope|nah|nö)\b")
"""How an answer to an offer begins that turns it down."""


def requests(record: list[Looked], context: Context, shop: Shop) -> Iterator[Reading]:
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
            only_named = one.sentence.part in HEADLINES and other != place  # who asks in the text below is quoted, not the heading
            own = one.sentence.side in ("customer", "reported") and not only_named
            if own and veto("feature_requested", one.sentence, context) is None:
                yield reading_of(one.sentence, "feature_requested", 0.5, asked=True)
            if other != place:
                yield reading_of(record[other].sentence, "feature_requested", 0.5, asked=True, about=one.sentence.text)
            break


def _turned_down(record: list[Looked], place: int) -> bool:
    """Did the customer say no to what our own side named?"""
    after = [o.sentence.text for o in record[place + 1 : place + 1 + ANSWER] if o.sentence.side == "customer"]
    offered = QUESTION.search(record[place].sentence.text) is not None
    refused = offered and bool(after) and _NO.match(after[0]) is not None
    return refused or any(_NO_THANKS.search(text) or cues.declined(text) for text in after)


def _asks_outright(one: Looked) -> bool:
    """A request that stands on its own feet: likely by its words, or a question for the plan, the price or the way to get it."""
    question = QUESTION.search(one.sentence.text) is not None
    return one.scores["feature_requested"] >= OUTRIGHT or (question and bool(one.held & {"PLAN", "BUY", "LOCKED"}))


_PLEASE_NOT = re.compile(
    r"(?i)\b(?:please,? (?:do not|don['’]t|never)(?! (?:\w+ )?(?:forget|hesitate|wait|delay|postpone|omit|overlook|miss|skip|fail|leave (?:out|off)|hold (?:back|off)|take (?:too |so )?long|keep (?:us|me) waiting|let (?:[\w-]+ ){1,3}(?:down|wait|slip|lapse|slide)|make (?:us|me|them) (?:wait|beg|ask)|give up|disable|remove|drop|switch off|turn off|take away|break)\b)|"
    r"bitte (?:nicht|keine?n?)\b(?![^,.;:!?]{0,40}\b(?:vergess\w*|zöger\w*|(?:ab|zu)?wart(?:en|e|et)|(?:aus|weg|liegen ?)lassen|über(?:sehen|gehen)|versäum\w*|auf(?:ge)?schieb\w*|verschieb\w*|trödel\w*|zeit (?:lassen|verlieren))\b)|"
    r"por favor,? no(?! (?:(?:se|os|te|nos|me|lo|la|les?) )*(?:olvid\w*|dud(?:e|es|en|éis)|esper(?:e|es|en|éis)|tard(?:e|es|en|éis)|demor\w*|retras\w*|dej(?:e|es|en|éis) de|omit\w*|pierda\w*)\b)|"
    r"merci de ne pas(?! (?:(?:nous|me|les?|la|en|y|trop|surtout) |[ml]['’])*(?:oublier|hésiter|attendre|tarder|omettre|négliger|manquer|différer|traîner|repousser)\b)|"
    r"(?:ne |n['’])(?!oubli|hésit|attend|tard|omett|néglig|manqu|traîn|repouss)\w+ pas,? s['’]il)\b"
)
"""Asks that something be left alone. Whoever asks not to forget it, or not to wait, asks for it."""


def to_be_left(text: str) -> bool:
    """Asks, in so many words, not to do something, and wishes for nothing besides."""
    plea = _PLEASE_NOT.search(text)
    if plea is None:
        return False
    end = _CLAUSE_END.search(text, plea.end())
    besides = (text[: plea.start()], text[end.start() :] if end else "")
    return not any(concepts_in(part) & _WISHED_BESIDES for part in besides)


_CLAUSE_END = re.compile(r"[,;:.!?–—]| - ")
_WISHED_BESIDES = frozenset(("WANT", "BUY", "MISSING", "CANYOU"))


_GAP = re.compile(
    r"(?i)\b(?:fields?|values?|entr(?:y|ies)|records?|rows?|lines?|data|details?|configurations?|attachments?)(?: (?:is|are|was|were|has gone|have gone))? missing\b|"
    r"\bmissing (?:fields?|values?|entr(?:y|ies)|records?|rows?|lines?|data|details?|configurations?|attachments?)\b"
)
"""Something that should stand there does not: a fault to be mended, and no wish for what is not owned."""


def _asks(one: Looked, itself: bool, context: Context) -> bool:
    """Does the customer ask, wish or agree here? A report of our own counts only where it names the thing itself."""
    said = one.sentence
    if said.side != "customer" and not (itself and said.side == "reported"):
        return False
    if veto("feature_requested", said, context) is not None or to_be_left(said.text):
        return False
    if said.side == "reported":
        return bool(one.held & {"WANT", "BUY", "MISSING"})
    likely = one.scores["feature_requested"] >= (WISH if itself else QUESTION_BESIDE)
    question = QUESTION.search(said.text) is not None and (itself or bool(one.held & {"PLAN", "BUY", "PRICE"}) or ("CANYOU" in one.held and likely))
    wish = one.scores["feature_requested"] >= WISH and (itself or len(said.text.split()) >= FEWEST_WORDS)
    held = one.held - {"MISSING"} if _GAP.search(said.text) else one.held
    wishes = bool(held & _ASKING) and (wish or (itself and bool(held & {"CANYOU", "BUY", "MISSING"})))
    return question or wishes or _AGREES.search(said.text) is not None


def only_asking(record: Sequence[Looked], place: int) -> bool:
    """A question, or a mention without a wish, that its speaker calls mere curiosity there or in the sentence beside it: `No plans, just wondering`."""
    one = record[place]
    if ONLY_ASKING.search(one.sentence.text) or asks_how_much(one.sentence.text):
        return True
    if QUESTION.search(one.sentence.text) is None and "WANT" in one.held:
        return False
    beside = (record[i].sentence for i in (place - 1, place + 1) if 0 <= i < len(record))
    return any(s.part == one.sentence.part and s.speaker == one.sentence.speaker and ONLY_ASKING.search(s.text) is not None for s in beside)


def crew(one: Looked) -> bool:
    """People who are to work in the product."""
    return one.sentence.side in ("customer", "reported") and "VENDOR" in one.held and bool(one.held & {"SUBSIDIARY", "SITE", "TEAMKIND"})
