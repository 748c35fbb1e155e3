"""Does a sentence keep the yes, the no and the maybe of the words it rests on?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from briefs.synonyms import words_of

NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|cannot|unable|hardly|barely|unlikely|neither|nor|stopped|refus\w+|declin\w+|\w+n['’]t|"
    r"nicht|kein\w*|nie|ohne|ni|nunca|sin|ne|pas|jamais|sans|aucun\w*)\b",
    re.I,
)
TENTATIVE = re.compile(
    r"\b(?:(?-i:may)|might|(?:could|would)(?! (?:you|like))|if|perhaps|maybe|consider\w*|possibl\w+|explor\w+|thinking|hope\w*|some ?day|eventually|"
    r"whether|unsure|likely|vielleicht|könnte(?!n sie)\w*|würde\w*|falls|eventuell|quizás?|tal vez|podría(?!n)\w*|"
    r"si|peut-être|pourrai\w+(?! vous)(?!-vous)|éventuellement)\b",
    re.I,
)
WISHED = re.compile(r"\b(?:want\w*|ask\w*|request\w*|like to|wish\w*|interest\w*|wondered|raised|quer\w+|veut|vont|souhait\w+)\b", re.I)
PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning|en|t)?|will|going to|intend\w*|aim\w*|"
    r"want\w*|need\w*|ask\w*|request\w*|like to|expect\w*|wird|werden|soll\w*|quer\w+|vamos a|va a|veut|vont|"
    r"souhait\w+)\b",
    re.I,
)
DONE = re.compile(
    r"\b(?:has|(?<!to )(?<!will )(?<!would )(?<!could )have|had|did|bought|purchased|approved|signed|completed|"
    r"finished|migrated|rolled out|went live|achieved|decided|agreed|"
    r"committed|confirmed)\b",
    re.I,
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
INTENDED = re.compile(r"\b(?:to|will|['’]ll|shall)\s+(?:\w+ly\s+)?([a-z]{3,})\b", re.I)


def lost(words: str, quotes: Sequence[str]) -> tuple[str, str] | None:
    """The reason where `words` drop or add a no, firm up a maybe or tell a plan as done; None where they keep the tone of `quotes`."""
    source = " ".join(_spoken_of(words, quotes))
    said, meant = bool(NEGATION.search(words)), bool(NEGATION.search(source))
    if said != meant:
        return "negation", "the evidence says no" if meant else "the evidence does not say no"
    if TENTATIVE.search(source) and not TENTATIVE.search(words) and not WISHED.search(words):
        return "modality", "the evidence is tentative, the sentence is not"
    if _told_as_done(words, source):
        return "modality", "the evidence is a plan or a wish, the sentence says it is done"
    return None


def _spoken_of(words: str, quotes: Sequence[str]) -> list[str]:
    """The sentences of the quotes that `words` repeat most of: a no elsewhere in a long quotation is about something else."""
    sentences = [part for quote in quotes for part in SENTENCE_END.split(quote)]
    said = set(words_of(words))
    shared = [len(said & set(words_of(part))) for part in sentences]
    return [part for part, count in zip(sentences, shared, strict=True) if 2 * count >= max(shared)]


def cut_away(bit: str, quotes: Sequence[str], words: str) -> tuple[str, str] | None:
    """The reason where some words repeated in quotation marks leave out the no or the maybe of their own sentence; None where they do not."""
    for quote in quotes:
        if bit not in quote or bit == quote or " " not in bit:
            continue
        around = next((s for s in SENTENCE_END.split(quote) if bit in s), quote).replace(bit, " ")
        for reason, pattern in (("negation", NEGATION), ("modality", TENTATIVE)):
            if pattern.search(around) and not pattern.search(f"{bit} {words}"):
                return reason, "the words left out of the quotation turn it"
        return None
    return None


def _told_as_done(words: str, source: str) -> bool:
    if PLANNED.search(words):
        return False
    if PLANNED.search(source) and not DONE.search(source) and DONE.search(words):
        return True
    planned = {verb.casefold() for verb in INTENDED.findall(source)}
    happened = {word for word in re.findall(r"[a-z]+ed\b", words.casefold()) if not re.search(rf"\b{word}\b", source, re.I)}
    return any(_is_past_of(word, verb) for word in happened for verb in planned)


def _is_past_of(word: str, verb: str) -> bool:
    """`opened` of `open`, `hired` of `hire`, `planned` of `plan`."""
    return word in (verb + "ed", verb + "d", verb + verb[-1] + "ed", verb.removesuffix("y") + "ied")
