"""What the funnel counts a brief by: engine, model, prompts, signals and kinds of source of the machine's newest version."""

from __future__ import annotations

from sqlalchemy import Connection, delete

from briefs.brief import AccountResult, BriefBody
from briefs.store.dialect import insert_missing
from briefs.store.sales_tables import brief_facts

LONGEST = 200


def facts_of(body: BriefBody, result: AccountResult | None) -> set[tuple[str, str]]:
    """(kind, value) pairs; the signals come from the result the draft was written for."""
    provenance = body.provenance
    found: list[tuple[str, str]] = [("engine", provenance.engine)]
    found.extend(("model", model) for model in [provenance.model] if model)
    found.extend(("prompt", f"{name} {version}") for name, version in provenance.prompt_versions.items())
    found.extend(("source", source.kind) for source in body.sources)
    found.extend(("signal", signal.type) for signal in (result.signals if result else ()))
    return {(kind, value[:LONGEST]) for kind, value in found}


def put(connection: Connection, brief_id: str, facts: set[tuple[str, str]]) -> None:
    """In place of those the brief had."""
    connection.execute(delete(brief_facts).where(brief_facts.c.brief_id == brief_id))
    insert_missing(connection, brief_facts, [{"brief_id": brief_id, "kind": kind, "value": value} for kind, value in sorted(facts)])
