"""Finds text that speaks to a machine reader instead of to people: orders to an assistant, forged roles, hidden characters, images that carry data away.

Such text changes nothing here (a model's answer can only name sentences it was given, and no wish, outcome, date or change of mind is taken from a
planted sentence, whoever read it); a find is shown to the reviewer as a warning.
"""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from briefs.reading.concepts import REMEMBERED
from briefs.reading.patterns import Guarded
from briefs.reading.sentences import Sentence

Kind = Literal[
    "override",
    "role_tag",
    "to_machine",
    "verdict",
    "output_order",
    "secret",
    "jailbreak",
    "hidden_characters",
    "encoded",
    "exfiltration",
    "hidden_markup",
]

_INSTRUCTIONS = r"(?:instructions?|prompts?|rules|directions?|guidelines|directives?|commands?|orders|constraints|policies|training|programming|context|anweisung\w*|vorgaben|regeln|instrucciones|reglas|indicaciones|consignes|instructions|règles)"
_ORDERS = r"(?:mention|quote|invent|omit|print|write|say|report|add|set|ignore|do not|don't|never|delete|remove|output|mark|note that|list|state|treat|count|record that|confirm that|include|exclude|recommend|classify|answer|rate|repeat|reveal|summari[sz]e|schreib\w*|ignorier\w*|vermerk\w*|notier\w*|streich\w*|stuf\w*|einstufen|anota|escrib\w+|ignora|marca|borra|écri\w+|indiqu\w+|ignore[rz]|not(?:e[rz]|ez) que|supprim\w+|ajout\w+)"
_SIGNS: tuple[tuple[Kind, bool, str], ...] = (
    ("override", True, rf"\b(?:ignore|disregard|forget|override|overrule|bypass|neglect|drop|skip|(?:do not|don't) (?:follow|obey|listen to)|stop following|ignorier\w*|vergiss|vergessen sie|missacht\w*|ignora\w*|olvid\w*|omit\w*|ignore[zr]?|oubli\w+)\b[^.!?\n]{{0,25}}\b(?:previous(?:ly)?|prior|above|earlier|preceding|former|all|any|every|your|system|initial|original|other|bisherig\w*|vorherig\w*|vorstehend\w*|obig\w*|alle|deine|ihre|anterior\w*|previas?|todas|tus|sus|précédent\w*|ci-dessus|toutes|tes|vos)\b[^.,;!?\n]{{0,22}}\b{_INSTRUCTIONS}"),
    ("override", True, rf"\b(?:new|updated|real|actual|secret) (?:system )?{_INSTRUCTIONS} ?(?:are|is|follow|:|below|supersede|replace)"),
    ("role_tag", True, r"<\|?(?:im_start|im_end|system|assistant|user|endoftext|start_header_id|eot_id)\|?>|\[/?(?:INST|SYSTEM|SYS)\]|<</?SYS>>|</?(?:system|assistant|instructions?|information|evidence|important|prompt|admin)>|^[ \t]*#{2,}[ \t]*(?:system|instruction|assistant|output|response|human|new task)s?\b|^[ \t]*(?:system|assistant|developer) ?(?:message|prompt|note|override)? ?:[ \t]+\S"),
    ("to_machine", True, r"\b(?:dear|hey|hello|hi|attention|note (?:to|for)|message (?:to|for)|instructions? (?:to|for)|listen,?|an die|a la|à l')[ ,:-]*(?:(?:the|any|all|an|every|our|your|processing|reading) )*(?:ai|a\.i\.|llm|large language model|language model|ki|ia|chatbot|chatgpt|gpt|copilot|claude|gemini|summari[sz]er|virtual assistant|ai assistant|ai agent|automated (?:system|reader|assistant)|bot)s?\b|\bif you(?:'re| are) (?:an? )?(?:ai|llm|language model|bot|automated|assistant|machine)\b|\b(?:ai|llm|language) ?(?:model|assistant|agent|system|reader)s? (?:must|should|shall|has to|have to|reading|processing|needs? to|is required|are required)\b|\bfalls du eine? (?:ki|sprachmodell)|\bsi (?:eres|es usted) una? (?:ia|modelo)|\bsi (?:tu es|vous êtes) une? (?:ia|modèle)"),
    ("jailbreak", True, r"\byou (?:are|will be|shall be|act|will act|will now act)(?: now| henceforth| going to)?(?: acting)?(?: as)? (?:an? |the )?(?:\w+ ){0,3}(?:ai|llm|language model|chatbot|assistant|DAN|gpt|unrestricted|uncensored|unfiltered|character|persona|simulator|expert|roleplay\w*)\b|\b(?:DAN|god|sudo|jailbreak|unrestricted|evil) mode\b|\b(?:enter|enable|activate|you are in|switch to) (?:the )?(?:developer|debug|admin) mode\b|\bdo anything now\b|\b(?:without|no|free (?:of|from)|beyond|ignoring|bypass\w*) (?:any |all |its |your |the )?(?:\w+ )?(?:ethical|moral|content|safety|usual|normal|openai)? ?(?:restrictions|limitations|filters|guardrails|censorship|safeguards)\b|\b(?:from now on|henceforth),? you\b|\b(?:pretend|imagine|roleplay|role-play|simulate)\b[^.\n]{0,30}\b(?:you(?:'re| are)|to be|as)\b[^.\n]{0,40}\b(?:ai|model|assistant|character|hacker|villain|persona|expert|bot)\b"),
    ("verdict", True, r"\b(?:mark|classify|rate|score|flag|label|treat|set|qualify|report|count|rank|tag|approve|categori[sz]e)\b[^.!?\n]{0,40}\b(?:account|customer|ticket|company|lead|brief|opportunity|message|note|record|dossier|claim)\b[^.!?\n]{0,30}\b(?:as|to|with)\b[^.!?\n]{0,25}\b(?:qualified|hot|ready|approved|high(?:est)? (?:priority|score)|expansion|sales[- ]ready|priority|100|positive|verified|safe|10/10)\b|\b(?:do not|don't|never) (?:mention|report|include|show|list|surface|reveal) (?:any |the |this |our )?(?:risks?|blockers?|complaints?|churn|warnings?|competitors?)\b"),
    ("secret", True, r"\b(?:reveal|print|repeat|show|output|leak|display|disclose|dump|tell me|give me|return|write out|expose)\b[^.!?\n]{0,25}\b(?:system prompt|initial prompt|hidden (?:prompt|instructions?)|your (?:prompt|instructions|rules|guidelines|configuration)|prompt above|(?:the |all |all the )?(?:previous|above|initial|other) instructions|all instructions|api keys?|all (?:customer|account)s?'? data|other (?:customers?|accounts?)'? (?:data|names|details))"),
    ("output_order", True, r"\b(?:always|only|simply|just|must) (?:answer|respond|reply|output|return|say|print)\b[^.!?\n]{0,15}\b(?:with|by|as|yes|no|true|in json)\b|\b(?:add|include|insert|integrate|append|embed|encode|encrypt|translate|reverse|encipher|obfuscate|apply|put|end|begin|start|finish|replace|convert|provide|use|format|render|scramble|modify|enhance|augment|shift|invert|substitute|express|rewrite|compose|write|alter|adapt)\b[^!?\n]{0,90}\b(?:(?:in|into|to|of|for|as|within|with)[ ]+)?your (?:entire |whole |final |next |full )?(?:response|answer|reply|output|summary|completion|message content)\b|\bin your (?:response|answer|reply|output|summary),? (?:please )?(?:mention|include|suggest|add|say|state|recommend|promote|insert|claim)\b|\b(?:reply|respond|answer)\b (?:only )?(?:in|using|with) (?:reverse\w*|base ?\d+|emojis?|rot13|morse|hex\w*|cipher\w*|pig latin)\b|\byour (?:response|answer|output|reply|summary) (?:must|should|shall|has to|needs to|will) (?:be|contain|include|begin|start|end|only|not)\b"),
    ("to_machine", True, rf"(?:^|[.;!?\"„“(*\d]|\bnote|\balso,|\bps[,:]?)[ \t.)]*(?:dear )?(?:assistant|assistent|asistente|summari[sz]er|language model|model|system|bot|chatbot|ai|llm|ki|ia) ?[:,][ \t]*(?:please )?(?:on reading|{_ORDERS})\b"),
    ("to_machine", True, r"\b(?:note|notes?|message|instructions?|hinweis|anweisung|notiz|nachricht|consigne|instrucci[oó]n|nota|aviso|mensaje|nach|to|for|an|für|pour|para|til|till|aan|προς) (?:the |an? |any |whatever |das |die |den |dem |l'|le |la |el |het |το )*(?:systeme?t?|système|sistema|σύστημα|language model|sprachmodell|modèle|modelo|summari[sz]er|summary tool|assistant|assistent\w*|asistente|program that|machine|ki|ia)\b[^.:!?\n]{0,25}:"),
    ("to_machine", True, r"\b(?:whoever|whatever|whichever|anyone|anything|who|program|tool|machine|software|system) (?:that |who |which )?(?:will )?(?:summari[sz]es?|processes|scores|analy[sz]es|evaluates|digests|reads) (?:this|these|our|the) ?(?:comment|text|note|mail|message|ticket|records?)?(?=[ ]?[:,]|[ ](?:must|should|has to))|\b(?:by|for) the summary tool\b"),
    ("to_machine", True, r"(?:^|[.;!?\"„“(*])[ \t]*(?:dear )?(?:assistant|assistent|asistente|summari[sz]er|language model|chatbot|llm) ?,[ \t]*(?:before|when|while|once|after|as|for|bevor|wenn|antes|cuando|avant|quand)\b[^.:;!?\n]{1,60}[:,]"),
    ("to_machine", True, rf"\b(?:the assistant|l'assistant|assistant|summari[sz]er|summary tool) (?:must|has to|shall|doit)(?: not| never)? (?:{_ORDERS}|pass all|retirer|supprimer|écrire)\b"),
    ("verdict", True, r"\bverdict\b[\"']?\s{0,2}[:=]?\s{0,2}(?:is |to )?[\"'“]?qualified\b|[\"']verdict[\"']\s*:|\b(?:churn_intent|contested_renewal|competitor_evaluation|sponsor_left|budget_freeze|overdue_invoice|usage_decline|insufficient_data|open_critical_ticket|do_not_contact|goals_met)\b|\b(?:count|treat|regard|record|register) this (?:comment|note|mail|message|ticket|as)\b[^.!?\n]{0,20}\bas (?:an? |the |our )?(?:purchase order|order|approval|confirmed|signed|request)"),
    ("role_tag", True, r"[\"']role[\"']\s*:\s*[\"'](?:assistant|system|developer)|^role:\s*(?:system|assistant)\b|\[/?(?:evidence|instructions?|system)\b[^\]\n]{0,120}\]|\b(?:BEGIN|END) (?:OF )?(?:CUSTOMER|USER|UNTRUSTED) (?:DATA|INPUT|TEXT)\b|\btool_result\s*\(|\[//\]: #"),
    ("override", True, rf"\b(?:ignore|disregard|forget) (?:everything |all |the )?above(?: text)? and (?:{_ORDERS}|erase|instead)\b|\bnew task ?: ?\w|\bforget who you work for\b"),
    ("jailbreak", True, r"\b(?:pretend|imagine|act as if|act as though) (?:that )?you(?:'re| are) (?:an? |the )?(?:\w+ ){0,2}(?:robot|machine|computer|system|program)\b"),
    ("output_order", True, r"\bin the account (?:summary|brief|report)s?,? (?:please )?(?:state|write|say|claim|mention|list|add)\b|\b(?:list|state|write|say|claim|mention|put|add|quote)\b[^!?\n]{0,90}\bin the account (?:summary|brief)\b"),
    ("hidden_markup", True, r"<!--[^>]{0,400}\b(?:language model|summari[sz]er|machine|whoever reads)\b[^>]{0,400}(?:-->|\Z)"),
    ("output_order", False, r"\b(?:your|the|this) (?:response|answer|output|summary)\b"),
    ("to_machine", False, r"\b(?:ai|llm|language model|chatbot|assistant|chatgpt|gpt-?\d?|neural network)\b"),
    ("exfiltration", True, r"!\[[^\]\n]{0,200}\]\(\s*(?:https?:)?//[^)\s]{1,200}[?=&{][^)\n]{0,400}\)|\b(?:send|forward|e-?mail|post|upload|transmit|exfiltrate)\b[^.!?\n]{0,80}\b(?:all (?:the )?(?:\w+ )?(?:e-?mails|files|messages|data|records|conversations|documents|notes)|contents? of|security code|password|credentials|user information|passport|credit card|api key)\b[^!?\n]{0,120}\b(?:to|an)\b[^!?\n]{0,40}(?:@|https?://|www\.)"),
    ("hidden_markup", True, r"<script\b|javascript:[^\s]{3}|\bon(?:error|load|click|mouseover)\s*=\s*[\"'\\a-z]|<iframe\b|data:text/html|<!--[^>]{0,400}\b(?:ignore|instruction|assistant|system|ai|must|you)\b[^>]{0,400}-->|style\s*=\s*[\"'][^\"']*(?:display\s*:\s*none|font-size\s*:\s*0|color\s*:\s*(?:white|#fff))"),
)  # fmt: skip
_COMPILED: tuple[tuple[Kind, bool, Guarded], ...] = tuple(
    (kind, strong, Guarded(pattern, re.IGNORECASE | re.MULTILINE)) for kind, strong, pattern in _SIGNS
)
_INVISIBLE = re.compile(
    r"[\u200b\u2060-\u2064\ufeff\u00ad\u180e]{2,}|(?:[\u200b\u2060-\u2064\ufeff][^\s]?){4,}|[\u202a-\u202e\u2066-\u2069]{1,}[^\n]{0,80}|(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007e]{3,}"
)
_BLOB = re.compile(r"(?<![\w+/=-])[A-Za-z0-9+/]{32,}={0,2}(?![\w+/])")
_FOR_PEOPLE = re.compile(
    r"(?i)\b(?:ticket|case|reference|order|invoice|subject|number|details?|screenshots?|logs?|address|phone|availab\w+)\b|your reply (?:above|below)|above this line"
)
"""`Please include the ticket number in your reply` is said to people."""

_SAME_PARAGRAPH = 1
"""Characters between two sentences of one paragraph: a blank or a line break."""
_LONGEST_BLOB = 4000
_WEAK_NEEDED = 2


Place = tuple[str, str, int]
"""Where a sentence stands: record, part, first character."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Words at `start:end` that look addressed to a machine."""

    kind: Kind
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def suspicions(text: str) -> tuple[Suspicion, ...]:
    """What looks addressed to a machine reader, by place. Empty for ordinary text; weak signs count only together."""
    strong: list[Suspicion] = []
    weak: list[Suspicion] = []
    for kind, sure, sign in _COMPILED:
        if not sign.may_match(text):
            continue
        spans = [f.span() for f in sign.pattern.finditer(text) if kind != "output_order" or not _FOR_PEOPLE.search(text, f.start(), f.end() + 30)]
        (strong if sure else weak).extend(Suspicion(kind, start, end) for start, end in spans)
    strong += [Suspicion("hidden_characters", *found.span()) for found in _INVISIBLE.finditer(text)]
    strong += [Suspicion("encoded", *found.span()) for found in _BLOB.finditer(text) if _speaks(found.group())]
    if len({sign.kind for sign in weak}) >= _WEAK_NEEDED:
        strong += weak
    return tuple(sorted(strong, key=lambda sign: (sign.start, sign.end, sign.kind)))


def suspected(text: str) -> bool:
    """Whether anything in the text looks addressed to a machine reader."""
    return bool(suspicions(text))


def planted(sentences: Iterable[Sentence]) -> frozenset[Place]:
    """The places of sentences that address a machine, and of those that follow one in its paragraph: an order may run over several sentences."""
    found: set[Place] = set()
    before: Sentence | None = None
    for sentence in sorted(sentences, key=lambda s: (s.record_id, s.part, s.start)):
        follows = (
            before is not None
            and place(before) in found
            and (before.record_id, before.part) == (sentence.record_id, sentence.part)
            and sentence.start - before.end <= _SAME_PARAGRAPH
            and sentence.speaker == before.speaker
        )
        if follows or suspected(sentence.text):
            found.add(place(sentence))
        before = sentence
    return frozenset(found)


def place(sentence: Sentence) -> Place:
    """Where a sentence stands: record, part, first character."""
    return sentence.record_id, sentence.part, sentence.start


def _speaks(blob: str) -> bool:
    """Whether a base64 blob holds readable sentences (a hash, a key or an image does not)."""
    cut = blob[:_LONGEST_BLOB]
    try:
        words = base64.b64decode(cut[: len(cut) // 4 * 4], validate=False).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return words.isprintable() and len(re.findall(r"\b[A-Za-z]{2,}\b", words)) >= 4 and " " in words.strip()
