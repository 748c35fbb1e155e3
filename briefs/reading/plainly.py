"""What people say outright: that they leave, that spending stops, that a rival shows its product, that they are angry, that they only ask."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re

from briefs.reading.anger import vexed
from briefs.reading.patterns import Guarded
from briefs.reading.rivals import Known, rival_shows

_LEAVES = Guarded(
    r"(?i)\b(?:(?:giv(?:e|es|ing)|gave|given|serv(?:e|ed|ing)|hand(?:ed|ing)? in|our|this is|formal|sent|send(?:ing)?|drafted) (?:you |our |formal |the |a |us |written )*(?:notice|termination|cancellation|resignation of the contract)(?! (?:period|board))|notice (?:is|was|has been) (?:given|served|sent)|"
    r"(?:terminat\w+|cancel(?:l?ing|l?ed)?|end(?:ing)?|stop(?:ping)?|quit(?:ting)?) (?:with |using )?(?:(?:our|the|this|your) )?(?:whole |entire |current )?(?:contract|agreement|subscription|service|relationship|product|platform)\b|"
    r"(?:stop|done|finished|through) with (?:you|it|\w+) (?:at|when|once|after|by) (?:the )?(?:end|contract|term|year|renewal)|(?:we|they)(?:'re| are|'ll| will| have decided to)? (?:\w+ )?leav(?:e|ing) you(?! with)|leav(?:e|ing) your (?:platform|product|service)|(?:think\w*|talk\w*|speak\w*) (?:\w+ )?(?:about|of) (?:leaving(?! (?:it|the|this|that|a|some\w*|\w+ (?:here|there|at|in|on|as))\b)|dropping you|cancelling|canceling|getting out|ending (?:it|this|things) with you)|(?:considering|contemplating) (?:leaving(?! (?:it|the|this|that|a)\b)|cancelling|canceling|getting out of)|(?:want|need|looking|trying|going) (?:us )?to (?:get )?out of (?:the|our|this) (?:contract|agreement|subscription)|(?:don't|do not|can't|cannot|can not) (?:really |honestly )?(?:see|picture|imagine) (?:us|ourselves|them|myself) (?:\w+ )?(?:staying(?! (?:late|long|up|over|in|at)\b)|carrying on|continuing|renewing|with you (?:next|past|beyond|after))|(?:then |or |else |otherwise )(?:we're|we are|we'll be|we will be) (?:gone|out of here|off elsewhere)\b|(?:not|won't|n't|never) (?:be )?(?:renew\w*|extend\w*|prolong\w*)|(?:do not|don't|no need to) send (?:us )?(?:a|the) renewal|(?:let|letting) (?:it|the contract|ours|the subscription|the agreement) (?:run out|lapse|expire)|"
    r"(?:signed|contract (?:is |already |has been )*signed) (?:up )?(?:with|at|by) (?:somebody|someone|another|a different|a new|the other|a competitor|elsewhere)|signed elsewhere|(?:stop|finish)(?:s|ped)? with (?:it|you|\w+),|(?:subscription|contract|agreement) ends with (?:this|the) (?:term|year)|using something else (?:from|as of|starting)|done with us|(?:contract|paper\w*) (?:there |with them |with the other \w+ )?(?:is|are|has been) (?:already )?signed|"
    r"(?:mov|switch|migrat|chang|go)(?:e|es|ed|ing)? (?:over |away )?to (?:another|a different|a new|the other|a rival|a competing|the group's) (?:vendor|supplier|provider|tool|system|platform|product|software|solution|house)|(?:we|they)(?:'re| are|'ll| will)? (?:mov|switch|migrat|chang|go)(?:e|es|ed|ing)? (?:over )?to a competitor|no longer (?:be )?(?:a |your )?customers?(?: of yours)?|"
    r"(?:wir|ich|hiermit|haben|fristgerecht|praxis|kunde|hat)\b.{0,40}\bk[üu]ndig\w*|k[üu]ndigung (?:ist |liegt |geht |kommt |wurde |per |zum |unser)|(?:steig\w+|aussteig\w+)\b.{0,20}\baus\b|überleg\w*\b.{0,25}\b(?:ob wir (?:(?:überhaupt|noch|mit ihnen|bei ihnen|den vertrag|das abo) )+(?:weitermachen|bleiben|verlängern)|zu kündigen|auszusteigen|zu wechseln)|(?:wollen|will|müssen|möchten|kommen|können|würden)\b.{0,20}\baus (?:dem|unserem|diesem) vertrag (?:raus|heraus)|(?:dann|sonst) sind wir weg|nicht (?:mehr )?(?:zu )?verl[äa]nger\w*|verl[äa]ngert wird nicht|verl[äa]nger\w+ (?:wir |den vertrag |den |sie )*nicht|(?:schluss|aufh[öo]ren|h[öo]ren)\b.{0,30}\b(?:mit|auf)\b.{0,40}(?:vertrag|laufzeit|programm|software|jahresende|\d)|(?:wechsel\w*|zieh\w+|geh\w+)\b.{0,30}\bzu (?:einem|einer|m|r|zum|zur|der)? ?(?:ander\w+|neuen|mitbewerb\w+|wettbewerb\w+|konkurren\w+)|(?:bei|mit) (?:der konkurrenz|einem ander\w+|jemand ander\w+|einem wettbewerber|einem mitbewerber)\b.{0,40}\bunterschr\w+|anderswo unterschr\w+|"
    r"(?:nous|on|ils|vous|à résilier)\b.{0,25}\br[ée]sili\w+|(?:avons|a|ont|ai) (?:déjà )?signé (?:ailleurs|avec un autre|chez|avec une autre|avec le concurrent)|préavis (?:est |a été )?(?:donné|envoyé|posé)|non[- ]reconduction|ne (?:\w+ ){0,2}(?:renouvel\w+|reconduir\w+|reconduis\w+) pas|(?:on|nous) arrêt\w+ (?:à la fin|avec|là|au terme|en fin)|à la fin du contrat,? (?:nous|on) (?:arrêt|part|quitt)\w+|"
    r"(?:hemos|han|ya) (?:ya )?firmado con (?:otr\w+|la competencia|un competidor)|no (?:vamos a |queremos |van a |quieren )?(?:renov\w+|seguir\w*|continuar\w*)|(?:dar|damos|dan|queremos dar) de baja (?:el (?:servicio|contrato)|la suscripción)|(?:sirva|enviamos|damos|mandado|con este)\b.{0,30}\bpreaviso|(?:nos cambiamos|nos vamos|se van|se cambian) (?:a otr\w+|en |al? |con la competencia)|rescind\w+|dejan el (?:programa|servicio|producto))\b"
)
_STAYS = Guarded(
    r"(?i)\b(?:if (?:i|we|you|they) (?:had|ever)|(?:wrote|said|told you|threatened)\b.{0,30}\b(?:would|to) (?:leave|cancel|quit|stop)|withdraw\w*|disregard|retir(?:ons|e) notre|ziehen\b.{0,40}\bzurück|clients? of (?:ours|theirs)|ni résilier|téléphonie|modèle de lettre|notice period|period of notice|kündigungsfrist|plazo de preaviso|délai de préavis|(?:no|not|never|nobody|without|kein\w*|nicht) (?:\w+ ){0,3}(?:cancel\w*|leav\w*|terminat\w*|notice|kündig\w*)|landlord|lease|newsletter|(?:users?|seats?|licen[cs]es?|logins?|accounts?|zugänge?|zugang|nutzer|usuarios?|accès|utilisateurs?|appointment|training|meeting|call|order)\b.{0,30}\b(?:cancel|kündig|résili|baja)\w*|"
    r"(?:vermieter|mietvertrag|telefonvertrag|handyvertrag|bailleur|alquiler)|(?:from|with|to) (?:our|their|the) (?:previous|old|former|last)|(?:previous|old|former|bisherig\w+|alt\w+|ancien\w*|anterior)\b.{0,30}(?:vendor|supplier|provider|tool|system|software|contract|vertrag|anbieter|logiciel|proveedor)|(?:signed|firmado|signé|unterschrieben|unterzeichnet)\b.{0,25}\b(?:with you|again|renewal|extension|con ustedes|la renovación|le renouvellement|avec vous|bei ihnen|die verlängerung)|(?:herr|frau|mr|mrs|ms|mme|m\.|he|she|er|sie) (?:\w+ )?(?:hat|has) (?:gekündigt|given notice|resigned))\b"
)
_SPENDING_STOPS = Guarded(
    r"(?i)\b(?:(?:ausgaben|haushalts|budget|investitions|beschaffungs|bestell|einkaufs|kauf)(?:sperre|stopp?|einfrierung)|(?:alle|sämtliche|jede) (?:ausgaben|anschaffungen|bestellungen|investitionen|mittel|beschaffungen)\b.{0,40}\b(?:gestoppt|gesperrt|gestrichen|eingefroren|auf eis)|(?:budget\w*|ausgaben|mittel)\b.{0,30}\b(?:eingefroren|gesperrt|gestrichen|auf eis)|"
    r"(?:gel|blocage|suspension|arrêt) (?:des |de toutes les |de tous les |total des )?(?:dépenses|crédits|achats|budgets?|investissements)|(?:dépenses|crédits|budgets?|achats|investissements)\b.{0,30}\b(?:gelé\w*|bloqué\w*|suspendu\w*)|(?:gelé|bloqué|suspendu) (?:tou\w+ )?(?:les|nos|tous les) (?:\w+ )?(?:dépenses|crédits|achats|budgets?|investissements)|"
    r"(?:congelad\w+|paralizad\w+|bloquead\w+|suspendid\w+)\b.{0,30}\b(?:gastos?|compras|presupuestos?|inversi\w+)|(?:gastos?|compras|presupuestos?|inversi\w+)\b.{0,30}\b(?:congelad\w+|paralizad\w+|bloquead\w+|suspendid\w+)|no se autoriza\w* ningún gasto|"
    r"(?:spend(?:ing)?|budgets?|purchas\w+|expenditure|procurement|investment|cost) (?:freeze|stop|ban|moratorium|halt|embargo)|(?:froze|frozen|stopped|halted|suspended|paused|banned) (?:on )?(?:all |any |every |the )?(?:\w+ )?(?:spend\w*|purchas\w+|budgets?|expenditure|investments?|orders for software)|(?:spend\w*|purchas\w+|budgets?|expenditure|investments?) (?:\w+ )?(?:is|are|has been|have been|was|were|got|stays?|remains?) (?:all |completely |still |now )?(?:frozen|stopped|halted|suspended|on hold|blocked|taken away|cut to zero)|no (?:new )?(?:spend(?:ing)?|purchases?|purchase orders|commitments|software)\b.{0,40}\b(?:until|this year|this quarter|for now|till|released|allowed|approved|before))\b"
)
_FLOWS = Guarded(
    r"(?i)\b(?:(?:no|not a|without|nicht|keine?|nadie ha|aucun) (?:budget|spend|freeze|frozen|congel|gel|haushalt|ausgaben)\w*|are history|behind us|year before last|(?:circular|memo|notice) (?:of|from) (?:19|20)\d\d|(?:another|separate|different|other) (?:purse|pot|budget)|nicht unser\w*|firm|proveedor|lifted|over|ended|thaw\w*|unfrozen|aufgehoben|vorbei|levé\w*|terminé\w*|levantad\w+|ya no|our (?:customers?|clients?)|report|screen|bericht|ansicht|écran|pantalla|tableau|informe)\b"
)
ONLY_ASKING = Guarded(
    r"(?i)\b(?:(?:just|only|merely|purely|simply) (?:curious|asking|wondering|out of|for (?:my|our|the))|out of (?:curiosity|interest)|no (?:concrete |current |actual |real )?(?:plans?|intention|intent)\b|nothing (?:is )?planned|not (?:going to|planning to|looking to) (?:buy|get|take|order|use|have)|(?:won't|will not|wouldn't) (?:buy|take|order|get) (?:it|them|any)|"
    r"nur (?:aus neugier|interessehalber|so gefragt|eine frage|zur info\w*|fürs protokoll)|aus neugier|interessehalber|keine pläne|nichts geplant|nicht geplant|(?:anschaffen|kaufen|bestellen) wollen wir nichts|por curiosidad|s[oó]lo por saber\w*|ningún plan|nada (?:previsto|planeado)|sin (?:planes|intención)|no tenemos (?:intención|planes)|"
    r"par curiosité|juste pour savoir|rien (?:de|n'est) prévu|aucun projet|pas l'intention)\b"
)

HOW_MUCH = Guarded(
    r"(?i)\b(?:how (?:many|much)\b(?!.{0,60}\b(?:cost|would|could|more|extra|add|price)).{0,50}\b(?:do (?:we|i) (?:have(?! to)|get)|(?:is|are) (?:included|in (?:our|the|my) (?:plan|package|contract))|come with|have we got(?! to))|"
    r"wie ?viele?\b(?!.{0,60}\b(?:kost|mehr|zusätz|würd)).{0,60}\b(?:drin|enthalten|inklusive|inbegriffen|haben wir(?! (?:\w+ ){0,3}zu\b))|"
    r"cuánt[oa]s?\b(?!.{0,60}\b(?:cuesta|costar|más)).{0,50}\b(?:incluid\w+|incluye|tenemos(?! que))|combien\b(?!.{0,60}\b(?:coût|de plus)).{0,50}\b(?:inclus\w*|compris\w*|(?:avons-nous|avons nous|a-t-on)(?! (?:\w+ )?(?:à|besoin)\b)))\b"
)
"""Asks what the plan holds."""
WISHES = re.compile(
    r"(?i)\b(?:(?:(?<!no )need|needs|want|wants|would like|'d like)\b(?! (?:\w+ )?to (?:know|see|check|understand|confirm|ask|learn|find))|(?:to|we|i|they|must|should|can|could|and|please) (?:buy|purchase|order|upgrade|add)|"
    r"(?:brauch|benötig)\w*|(?:möchten?|wollen|will)\b(?! (?:\w+ ){0,3}wissen)|hätten? gerne?\b(?! gewusst)|(?:nach|dazu|zu)?(?:bestell|kauf|buch)(?:en|e)|aufstocken|"
    r"(?:necesit\w+|queremos|quiero|quisiéramos|nos gustaría)\b(?! saber)|nos hacen? falta|(?:comprar|contratar|pedir|ampliar|añadir)|"
    r"besoin\b(?! de savoir)|(?:voulons|veux|voudr\w+|souhait\w+)\b(?! (?:\w+ )?savoir)|nous faut|acheter|commander|souscrire|ajouter)\b"
)
"""Wishes and buying: a question beside one asks for more than a figure."""

_OUTRIGHT = {
    "churn_intent": ("LEAVES", _LEAVES, _STAYS),
    "budget_freeze": ("STOPS_SPENDING", _SPENDING_STOPS, _FLOWS),
}
TOLD = {label: name for label, (name, _, _) in _OUTRIGHT.items()} | {"competitor_evaluation": "RIVAL_SHOWS", "negative_sentiment": "VEXED"}
"""What speaks against a sale and may be told in so many words: missing it is the dearest mistake there is."""


def asks_how_much(text: str) -> bool:
    """Asks what the plan holds, and no more: `we need 20 seats; how many do we have?` asks for seats all the same."""
    return HOW_MUCH.search(text) is not None and WISHES.search(text) is None


def told_outright(text: str, known: Known | None = None) -> frozenset[str]:
    """LEAVES, STOPS_SPENDING, RIVAL_SHOWS and VEXED. Landlords, single logins, lifted freezes and other people's anger are none."""
    return frozenset(name for label, name in TOLD.items() if outright(label, text, known) is not None)


def outright(label: str, text: str, known: Known | None = None) -> int | None:
    """Where the words begin that tell this outright; None where none do, or other words take it back. `known` are the names that tell a rival."""
    if label == "competitor_evaluation":
        return rival_shows(text, known)
    if label == "negative_sentiment":
        return vexed(text)
    if label not in _OUTRIGHT:
        return None
    _, told, unless = _OUTRIGHT[label]
    found = told.search(text)
    return found.start() if found is not None and unless.search(text) is None else None
