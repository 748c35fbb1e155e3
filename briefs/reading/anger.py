"""Anger told outright: whose it is and what it is aimed at, and praise that is mockery because nobody has answered for weeks."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re

from briefs.reading.patterns import Guarded

_PEOPLE = r"(?:(?:the|our|my|your|whole|entire) )+(?:[\w-]+ )?(?:team|staff|users?|people|boss|chief|director|manager|management|board|ceo|cfo|cio|coo|crew|drivers?|nurses?|doctors?|teachers?|planners?|dispatchers?|colleagues?|office|department|warehouse|shop floor|lads|partners?|owner|chair|treasurer|secretary|accountants?|head of \w+)"
_WHO = (
    rf"(?:i|we|she|he|they|you can imagine (?:i|we)|everyone|everybody|all of us|half of us|people|users|staff|management|drivers|nurses|teachers|planners|dispatchers|colleagues|{_PEOPLE}|"
    r"(?<!in )(?<!at )(?<!of )(?<!from )(?<!dear )(?-i:(?!Nobody|None|Neither|Nothing|No|Who|What|Which|There|Here|Why|How|Someone|Somebody|Anyone|Anybody|Customers?|Clients?|Patients?|Guests?|Tenants?|Suppliers?|Parents|Residents|Competitors?|This|That|It|Winter|Everything|You|Not)[A-Z][a-zé]+))"
)
_VERY = r"(?:(?:really|very|so|absolutely|pretty|quite|rather|frankly|just|all|properly|extremely|utterly|deeply|more than|rightly|still|increasingly|honestly) )*"
_OURS = (
    r"(?:[\"“„«]|you\b|your?\b|it\b|this\b|that\b|these\b|those\b|all this|waiting|chasing|asking|writing|apologi[sz]ing|explaining|calling|ringing|repeating|hearing|being|having to|paying|losing|excuses|promises|crash\w*|outages?|errors?|bugs?|delays?|downtime|\w+['’]s (?:\w+ )?(?:crash\w*|outages?|errors?|bugs?|delays?|downtime|release|update)|"
    r"(?:the|these|those|all the|constant|endless|yet another|another) (?:\w+ )?(?:same|constant|crash\w*|outages?|errors?|bugs?|delays?|downtime|excuses|promises|support|hotline|service|app|system|software|product|platform|tool|export|import|sync|login|report\w*|silence|answers?|way (?:we|you)))"
)
_SATED = rf"(?:fed up|sick(?: and tired)?|tired)\b(?: (?:with|of|by) {_OURS}|(?<=fed up)(?=\s*(?:\Z|[.,;:!?)–—-]|and\b|now\b|here\b|because\b)))"
_MAD = r"(?:furious|angry|livid|fuming|disappointed|frustrated|annoyed|unhappy|dissatisfied|outraged|not (?:at all )?(?:happy|pleased|impressed|amused)|losing patience)\b"
_AT_US = rf"(?! (?:with|about|at|by|over|of|on|for) (?!{_OURS})| (?:that )?(?:i|we) (?:missed|can['’]?t|cannot|could ?n['’o]t)\b| that (?-i:[A-Z])\w+ (?:can['’]?t|cannot|will not|won['’]t)\b| no (?:more|longer)\b)"
"""Behind the anger: an aim that is ours (words quoted back at us among them), or none. A law, an accountant or a webinar that was missed is not."""
_GOOD = r"(?:good|well|easy|easily|fast|quick\w*|simple|simply|smooth\w*|cheap\w*|nice\w*|handy|reliable|reliably|useful|clear\w*|much (?:time|better|faster|easier|we (?:save|like|love))|little (?:time|effort|work))"
_DE = r"(?:(?!nicht\b|nie\b|kaum\b|keineswegs\b|weder\b|gar\b)\w+ ){0,3}"
_VEXED = Guarded(
    rf"(?i)\b(?:{_WHO}(?:'m|'s|'re| am| are| is) {_VERY}(?:{_MAD}{_AT_US}|{_SATED})|(?:have|has) had enough of\b|"
    rf"(?:this|that|it|which)(?:'s| is) {_VERY}(?:simply |completely )*(?:not acceptable|unacceptable|not good enough(?! for us)|a disgrace|a joke(?!,? of course)|ridiculous(?! to (?:think|believe|suggest))|outrageous|unprofessional)\b(?! (?:how|that it is so|so) ?{_GOOD}| {_GOOD}\b| between )|"
    rf"(?:ich bin|wir sind|er ist|sie ist|sie sind) {_DE}(?:wütend|sauer|verärgert|stinksauer|enttäuscht|genervt|frustriert|unzufrieden)\b|"
    rf"(?:das|so etwas|so was) ist {_DE}(?:inakzeptabel|eine frechheit|eine zumutung|nicht akzeptabel|nicht hinnehmbar|unmöglich(?! (?:zu|wie|bis|am|vor)\b))\b|(?:das|so) geht (?:(?:das|es|so|ja|einfach|wirklich|echt|mal|überhaupt) )*gar nicht(?= *(?:\Z|[.,;:!?]|mehr\b|und\b))|"
    r"(?:estoy|estamos|está|están) (?:(?:muy|realmente|bastante|francamente|más que) )?(?:(?:enfadad|molest|decepcionad|frustrad|descontent|indignad)[oa]s?\b|hart[oa]s?\b(?: de (?:esto|eso|todo|esperar|llamar|pedir|repetir|tener que|que|ustedes|vosotros|su|vuestr[oa]|(?:l[oa]s?|tant[oa]s?) (?:\w+ )?(?:errores?|fallos?|retrasos?|cortes?|espera|excusas|caídas?|soporte|sistema|programa|aplicación))|(?=\s*(?:\Z|[.,;:!?)]|y\b|ya\b))))|(?:esto )?es (?:(?:totalmente|realmente|simplemente|absolutamente|francamente) )?(?:inaceptable|intolerable|una vergüenza)\b|"
    r"(?:je suis|nous sommes|on est|il est|elle est) (?:(?:très|vraiment|plutôt|franchement|extrêmement) )?(?:furieu\w*|en colère|déçu\w*|mécontent\w*|agacé\w*|énervé\w*|frustré\w*|excédé\w*)(?! de ne pas pouvoir)|c'est (?:(?:vraiment|tout simplement|totalement|franchement) )?(?:inacceptable|inadmissible|scandaleux|une honte)\b)"
)
_BEFORE = Guarded(
    r"(?i)\b(?:(?:if|unless|until|when(?:ever)?|in case|falls|wenn|si|cuando|quand) (?:\w+ ){0,2}\Z|s'\Z|(?:(?:\w+n't)|not|never|nobody|no ?one|none|nicht|kein\w*|niemand|nie) (?:\w+ ){0,3}(?:think|say|said|saying|believe|mean|claim\w*|suggest\w*|that|sagen|behaupten|meinen|dass|glauben)\b|(?:no|nunca|nadie|ningun[oa]|tampoco|ya no|si no)\s*\Z|nadie|"
    r"(?:our|their|some|other|of the|these|those|the|unser\w*|nuestr[oa]s|nos) (?:\w+ )?(?:clients?|customers?|patients?|guests?|tenants?|suppliers?|parents|residents|kunden|mieter|gäste|patienten|clientes|pacientes|inquilinos|patients|locataires)\b|l[oa]s (?:clientes|pacientes|vecinos|inquilinos))"
)
"""What takes it back where it stands before it: a condition, a denial, somebody else's anger."""

_AFTER = Guarded(
    r"(?i)(?:\A(?:,? (?:but )?not (?:with|at|about) you\b| (?:with|at|about|by|over|of) (?:them\b|him\b|her\b|myself|ourselves|(?:the|our|my|their|his|her) (?:\w+ )?(?:old|other|previous|landlord|weather|bank|council|traffic|builders?|firm|supplier|neighbou?rs?|competitor|internet|phone|boiler|train|railway|post|caterers?|tunnel)\b|(?:the )?(?:weather|winter|summer|spring|autumn|rain|heat|cold|traffic|mondays|commuting)\b)|"
    r" (?:auf|über|von|vom|mit|contra|con|contre|par) (?:(?:den|die|das|dem|unser\w*|mein\w*|el|la|nuestr[oa]|mi|le|notre|mon|ma|l') ?)?(?:\w+ )?(?:wetter|winter|sommer|vermieter|nachbar\w*|bank|bahn|post|tiempo|invierno|verano|casero|banco|vecin\w+|météo|hiver|été|propriétaire|banque|voisin\w*|opérateur\w*|train)\b)|"
    r"\b(?:last year|no longer true|used to|the old (?:system|tool|provider)|ya no|letztes jahr|el año pasado|l'an dernier)\b)"
)
_CLAUSES = re.compile(
    r"(?i)[.,;:!?()]| [–—-] | (?:and|but|because|since|so|although|though|while|und|aber|weil|denn|sondern|y|pero|porque|aunque|et|mais|car|parce que|puisque) "
)


def vexed(text: str) -> int | None:
    """Where somebody of theirs tells their anger. Only words of the same clause take it back: what stands in the next one is another matter."""
    for found in _VEXED.finditer(text):
        breaks = [cut.span() for cut in _CLAUSES.finditer(text)]
        start = max((end for _, end in breaks if end <= found.start()), default=0)
        end = min((begin for begin, _ in breaks if begin >= found.end()), default=len(text))
        aimed = text[found.end() : end if not text[end:].startswith(", not ") else end + 16]
        if _BEFORE.search(text[start : found.start()]) is None and _AFTER.search(aimed) is None:
            return found.start()
    return None


_NO_ANSWER = Guarded(
    r"(?i)\b(?:(?:\w+n't|not|never|nobody|no ?one|none|nothing) (?:\w+ ){0,5}?(?:repl(?:y|ies|ied|ying)|answer(?:s|ed|ing)?|respond(?:s|ed|ing)?|(?:call|ring|rung|rang|writ|wrot|got|gotten|com)\w* back|heard|react(?:s|ed)?|picked up|been in touch)|(?:without|no|not an?|not a single|not one|zero) (?:(?:an?|any|single|real|proper|further) )?(?:\w+ )?(?:reply|replies|answers?|response|reaction|callback|call back|word|feedback|sign of life|update)|unanswered|"
    r"(?:keine?n?|ohne|null) (?:(?:eine?|jede|einzige|richtige|brauchbare|weitere) )?(?:antwort|rückmeldung|reaktion|rückruf|lebenszeichen|nachricht|auskunft)\w*|(?:niemand|keiner|support|hotline|helpdesk|ihr|sie)\b[^.,;!?]{0,40}\b(?:nicht|niemand|keiner|nie)\b[^.,;!?]{0,20}\b(?:antwort\w*|meld\w+|reagier\w*|zurück\w*)|(?:niemand|keiner) (?:\w+ ){0,4}(?:antwort\w*|meldet|gemeldet|reagiert|zurück\w*)|(?:antwortet|meldet sich|reagiert|ruft)\b[^.,;!?]{0,40}\b(?:niemand|keiner|nicht)|"
    r"sin (?:\w+ )?(?:respuesta|contestación|noticias|contestar|responder|novedades)|(?:no|nadie|ni siquiera) (?:\w+ ){0,3}(?:contest\w+|respond\w+|(?:devolv|devuel)\w+ la llamada|dic\w+ nada)|ninguna (?:respuesta|noticia|reacción)|"
    r"(?:sans|aucune|pas de|toujours pas de|pas une|pas la moindre) (?:\w+ )?(?:réponse|nouvelles?|retour|rappel|réaction)|(?:personne|support|assistance|vous)\b[^.,;!?]{0,20}\bn(?:e |')(?:\w+ ){0,2}(?:répon\w+|rappel\w+|donn\w+ signe|écri\w+|réagi\w*))"
)
_LONG = Guarded(
    r"(?i)\b(?:hours?|days?|weeks?|months?|fortnight|(?:since|seit|desde|depuis) (?:the |el |le )?\w*(?:day|tag|lunes|martes|miércoles|jueves|viernes|lundi|mardi|mercredi|jeudi|vendredi|week|woche|semana|mittwoch)|stunden|tage[n]?|wochen?|monate?n?|horas|días|semanas?|mes(?:es)?|heures|jours|semaines?|mois)\b"
)
_NONE_DUE = Guarded(
    r"(?i)\b(?:(?:no|not|\w+n't|never|nobody|without) (?:\w+ ){0,2}?(?:need\w*|hurry|rush|ha[sd] to|have to|expect\w*)|(?:is|are|was|were) (?:not )?(?:needed|necessary|required|expected)|(?:takes?|took) (?:no|less|only|about|under|a (?:few )?(?:minutes?|hours?|day)\b)|complain\w*|bad word|broke anything|beschwer\w*|quejas?|plaintes?|i (?:have not|haven['’]t|did not|didn['’]t) (?:yet )?(?:repl|answer|respond|writ|call)\w*|from (?:my|our|the (?:council|bank|landlord|authorit\w+|insurer|ministry))|(?:not|\w+n't|never|without|nie|nicht|ohne|no|nunca|sin|sans|jamais|pas) (?:\w+ ){0,4}?(?:wait\w*|warten|gewartet|esper\w+|attend\w*)|"
    r"nötig|notwendig|erforderlich|eilt nicht|nicht eilig|hace falta|necesari\w+|no corre prisa|dauert|tarda\w*|besoin|nécessaire|ne presse|il ne faut)\b"
)


_SPARED = Guarded(
    r"(?i)\b(?:(?:without|no|not|zero|never) (?:an?y? |one |single |a single |one single |more |further |unplanned )*(?:outages?|crash\w*|errors?|bugs?|failures?|downtime|breakdowns?|freezes|timeouts?|fail(?:s|ed)?)(?! (?:messages?|codes?|reports?|promised|shown))|"
    r"(?:ohne|null|keine?n?|kein einziger|nie (?:ein\w*)?) ?(?:einen? |einzigen? |weiteren? )*(?:ausf[aä]ll\w*|abst[uü]rz\w*|fehler\w*|störung\w*)|"
    r"(?:sin|ni|ningun[oa]?|ningún) (?:un[oa]? |sol[oa] |más )*(?:caídas?|fallos?|errores|error|averías?|cuelgues?)|(?:sans|aucune?|pas (?:une?|de)|plus (?:une?|de)) (?:seule? )?(?:pannes?|erreurs?|bugs?|plantages?|coupures?))\b"
)


def without_spared(text: str) -> str:
    """The text without the failures that did not come: `two weeks without an outage`."""
    return _SPARED.pattern.sub(" ", text)


def unanswered(text: str) -> bool:
    """No reply for days or weeks. An answer that nobody needs, or that never had to be waited for, is none."""
    return _NO_ANSWER.search(text) is not None and _LONG.search(text) is not None and _NONE_DUE.search(text) is None
