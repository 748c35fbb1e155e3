"""What the account executive takes into the call: what is known of budget and people, what to ask, and where sources disagree."""

from __future__ import annotations

from briefs.brief import BriefBody, Claim, Conflict, Factor
from briefs.rendering.cleaning import one_line
from briefs.rendering.outline import Block, Column, Facts, Ledger, Line, Sentence, Sentences, Span, Style, Table
from briefs.rendering.sentences import cited, phrase, sentence
from briefs.rendering.words import KINDS, day, named

_STATES: dict[str, tuple[str, Style]] = {
    "met": ("\N{CHECK MARK} met", "strong"),
    "partial": ("\N{WHITE DIAMOND} partial", "plain"),
    "unmet": ("\N{MULTIPLICATION X} unmet", "warn"),
    "unknown": ("? unknown", "muted"),
}


def coverage_blocks(body: BriefBody, ledger: Ledger) -> tuple[Block, ...]:
    """One row a factor: its state, what is known with its source, and the question that closes it."""
    if not body.coverage:
        return ()
    columns = (Column("Factor", 2), Column("State", 2), Column("What is known", 5), Column("Question that closes it", 5))
    return (Table(columns, tuple(_factor(factor, body, ledger) for factor in body.coverage)),)


def _factor(factor: Factor, body: BriefBody, ledger: Ledger) -> tuple[Line, ...]:
    label, style = _STATES[factor.state]
    question = one_line(factor.question or "") or "\N{EN DASH}"
    return ((Span(one_line(factor.name), "strong"),), (Span(label, style),), cited(factor.text, factor.evidence, body, ledger), (Span(question),))


def talk_blocks(body: BriefBody, ledger: Ledger) -> tuple[Block, ...]:
    """Objective and opener, the questions with what to listen for, and the one risk: say, show, avoid."""
    track = body.talk_track
    told = track.evidence + track.risk_evidence + tuple(item for question in track.questions for item in question.evidence)
    opening = (("Objective", phrase(track.objective, told)), ("Opener", cited(track.opener, track.evidence, body, ledger)))
    risk = (
        ("Risk", cited(track.risk, track.risk_evidence, body, ledger)),
        ("Say", phrase(track.say, told)),
        ("Show", phrase(track.show, told)),
        ("Avoid", phrase(track.avoid, told)),
    )
    questions = tuple(
        Sentence(
            (*cited(question.text, question.evidence, body, ledger), Span(" Listen for: ", "muted"), *phrase(question.listen_for, question.evidence))
        )
        for question in track.questions
    )
    blocks: list[Block] = [Facts(tuple(row for row in opening if row[1]))]
    if questions:
        blocks.append(Sentences(questions))
    blocks.append(Facts(tuple(row for row in risk if row[1])))
    return tuple(block for block in blocks if not isinstance(block, Facts) or block.rows)


def conflict_blocks(body: BriefBody, ledger: Ledger) -> tuple[Block, ...]:
    """Each conflict as a table, one column a side: nobody resolves it here."""
    return tuple(_conflict(conflict, body, ledger) for conflict in body.conflicts if conflict.sides)


def _conflict(conflict: Conflict, body: BriefBody, ledger: Ledger) -> Table:
    sides = tuple(_flat(sentence(side, body, ledger)) for side in conflict.sides)
    return Table(tuple(Column(_side(side)) for side in conflict.sides), (sides,), caption=one_line(conflict.topic))


def _side(claim: Claim) -> str:
    item = next(iter(claim.evidence), None)
    return f"{named(KINDS, item.kind)}, {day(item.at)}" if item else "No record"


def _flat(held: Sentence) -> Line:
    """A sentence and its quotes in one cell."""
    line = held.line
    for quote in held.quotes:
        said: Line = (
            Span(f"\N{LEFT DOUBLE QUOTATION MARK}{quote.text}\N{RIGHT DOUBLE QUOTATION MARK}", "said"),
            Span(f" ({quote.credit})", "muted"),
            *quote.tail,
        )
        line = (*line, Span(" "), *said) if line else said
    return line
