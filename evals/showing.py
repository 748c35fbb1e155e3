"""What the product gave for a case, in lines a person can compare: verdict, signals and sentences, each with the words it rests on."""

from __future__ import annotations

from collections.abc import Sequence

from briefs.brief import AccountResult, BriefBody, Evidence
from evals.results import CaseResult, Measured, Output

LONGEST_QUOTE = 300


class Line(Measured):
    """One thing that was said, and the evidence it rests on."""

    text: str
    evidence: tuple[str, ...] = ()


class Shown(Measured):
    """An output by headings."""

    parts: dict[str, tuple[Line, ...]]


def shown(results: Sequence[CaseResult]) -> Shown | None:
    """The first repeat that has an output; None where none has."""
    output = next((result.output for result in results if result.output is not None), None)
    return None if output is None else of_output(output)


def of_output(output: Output) -> Shown:
    parts: dict[str, tuple[Line, ...]] = {}
    if output.result is not None:
        parts["verdict"] = _verdict(output.result)
        parts["signals"] = tuple(Line(text=f"{s.type} ({s.observed_at})", evidence=tuple(map(quoted, s.evidence))) for s in output.signals)
    if output.brief is not None:
        parts |= _brief(output.brief)
    for method, found in output.rankings.items():
        parts[f"ranking: {method}"] = tuple(
            Line(text=f"{n}. {f.record_id} {f.part}:{f.start}-{f.end} ({f.score:.2f})") for n, f in enumerate(found, 1)
        )
    return Shown(parts=parts)


def _verdict(result: AccountResult) -> tuple[Line, ...]:
    met = [name for name in ("success", "fit", "timing") if getattr(result.tests, name).met]
    lines = [
        Line(text=f"{result.verdict}; met: {', '.join(met) or 'none'}; product: {result.tests.fit.sku or 'none'}; lead: {result.lead_type or 'none'}")
    ]
    lines += [Line(text=f"blocker {b.code}", evidence=tuple(map(quoted, b.evidence))) for b in result.blockers]
    if result.engine_note:
        lines.append(Line(text=result.engine_note))
    return tuple(lines)


def _brief(brief: BriefBody) -> dict[str, tuple[Line, ...]]:
    return {
        f"brief: {section.title}": tuple(Line(text=c.text, evidence=tuple(map(quoted, c.evidence))) for c in section.claims)
        for section in brief.sections
    }


def quoted(evidence: Evidence) -> str:
    """Where a statement rests, with the words or the value."""
    if evidence.quote is not None:
        return f"{evidence.record_id} {evidence.part}:{evidence.start}-{evidence.end} “{evidence.quote[:LONGEST_QUOTE]}”"
    return f"{evidence.record_id} {evidence.field or ''} {evidence.value if evidence.value is not None else ''}".strip()
