"""Whom a sentence about a new sponsor welcomes: its speaker, or somebody it names; and whether that one has left since."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterable

from briefs.names import stands_in
from briefs.reading.sentences import Sentence
from retrieval.dossier import Dossier

_IN_PLACE_OF = (
    r"(?:from|for|of|after|replac\w+|succe\w+|instead of|von|für|nach|ersetzt|statt|folgt(?: auf)?|anstelle|"
    r"de|del|a|sustituye a|por|remplace|succède à|à)"
)
_MYSELF = re.compile(
    r"\bI\b|(?i:\b(?:ich|yo|je|soy|asumo|empiezo|comienzo|sustituyo|tomo|he (?:asumido|empezado|tomado)|me (?:incorporo|han? nombrado|hago cargo)|m['’]a (?:nommée?|confié)|m['’]ont|(?:appointed|made|named|promoted) me|mich (?:\w+ )?zu[mr]?)\b|\bj['’])"
)
"""Speaks of oneself: such a sentence is about its speaker unless it names who comes instead."""
_NAME = r"(?P<{}>(?-i:(?!I['’])[A-ZÀ-Þ](?:['’][A-ZÀ-Þ])?[a-zà-ÿ]+(?:[ -](?:(?:van|von|de|la|del) )?[A-ZÀ-Þ][\w'’-]+){{0,2}}))"
_COMES = (
    r"(?:(?:(?:has|have|will|is|'s|’s|'ll|’ll) )?(?:now |just |recently |soon |also )?(?:tak(?:es?|en|ing) over|took over|step(?:s|ped|ping)? (?:in|up)|(?:start|beg[ia]n|join|succeed)(?:s|ed|ing|ning)?(?! (?:the|an?|this|our|it)\b)|replac(?:es|ing)|becom(?:es|ing)|became)(?! by\b)|"
    r"(?:will |has |have )(?:replaced?|become)|(?:was|is|has been|got) (?:\w+ )?(?:appointed|promoted|named)|(?:is|will be|becomes) (?:\w+ )?(?:the |our |your |my )(?:new|next|successor)|"
    r"(?:übernimmt|übernahm|beginnt|startet|folgt)|tritt .{0,40}\ban|hat .{0,40}übernommen|(?:ist|wird) (?:\w+ )?(?:der|die|unsere?|ihre?|meine?)? ?(?:neue\w*|nachfolge\w*)|"
    r"asum(?:e|ió|irá)|empieza|empezará|comienza|se incorpora\w*|sustitu(?:ye|irá)|toma(?:rá)? (?:el relevo|posesión)|(?:es|será) (?:el|la|nuestr[oa]|mi|su)? ?(?:nuev[oa]|sucesora?)|"
    r"(?:reprend(?:ra)?|remplace(?:ra)?|succède(?:ra)?|commence(?:ra)?|arrive(?:ra)?|rejoint)|prend(?:ra)? (?:la|le|ma|mes)|(?:est|sera) (?:\w+ )?(?:le |la |notre |ma |mon )?(?:nouve\w+|successeur|remplaçante?))"
)
_CLAUSE = (
    r"(?:(?:^|[.,;:!?(–—-] ?)(?:(?:and|but|und|aber|y|pero|et|mais|from|on|ab|am|as) )?|\b(?:and|but|because|that|und|weil|dass|y|pero|que|et|mais) )"
)
_TITLE = r"(?:(?:mr|mrs|ms|dr|herr|frau|señora?|sr|sra|madame|monsieur|mme|m)\.? )"
_ANOTHER = (
    re.compile(rf"(?i){_CLAUSE}(?:(?:my|our|meine?|unsere?|mi|nuestr[oa]|mon|ma|notre) (?:\w+ ){{1,3}})?{_TITLE}?{_NAME.format('comes')}(?:, [^,]{{1,40}},)?(?:,? (?:who|die|der|que|qui))? {_COMES}\b"),
    re.compile(rf"(?i)\b(?:dass|weil) {_TITLE}?{_NAME.format('comes')} (?:\w+ ){{0,5}}(?:ist|wird|übernimmt|beginnt|anfängt|antritt)\b"),
    re.compile(rf"(?i)\b(?:übernimmt|folgt|beginnt|startet|asume|empieza|reprend|arrive) (?:[\wäöüß.]+ ){{0,4}}{_TITLE}{_NAME.format('comes')}"),
    re.compile(
        r"(?i)\b(?:hand\w* (?:\w+ ){0,3}over to|introduc(?:e|ing)|please meet|pass\w* (?:\w+ ){0,3}(?:on|over) to|welcom\w+|(?:successor|replacement|nachfolger(?:in)?|sucesora?|relevo|successeur|remplaçante?)(?:,|:| is| will be| ist| wird| es| será| est| sera)?|"
        rf"übergeb\w* (?:\w+ ){{0,3}}an|stelle (?:\w+ ){{0,2}}|presento a|dejo (?:\w+ ){{0,2}}a|présente|passe la main à) (?:my |our |the |to |meine\w* |mi |mon |ma )?(?:(?:new |neue\w* |nuev[oa] |nouve\w+ )?(?!(?:of|to|for|from|von|für|de|del|du|pour|para)\b)\w+,? )?{_TITLE}?{_NAME.format('comes')}"
    ),
)  # fmt: skip
"""Names who comes: as the one who starts or takes over, or as the one things are handed over to."""
_AFTER_ME = re.compile(
    r"(?i)\b(?:(?:over|job|role|work|seat|desk) from me|(?:succeed\w*|replac(?:es?|ing)|follow(?:s|ing)?) me|my (?:successor|replacement) (?:starts?|begins?|joins?|comes|takes|is|will)|"
    r"(?:von mir|mein\w* (?:posten|stelle|aufgaben?|nachfolge)) .{0,30}(?:übern\w+|antr\w+)|übernimmt (?:\w+ )?(?:von mir|mein\w*)|folgt mir|mein\w* nachfolger(?:in)? (?:beginnt|startet|kommt|übernimmt|ist|wird)|"
    r"me (?:sustituye|sustituirá|releva\w*|sucede\w*)|mi (?:sucesora?|relevo) (?:empieza|llega|asume|es|será)|me (?:remplace\w*|succède\w*)|prend(?:ra)? ma (?:suite|place|succession)|m(?:on|a) (?:successeur|remplaçante?) (?:commence|arrive|reprend|est|sera))\b"
)
"""Somebody comes in the speaker's own place."""
_A_THING = re.compile(r"(?:the|this|that|our|my|your|his|her|their|der|die|das|unsere?|meine?|el|la|los|las|le|les|notre|nos)\Z")
_NO_NAME = re.compile(
    r"(?:these|it|he|she|we|they|you|who|there|today|tomorrow|now|here|yes|no|hello|hi|dear|all|work|as|from|on|in|at|since|after|before|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"january|february|march|april|may|june|july|august|september|october|november|december|es|er|sie|wir|ich|heute|morgen|jetzt|hier|ja|nein|ab|am|seit|nach|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"hoy|mañana|ahora|yo|ce|cela|il|elle|nous|je)\Z"
)
"""Words that may begin a sentence in capitals, before a name or before a thing."""


def has_left_since(said: Sentence, dossier: Dossier) -> bool:
    """Is the sponsor this sentence welcomes somebody who has left by now? Somebody named as the one who is replaced is not the one welcomed."""
    gone = [c for c in dossier.contacts if c.left_at is not None and c.left_at.date() >= said.at]
    if any(said.speaker == c.name and _comes_myself(said.text, c.name) for c in gone):
        return True
    for contact in gone:
        called = (contact.name, contact.name.split()[0], contact.name.split()[-1])
        name = rf"(?:{'|'.join(map(re.escape, called))})"
        if any(stands_in(one, said.text) for one in called) and not re.search(rf"(?i)\b{_IN_PLACE_OF}\s+(?:\w+\.?\s+)?{name}(?!\w)", said.text):
            return True
    return False


def _comes_myself(text: str, speaker: str) -> bool:
    """Is this about the speaker, who says `I`? Not where another one is named who comes: who goes and names a successor says `I`, too."""
    if _MYSELF.search(text) is None or _AFTER_ME.search(text):
        return False
    own = {word.casefold() for word in speaker.split()}
    return not any(_is_another(found["comes"], own) for pattern in _ANOTHER for found in pattern.finditer(text))


def _is_another(name: str, own: Iterable[str]) -> bool:
    words = re.findall(r"[\w'’]+", name.casefold())
    named = {word for word in words if not _NO_NAME.match(word)}
    return bool(named) and not _A_THING.match(words[0]) and not named & set(own)
