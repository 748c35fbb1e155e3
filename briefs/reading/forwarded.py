"""Mail that was passed on is news, mail that was answered is history: tells the two apart, and gives passed-on words back to whoever wrote them.

A quoted block counts as passed on where somebody says so and its own head names its writer, and where its words stand nowhere else on file.
"""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from briefs.reading.dates import periods
from briefs.reading.sentences import MAIL_HEAD, QUOTE_MARK, Sentence, read_record
from briefs.reading.speakers import People, Side
from retrieval.records import TextRecord, Ticket, parts_of

_MARK = r"[ \t>|]*\*?"
_FROM = re.compile(rf"(?im)^{_MARK}(?:from|von|de)\*?[ \t]?:[ \t]*(?P<who>[^\n]{{2,120}})$")
_SENT = re.compile(rf"(?im)^{_MARK}(?:sent|date|gesendet|datum|enviado|fecha|envoyé)\*?[ \t]?:[ \t]*(?P<when>[^\n]{{4,60}})$")
_TO = re.compile(rf"(?im)^{_MARK}(?:to|an|para|a|à)\*?[ \t]?:[ \t]*(?P<whom>[^\n]{{2,300}})$")
_SUBJECT = re.compile(r"(?i)\s*(?:(?:re|aw|sv)\s*:\s*)*(?:fwd?|wg|tr|rv)\s*:")
_PASSED_ON = re.compile(
    r"(?i)\b(?:forward(?:ed|ing|s)?|fwd|(?:got|had|received) (?:this|it|that|the (?:reply|answer|mail) below) (?:back|from|in return|in reply)|(?:bounced|came) back|auto(?:matic)?[- ]?repl(?:y|ied)|out[- ]of[- ]office|pass(?:ing|ed)? (?:this|it|the (?:mail|note|message)|the below)? ?(?:on|along)|see (?:the )?(?:mail |message |note )?(?:below|underneath)|below (?:from|is|for)|"
    r"weiter(?:geleitet|leit\w*)|leite? .{0,30}weiter|siehe unten|reenv[ií]\w*|os paso|te paso|ver abajo|más abajo|transf[ée]r\w*|je (?:te|vous) (?:transmets|fais suivre)|voir ci-dessous)\b"
)
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_ASIDE = re.compile(r"\s*(?:\([^()]*\)?|\[[^\]]*\]?)\s*\Z")
"""What stands in brackets behind a name: a department, an address."""
_HEAD_LINES = 6
_MARKS = re.compile(r"[ \t>|]*")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Head:
    """The head of a quoted mail: where it ends, behind how many marks, who wrote it to whom, and on which day (None: it does not say)."""

    end: int
    depth: int
    who: str
    to: str
    day: date | None


def read_all(records: Iterable[TextRecord], people: People) -> list[Sentence]:
    """The sentences of many records, in the order given; mail that was passed on speaks with its writer's voice, and is not quoted any more."""
    every = list(records)
    found = [sentence for record in every for sentence in read_record(record, people)]
    if not any(sentence.quoted for sentence in found):
        return found
    texts = {record.id: parts_of(record) for record in every}
    subjects = {record.id: _subject(record) for record in every}
    known = {_bare(sentence.text) for sentence in found if not sentence.quoted}
    heads: dict[tuple[str, str], list[Head]] = {}
    out: list[Sentence] = []
    for sentence in found:
        if not sentence.quoted or _bare(sentence.text) in known:
            out.append(sentence)
            continue
        place = (sentence.record_id, sentence.part)
        if place not in heads:
            heads[place] = list(_heads(texts[sentence.record_id][sentence.part], sentence.at, subjects[sentence.record_id]))
        out.append(
            _spoken(
                sentence, [head for head in heads[place] if head.depth == _depth(texts[sentence.record_id][sentence.part], sentence.start)], people
            )
        )
        known.add(_bare(sentence.text))
    return out


def _spoken(sentence: Sentence, heads: Sequence[Head], people: People) -> Sentence:
    """The sentence in the voice of the last head before it; as it is where none stands there, or nobody can tell whose voice that is."""
    above = [head for head in heads if head.end <= sentence.start]
    side = _side(above[-1], people) if above else None
    if side is None:
        return sentence
    return replace(sentence, quoted=False, speaker=_name(above[-1].who, people), side=side, at=above[-1].day or sentence.at)


def _heads(text: str, at: date, subject: str) -> Iterator[Head]:
    """The heads of mails that were passed on in `text`: a From beside a To, a day or a subject, behind words that say so."""
    said = _SUBJECT.match(subject) is not None
    for found in _FROM.finditer(text):
        end, beside = found.end(), 0
        for line in text[found.end() + 1 :].split("\n")[:_HEAD_LINES]:
            mark = QUOTE_MARK.match(line)
            if not MAIL_HEAD.match(line, mark.end() if mark else 0):
                break
            end, beside = end + 1 + len(line), beside + 1
        if beside and (said or _PASSED_ON.search(text, 0, found.start())):
            said = True
            below = text[found.end() : end]
            to = _TO.search(below)
            yield Head(end, _depth(text, found.start()), found["who"], to["whom"] if to else "", _day(below, at))


def _depth(text: str, place: int) -> int:
    """How often the line is marked as quoted: what stands deeper than a mail's head is what that mail answers."""
    line = text.rfind("\n", 0, place) + 1
    mark = _MARKS.match(text, line)
    return mark.group().count(">") if mark else 0


def _day(head: str, at: date) -> date | None:
    """The day a head names, where it lies before the record's own."""
    sent = _SENT.search(head)
    days = [p.start for p in periods(sent["when"], at)] if sent else []
    return next((day for day in days if day <= at), None)


def _name(who: str, people: People) -> str:
    address = _ADDRESS.search(who)
    bare = _ASIDE.sub("", _ADDRESS.sub("", who).strip(" \t<>[]\"';,"))
    return people.contact(address.group() if address else None) or people.contact(bare) or bare or who.strip()


def _side(head: Head, people: People) -> Side | None:
    """Whose words they are. A writer without an address is a colleague of the customer's person it is addressed to; a stranger's mail stays quoted."""
    address = _ADDRESS.search(head.who)
    known = (people.side_of(address.group()) if address else None) or people.side_of(_name(head.who, people))
    if known or address:
        return known
    addressed = [name.strip() for name in re.split(r"[;,]", head.to)]
    return "customer" if any(people.side_of(_name(name, people)) == "customer" for name in addressed if name) else None


def _subject(record: TextRecord) -> str:
    return record.subject if isinstance(record, Ticket) else getattr(record, "title", None) or ""


def _bare(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))
