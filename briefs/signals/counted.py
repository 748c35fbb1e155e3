"""Which numbers are asked for: `we want it for 40 users` asks for forty seats, `we are 40 people and want it` does not."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re

from briefs.reading.grounds import concepts_in
from briefs.reading.quantities import Quantity

_WISHES = frozenset(("WANT", "CANYOU", "BUY", "MISSING", "MORE", "NEWTEAMWORD", "START"))
"""Concepts beside which a number is one that is wished for, or of people who are to come."""
_COMING = frozenset(("MORE", "NEWTEAMWORD", "START"))
_SUBJECT = (
    r"(?:we|they|i|he|she|it|that['’]?s|this|our|want|need|would|are|have|wir|sie|ich|das|unser\w*|wollen|brauchen|benötigen|möchten|hätten|sind|haben|nosotros|nuestr\w+|queremos|necesitamos|querríamos|somos|tenemos|"
    r"nous|on|ils|je|notre|nos|voulons|souhaitons|aimerions|voudrions|avons|sommes)\b"
)
_CLAUSE_END = re.compile(
    rf"(?i)[;!?]|\s[-–—]\s|,?\s(?:and|but|so|because|since|und|aber|weil|denn|y|pero|porque|et|mais|car)\s(?={_SUBJECT})|,\s(?={_SUBJECT}|which\b|weshalb\b|darum\b|deshalb\b|por (?:eso|lo que)\b|c['’]est pourquoi\b|d['’]où\b)"
)
_ARE_NOW = re.compile(
    r"(?i)(?<!\w)(?:(?:we|they|you)(?:['’]re| are| were| have(?! to\b)| had| employ)|(?:wir|sie) (?:sind|waren|haben|hatten|beschäftigen)|(?:sind|haben) wir|somos|son|éramos|tenemos|tienen|teníamos|"
    r"(?:nous|ils) (?:sommes|sont|étions|avons|ont|avions|employons)|on (?:est|était|a))\s(?:(?:about|around|roughly|currently|now|only|just|some|over|almost|nearly|today|all|a \w+ of|etwa|rund|circa|ca\.?|derzeit|aktuell|heute|jetzt|insgesamt|nur|"
    r"unos|unas|ahora|casi|solo|sólo|hoy|una? \w+ de|environ|actuellement|près de|une? \w+ de)\s){0,2}\Z"
)
"""Tells how many they are, or have, right before the number."""
_HELD = re.compile(
    r"(?i)\b(?:have|has|had|are|is|were|was|use[ds]?|hold|taken|haben|hat|hatten|sind|ist|waren|belegt|nutzen|tenemos|tienen|tenían|somos|son|están|eran|usan|usamos|avons|ont|avaient|sommes|sont|étaient|utilisent)\b"
)
_MUST = re.compile(r"(?i)\b(?:(?:have|has|got) to|must|müss\w+|muss|ten(?:emos|go) que|hay que|dev(?:ons|ez)|faut)\b")
_ABOUT = re.compile(r"(?i)\W*(?:(?:about|around|roughly|some|maybe|etwa|rund|circa|ca\.?|unos|unas|environ)\s)?\Z")
_AND_NO_MORE = re.compile(
    r"(?i)\s[\w'’-]+(?:\s(?:on|in|at|from|for|of|with|per|im|aus|am|an|bei|für|mit|von|de|del|en|para|por|con|dans|au|aux|à|pour|sur|du|des)\s[^,;.!?]{1,40})?\W*\Z"
)
"""Before and behind a bare number of people: `~42 people on nights.` answers what was asked or wished for beside it."""
_FEW_WORDS = re.compile(r"\s*(?:[\w'’-]+\s*){1,3}")


def asked_for(quantity: Quantity, text: str) -> bool:
    """Is the number one of more, one of a wish, all the sentence says, or one of seats that are not simply those in use?"""
    if quantity.additional or (_ABOUT.match(text[: quantity.start]) and _AND_NO_MORE.match(text, quantity.end)):
        return True
    behind = _FEW_WORDS.match(text, quantity.end)
    counted = concepts_in(text[quantity.start : behind.end()]) if behind else frozenset[str]()
    if _ARE_NOW.search(text, 0, quantity.start):
        return bool(counted & _COMING)
    clause = _clause(quantity, text)
    wished = bool(concepts_in(clause) & _WISHES) or _MUST.search(clause) is not None
    return wished or ("SEAT" in counted and _HELD.search(clause) is None)


def _clause(quantity: Quantity, text: str) -> str:
    """The part of the sentence the number stands in."""
    ends = [found.span() for found in _CLAUSE_END.finditer(text)]
    start = max((end for _, end in ends if end <= quantity.start), default=0)
    return text[start : min((begin for begin, _ in ends if begin >= quantity.end), default=len(text))]
