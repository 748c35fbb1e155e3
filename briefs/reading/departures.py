"""Who leaves for good: a company, a job or a last day is named, or `left` stands alone or beside a date. Lunch, holidays and a call left early are none."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from briefs.reading.months import MONTHS, SEASONS, WEEKDAYS, either
from briefs.reading.patterns import Guarded

_MONTH = either(MONTHS)
_DAY = (
    rf"(?:(?:{either(WEEKDAYS)})(?: (?:last|this|next) week| dernier| prochain| pasado)?|\d{{1,2}}(?:st|nd|rd|th|er|\.)?(?: (?:of |de )?(?:{_MONTH}))?|\d{{1,2}}/\d{{1,2}}|(?:{_MONTH})(?: \d{{1,4}})?|{either(SEASONS)}|(?:19|20)\d\d|"
    rf"(?:(?:end|start|beginning|middle) of|fin(?: de| du)?|fin(?:al)?es de|principios de|mediados de|ende|anfang|mitte)(?: (?:the|this|last|next|le|el|des))? (?:month|year|week|quarter|term|season|mois|année|mes|año|monats?|jahres|{_MONTH})|"
    r"semana pasada|mes pasado|año pasado|semaine dernière|mois dernier|easter|christmas|ostern|navidad|pâques)"
)
_WHEN = (
    rf"(?: \(?(?:(?:(?:on|in|at|by|from|as of|since|before|over|during|around|el|en|a|al|desde|le|depuis|à|zum|am|im|seit|ab|per) )?(?:(?:the|early|late|this|last|next|la|el|au) )?{_DAY}|(?:this|last|next) (?:month|year|week|quarter|term)|"
    r"yesterday|ayer|hier|gestern|(?:a|an|one|two|three|four|five|six|\d+) (?:days?|weeks?|fortnight|months?|years?) ago|hace (?:\w+ ){1,2}(?:días?|semanas?|mes(?:es)?|años?)|il y a (?:\w+ ){1,2}(?:jours?|semaines?|mois|ans?))\b)"
)
_MAYBE = rf"(?: (?:already|recently|suddenly|unexpectedly|now|for good|ya|leider))?{_WHEN}{{0,2}}"
_STOP = (
    r"(?=\s*(?:\Z|[.,;:!?()–—-]|(?:and|but|because|so (?:we|the|nobody|no one|i|there)|after (?:\w+ ){1,2}years|without (?:a|notice|warning|any)|nobody|no one|there (?:is|are)|"
    r"y|pero|porque|et|mais|car|und|aber|weil)\b))"
)
_FIRM = (
    r"(?:the|our|their|his|her|my) (?:\w+ )?(?:company|firm|business|organi[sz]ation|agency|hospital|school|trust|council|bank|practice|clinic|university|college|charity|association|department|team|"
    r"job|post|role|position)\b(?! (?:calls?|meetings?|chat|rooms?|building|event|dinner|page|channel|in charge|in the dark|for (?:the|a) )\b)"
)
_FIRMA = r"(?:das|die|den|ihr\w*|sein\w*|unser\w*) (?:\w+ )?(?:unternehmen|firma|haus|betrieb|kanzlei|klinik|praxis|krankenhaus|verein|abteilung|team|bank|schule|verband|konzern|gesellschaft|agentur|hochschule|universität|werk|behörde|amt|organisation)\b"
_EMPRESA = r"(?:la|el|su) (?:empresa|compañía|firma|casa|hospital|colegio|despacho|banco|cargo|puesto|equipo|grupo|organización|fundación|universidad|ayuntamiento)\b"
_ENTREPRISE = r"(?:l'|la |le |son |sa |ses |notre )(?:entreprise|société|maison|usine|groupe|équipe|hôpital|école|banque|cabinet|poste|fonctions|agence|association|université|mairie)\b"
_FOR_GOOD = rf"(?:{_MAYBE}{_STOP}|{_WHEN}| (?:after (?:\w+ ){{1,2}}(?:years|months)|because|without|with immediate|to (?:join|work|become|take|set|found|retire)|for (?:another|a|good|personal)|this (?:week|month)))"
"""What may follow the house that is left: nothing, a day, a reason. In `left the company card` another thing is."""
_FOR_WHOM = r"(?:another (?:company|job|firm|employer|role)|a (?:new|different|better) (?:job|role|post|position|company|firm|employer|career)|a competitor)\b"
_PLAN = r"(?: (?:leider|gestern|heute|überraschend|selbst|bereits|schon|inzwischen|letzte\w* \w+|(?:zum|am|ende|anfang|mitte|im) [\w.]+(?: [\w.]+)?|fristgerecht))*"


_HOUSE = "\u2135"
"""Stands in a text for the name of the house that is left: a letter nobody writes, so that one pattern does for every account."""
_FOR_GOOD_TOLD = (
    rf"(?:(?:(?:(?:has|have|had) )?left|(?:is|was|will be) leaving|leaves|(?:(?:has|have|had) )?quit) (?:{_FIRM}|{_HOUSE}\b){_FOR_GOOD}|"
    r"(?:(?:has|have|had) )?resigned\b(?! (?:to|himself|herself|themselves|from (?:the |our )?(?:board|committee|council|choir|club|panel))\b)|"
    r"(?:(?:has|have|had) )?(?:handed|handing|put|given|gave|giving) in (?:her|his|their|my) (?:notice|resignation)\b(?! of)|(?:(?:has|have|had) )?(?:given|gave|giving) (?:her|his|their|my) notice\b(?! (?:of|for|that))|"
    r"(?:(?:has|have|had) been|was|is being|got) (?:let go(?! of)|made redundant|laid off|dismissed|sacked)\b|"
    r"(?:(?:(?:has|have|had) )?retired|(?:is|was) retiring)\b(?! (?:the|a|an|our|all|that|this|those|two|three|to bed|early)\b)|"
    rf"(?:(?:has|have|had) )?quit(?: (?:without notice|overnight|mid-\w+))?{_MAYBE}{_STOP}|(?:(?:has|have|had) )?left(?: us)?(?:{_WHEN})? (?:to (?:join|work (?:for|at)|become|take up|set up|found|retire)|for {_FOR_WHOM})|"
    r"is now (?:at|with|working for) (?-i:[A-Z])[\w&.' -]{1,40}? as (?:(?:the|a|an|their) )?(?:\w+ ){0,2}(?:ceo|coo|cfo|cio|cto|vp|head|director|manager|chief|lead|president)\b|"
    rf"verlässt (?:{_FIRMA}|{_HOUSE}\b)|(?:hat|haben)(?: \w+)? (?:{_FIRMA}|{_HOUSE}\b){_PLAN} verlassen\b|"
    rf"(?:hat|haben){_PLAN}(?: (?:bei uns|hier|ihre?n? (?:stelle|job|posten)|sein\w* (?:stelle|job|posten)))?{_PLAN} gekündigt\b|(?:hat|haben){_PLAN} (?:bei uns|hier){_PLAN} aufgehört\b(?! zu)|"
    rf"(?:deja|dejó|ha dejado|abandona|abandonó|ha abandonado) (?:{_EMPRESA}|{_HOUSE}\b)|se (?:ha ido|fue|marchó|ha marchado) de (?:{_EMPRESA}|{_HOUSE}\b)|se (?:ha jubilado|jubiló)\b|"
    rf"(?:quitte|a quitté) (?:{_ENTREPRISE}|{_HOUSE}\b)|est partie? (?:à la retraite|en retraite|de (?:{_ENTREPRISE}|chez nous)|chez un concurrent|pour un autre poste)|a démissionné\b|ne (?:travaille|fait) plus (?:chez nous|ici|partie de (?:l'équipe|la maison|l'entreprise))(?! (?:le|les|que) )|n'est plus (?:chez nous|(?:dans|à) (?:l'entreprise|la société|la maison)))"
)
"""Leaving told in words that hold whatever stands beside them."""

_US = rf"(?:hat|haben|verlässt) uns(?:{_PLAN} verlassen\b|{_PLAN}{_STOP})"
_PERHAPS = (
    rf"(?:(?:(?:has|have|had) )?left(?: us| here)?{_MAYBE}{_STOP}|(?:is|was) (?:leaving|finishing)(?: up)? (?:us|here|with us){_MAYBE}{_STOP}|(?:is|was) leaving{_WHEN}{{1,2}}{_STOP}|(?:is|was) gone{_MAYBE}{_STOP}|{_US}|"
    rf"se (?:ha ido|fue|marchó|ha marchado){_MAYBE}{_STOP}|nous (?:a|ont) quitt\w+{_MAYBE}{_STOP}|est partie?(?! prenante){_MAYBE}{_STOP})"
)
"""Leaving for good where nothing beside it tells of an hour, a way or a return."""

_I_GO = rf"\b(?:i'm|i am|i'll be|i will be) (?:leaving|finishing)(?: up)?(?: (?:here|us|with us){_MAYBE}|{_WHEN}{{1,2}}){_STOP}"
_LAST_DAY = r"\bi(?:'m| am) no longer (?:with|at|employed|working (?:for|at))\b(?! (?:all|least|my|the|a|your)\b)|\bmy last day (?:here|is|with|will be)\b|\blast day here\b|\bi(?:'m| am) leaving (?:the|our|my) (?:company|firm|job|post|role|business|organi[sz]ation)\b"

_PASSES = re.compile(
    r"(?i)\b(?:left|leav(?:e|es|ing)|gone|quit|finish(?:es|ing)|out|fue|ido|marchó|marchado|parti\w*|quitt\w+|verl[aä]ss\w*|weg|gegangen)\b(?:(?! (?:and|but|y|pero|et|mais|und|aber) )[^.,;:!?]){0,40}?"
    r" (?:for (?:(?:the|a|an|some|his|her|my|their|our|two|three|four|five|six|ten|\d+|a few|a couple of|the rest of the|the whole) )?(?:\w+ )?(?:days?|weeks?|weekend|fortnight|months?|night|morning|afternoon|evening|moment|hours?|minutes?|lunch|dinner|breakfast|home|holidays?|vacation|trip|meeting|appointment|dentist|doctor|airport|station|train|conference|training|break)|for now|"
    r"(?:on|to) (?:holiday|vacation|lunch|a break|a trip|sick leave)|for (?-i:[A-Z])\w+|at (?:\d{1,2}(?::\d\d)?(?: ?[ap]m)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday|lunch\w*)(?! (?:years|months))\b|in (?:an?|half an|a few|a couple of|two|five|ten|\w+teen|twenty|thirty|\d+) (?:minutes?|mins?|hours?|moment|bit)|early(?= *(?:[.,;!?]|on|today|\Z))|until \w+|"
    r"um (?:\d+|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\b|für (?:heute|eine woche|(?:ein paar|\w+) (?:tage|wochen))|in (?:\w+ )?(?:minuten|einer stunde)|in (?:den )?urlaub|zu tisch|bis (?:montag|dienstag|mittwoch|donnerstag|freitag|morgen)|"
    r"de (?:vacaciones|viaje|baja)|a (?:comer|casa|una reunión|las \w+)|hasta (?:el )?\w+|(?:un|unos|dos|\d+) días\b|(?:en )?(?:vacances|congés?|réunion|déplacement|week-end)|déjeuner|à (?:\d+ ?h|\w+ heures|midi)|plus tôt|tous les|jusqu'à|ce (?:matin|soir)|esta (?:mañana|tarde)|this (?:morning|afternoon|evening))\b"
)
"""An hour, a stretch of time or a way out that somebody comes back from."""

_COMES_BACK = re.compile(
    r"(?i)\b(?<!not )(?<!never )(?<!n't )(?:(?:is|be|are|am|'ll be|comes?|came|coming|come|gets?) back\b(?! to\b)|, back (?:on|in|at|by|next|tomorrow|soon)|returns? (?:on|in|at|next|tomorrow)|"
    r"(?:ist|bin|kommt|komme) (?:\w+ ){0,3}(?:wieder|zurück)|(?:vuelve|vuelvo|volverá|regresa|regreso)|(?:revient|reviens|reviendra|est de retour))\b"
)
_LAST_OF_WHAT = re.compile(
    r"(?i)\b(?:last day before (?:the|my|our|his|her) |last day (?:here )?before (?:christmas|easter|holidays?)|last day of (?:the|my|our|his|her) (?:holidays?|leave|course|trial|training))"
)
_LEAVES_A_THING = re.compile(
    r"(?i)\b(?:(?:left|leaves?|leaving|quit) (?:the|a|an|that|this|our|his|her|my) (?:\w+ )?(?:call|meeting|office|building|room|chat|ticket|conversation|session|page|screen|app|site|house|form|tab|channel|thread|training|webinar|laptop|phone|message|note)|quit \w+ing|partie? prenante|"
    r"(?:das|den|die) (?:\w+ )?(?:ticket|gespräch|besprechung|meeting|büro|raum|chat|seite|maske|call|sitzung|kanal|schulung|webinar)\b[^.!?]{0,20} verlassen|aufgehört zu|mit (?:dem|der) \w+ aufgehört|(?:den|das|die|sein\w*|ihr\w*|unser\w*) (?:\w+ )?(?:vertrag|abo\w*|zugang|lizenz\w*|konto|account|tarif)\b[^.!?]{0,30} gekündigt|"
    r"(?:deja|dejó|ha dejado) (?:la|el|un|una) (?:reunión|llamada|chat|mensaje|nota|pantalla|página|oficina)|(?:quitte|a quitté) (?:la réunion|l'appel|la salle|le bureau|le chat|la page))\b"
)
_LONG = re.compile(
    r"(?i)\b(?:maternity|paternity|parental|sabbatical|elternzeit|mutterschutz|excedencia|(?:baja|permiso) (?:maternal|por maternidad)|congé (?:maternité|parental|sabbatique))\b"
)


def leaves(text: str, people: Iterable[str], house: Sequence[str] = ()) -> bool:
    """Does one of these people leave the house, by the words? Their first names do."""
    names = frozenset(name for full in people for name in (full, *full.split()[:1]))
    if not any(name in text for name in names):
        return False
    surnames = frozenset(word for full in people for word in full.split()[1:])
    told = [
        _without_house(text[named.end() :], house) for named in _anyone(names).finditer(text) if not _anothers(text, named.end(), surnames, house)
    ]
    return _told_behind(_FOR_GOOD_ALONE, told) or (_told_behind(_PERHAPS_ALONE, told) and not passing(text))


def _anothers(text: str, end: int, surnames: frozenset[str], house: Sequence[str]) -> bool:
    """`Dana Smith` is another Dana: a surname follows that none of these people has, and that is not the house's name."""
    found = _SURNAME.match(text, end)
    if found is None:
        return False
    word = found.group().strip()
    return word not in surnames and _NO_NAME.fullmatch(word) is None and not any(word.casefold() in name.casefold() for name in house)


def _told_behind(going: re.Pattern[str], told: Iterable[str]) -> bool:
    """Does one of the texts begin with leaving, behind a surname or a word of time?"""
    return any(going.match(text, end) for text in told for end in _heads(text))


def _heads(text: str) -> Iterator[int]:
    """Where the verb may begin behind a first name: behind a surname, behind a word of time, behind both or at once."""
    surname = _SURNAME.match(text)
    for begin in (surname.end(), 0) if surname else (0,):
        beside = _BESIDE.match(text, begin)
        for end in (beside.end(), begin) if beside and beside.end() > begin else (begin,):
            if text.startswith(" ", end):
                yield end + 1


def _without_house(text: str, house: Sequence[str]) -> str:
    """`text` with a mark for the house. A name of up to three letters is one in its own case only: `it` is not the house of IT."""
    short = frozenset(name for name in house if len(name) <= _SHORT)
    for names, flags in ((frozenset(house) - short, re.IGNORECASE), (short, 0)):
        text = _anyone(names, flags).sub(_HOUSE, text) if any(names) else text
    return text


_SHORT = 3


@lru_cache(maxsize=64)
def _anyone(names: frozenset[str], flags: int = 0) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{either(name for name in names if name)})(?!\w)", flags)


def i_leave(text: str) -> bool:
    """`My last day is Friday`, `I'm finishing here in June`."""
    return (_MY_LAST_DAY.search(text) is not None or _I_LEAVE.search(text) is not None) and not passing(text)


def gone_for_good(text: str) -> int | None:
    """Where the words begin that tell of leaving a company, a job or for one, whoever leaves; None where none do."""
    return min((found.start() for found in (_FOR_GOOD_ALONE.search(text), _MY_LAST_DAY.search(text)) if found), default=None)


def passing(text: str) -> bool:
    """Somebody is away for a while, or leaves a thing and no job: nothing else in the sentence tells of leaving for good."""
    if _LAST_OF_WHAT.search(text):
        return True
    if gone_for_good(text) is not None or _LONG.search(text):
        return False  # whoever comes back then is somebody else, or only back in touch
    return any(pattern.search(text) for pattern in (_COMES_BACK, _PASSES, _LEAVES_A_THING))


_FOR_GOOD_ALONE = re.compile(rf"(?i)\b{_FOR_GOOD_TOLD}")
_PERHAPS_ALONE = re.compile(rf"(?i){_PERHAPS}")
_MY_LAST_DAY = Guarded(rf"(?i){_LAST_DAY}")
_I_LEAVE = Guarded(rf"(?i){_I_GO}")
_NO_NAME = re.compile(r"(?i)(?:is|has|left|was|quit|retired|resigned|hat|ist|verlässt|se|nous|est|a|ne|n'est|just|already)\b.*|.*['’]s")
_SURNAME = re.compile(rf" (?:[A-ZÀ-Þ][\w'-]+|{_HOUSE})")
_BESIDE = re.compile(r"'s|’s|,? (?:just|recently|already|suddenly|sadly)")
