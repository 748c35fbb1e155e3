"""How a sentence is meant: denied, imagined, told of the past, repeated from elsewhere, mocking, merely curious, asking for less, or about somebody else.

Grammar of four languages only: none of these words says what is for sale. Every function takes a text and returns the spans (start, end) that show it.
"""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Callable

from briefs.reading.patterns import Guarded

Spans = list[tuple[int, int]]

_WORDS_IN_SCOPE = 6
_NEGATION = Guarded(
    r"(?i)\b(?:not|never|no|without|neither|nor|cannot|don't|doesn't|didn't|isn't|aren't|won't|can't|wouldn't|haven't|hasn't|dont|doesnt|didnt|wont|cant|"
    r"nicht|kein(?:e[nmrs]?)?|nie|niemals|ohne|weder|noch nie|nunca|tampoco|jamás|sin|ni|ne|n'|pas|jamais|aucune?|sans)\b|n't\b"
)
CLAUSE_END = re.compile(r"[.,;:!?…()]|\s[-–—]\s|\b(?:but|aber|pero|mais|sondern|sino)\b", re.I)
_ORDER_BEGINS = re.compile(r"(?i)(?:^|[.,;:!?…(\"“„»«¡–—-]\s*|\b(?:please|kindly|bitte|por favor|svp|pla[iî]t)\s)\Z")
"""What stands before an order: `you never send us the offer` is the complaint of somebody who wants it."""
_SEND_NOTHING = Guarded(
    r"(?i)\b(?:(?:do not|don['’]t|dont|never) (?:send|call|e-?mail|contact) (?:me|us)|(?:schicken|schickt|schick|senden|sendet|machen|macht) (?:sie )?(?:uns|mir) (?:bitte )?(?:nicht|nie|kein\w*)|bitte kein\w*|"
    r"no (?:nos|me) (?:env[ií](?:es?|en|éis)|mand(?:es?|en|éis)|llam(?:es?|en|éis))|(?:ne (?:(?:nous|me) |m['’])?|n['’])(?:envoyez|envoie|appelez|appelle) (?:pas|plus|jamais|aucune?)|"
    r"(?:merci|prière) de ne (?:pas|plus) (?:(?:nous|me) |m['’])?(?:envoyer|appeler|proposer))\b"
)
_SELL_NOTHING = Guarded(
    r"(?i)\b(?:(?:do not|don['’]t|dont|never) (?:(?:pitch|offer|sell) (?:me|us)(?! short)|quote (?:me|us)(?! on))|no (?:nos|me) (?:ofrezca\w*|vend(?:as?|an|áis))|ne (?:(?:nous|me) )?(?:proposez|vendez) (?:pas|plus|jamais|aucune?|rien))\b"
)
_PITCH = re.compile(
    r"(?i)[^.,;:!?]{0,40}\b(?:offers?|quot(?:es?|ations?)|proposals?|pric(?:es?|ing)|brochures?|catalog(?:ue)?s?|leaflets?|flyers?|sales|pitch\w*|upsell\w*|advert\w*|ads|marketing|promotions?|upgrades?|"
    r"(?:vergleichs)?angebote?n?|preise?|preislisten?|werbung|werbe\w+|prospekte?|broschüren?|ofertas?|presupuestos?|propuestas?|precios?|tarifas?|folletos?|catálogos?|publicidad|promociones|comerciales|"
    r"offres?|devis|propositions?|tarifs?|plaquettes?|publicités?|démarch\w*)\b"
)
"""Papers of selling."""
_NOT_SO = re.compile(
    r"(?i)[^.,;:!?]{0,60}\b(?:before|until|till|twice|vor|bevor|bis|zweimal|antes|hasta|dos veces|avant|jusqu\w*|deux fois|vergessen|(?:the|das|la|el|le|l['’]) ?\w+ (?:by|per|por|par) (?:la )?(?:post\w*|mail|fax|letter|correo|courrier))\b"
)
"""Not yet, or not this way."""
_NO_NEED = Guarded(
    r"(?i)\b(?:(?:do(?:es)?n?'?o?t|did ?n[o']t|no longer|not|never|wo ?n'?t|won't) (?:really |currently |actually |even |want or |want and )?(?:need|want|require|ask(?:ed|ing)? for|request(?:ed)?|looking (?:for|to)|interested|plan(?:ning)?|order(?:ed)?)\b|"
    r"no (?:need|plans?|intention|interest|wish|desire|demand|appetite)\b|not (?:a )?(?:priority|relevant|for us)\b|(?:have|got|is|are) (?:more than )?(?:enough|plenty)\b|"
    r"(?:brauchen|benötigen|wollen|möchten|wünschen) (?:wir |sie |ich )?(?:derzeit |aktuell |momentan |wirklich |auch |jetzt )?(?:keine?n?|nicht)\b|kein(?:en)? (?:bedarf|interesse)|nicht nötig|reich(?:t|en) (?:uns )?(?:völlig|aus|dicke|noch)|haben genug|"
    r"no (?:[mnl][eo]s? )?(?:l[oa]s? )?(?:necesit|quer|hace falta|hacen falta|interesa|precis|ped[ií]|estamos interesad)\w*|sin necesidad|(?:vamos|andamos) sobrad|tenemos de sobra|nos sobra|"
    r"(?:n'avons|n'a|avons|pas) (?:pas |plus )?besoin|ne (?:(?:nous|m'|me) ?)?(?:voulons|souhaitons|demand\w+|cherch\w+) (?:pas|plus|aucun)|pas (?:intéressé|nécessaire|demandé|utile)|aucun besoin|largement assez|nous suffi)"
)
_IMAGINED = Guarded(
    r"(?i)\b(?:(?:if|in case) (?:we|i|they|he|she|you|the|our|one|it|that|this|somebody|someone|ever|there)\b(?!.{0,40}\b(?:asap|now|today)\b)|if ever|were (?:we|i) to|should we (?:ever|one day|grow|need|decide)|suppos(?:e|ing)|assuming|hypothetical\w*|theoretical\w*|in theory|in principle we|"
    r"some ?day|one day|eventually|down the (?:line|road)|at some point|maybe|perhaps|might|would be (?:nice|cool|lovely|great|neat)|in an ideal world|in a perfect world|who knows|wish ?list|"
    r"far future|dream(?:ing)?|day ?dream\w*|thinking (?:aloud|out loud)|imagine|falls (?:wir|ich|es|sie|man|je)|wenn wir (?:mal|irgendwann|je|eines)|irgendwann|eines tages|vielleicht|eventuell|evtl|womöglich|theoretisch|hypothetisch|wäre (?:schön|nett|toll|cool|vielleicht)|angenommen|"
    r"si (?:algún día|alguna vez|acaso|fuéramos|fueramos|tuviéramos|creciéramos|llegáramos|un día|jamais|un jour|nous étions|on était|on devait|nous devions|nous avions|on avait)|algún día|quizás?|tal vez|a lo mejor|ojalá|en un futuro|estaría (?:bien|genial)|hipot\w+|"
    r"peut[- ]être|éventuellement|un jour|ce serait (?:bien|sympa|chouette|génial)|dans l'absolu|en théorie|hypoth\w+|au cas où)\b"
)
_TOLD = Guarded(
    r"(?i)\b(?:(?:\w+ )?(?:years?|months?|ages) ago|long ago|back (?:then|in (?:19|20)\d\d|in the day)|at the time|in those days|used to|once (?:wanted|asked|had|needed|considered|tried|planned)|previously|formerly|originally|at one point|in (?:19|20)(?:0\d|1\d|2[0-3])|pre-?20\d\d|last year|(?:two|three|four|five|ten) years|had (?:once|been|wanted|asked|planned)|"
    r"long (?:since )?(?:solved|settled|resolved|over|closed|gone|forgotten)|vor (?:\w+ )?jahren|damals|seinerzeit|früher (?:mal|einmal|wollten|hatten|war)|letztes jahr|vorletztes|einst|ehemals|längst|"
    r"hace (?:\w+ )?(?:años|meses)|en su (?:día|momento)|por aquel entonces|antiguamente|el año pasado|en aquel\w*|ya (?:hace tiempo|resuelto|está resuelto)|il y a (?:\w+ )?(?:ans|années|longtemps)|à l'époque|autrefois|jadis|l'an dernier|l'année dernière|par le passé)\b"
)
_REPEATED = Guarded(
    r"(?i)\b(?:your (?:own )?(?:website|brochure|newsletter|ad|advert\w*|slogan|flyer|white ?paper|homepage|banner|blog|leaflet|press release)|old (?:e-?mail|mail|letter|thread|note)|(?:sample|example|placeholder|dummy|demo) (?:text|sentence|ticket|message)|(?:typo|spelling|wording|comma) (?:in|of|on)|pasted|forwarded (?:below|from)|"
    r"(?:auf|in) (?:ihrer|eurer) (?:website|webseite|broschüre|homepage|anzeige|werbung)|alte[nr]? (?:e-?)?mail|beispieltext|mustertext|tippfehler|ihr (?:slogan|werbespruch|newsletter)|"
    r"(?:en )?(?:su|vuestra?|tu) (?:web|folleto|anuncio|publicidad|eslogan|boletín)|correo antiguo|texto de ejemplo|errata|(?:votre|vos) (?:site|brochure|plaquette|publicité|slogan|newsletter|pub)|(?:vieux|ancien) (?:mail|courriel|message)|texte d'exemple|faute de frappe|coquille)\b"
)
_MOCKING = Guarded(
    r"(?i)(?:\b(?:yeah,? right|just what we needed|what a (?:surprise|joy|treat|bargain)|oh (?:great|good|sure|lovely|wonderful|joy|brilliant)|sure,? (?:sell|send|charge|why not|let's|because|I'd|we'd|we)|by all means|while you(?:'re| are) at it|how (?:nice|lovely|kind|generous)|slow clap|bravo|congratulations|well done|marvell?ous|thanks (?:so much|a lot|a bunch) for (?:nothing|the|another)|can't wait to|we(?:'d)? love (?:paying|waiting|to pay|crash\w*)|"
    r"na (?:toll|klar|super|prima)|wie (?:schön|nett|reizend)|herzlichen glückwunsch|glückwunsch|vielen dank (?:auch|für nichts|für die prompte)|gerne? (?:doch|noch mehr)|qué (?:bien|maravilla|alegría|detalle|ilusión)|enhorabuena|claro que sí|faltaría más|muchas gracias por nada|"
    r"quelle (?:joie|bonne idée|surprise|chance)|félicitations|chapeau|bien sûr,|merci (?:beaucoup )?pour rien|quel bonheur)\b|/s\b|\(irony\)|\b(?:she|he|they|cust\w*) (?:joked|quipped|sneered|scoffed)|\b(?:ironic\w*|sarcas\w*|bitterly|laughed out loud|ironisch|spöttisch|irónic\w*|ironique\w*|en plaisant\w*|with a laugh|rolling (?:his|her) eyes))"
)
_CURIOUS = Guarded(
    r"(?i)\b(?:(?:just|only|merely) (?:curious|asking|wondering|wanted to know|want to know|to know|for (?:my|our) (?:information|info|notes|file))|out of (?:curiosity|interest)|for (?:my|our|the) (?:information|info|notes|file|records?|auditor\w*)|no (?:plans?|intention) (?:to|of)|not (?:planning|intending|that we)|asking for a friend|purely (?:informational|out of)|asked for fun|"
    r"nur (?:aus neugier|interessehalber|so|zur info\w*|eine frage)|aus (?:reiner )?neugier|interessehalber|rein informativ|frage nur|por (?:pura )?curiosidad|s[oó]lo (?:pregunto|por saber|es por)|pregunto por preguntar|a título informativo|"
    r"(?:par|simple|pure) (?:simple )?curiosité|juste pour (?:savoir|info\w*)|pour (?:ma|notre|simple) (?:information|gouverne)|à titre (?:indicatif|d'information))\b"
)
_LESS = Guarded(
    r"(?i)\b(?:(?:remove|delete|cancel|drop|cut|reduce|return|give back|take off|take out|deactivate|get rid of|shed|release|downgrade|downsize|hand back|giving back|give up)\w*\b.{0,50}\b(?:seats?|licen[cs]es?|users?|logins?|accounts?|subscriptions?|plan|tier|package|edition|modules?|accesses|storage)|fewer|downgrad\w+|downsiz\w+|scal\w+ (?:back|down)|(?:seats?|licen[cs]es?|users?|logins?) (?:too many|less|fewer|back|off)|too many (?:seats|licen\w+|users|logins)|"
    r"(?:reduzier|abbestell|streich|kürz|zurückgeb|verringer|entfern|herabstuf)\w*|weniger (?:lizenzen|nutzer|plätze|zugänge|user)|(?:lizenzen|zugänge|nutzer|plätze) (?:weniger|zu viel|zurück)|kleiner\w* (?:paket|tarif|edition)|"
    r"(?:quitar|quiten|reduc\w+|dar de baja|devolv\w+|eliminar|bajar|recortar)\b.{0,40}\b(?:licencias?|usuarios?|puestos?|accesos?|plan|plazas?|cuentas?)|menos (?:licencias|usuarios|puestos)|sobran (?:\w+ )?(?:licencias|usuarios|puestos|accesos)|"
    r"(?:retirer|supprimer|enlever|réduire|rendre|diminuer|baisser)\b.{0,40}\b(?:licences?|utilisateurs?|accès|postes?|places?|comptes?|forfait|formule)|moins d(?:e |')(?:licences|utilisateurs|postes|accès)|de trop)\b"
)
_SAME_AGAIN = Guarded(
    r"(?i)\b(?:(?:renew\w*|extend\w*|prolong\w*|verlänger\w*|renov\w*|renouvel\w*|reconduc\w*|prorrog\w*)\b.{0,80}\b(?:same|unchanged|as (?:is|it is|before|today|last year)|identical|no changes?|existing|current|like(?:-for-like)?|flat|unveränder\w*|gleich\w*|wie (?:bisher|gehabt|letztes)|mism\w+|sin cambios|igual|idéntic\w*|idem|identique\w*|mêmes?|inchangé\w*|sans changement|à l'identique)|"
    r"(?:same|unchanged|identical|unveränder\w*|gleich\w*|mism\w+|mêmes?)\b.{0,60}\b(?:renew\w*|extension|extend\w*|another year|next term|verlänger\w*|renov\w*|renouvel\w*|otro año|weiteres jahr))\b"
)
_SOMEBODY_ELSE = Guarded(
    r"(?i)(?:\b(?:another|other|some|one of (?:our|their)|a friend'?s?|our|my|neighbou?r(?:ing)?|sister-?in-?law'?s?|brother-?in-?law'?s?|the (?:competition|neighbou?rs?|hotel next door|firm next door)) (?:compan(?:y|ies)|firms?|client'?s?|customer'?s?|agenc(?:y|ies)|suppliers?|vendors?|hospitals?|schools?|councils?|hotels?|bank|friend'?s?|cousin'?s?|husband'?s?|wife'?s?|brother'?s?|sister'?s?|contractors?|subcontractors?|carriers?|peers?|competitors?|neighbou?rs?)\b|\b(?:that|the other) (?:vendor|supplier|provider)\b|"
    r"\b(?:our|my) (?:erp|crm|payroll|phone|telephone|internet|mail|email|hr|accounting|bank|printer|coffee|telco|car park|canteen|ehr|cloud|hosting|web shop|webshop|till|pos) (?:system|software|provider|vendor|tool|server|supplier|contract|app|machine|package|plan)\b|\b(?:the|our|my) (?:erp|crm app|payroll|bank app|printer|phone system|mail server|internet line|canteen|gym|netflix|zoom|dropbox|jira)\b|"
    r"\b(?:andere[nrs]? (?:firma|firmen|kunde|anbieter|unternehmen|haus|häuser)|nachbar\w*|(?:mein|unser)\w* (?:schwager|bruder|freund|lieferant|kunde|steuerberater|vermieter|mandant)\w*|konkurren\w+)\b|\b(?:otra|otras) empresas?\b|\b(?:mi|nuestro|nuestra) (?:vecin\w+|cuñad\w+|amig\w+|proveedor\w*|cliente|gestoría|primo|prima)\b|"
    r"\b(?:une autre|d'autres) (?:société|entreprise|boîte|agence)s?\b|\b(?:mon|ma|notre|nos) (?:voisin\w*|beau-frère|cousin\w*|fournisseur\w*|sous-traitant\w*|client\w*|confrère\w*|comptable)\b)"
)
_OWN_IDEA = Guarded(
    r"(?i)\b(?:i (?:think|guess|believe|reckon|suspect|assume|expect|feel|bet|would bet|'d say|will pitch|will propose|plan to|want to (?:pitch|propose|show|sell)|could pitch|suggest|recommend)|i'd (?:say|bet|guess|pitch|propose)|my (?:guess|view|feeling|hunch|read|bet|take|plan|idea)|in my (?:view|opinion)|pure speculation|gut feeling|(?:we|i) (?:could|should|might|can|will|'ll) (?:pitch|offer|propose|upsell|cross-?sell|position|sell|push|try to|bring up|suggest|show|float|raise|introduce)|(?:could|should|might|to|will|let's|idea:?) (?:pitch|upsell|cross-?sell|push for|position|propose)|worth (?:pitching|a pitch|offering)|(?:upsell|cross-?sell|expansion|whitespace) (?:potential|opportunity|play|target|idea|angle)|potential (?:for|upsell)|opportunity (?:to|for|here)|"
    r"(?:they|he|she|cust\w*) (?:might|may|could|probably|should|will probably|would probably)|probably (?:need|want|ready|will)|likely to|our (?:forecast|fcst|model|prediction)|forecast(?:ed)?|"
    r"ich (?:glaube|denke|vermute|schätze|tippe|würde|könnte|werde (?:vorschlagen|anbieten))|meiner meinung|vermutlich|wahrscheinlich|man könnte|wir (?:könnten|sollten) (?:\w+ ){0,4}(?:anbieten|vorschlagen|verkaufen|ansprechen|pitchen)|potenzial|"
    r"(?:yo )?creo que|supongo|probablemente|seguramente|podríamos (?:ofrecer|proponer|vender)\w*|mi (?:impresión|apuesta)|oportunidad de|"
    r"je (?:pense|crois|suppose|parie)|à mon avis|probablement|sans doute|on pourrait (?:leur )?(?:proposer|vendre|offrir)|opportunité)\b"
)
_OWNED = Guarded(
    r"(?i)\b(?:already (?:have|own|pay|included|bought|got|licensed|active)|(?:which|that) (?:we|is|are) (?:already )?(?:have|own|paid for|included|bought|licensed)|included in (?:our|the|my) (?:plan|package|contract|tier|edition)|licen[cs]e incl|we already|(?:haben|besitzen|bezahlen) wir (?:schon|bereits|ja)|(?:schon|bereits) (?:enthalten|gebucht|lizenziert|vorhanden|haben)|freien lizenzen|ya (?:tenemos|pagamos|incluid\w+|contratad\w+|viene)|que ya tenemos|licencias libres|"
    r"(?:avons|a|est|inclus\w*|payons) déjà|déjà (?:inclus\w*|payé\w*|acheté\w*|dans notre)|places libres)\b"
)
_VENDOR_OFFERS = Guarded(
    r"(?i)\b(?:(?:may|can|could|shall|let) (?:i|me|we|us) (?:offer|suggest|propose|quote|send|show|recommend|interest)|would you (?:like|be interested|be willing|consider)|have you (?:considered|thought)|are you interested|happy to (?:offer|quote|show)|we (?:recommend|suggest|offer|now offer|also offer)|i (?:recommend|suggest|propose|can offer|could offer)|you (?:could|might want to|may want to|should) (?:upgrade|consider|add|move)|special offer|"
    r"(?:darf|kann|soll|dürfte) ich (?:ihnen|euch)|hätten sie interesse|möchten sie|haben sie schon|wie wäre es|wir (?:empfehlen|bieten)|ich (?:empfehle|schlage)|¿?(?:le|les|os|te) (?:gustaría|interesaría|propongo|recomiendo|ofrezco)|puedo ofrecer\w*|han pensado|"
    r"(?:puis-je|je peux|je pourrais) vous|je vous (?:propose|recommande|conseille)|seriez-vous|souhaitez-vous|avez-vous pensé|voulez-vous)\b"
)


def negations(text: str) -> Spans:
    """What is denied: from behind the denying word to the end of its clause, six words at most."""
    spans: Spans = []
    for found in _NEGATION.finditer(text):
        end = CLAUSE_END.search(text, found.end())
        scope = text[found.end() : end.start() if end else len(text)]
        words = list(re.finditer(r"\S+", scope))[:_WORDS_IN_SCOPE]
        if words:
            spans.append((found.end() + words[0].start(), found.end() + words[-1].end()))
    return spans


def _spans(pattern: Guarded) -> Callable[[str], Spans]:
    return lambda text: [found.span() for found in pattern.finditer(text)]


def declined(text: str) -> Spans:
    """A need, wish or plan that is denied: `we do not need`, `kein Bedarf`, `vamos sobrados`, `do not send us an offer`."""
    return [*no_need(text), *no_offers(text)]


def no_offers(text: str) -> Spans:
    """Orders to send or call about nothing that sells, and to sell nothing. Who leaves gives them too."""
    orders = [found for found in _SEND_NOTHING.finditer(text) if _PITCH.match(text, found.end()) and not _NOT_SO.match(text, found.end())]
    return [found.span() for found in (*orders, *_SELL_NOTHING.finditer(text)) if _ORDER_BEGINS.search(text, 0, found.start())]


no_need = _spans(_NO_NEED)
"""A need, wish or plan that is denied."""
hypothetical = _spans(_IMAGINED)
"""Imagined or put off without a day: `if we ever`, `irgendwann`, `peut-être`."""
past = _spans(_TOLD)
"""Told of times gone by: `years ago`, `damals`, `en su día`."""
quoting = _spans(_REPEATED)
"""Repeats somebody's text: a brochure, an old mail, sample text."""
sarcasm = _spans(_MOCKING)
"""Marks of mockery. Weak alone: real thanks and praise use the same words."""
curiosity = _spans(_CURIOUS)
"""Asks to know, not to have."""
reduction = _spans(_LESS)
"""Fewer, smaller, back: the opposite of growth."""
same_scope = _spans(_SAME_AGAIN)
"""A renewal at today's scope or price."""
third_party = _spans(_SOMEBODY_ELSE)
"""Somebody else's company, or a tool of another maker."""
own_idea = _spans(_OWN_IDEA)
"""A guess, hope or plan of the person writing about the customer."""
already_owned = _spans(_OWNED)
"""What they hold already."""
offering = _spans(_VENDOR_OFFERS)
"""A seller's offer or question."""

_SHOWN_BY = {"declined": (_NO_NEED, _SEND_NOTHING, _SELL_NOTHING), "same_scope": (_SAME_AGAIN,)}


def may_show(cue: str, text: str) -> bool:
    """False where neither the text nor any part of it can show the cue: a quick look before a text is taken apart."""
    return any(pattern.may_match(text) for pattern in _SHOWN_BY[cue])


CUES: dict[str, Callable[[str], Spans]] = {
    "negation": negations,
    "no_need": no_need,
    "no_offers": no_offers,
    "hypothetical": hypothetical,
    "past": past,
    "quoting": quoting,
    "sarcasm": sarcasm,
    "curiosity": curiosity,
    "reduction": reduction,
    "same_scope": same_scope,
    "third_party": third_party,
    "own_idea": own_idea,
    "already_owned": already_owned,
    "offering": offering,
}
