"""A rival that shows its product, or is held against ours: told in plain words, and by name only where the words show that a product is meant."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from typing import NamedTuple

from briefs.reading.months import MONTHS, SEASONS, WEEKDAYS
from briefs.reading.patterns import Guarded

_THINGS = (
    r"(?:vendors?|suppliers?|providers?|makers?|competitors?|bidders?|tools?|systems?|platforms?|solutions?|products?|software|packages|offers?|quotes?|bids?|"
    r"anbieter\w*|hersteller\w*|lieferanten|systeme?n?|produkten?|programmen?|lösungen|angeboten?|proveedores|herramientas|sistemas|soluciones|programas|ofertas|"
    r"fournisseurs|éditeurs|prestataires|outils|logiciels|systèmes|solutions|produits|offres)"
)
_OURS = r"(?:system|product|platform|tool|software|offer|solution|app)"
_SHOWS = Guarded(
    r"(?i)\b(?:(?:another|a second|a different|a competing|a rival|two (?:other|more)|three (?:other|more)|the other|other|one of your) (?:vendors?|suppliers?|providers?|compan(?:y|ies)|makers?|competitors?)\b.{0,50}\b(?:present\w*|pitch\w*|demo\w*|show(?:s|ing|ed|case)?|invited|slot)|(?:invited|asked) (?:\w+ ){0,3}(?:vendors?|suppliers?|competitors?|rivals?) (?:\w+ ){0,2}to (?:present|pitch|show|demo)|competitor\w* (?:is |are |was |were )?(?:invited|coming in|presenting)|"
    r"(?:ein\w* )?(?:ander\w+|weiter\w+|zweit\w+|konkurrierend\w+) (?:anbieter\w*|hersteller\w*|firma|unternehmen)\b.{0,60}\b(?:präsentier\w*|vorstell\w*|vor\b|vorführ\w*|zeig\w*|eingeladen)|(?:stellt|zeigt|präsentiert)\b.{0,20}\bein\w* (?:ander\w+|weiter\w+) (?:anbieter|hersteller|firma)|(?:wettbewerber|mitbewerber|konkurrent)\w*\b.{0,50}\b(?:präsentier\w*|vorstell\w*|vorführ\w*|eingeladen)|vergleichsangebote?|"
    r"(?:un|d'|deux|trois) ?autres? (?:fournisseurs?|éditeurs?|prestataires?)\b.{0,50}\b(?:présent\w*|démonstration|démo|montr\w*)|(?:un|des|deux) concurrents?\b.{0,40}\b(?:présent\w*|démonstration|démo|invité\w*|vien\w+)|"
    r"(?:invit\w+|asked|ask(?:s|ing)?|having|had|met|meeting|seeing|come|comes|coming)\b.{0,60}\b(?:show|present|demo|pitch)\w*\b.{0,12}\b(?:their|its) (?:own )?(?:system|product|platform|tool|software|solution|offering|version)|(?:demo|pitch|presentation|walkthrough|sales call) (?:from|by|with) (?:another|a different|a competing|a rival|your competit\w+|the competition|somebody else)|"
    r"compar\w* (?:(?:the two|both|the three|all three) (?:(?:\w+ )?"
    + _THINGS
    + r"\b|side by side|in a table|on (?:price|paper))|(?:you|your "
    + _OURS
    + r") (?:in a table|side by side|with|to|against|on (?:price|paper)))|"
    r"vergleichen (?:(?:gerade|derzeit|aktuell|jetzt|momentan) )?(?:(?-i:Sie)|euch|(?:ihr|euer|eure)\w* (?:system|produkt|programm|software|lösung|tool|angebot)) (?:\w+ ){0,2}(?:mit|gegen) (?:(?-i:[A-ZÄÖÜ])|zwei|drei|mehreren|ander|weiteren|einem (?:ander|zweit|mitbewerb|wettbewerb))\w*|"
    r"(?:os (?:estamos )?compar(?:amos|ando)|comparándoos|compar(?:amos|ando) (?:a (?:ustedes|vosotros)|(?:su|vuestr[oa]) (?:sistema|producto|programa|herramienta|solución|oferta))) con (?:(?-i:[A-ZÁÉ])|dos|tres|varios|otr|la (?:de|competencia)|el de|un competidor)\w*|"
    r"(?:nous|on) (?:vous compar\w+|compar\w+ votre (?:système|produit|logiciel|outil|solution|offre)) (?:à|avec|aux?) (?:(?-i:[A-ZÉ])|deux|trois|plusieurs|un autre|une autre|d'autres|celle d|celui d|la concurrence|un concurrent)\w*|"
    r"(?:eingeladen|kommen|kommt|lädt|laden)\b.{0,60}\bihr (?:system|produkt|programm|tool)\b.{0,20}\b(?:zeig\w*|vorstell\w*|vorführ\w*|präsentier\w*)|(?:invit\w+|reçoit|recevons|vien\w+)\b.{0,60}\b(?:montr\w+|présent\w+) leur (?:système|solution|logiciel|outil|produit)|(?:invit\w+|vien\w+|recib\w+)\b.{0,60}\b(?:enseñ\w+|mostr\w+|present\w+) su (?:sistema|solución|programa|producto|herramienta)|"
    r"(?:trial(?:l?ing|l?ed)?|pilot(?:ing|ed)?|test(?:ing|ed)?|try(?:ing)?|evaluat\w+|running|run|use|using) (?:\w+ ){0,4}(?:alongside|next to|in parallel (?:to|with)|beside|against) (?:you|yours|your (?:system|product|platform|tool|software|app|solution))\b(?=\s*(?:[.,;:!?)–—-]|\Z|(?:this|next|until|till|since|from|and|but|for|before|in|at|on|to) ))|(?:proof of concept|poc|pilot|trial|demo|trial run|test run) with (?:someone|somebody) else\b(?!['’]s)|"
    r"(?:quote|offer|proposal|price|demo|bid) (?:\w+ ){0,3}from (?:your|a|the|one of your|another) (?:\w+ )?(?:rivals?|competitors?|competition)\b(?! of (?:our|my|the|their))|(?:look\w*|shop\w*|ask\w*|search\w*|browse\w*) (?:\w+ )?(?:at|for|around for|into) (?:the |other |some |possible |our )?(?:alternatives|other options)\b.{0,40}\b(?:renew\w*|contract|to you|before we|instead)|(?:alternatives|replacements?) (?:to|for) (?:you|yours|your (?:product|system|platform|tool|software))\b|"
    r"(?:angebot|offerte|demo) (?:\w+ ){0,3}(?:von|bei) (?:ihrem|eurem|einem|ihrer|eurer|der) (?:wettbewerber\w*|mitbewerber\w*|konkurrent\w*|konkurrenz)|(?:schauen|sehen|gucken) (?:\w+ ){0,4}(?:nach )?(?:andere\w*|alternativ\w*) (?:anbieter\w*|system\w*|lösung\w*|produkt\w*|programm\w*)\b.{0,12}\b(?:an|um)\b|"
    r"(?:estamos )?(?:mirando|buscando|valorando|viendo|comparando)(?: con)? (?:otr[ao]s (?:opciones|alternativas|proveedor\w*|herramientas|soluciones|programas)|alternativas)(?=\s*(?:[.,;:!?]|\Z|en el mercado|del mercado|de software|antes de|a (?:ustedes|vosotros|su|vuestr)))|(?:presupuesto|oferta|demo) (?:\w+ ){0,2}(?:de|a) (?:la competencia|un competidor|otro proveedor)|"
    r"(?:regard\w+|étudi\w+|examin\w+|compar\w+)(?: aussi| également)?(?: avec)? (?:d'autres|plusieurs autres) (?:solutions?|outils?|logiciels?|fournisseurs?|éditeurs?|prestataires?)\b|(?:devis|offre|démo\w*) (?:\w+ ){0,2}(?:à|de|d'|chez) ?(?:un|une|votre|autre) ?(?:concurrent\w*|autre (?:éditeur|fournisseur|prestataire))|"
    r"(?:corriendo|probando|prueban?|usando|pilotando|en marcha) (?:[\w-]+ ){0,4}(?:al lado de|en paralelo (?:a|con)|junto a) (?:lo (?:de ustedes|suyo|vuestro)|ustedes|vosotros|(?:su|vuestr[oa]) (?:sistema|programa|herramienta|producto|solución))|"
    r"(?:testen|probieren|nutzen|läuft|laufen|pilotieren)\b.{0,40}\b(?:parallel zu|neben) (?:(?-i:Ihnen|Ihrem|Ihrer)|euch|eurem|eurer)(?: (?:system|programm|produkt|lösung|software))?\b|"
    r"(?:test\w+|essa\w+|tourne\w*)\b.{0,40}\ben parallèle (?:de|du|avec) (?:vous|vôtre|votre (?:logiciel|outil|système|solution))|"
    r"otr[ao]s? (?:proveedor\w*|empresas?|fabricantes?)\b.{0,50}\b(?:present\w*|enseñ\w*|mostr\w*|demo\w*)|competidor\w*\b.{0,30}\b(?:present\w*|enseñ\w*|mostr\w*)|(?:viene|vienen) otr[ao]s? (?:proveedor|empresa)\w*)\b"
)
_NONE = Guarded(
    r"(?i)\b(?:(?:asked|ask|invited|invite|had) (?:us|you|your|our) |freight|furniture|chair|paper|canteen|catering|phone|printer|coffee|stühle|möbel|mobilier|pienso|should another|if another|both (?:sites|branches|offices|plants|locations|houses|schools|clinics)|is off|cancelled|abgesagt|annulé|cancelad[ao]|(?:\w+n['’]t|not|never|nobody is|no longer) (?:\w+ )?(?:test|compar|look|evaluat|trial|pilot|shopp)\w*|keine?[nr]? (?:ander\w+|alternativ\w+)|ohne vergleichs\w+|no (?:estamos |vamos a )?(?:mir|busc|valor|compar)\w+|ne (?:regard|compar|cherch)\w+ (?:pas|plus)|(?:with|to|against|mit|gegen|con|à|avec) (?:the |our |dem |el |le )?(?:excel|spreadsheets?|manual|exports?|tabelle|handbuch)|of our own|(?:presentation|talk|lecture) (?:on|about))\b"
)
_NAME = r"(?-i:[A-ZÁÉÍÓÚÄÖÜ])[\w&.'-]*\w(?: (?-i:[A-ZÁÉÍÓÚÄÖÜ])[\w&.'-]*\w){0,2}"
_PAIR = Guarded(
    rf"(?i)\b(?:compar(?:e|es|ing|ando|amos|ons|ent)|vergleich(?:en|t|e))\b(?P<things>(?: \w+){{0,3}}? {_THINGS}\b(?: \w+)?)?(?: (?!{_THINGS}\b)(?-i:[a-zäöüáéíóúñç]+))? (?P<one>{_NAME}) (?:with|to|against|and|con|y|à|avec|et|mit|und|gegen) (?:(?-i:[a-zäöüáéíóúñç']+) )?(?P<two>{_NAME})(?P<sale>[^.!?]{{0,30}}\b(?:as|before|until|ahead of|for|bevor|ehe|vor|für|antes de|para|avant|pour)\b[^.!?]{{0,30}}\b(?:renew|contract|tender|sign(?:ed|ing|er)?\b|verlänger|vertrag|unterschr|ausschreib|renov|contrato|firmar|licitaci|renouvel|contrat|appel d'offres))?"
)
_VERB_LAST = Guarded(rf"(?i)(?<!\w)(?P<one>{_NAME}) mit (?P<two>{_NAME}) (?:\w+ ){{0,2}}(?:zu )?vergleichen\b")
_TELLS_YOU = re.compile(
    r"(?i)\b(?:want(?:ed)? (?:you to know|to let you know|you to hear)|you (?:should|ought to) know|so (?:that )?you know|let you know|to be (?:open|honest|frank|fair|transparent) with you|in fairness to you|"
    r"(?:der )?fairness halber|(?:sie|ihr) soll(?:te|t|tet|ten) (?:\w+ )?wissen|damit (?:sie|ihr) (?:es )?(?:wissen|wisst)|(?:quiero|queremos|para) que (?:lo )?(?:sepan?|sepas|sepáis)|deb(?:e|en|éis|erían) saber|que vous (?:le )?sach(?:iez|ez)|vous dev(?:ez|riez) savoir|en toute transparence)\b"
)
"""Nobody announces to a supplier that two months are compared."""

_HAS_IN = Guarded(
    rf"(?i)\b(?:got|have|has|had|having|getting|'s) (?P<one>{_NAME}) in (?:(?:on|this|last|next) \w+ |today |tomorrow |yesterday )?(?:for (?:an? |another |their |its )(?:[\w-]+ ){{0,3}}(?:pilot|trial|demo|demonstration|presentation|pitch|proof of concept|poc)\b(?! (?:days?|shift|lesson|class|of (?:your|our|the)|with you|on you))|to (?:pilot|trial|demo|pitch)\b)"
)
_BESIDE = Guarded(rf"(?i)\b(?:estamos comparando|(?:nous|on) compar\w+)(?: aussi| ahora| actuellement)? (?:con|avec|à) (?P<one>{_NAME})")
"""Somebody is named to compare with: it takes no second name, since the other is us."""
_CALENDAR = frozenset((*MONTHS, *SEASONS, *WEEKDAYS, "easter", "christmas", "ostern", "weihnachten", "pascua", "navidad", "pâques", "noël"))
_QUARTER = re.compile(r"(?i)[qht][1-4]|kw|\d+")
_OURSELVES = frozenset(("i", "we", "you", "it", "sie", "wir", "ihr", "nous", "vous"))


class Known(NamedTuple):
    """Words, folded, that tell whose a name is: the vendor's own, those of the customer and its people, and those of the products for sale."""

    vendor: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()


def rival_shows(text: str, known: Known | None = None) -> int | None:
    """Where a rival shows its product or is compared with ours. Months, colleagues and the customer's own houses are no rivals, whatever they are called."""
    if _NONE.search(text) is not None:
        return None
    found = _SHOWS.search(text)
    if found is not None:
        return found.start()
    known = known or Known()
    for match in (*_PAIR.finditer(text), *_VERB_LAST.finditer(text)):
        if _rivals(match, text, known):
            return match.start()
    return next(
        (
            match.start()
            for match in (*_HAS_IN.finditer(text), *_BESIDE.finditer(text))
            if _a_product(match["one"], known) and not _words(match["one"]) & known.vendor
        ),
        None,
    )


def _rivals(match: re.Match[str], text: str, known: Known) -> bool:
    """One of the two is ours; or nothing is known of either, and it is told as news for a supplier, of products, or as the way to a contract."""
    if not _a_product(match["one"], known) or not _a_product(match["two"], known):
        return False
    ours = [bool(_words(match[side]) & (known.vendor | known.products)) for side in ("one", "two")]
    if any(ours):
        return not all(ours)
    parts = match.groupdict()
    return bool(parts.get("things") or parts.get("sale")) or _TELLS_YOU.search(text) is not None


def _a_product(name: str, known: Known) -> bool:
    """`April` is a month and `Park` may be one of theirs; `April Software` and `Park Systems` are products."""
    return any(word not in _CALENDAR | _OURSELVES | known.theirs and not _QUARTER.fullmatch(word) for word in _words(name))


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.casefold()))
