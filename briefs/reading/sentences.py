"""Takes the records people wrote apart into sentences, each with its exact place, who says it, and whether it only repeats an older mail."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from briefs.reading.speakers import People, Side, side_of_message, side_of_note, turn, turn_names
from briefs.reading.splitting import Span, split, trim
from retrieval.records import Kind, Note, Scorecard, Survey, TextRecord, Ticket, kind_of, parts_of

HEADLINES = ("title", "subject")
"""Parts of a record that head it: they name what it is about, and are said to nobody."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. `text` equals the stored `part` at `start:end` (code points, end exclusive)."""

    record_id: str
    kind: Kind
    part: str
    start: int
    end: int
    text: str
    at: date
    speaker: str | None
    side: Side
    quoted: bool = False
    public: bool = True


def read_record(record: TextRecord, people: People) -> list[Sentence]:
    """The sentences of a record in reading order. Signatures, footers and mail headers are left out; quoted mails are kept and marked."""
    found: list[Sentence] = []
    kind = kind_of(record)
    for part, text in parts_of(record).items():
        side, speaker, day, public = _voice(record, part, people)
        for line in _cut(text, people, side, speaker, listen=not isinstance(record, (Survey, Scorecard))):
            for start, end in split(text, *line.span):
                found.append(Sentence(record.id, kind, part, start, end, text[start:end], day, line.speaker, line.side, line.quoted, public))
    return found


def _voice(record: TextRecord, part: str, people: People) -> tuple[Side, str | None, date, bool]:
    match record:
        case Ticket():
            if part == "subject":
                ours = bool(record.messages) and record.messages[0].author_role == "agent"
                return ("agent" if ours else "customer"), people.contact(record.requester) or record.requester, record.created_at.date(), True
            number = int(part[len("messages[") : -1])
            side, speaker = side_of_message(record, number, people)
            message = record.messages[number]
            return side, speaker, (message.at or record.created_at).date(), message.public
        case Note():
            side, speaker = side_of_note(record, people)
            if part == "title" and side == "customer":
                side = "reported"
            return side, speaker, record.at.date(), record.visibility == "customer_safe"
        case _:
            return "customer", people.contact(record.respondent) or record.respondent, record.at.date(), True


@dataclass(frozen=True, slots=True)
class _Line:
    span: Span
    speaker: str | None
    side: Side
    quoted: bool


QUOTE_MARK = re.compile(r"[ \t]*(?:>|&gt;|\|>)[> \t]*")
_INTRO = re.compile(
    r"(?i)[ \t]*(?:on\b.{4,120}\bwrote|am\b.{4,120}\bschrieb\b.{0,60}|el\b.{4,120}\bescribi[óo]|le\b.{4,120}\ba [ée]crit|il giorno\b.{4,120}\bha scritto)\s*:?\s*\Z"
)
_ORIGINAL = re.compile(
    r"(?i)[ \t]*-{2,}[ \t]*(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht|mensaje original|mensaje reenviado|"
    r"message d'origine|message d’origine|message transféré|begin forwarded).{0,20}|[ \t]*begin forwarded message:?\s*\Z"
)
MAIL_HEAD = re.compile(
    r"(?i)[ \t]*\*?(?:from|to|cc|bcc|sent|date|subject|reply-to|von|an|gesendet|datum|betreff|de|para|enviado|fecha|asunto|à|envoyé|objet)\*?[ \t]?:[ \t]*\S"
)
_BULLET = re.compile(r"[ \t]*(?:[-*•–+▪]|->|=>|\d{1,2}[.)]|\[[ xX]?\]|#{1,4})[ \t]+")
_TABLE_RULE = re.compile(r"[ \t|:+=-]*\Z")
_BYE = re.compile(
    r"(?i)[ \t]*(?:(?:best|kind|warm|many thanks and)?[ ]?(?:regards|wishes)|best|all the best|sincerely|cheers|thanks|thank you|many thanks|thx|rgds|br|kr|"
    r"mit freundlichen gr(?:ü|ue)(?:ß|ss)en|(?:viele|liebe|beste|freundliche) gr(?:ü|ue)(?:ß|ss)e|gr(?:u|ü)(?:ß|ss)e?|mfg|lg|vg|(?:un )?(?:cordial )?saludos?|"
    r"atentamente|gracias|muchas gracias|cordialement|bien (?:à vous|cordialement)|merci(?: d'avance)?|salutations)[ ,.!]*\Z"
)
_FOOTER = re.compile(
    r"(?i)[ \t]*(?:--+|__+|\*\*\*+)[ \t]*\Z|.*(?:may contain confidential|intended recipient|please consider the environment|sent from my|get outlook for|"
    r"vertrauliche informationen|gesendet von meinem|este (?:correo|mensaje).{0,40}confidencial|enviado desde mi|ce message.{0,60}confidentiel|envoyé de mon|unsubscribe here)"
)
_DASHES = re.compile(r"[ \t]*--[ \t]*\Z")
_SIGNATURE_LINES = 6
_SIGNATURE_WIDTH = 70
_WRAPPED = 55
_TRANSCRIPT_TURNS = 4


def _cut(text: str, people: People, side: Side, speaker: str | None, *, listen: bool) -> Iterator[_Line]:
    """The text as stretches of one voice that sentences do not cross."""
    repeated: frozenset[str] = turn_names(text) if listen else frozenset()
    lines = list(_lines(text))
    voice: tuple[str | None, Side] = (speaker, side)
    held: _Line | None = None
    turns = 0
    for (first, end), quoted, skipped in _layout(text, lines):
        head = turn(text[first : min(end, first + 160)], people, repeated) if listen and not quoted else None
        start = first + head.end if head else first
        if head is not None:
            turns += bool(head.name)
            voice = (head.name, head.side or _stranger(side)) if head.name else (speaker, side)
        blank = start >= end or not text[start:end].strip()
        if held and (blank or skipped or head or quoted != held.quoted or not _goes_on(text, held.span, (start, end))):
            yield held
            held = None
        if blank or skipped:
            voice = voice if turns >= _TRANSCRIPT_TURNS or head else (speaker, side)
            continue
        bullet = _BULLET.match(text, start, end)
        if bullet and not head and turns < _TRANSCRIPT_TURNS:
            voice = (speaker, side)
        opened = held.span[0] if held else bullet.end() if bullet else start
        held = _Line((opened, end), *voice, quoted)
    if held:
        yield held


def _stranger(side: Side) -> Side:
    """Somebody unknown who speaks in a note is not its author, so of the customer; elsewhere the message's own side holds."""
    return "customer" if side in ("reported", "internal") else side


def _lines(text: str) -> Iterator[Span]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, end
        start = end + 1


def _layout(text: str, lines: list[Span]) -> Iterator[tuple[Span, bool, bool]]:
    """Every line as (span, quoted, skipped): reply heads, mail headers, signatures and footers are skipped; `>` and what follows a reply head is quoted."""
    rest_quoted = False
    after_head = False
    signature = 0
    own_text = False
    for number, (start, end) in enumerate(lines):
        line = text[start : min(end, start + 300)]
        mark = QUOTE_MARK.match(text, start, end)
        if after_head and line.strip():
            rest_quoted = rest_quoted or mark is None
            after_head = False
        if mark:
            signature = 0
            yield (mark.end(), end), True, False
            continue
        header = MAIL_HEAD.match(line) is not None and MAIL_HEAD.match(text[slice(*lines[number + 1])] if number + 1 < len(lines) else "") is not None
        original = _ORIGINAL.match(line) is not None
        intro = not original and _is_intro(text, lines, number)
        after_head = after_head or intro
        rest_quoted = rest_quoted or original or (header and own_text)
        signature = max(signature - 1, _signature(text, lines, number, own_text=own_text))
        skipped = (
            header
            or intro
            or original
            or signature > 0
            or _is_header_tail(text, lines, number)
            or _TABLE_RULE.match(line) is not None
            or _FOOTER.match(line) is not None
        )
        own_text = own_text or not (skipped or not line.strip())
        yield trim(text, start, end), rest_quoted, skipped


def _signature(text: str, lines: list[Span], number: int, *, own_text: bool) -> int:
    """How many lines from `number` on are a signature: `--`, or a farewell below some text with nothing but names, titles and addresses after it."""
    line = text[slice(*lines[number])][:300]
    if _DASHES.match(line):
        return _SIGNATURE_LINES + 1
    if not own_text or not _BYE.match(line):
        return 0
    length = 1
    for start, end in lines[number + 1 : number + 2 * _SIGNATURE_LINES]:
        follower = text[start : min(end, start + 300)].strip()
        if QUOTE_MARK.match(follower) or _INTRO.match(follower) or _ORIGINAL.match(follower) or _FOOTER.match(follower):
            break
        spoken = len(follower) > _SIGNATURE_WIDTH or (
            follower.endswith((".", "?", "!")) and " " in follower and "|" not in follower and "@" not in follower
        )
        if spoken or _BULLET.match(follower):
            return 1 if length > 1 and not text[slice(*lines[number + 1])].strip() else 0
        length += 1
    return length


def _is_intro(text: str, lines: list[Span], number: int) -> bool:
    """A reply head, also one wrapped over two lines."""
    start, end = lines[number]
    if end - start > 240:
        return False
    if _INTRO.match(text[start:end]):
        return True
    following = lines[number + 1] if number + 1 < len(lines) else (end, end)
    joined = " ".join(text[start : following[1]].split())
    return len(joined) <= 200 and text[following[0] : following[1]].rstrip().endswith(":") and _INTRO.match(joined) is not None


def _is_header_tail(text: str, lines: list[Span], number: int) -> bool:
    """The last line of a block of mail headers."""
    if number == 0:
        return False
    return MAIL_HEAD.match(text[slice(*lines[number])][:300]) is not None and MAIL_HEAD.match(text[slice(*lines[number - 1])][:300]) is not None


def _goes_on(text: str, before: Span, line: Span) -> bool:
    """A line break inside a sentence: the line before was full or stops in mid-sentence and this one goes on."""
    start, end = line
    if start >= end or _BULLET.match(text, start, end) or text[start] == "|" or text[before[1] - 1] == "|":
        return False
    last = text.rfind("\n", before[0], before[1]) + 1
    width = before[1] - max(before[0], last)
    closed = text[before[1] - 1] in ".!?…:;"
    return not closed and (text[start].islower() or width >= _WRAPPED)
