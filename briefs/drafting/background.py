"""What stands around a request: why it is made is told before it, whom and what it is for just after it."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

from collections.abc import Collection

from briefs.brief import Evidence, Signal
from briefs.drafting.material import Material
from briefs.figures import days_in, numbers_in
from briefs.reading.cues import declined
from briefs.reading.grounds import concepts_in
from briefs.reading.patterns import Guarded
from briefs.reading.sentences import Sentence
from briefs.signals.said import evidence_of
from briefs.synonyms import words_of

SHORT_REQUEST = 14
"""Words: a request as long as this mostly says itself what it is for."""
FEWEST_WORDS = 6
LOOKED_BACK = 6
"""Sentences of the record, before the request."""
LOOKED_AHEAD = 2
"""Sentences of the same speaker, after the request."""
PAINS = frozenset(("MISSING", "FAIL", "LOCKED"))
PEOPLE = frozenset(("COLLEAGUE", "TEAMKIND", "SITE", "SUBSIDIARY"))
"""Whom seats are for."""
_PROBLEM = Guarded(
    r"(?i)\b(?:takes? (?:us|me|them|him|her|half|about|\w+ (?:hours?|days?|weeks?|minutes?))|took (?:us|me|them)|costs? us|los(?:e|es|ing|t)\b|wast\w+|wait(?:s|ed|ing)?\b|stuck|by hand|manual(?:ly)?|nobody|no one|still able|twice|"
    r"(?:every|each) time|(?:begins?|starts?) again|over and over|problems?|trouble|difficult|hard to|too (?:many|much|slow|late|long|often)|can(?:not|n't|['’]t)|could(?:n't|n’t| not)|(?:never|don't|don’t|do not) (?:see|know|find|learn|hear|get|have)|otherwise|or else|because|so (?:that|we|i|they|the)|in order to|"
    r"needs?|must|ha(?:ve|s|d) to|(?:want|wants|wanted) (?:to|our|the|them|people|every|two|a|one)|don['’]t want|would like|we require|"
    r"verlier\w*|dauert|kostet uns|warten|von hand|händisch|manuell\w*|niemand\w*|keiner|doppelt|jedes mal|immer wieder|probleme?\w*|schwierig|mühsam|zu (?:viele?|spät|lange?|oft|langsam)|sonst|weil|deshalb|deswegen|brauch\w*|benötig\w*|müss\w*|muss|möchte\w*|wollen|will|fehl(?:t|en)|nicht (?:sehen|finden|möglich)|"
    r"perd(?:emos|ió|ido|er|iendo)|tarda\w*|nos cuesta|esper(?:ar|amos|ando)|a mano|nadie|dos veces|cada vez|problemas?|difícil\w*|demasiad\w*|si no,|porque|para que|necesit\w*|hace[n]? falta|tenemos que|hay que|tiene que|quer(?:emos|ía\w*)|quisi\w+|falta[n]?|no (?:podemos|puede|pueden|vemos)|"
    r"perd(?:ons|u|ent|re)|prend (?:\w+ ){0,3}(?:heures?|jours?|temps)|nous coûte|attend\w*|à la main|manuel\w*|personne ne|deux fois|(?:à )?chaque fois|problèmes?|difficile\w*|trop (?:de|tard|long|souvent)|sinon|parce que|pour que|afin (?:que|de)|besoin|il (?:nous )?faut|devons|doit|voul(?:ons|ais)|souhait\w+|manque\w*|ne (?:peut|pouvons|voit|voyons))\b"
)
"""Words of a problem, a need or what follows from one."""
_TELLS_US = Guarded(
    r"(?i)\b(?:(?:tell|send|show|give|let|call|remind) (?:me|us)|(?:sagen|schicken|senden|zeigen|geben|rufen) sie|sag(?:t)? (?:mir|uns)|"
    r"(?:d[ií]gan?|env[ií]en?|mánden?|ens[eé]ñen?|den)(?:me|nos)|(?:dites|envoyez|montrez|donnez|appelez)-(?:moi|nous))\b"
)
_PRICE_ASKED = Guarded(
    r"(?i)\b(?:quot(?:e|ation)|offer|proposal|price|pricing|(?:what|how much)\b.{0,60}\bcosts?|angebot\w*|preis\w*|was\b.{0,60}\bkostet|presupuesto|oferta|precio\w*|cuánto (?:cuesta|vale|sale)|devis|tarif\w*|prix|combien)\b"
)
"""Words of somebody who asks for a price or a paper with one."""


def said_before(signal: Signal, m: Material) -> Evidence | None:
    """The fullest sentence by which the same person, shortly before a short request and in the same part of the record, told what for.

    None where no sentence there tells of a problem, a need or a consequence: any other would be passed off as the reason.
    """
    asked = next((e for e in signal.evidence if e.quote), None)
    if signal.detector.startswith("rule:") or asked is None or asked.quote is None or len(asked.quote.split()) >= SHORT_REQUEST:
        return None
    before = [s for s in _part(asked, m) if asked.start is not None and s.end <= asked.start][-LOOKED_BACK:]
    told = {(e.record_id, e.part, e.start) for other in m.bearing("fit") for e in other.evidence[:1]}
    fitting = [s for s in before if _own(s, asked) and _full(s) and tells_why(s.text) and (s.record_id, s.part, s.start) not in told]
    return evidence_of(max(fitting, key=lambda s: (len(s.text), s.start))) if fitting else None


def said_after(asked: Evidence, m: Material, known: Collection[float] = ()) -> Evidence | None:
    """Where a request, or what the same person said next, tells the reason, a number besides `known`, a feature or whom it is for; else None."""
    own = [s for s in _part(asked, m) if asked.start is not None and s.end > asked.start and _own(s, asked)][: 1 + LOOKED_AHEAD]
    counted = set(known)
    return next((evidence_of(s) for s in own if _says_more(s.text, m, counted)), None)


def tells_why(text: str) -> bool:
    """Does a sentence state a problem, a need or a consequence? One that asks, or denies it, does not."""
    if _asks(text):
        return False
    return (_PROBLEM.search(text) is not None or bool(concepts_in(text) & PAINS)) and not declined(text) and not asks_price(text)


def asks_price(text: str) -> bool:
    """Does a sentence ask for a price or an offer?"""
    return _PRICE_ASKED.search(text) is not None


def _says_more(text: str, m: Material, known: set[float]) -> bool:
    if asks_price(text) or _asks(text):
        return False
    return tells_why(text) or bool(concepts_in(text) & PEOPLE) or bool(numbers_in(days_in(text)[1]) - known) or bool(features_in(text, m))


def features_in(text: str, m: Material) -> tuple[str, ...]:
    """The features of the recommended product whose every word stands in a text, besides the product's own name, as the catalogue writes them."""
    chosen = m.finding.recommendation
    if chosen is None:
        return ()
    said = set(words_of(text.casefold().replace(chosen.product.name.casefold(), " ")))
    return tuple(f for f in chosen.product.features if (stems := set(words_of(f))) and stems <= said)


def _asks(text: str) -> bool:
    """A question, or words that tell us to do something: neither is a reason."""
    return _TELLS_US.search(text) is not None or text.rstrip(" \"'”’»").endswith("?")


def _part(asked: Evidence, m: Material) -> list[Sentence]:
    return [s for s in m.sentences if (s.record_id, s.part) == (asked.record_id, asked.part)]


def _own(sentence: Sentence, asked: Evidence) -> bool:
    return sentence.side == "customer" and sentence.speaker == asked.speaker and not sentence.quoted


def _full(sentence: Sentence) -> bool:
    return len(sentence.text.split()) >= FEWEST_WORDS
