"""What a sentence must hold besides a score before a label is believed: the classifier proposes, these grounds second it.

Everyday records hold thirty sentences about nothing for each that counts, so a threshold found on a balanced training set believes too much.
A label's grounds are groups of concepts (briefs/reading/concepts.txt); one of each group must stand in the sentence or next to it. Grounded, a label is
believed from a lower score; on a score alone only from a very high one.
"""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from briefs.figures import numbers_in
from briefs.reading.anger import unanswered
from briefs.reading.concepts import REMEMBERED, analysed, fold, lexicon
from briefs.reading.offline import Context
from briefs.reading.patterns import Guarded
from briefs.reading.plainly import told_outright
from briefs.reading.rivals import Known

Groups = tuple[frozenset[str], ...]


class Bar(NamedTuple):
    """Scores from which a label is believed: with its grounds, and without (above 1: never)."""

    grounded: float
    alone: float


NEVER = 1.01


def _groups(*listed: str) -> Groups:
    return tuple(frozenset(group.split()) for group in listed)


GROUNDS: dict[str, tuple[Groups, ...]] = {
    "advocacy": (_groups("RECOMMEND", "PRAISE YOU ALL"), _groups("RECOMMEND", "HAPPY")),
    "budget_event": (_groups("BUDGET MONEY", "APPROVE BOARD NUM MONTH NEXT"), _groups("BOARD", "APPROVE", "AHEAD")),
    "budget_freeze": (_groups("STOPS_SPENDING"), _groups("FREEZE", "BUDGET BUY"), _groups("FREEZE", "MONEY", "ALL NEXT")),
    "churn_intent": (_groups("LEAVES"), _groups("CANCEL", "CONTRACT VENDOR RENEW YOU"), _groups("CONTRACT RENEW", "COND NEG", "IF COND")),
    "competitor_evaluation": (_groups("RIVAL"), _groups("RIVAL_SHOWS")),
    "contested_renewal": (_groups("RENEW CONTRACT", "DISPUTE EXPENSIVE"), _groups("RENEW", "PERCENT PRICE", "NEG IF")),
    "dated_plan": (_groups("AHEAD", "PROJECT START GROWTH WANT NEWTEAMWORD SITE"),),
    "feature_requested": (_groups("WANT CANYOU MISSING BUY", "FEATURE PLAN LOCKED"), _groups("MISSING", "FEATURE PLAN")),
    "growth_event": (_groups("GROWTH", "SITE SUBSIDIARY MONEY COLLEAGUE"), _groups("ACQUIRES")),
    "limit_reached": (_groups("LIMIT RESOURCE PERCENT", "REACHED TAKEN NEARLY"), _groups("RESOURCE", "NUM", "NOW", "WE THEY")),
    "negative_sentiment": (_groups("VEXED"), _groups("ANGRY"), _groups("SARCASM PRAISE", "FAIL"), _groups("FAIL", "HELPDESK")),
    "new_sponsor": (_groups("ROLE", "START INTRODUCE"), _groups("SUCCEEDS")),
    "new_team": (_groups("NEWTEAMWORD VENDOR", "TEAM TEAMKIND SUBSIDIARY SITE COLLEAGUE", "WANT NEWTEAMWORD START"),),
    "new_use_case": (_groups("USEFOR", "WANT TASK QWORD"),),
    "price_complaint": (_groups("EXPENSIVE", "PRICE MONEY BUY CONTRACT RENEW"),),
    "referral": (_groups("INTRODUCE OTHERORG", "THEY OTHERORG"),),
    "seat_saturation": (_groups("SEAT", "TAKEN NONE NEARLY"),),
    "seats_requested": (_groups("SEAT COLLEAGUE", "WANT CANYOU BUY", "NUM MORE"), _groups("SEAT", "MORE", "NUM")),
    "sponsor_left": (_groups("LEFT"),),
    "taken_back": (_groups("TAKEBACK", "CANCEL CONTRACT RENEW FREEZE BUDGET COMPETE VENDOR YOU"),),
    "upgrade_attempt": (_groups("TRIED ACTIVATE", "LOCKED PLAN"),),
    "value_stated": (
        _groups("SAVE OUTCOME", "TIMEUNIT NUM PERCENT", "COMPARES VENDOR PRAISE"),
        _groups("COMPARES", "NUM TIMEUNIT PERCENT NONE"),
        _groups("SAVE", "SINCE", "VENDOR OUTCOME NUM TIMEUNIT"),
        _groups("TWONUMBERS", "TIMEUNIT PERCENT OUTCOME SAVE LESS"),
    ),
}
"""For each label the ways it can be grounded; any one of them is enough."""

BARS: dict[str, Bar] = {
    "advocacy": Bar(0.27, 0.96),
    "budget_event": Bar(0.30, 0.97),
    "budget_freeze": Bar(0.55, 0.99),
    "churn_intent": Bar(0.35, 0.985),
    "competitor_evaluation": Bar(0.25, NEVER),
    "contested_renewal": Bar(0.40, 0.985),
    "dated_plan": Bar(0.19, NEVER),
    "feature_requested": Bar(0.32, 0.9),
    "growth_event": Bar(0.45, NEVER),
    "limit_reached": Bar(0.35, 0.97),
    "negative_sentiment": Bar(0.70, 0.985),
    "new_sponsor": Bar(0.30, 0.97),
    "new_team": Bar(0.23, 0.96),
    "new_use_case": Bar(0.36, 0.96),
    "price_complaint": Bar(0.45, NEVER),
    "referral": Bar(0.8, NEVER),
    "seat_saturation": Bar(0.57, NEVER),
    "seats_requested": Bar(0.40, 0.95),
    "sponsor_left": Bar(0.35, NEVER),
    "taken_back": Bar(0.60, 0.985),
    "upgrade_attempt": Bar(0.32, 0.96),
    "value_stated": Bar(0.34, 0.9),
}

_RIVAL = Guarded(
    r"(?i)\b(?:(?:other|another|different|alternative|competing|rival|second|new) (?:vendors?|suppliers?|tools?|providers?|platforms?|solutions?|offers?)|"
    r"alternatives? (?:to|for)|competitors?|tender|rf[pi]|bake-?off|short-?list(?:ed)?|test(?:ing)? the market|shop(?:ping)? around|beauty contest|"
    r"compar(?:e|ing|ed) (?:you|vendors|tools|offers|all|three|two|several)|evaluat(?:e|ing|ion of) (?!the (?:module|feature))|(?:a |get(?:s|ting)? a )(?:trial|demo|pilot|quote|offer) (?:(?:on \w+day|next week|this week|tomorrow|today) )?(?:of|with|from|on)(?! (?:you|your|our|\w+day|today|tomorrow)\b)|"
    r"(?:ander\w+|alternativ\w+|zweit\w+) (?:anbieter\w*|lieferant\w*|tools?|system\w*|lösung\w*|angebot\w*)|mitbewerber\w*|wettbewerber\w*|konkurrent\w*|ausschreib\w+|marktvergleich|vergleich(?:en|t)? (?:anbieter|angebote|mehrere)|"
    r"otr[ao]s? (?:proveedor\w*|herramientas?|opcion\w*|soluci\w+|plataformas?)|competencia|competidor\w*|licitaci\w+|comparando (?:\w+ ){0,3}(?:proveedor\w*|ofertas?|precios?|opciones|herramientas?|soluciones|programas?|sistemas?|plataformas?|productos?|presupuestos?)|mirando otr\w+|alternativas?|"
    r"autres? (?:fournisseurs?|outils?|éditeurs?|solutions?|prestataires?)|concurrents?|appel d'offres|mise en concurrence|comparons (?:les (?:deux|trois)(?! (?:mois|ann|semaines|jours|sites|trimestres))\b|(?:\w+ ){0,3}(?:fournisseurs?|prestataires?|éditeurs?|offres?|prix|devis|outils?|logiciels?|solutions?|systèmes?|plateformes?|produits?)))\b"
)
_ACQUIRES = Guarded(
    r"(?i)\b(?:acquir\w+|acquisition|takeover|took over|closed the purchase|bought (?:the )?(?:company|competitor|firm|business)|merger|merg(?:ed|ing) with|funding round|series [a-e]\b|"
    r"übernahme|übernommen haben wir|fusion mit|finanzierungsrunde|adquisici\w+|hemos comprado|ronda de (?:financiación|inversión)|fusión con|rachat|racheté\w*|levée de fonds|fusion avec)\b"
)
_COMPARES = Guarded(
    r"(?i)\b(?:(?:went|gone|fell|dropped|down|up|cut|rose|improved|grew) from\b.{1,60}\bto|from (?:\w+ ){1,4}to (?:\w+ ){0,2}(?:a |per |now)|(?:\w+ ){0,3}instead of (?:\w+ ){0,2}(?:\d|two|three|four|five|six|seven|eight|nine|ten|a )|"
    r"(?:used to|would have) (?:be |have |take|taken|cost|spend|need)|(?:to|at) (?:\w+ ){1,3}from (?:\d|\w+teen|\w+ty)|last (?:year|winter|summer|season) (?:it was )?(?:\d|two|three|four|five|six|seven|eight|nine|ten|a)|brought .{1,40}down|down (?:\w+ )?(?:percent|per cent|\d+ ?%)|(?:was|were|had|took|needed) .{1,120}\bnow\b|before .{3,80}\b(?:now|since|today)\b|(?:has|have|had) ?n.t .{1,40}\b(?:once|one|a single)\b|not (?:\w+ ){0,3}once|"
    r"(?:saves?|saved|saving) (?:us |me |them |the \w+ )?(?:about |around |some |roughly |over )?(?:\d|an? |two|three|four|five|six|half|hours|days|weeks)|down by (?:about |around )?(?:\d|a|two|three|four|half)|"
    r"(?:\d+ ?%|\w+ (?:times|percent|per cent)) (?:less|fewer|faster|more|quicker|shorter)|(?:half|twice|double|a third) (?:the|as|of the) (?:time|fast|work|effort)|cut .{1,40}\b(?:by|in half)|(?:less|fewer) .{1,50}\bthan (?:before|last|a year)|"
    r"\b(?:last year|last winter|last summer|last season|a year ago)\b.{0,40}\b(?:this year|now|today|these days)\W+(?:it['’]?s |it is |they['’]?re |only |just |we['’]?re (?:at|on) )*(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|none|zero)|"
    r"\bsince (?:we|you)\b.{3,60}\b(?:no|never|not one|zero|hardly an?y?)\b|\b(?:seit (?:wir|ihr|dem))\b.{3,60}\b(?:kein\w*|nie|nicht mehr)\b|\bdesde que\b.{3,60}\b(?:no|ningun[oa]?|ningún|nunca)\b|\bdepuis qu(?:e\b|').{3,60}\b(?:plus (?:de|d'|aucun\w*|jamais)|aucun\w*|jamais)|"
    r"halbiert|\bum die hälfte\b|\bla mitad de (?:tiempo|errores|horas)\b|\b(?:un|deux) (?:tiers|quarts?) (?:de |d')?(?:\w+ )?(?:de |en )moins\b|\bmoitié moins\b|\bdeux fois (?:moins|plus vite)\b|\bdivisé .{1,40} par (?:deux|trois|quatre|\d)|\bhalved\b|"
    r"von .{1,40}\bauf (?:\d|\w+ (?:stunden|tage|minuten|prozent))|statt (?:\w+ ){0,2}(?:\d|zwei|drei|vier|fünf|sechs|früher)|früher .{3,80}\b(?:jetzt|heute|nur noch)|spart uns|(?:um|rund) .{1,20}(?:prozent|%) (?:weniger|schneller)|"
    r"de .{1,40} a (?:\d|\w+ (?:horas|días|minutos))|en vez de (?:\w+ ){0,2}(?:\d|dos|tres|cuatro|cinco|seis)|antes .{3,80}\bahora|nos ahorra|hemos (?:reducido|bajado|ahorrado)|ha bajado|(?:un|el) \d+ ?% (?:menos|más)|"
    r"(?:sont|est|passé\w*|tombé\w*|baissé\w*|descendu\w*) (?:de .{1,40} )?à (?:\d|zéro|\w+ (?:heures|jours|minutes))|au lieu de (?:\w+ ){0,2}(?:\d|deux|trois|quatre|cinq|six)|avant .{3,80}\bmaintenant|nous fait gagner|on gagne (?:\d|une|deux))"
)
_SUCCEEDS = Guarded(
    r"(?i)\b(?:successor|succeeds?|takes? over (?:from|as|my|his|her|the)|taking over (?:from|as|my|his|her|the)|our new (?:head|director|vp|cio|coo|cfo|ceo|manager|lead|chief)|new (?:head|director|vp|vice president|cio|coo|cfo|ceo|chief) of|"
    r"(?:started|joined|joins|starts) .{0,40}\bas (?:our |the |new )*(?:head|director|vp|vice president|cio|coo|cfo|ceo|chief|manager)|nachfolg\w+|übernimmt (?:die|das|meine)|neue[rn]? (?:leiter\w*|chef\w*|geschäftsführ\w*|bereichsleit\w*)|"
    r"sucesor\w*|nuev[ao] (?:director\w*|jef[ea]|responsable)|se incorpora como|me sustituye|succède|remplace(?:ra)? (?:m\w+ \w+ )?(?:comme|au poste)|nouve(?:au|lle) (?:direct\w+|responsable|chef\w*))\b"
)
_SINCE = Guarded(
    r"(?i)\b(?:since (?:we|you|the|then|using|going)|thanks to|because of (?:you|the (?:app|tool|system))|instead of|used to|would have taken|went from|down from|from \w+ to \w+|"
    r"seit (?:wir|dem|der)|dank|statt|früher|desde que|gracias a|en vez de|antes|depuis (?:qu|que|le|la)|grâce à|au lieu de|avant)\b"
)


_WORD = re.compile(r"\w+")


def near_grounds(text: str, known: Known) -> frozenset[str]:
    """Concepts of a text, with a few that take more than words: RIVAL, ACQUIRES, SINCE, and VENDOR where the product is named."""
    extra = (("RIVAL", _RIVAL), ("ACQUIRES", _ACQUIRES), ("SINCE", _SINCE), ("COMPARES", _COMPARES), ("SUCCEEDS", _SUCCEEDS))
    more = {name for name, pattern in extra if pattern.search(text)}
    more |= told_outright(text, known)
    held = concepts_in(text)
    if "ROLE" in held and known.theirs and all(word in known.theirs and _named(word, text) for word in _roles(text)):
        held -= {"ROLE"}  # Dean is a name before it is a dean
    if unanswered(text):
        more |= {"UNANSWERED", "VEXED"} if held & {"SARCASM", "PRAISE"} else {"UNANSWERED"}
    if len(numbers_in(text)) > 1:
        more.add("TWONUMBERS")
    folded = text.casefold()
    if any(word in folded for word in known.vendor) and not known.vendor.isdisjoint(_WORD.findall(folded)):
        more.add("VENDOR")
    return held | more


def _roles(text: str) -> set[str]:
    """The words of a text that name an office."""
    found, role = analysed(text), lexicon().names.index("ROLE")
    return {found.tokens[place] for concept, place in found.found if concept == role}


def _named(word: str, text: str) -> bool:
    """Written as a name is: `our new office manager` is nobody, though a contact's name holds the words."""
    return any(fold(found) == word and found[:1].isupper() for found in _WORD.findall(text))


def own_words(context: Context) -> frozenset[str]:
    """The words of the customer's names and its people's."""
    return frozenset(
        word for name in (*context.account_names, *context.contacts) for way in (name.casefold(), fold(name)) for word in _WORD.findall(way)
    )


@lru_cache(maxsize=REMEMBERED)
def concepts_in(text: str) -> frozenset[str]:
    """The names of the concepts a text holds, and NUM or DAY for its numbers."""
    names = lexicon().names
    return frozenset(names[found.concept] for found in analysed(text).found)


def grounded(label: str, own: frozenset[str], near: Iterable[str] = ()) -> bool:
    """Does the sentence hold what this label speaks of? At least one group must stand in the sentence itself, the others may stand next to it."""
    wider = own | frozenset(near)
    return any(all(wider & group for group in ways) and any(own & group for group in ways) for ways in GROUNDS[label])


def vendor_words(product_names: Iterable[str]) -> frozenset[str]:
    """The vendor's name as its products carry it: the word that most of several product names begin with."""
    firsts = [name.casefold().split()[0] for name in product_names if len(name.split()) > 1]
    common = {first for first in firsts if firsts.count(first) >= max(2, len(firsts) // 2)}
    return frozenset(common)
