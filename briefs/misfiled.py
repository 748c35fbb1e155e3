"""What our people write of a record that came in under somebody else: the record, how it was filed, and under whom."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterable

TAG = re.compile(r"mis-?(?:filed|routed)|wrong[ _-]?(?:account|customer|client)", re.I)

_HOUSE = r"(?:customer|client|account|organi[sz]ation|company)"
_OTHER = rf"(?:(?:the|a|some) )?(?:another|different|other|wrong|somebody else's|someone else's) (?:\w+ )?{_HOUSE}\b(?! (?:managers?|executives?|numbers?|names?|owners?|types?|settings?|units?)\b| in (?:our|your|the) (?:crm|setup|settings|export|list|menu)\b|'s (?:ticket|case|bug|report|issue|problem|thread)| (?:of|in|within) (?:your|the|their) (?:group|holding)| of (?:yours|theirs))"
_RECORD = r"(?:tickets?|(?<!in )cases?|e-?mails?|mails?|requests?|messages?|conversations?|threads?|enquir(?:y|ies)|inquir(?:y|ies)|submissions?)\b"
_THE_RECORD = rf"(?:\b(?:this|these|your|the|that|his|her|their) (?!same |similar |identical |other )(?:\w+ ){{0,2}}?|^\W*){_RECORD}"
_AUX = r"(?:(?:has|have|had|was|were|is|are|been|got|clearly|obviously|probably|apparently|actually|mistakenly|wrongly|accidentally|only|should|must|ought to|be) )*"
_HOW = r"(?: (?:here|by mistake|by accident|by error|in error|wrongly))*"
_FILES = rf"(?:(?:mis)?filed|logged|registered|booked|assigned|attached|linked){_HOW} (?:under|in|into|to|with|at|on|for|against) (?:the (?:queue|inbox|account|name) of )?{_OTHER}"
_LANDS = rf"(?:landed|arrived|ended up|came in|routed|created|opened|put|placed|sits|moved|meant|intended){_HOW} (?:under|in|into|to|with|at|on|for) (?:the (?:queue|inbox|account|name) of )?{_OTHER}"
_CAME = rf"came (?:in|through)(?: in)? (?:through|via|over) (?:the (?:\w+ ){{1,2}}of {_OTHER}|{_OTHER}'s \w+)"
_BELONGS = rf"belong(?:s|ed)? (?:to|under|with|in) {_OTHER}"

_EIN = r"(?:ein(?:e[mnrs]?)? |de[mnr] |das |die |unser\w* )?"
_ANDERER = rf"{_EIN}(?:ander|falsch)\w* (?:kunden?|kundin|konto|firma|mandant(?:en)?|unternehmen|account|organisation)\b(?! (?:von (?:ihnen|euch)|(?:in|aus) (?:ihrer|eurer) gruppe))"
_ANFRAGE = r"(?:\b(?:die|das|der|diese[rs]?|ihre?|eure?|deine?) (?:\w+ ){0,2}?|^\W*)(?:tickets?|anfragen?|nachricht(?:en)?|e-?mails?|mails?|vorgang|vorgänge|fall|meldung(?:en)?|konversation|anliegen)\b"
_ABGELEGT = r"(?:gelandet|abgelegt|zugeordnet|zugewiesen|eingegangen|einsortiert|eingeordnet|erfasst|angelegt|gelaufen|verbucht)\b"
_LIEGT = (
    rf"(?:(?:ist|wurde|war) (?:\w+ ){{0,2}}?(?:(?:bei|unter|in|im|an|auf|über) )?(?:dem konto |dem namen )?{_ANDERER} (?!auch\b|ebenfalls\b)(?:\w+ ){{0,2}}?{_ABGELEGT}|"
    rf"(?:liegt|hängt|kam|landete|lief) (?:\w+ ){{0,2}}?(?:bei|unter|in|an|über) {_ANDERER})"
)
_GEHOERT = rf"gehört (?:(?:eigentlich|wohl|aber|offenbar) )?(?:(?:zu|unter) )?{_ANDERER}"

_OTRO = r"(?:(?:la|el|una?) (?:cuenta|ficha|buzón|bandeja|nombre) de )?(?:otr[oa] (?:cliente|cuenta|empresa)|(?:la |el |una? )?(?:cuenta|cliente|empresa) equivocad[oa])\b"
_MENSAJE = r"(?:\b(?:el|la|los|las|est[ea]|su|sus|tu|vuestr[oa]) (?:\w+ )?|^\W*)(?:tickets?|mensajes?|correos?|solicitud(?:es)?|consultas?|conversaci(?:ón|ones)|casos?|petici(?:ón|ones))\b"
_LLEGA = (
    rf"(?:(?:llegó|entró|ha llegado|ha entrado|pertenece|corresponde) (?:por error )?(?:a|en|por|bajo) {_OTRO}|es de {_OTRO}|"
    rf"(?:se (?:ha )?|(?:fue|está|quedó|estaba|ha sido|ha quedado) )(?:archiv|asign|registr|abri|abiert|clasific|guard)\w+ (?:por error )?(?:a|en|por|bajo|con) {_OTRO})"
)

_AUTRE = r"(?:(?:le compte|la fiche|la boîte|le nom) d')?(?:une? |l'|le |la )?(?:autre (?:compte|cliente?|société|entreprise)|mauvais (?:compte|client)|mauvaise (?:société|entreprise))\b"
_DEMANDE = r"(?:\b(?:le|la|les|cet?|cette|ces|votre|vos|sa|son) (?:\w+ )?|^\W*)(?:tickets?|messages?|demandes?|courriels?|mails?|e-?mails?|conversations?|dossiers?|requêtes?)\b"
_ARRIVE = (
    rf"(?:(?:appartient|revient) à {_AUTRE}|(?:est|sont|a été|ont été|avait été|était|s'est) (?:arriv|class|rattach|attribu|enregistr|rang|affect|retrouv|ouvert|tomb)\w* "
    rf"(?:par erreur )?(?:à|au|chez|sous|dans|sur) {_AUTRE})"
)

_FILED = re.compile(
    rf"(?i)(?:{_THE_RECORD} (?:(?:that|which) )?{_AUX}(?:{_FILES}|{_LANDS}|{_CAME}|{_BELONGS}|(?:for|under|in) {_OTHER})|"
    rf"^\W*(?:(?:sorry|hi|hello|\w+),? )?(?:(?:i (?:think|believe|guess|fear)|it (?:seems|looks like)|looks like|seems)(?: that)? )?(?:(?:this|it|this one|that one) )?{_AUX}(?:{_FILES}|{_CAME}|{_BELONGS}|came in (?:under|for) {_OTHER})|"
    rf"\b{_RECORD}.{{1,80}}\b(?:it|which) {_AUX}(?:{_FILES}|{_CAME}|{_BELONGS})|"
    rf"\b(?:moved|filed|re-?filed|logged|registered|put) {_THE_RECORD}{_HOW} (?:under|to|in|into|for) {_OTHER}|"
    rf"{_OTHER}'?s?\b.{{0,30}}\b(?:filed|logged|landed|came in|ended up) here (?:by (?:mistake|error|accident)|wrongly|in error)|"
    rf"{_ANFRAGE} (?:{_LIEGT}|{_GEHOERT})|^\W*(?:(?:das|dies|es) )?{_GEHOERT}|"
    rf"{_MENSAJE} {_LLEGA}|^\W*(?:esto )?(?:pertenece a|es de) {_OTRO}|"
    rf"{_DEMANDE} {_ARRIVE}|^\W*(?:(?:ceci|cela|ça) )?appartient à {_AUTRE})"
)
"""A record, or what stands for one at the head of a sentence, together with the customer it came in under. Data, users and roles that stand in a wrong place
are the customer's own trouble, and what another customer did or has is a story."""

_WRONG = re.compile(
    r"(?i)^\W*(?:(?:sorry|note|fyi|internal(?: note)?|hi|hello)[,:]? )?(?:(?:(?:it|this|that)(?:['’]s| is| was)|looks like|das (?:ist|war)|es la|es el|c['’]est) )?(?:(?:the|a|der|die|das|le|la|el) )?"
    r"(?:wrong (?:account|customer|client|organi[sz]ation|company)|falsche[rs]? (?:kunde|konto|account|firma)|(?:cuenta|cliente|empresa) equivocad[oa]|mauvaise? (?:compte|client|société))\b"
    r"(?! (?:managers?|executives?|numbers?|names?|owners?|types?|settings?|units?|codes?|ids?|data|details|views?|pages?|fields?|chosen|selected|picked|on|im|auf|en el|dans|sur)\b| in (?:the|our|your) (?:menu|settings|list|export|crm)\b| of (?:yours|theirs)|\W+(?:please )?(?:log|sign|try|use|choose|pick|switch)\b)|"
    r"\b(?:requester|sender|writer|author|person|she|he|they)(?:['’]s| is| are) (?:not|n['’]t) (?:this|our|that|a) (?:customer|client|account)(?! (?:manager|owner))\b"
)
"""It is said at the head of a remark that this is the wrong customer, or that who writes is not this one."""

_NOTICE = re.compile(
    r"(?i)^\W*(?:(?:sorry|note|fyi|internal(?: note)?)[,:]? )?(?:(?:this is )?(?:the )?(?:wrong (?:account|customer|client|organi[sz]ation|tenant|company)|falsche[rs]? (?:kunde|konto|account|firma)|(?:cuenta|cliente) equivocad[oa]|mauvais (?:compte|client))|"
    r"(?:(?:\w+ )?(?:is )?not (?:this|our) customer))"
    r"\W*(?:$|[^\w\s]+ (?:sorry|i |i'll|we |please (?:ignore|move|re-?file|close|disregard|forward|reassign)\b|ask |mov|re-?fil|forward|reassign|transfer|rerout|redirect|belong|goes to|ich |bitte |verschieb|gehört|lo |muevo|por favor|je |merci|à ))"
)
"""The whole of a short remark: `Wrong account!!`, `Not our customer, ask Ana`."""


def told_misfiled(line: str) -> bool:
    """Does a sentence of our own people say that the record it stands in is another customer's?"""
    return any(pattern.search(line) for pattern in (_FILED, _NOTICE, _WRONG))


def tagged_misfiled(tags: Iterable[str]) -> bool:
    return any(TAG.fullmatch(tag.strip()) for tag in tags)
