"""The back of a brief: every source with its exact words, where the brief came from, and what was thrown out."""

from __future__ import annotations

from briefs.brief import BriefBody, Evidence, Source
from briefs.rendering.audience import words_are_internal
from briefs.rendering.cleaning import exact, one_line
from briefs.rendering.outline import Block, Column, Entries, Entry, Facts, Ledger, Line, Paragraph, Span, Table
from briefs.rendering.words import KINDS, SECTIONS, day, named, plain_value
from briefs.wording import measure

_ENGINES = {
    "offline": "Offline: rules, local reading, sentences taken from the record; no language model",
    "llm": "Language model, every sentence checked by code",
}


def source_blocks(body: BriefBody, ledger: Ledger, *, uncited: bool = True) -> tuple[Block, ...]:
    """One entry a piece of evidence in the order of the marks; then, in a line, the records read and not cited."""
    held = {source.record_id: source for source in body.sources}
    entries = tuple(
        _entry(number, item, held.get(item.record_id), internal=words_are_internal(item, body)) for number, item in enumerate(ledger.items, 1)
    )
    blocks: tuple[Block, ...] = (Entries(entries),) if entries else ()
    cited = {item.record_id for item in ledger.items}
    rest = [
        f"{named(KINDS, source.kind).lower()} {one_line(source.record_id)} ({day(source.at)})"
        for source in body.sources
        if source.record_id not in cited
    ]
    if rest and uncited:
        blocks += (Paragraph((Span("Also on file, not cited: ", "muted"), Span(", ".join(rest), "muted"))),)
    return blocks


def _entry(number: int, item: Evidence, source: Source | None, *, internal: bool) -> Entry:
    kind = named(KINDS, source.kind if source else item.kind)
    head: Line = (Span(f"{kind} {one_line(item.record_id)}", "strong"),)
    if source is None:
        head += (Span(" [not among the sources]", "warn"),)
    else:
        head += (
            (Span(f" \N{LEFT DOUBLE QUOTATION MARK}{one_line(source.title)}\N{RIGHT DOUBLE QUOTATION MARK}", "said"),) if source.title.strip() else ()
        )
    head += (Span(f", {day(item.at or (source.at if source else None))}"),)
    who = one_line(item.speaker or (source.author if source else "") or "")
    head += (Span(f", {who}"),) if who else ()
    head += (Span(" [internal]", "tag"),) if internal else ()
    if item.quote is not None:
        return Entry(number, head, exact(item.quote), quoted=True, place=_place(item))
    return Entry(number, head, f"{one_line(item.field or 'value')} = {plain_value(item.value)}", quoted=False, place="")


def _place(item: Evidence) -> str:
    """`body 120-166`: the part, and its offsets in code points, end exclusive."""
    span = f" {item.start}\N{EN DASH}{item.end}" if item.start is not None and item.end is not None else ""
    return one_line(item.part or "text") + span


def rejected_blocks(body: BriefBody) -> tuple[Block, ...]:
    """What failed verification, with the reason: never mixed with what holds."""
    if not body.rejected:
        return ()
    columns = (Column("Section", 2), Column("Sentence", 5), Column("Why it was rejected", 4), Column("Written by", 2))
    rows = tuple(
        (
            (Span(SECTIONS.get(item.section) or one_line(item.section)),),
            (Span(f"\N{LEFT DOUBLE QUOTATION MARK}{one_line(item.text)}\N{RIGHT DOUBLE QUOTATION MARK}", "said"),),
            (Span(named({}, item.reason), "strong"), Span(f": {one_line(item.detail)}" if item.detail.strip() else "")),
            (Span(one_line(item.source)),),
        )
        for item in body.rejected
    )
    return (Table(columns, rows),)


def provenance_blocks(body: BriefBody) -> tuple[Block, ...]:
    """Engine, model, prompts, rubric and dossier: enough to write the same brief again."""
    held = body.provenance
    rows = [
        ("Engine", _ENGINES[held.engine]),
        ("Engine note", held.engine_note or ""),
        ("Model", held.model or "none"),
        ("Prompts", ", ".join(f"{name} {version}" for name, version in sorted(held.prompt_versions.items())) or "none"),
        ("Rubric", held.rubric_version),
        ("Dossier", held.dossier_hash),
        ("As of today", ", ".join(measure(field) for field in held.undated)),
        ("Left out", "; ".join(held.left_out) or "nothing"),
        ("Verdict", f"{named({}, body.verdict)} (brief schema {body.schema_version})"),
    ]
    return (Facts(tuple((label, (Span(one_line(text)),)) for label, text in rows if text.strip())),)
