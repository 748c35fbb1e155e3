"""How far scan results agree with a portfolio's labels: verdicts, products, blockers, and signals by type."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from briefs.brief import WARNING_TYPES, AccountResult


@dataclass(frozen=True)
class Labels:
    """What a person expects of a portfolio as of a day."""

    as_of: date
    accounts: tuple[Mapping[str, Any], ...]


@dataclass
class Agreement:
    """Counts of one comparison. `differences` says in words where product and label part."""

    accounts: int = 0
    verdicts: int = 0
    products: int = 0
    products_due: int = 0
    lead_types: int = 0
    lead_types_due: int = 0
    blocked_but_qualified: int = 0
    hits: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    tempted: int = 0
    temptations: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def verdict_accuracy(self) -> float:
        return self.verdicts / self.accounts if self.accounts else 0.0

    def rates(self, types: Iterable[str]) -> tuple[float, float]:
        """Precision and recall over these signal types; 1 where there was nothing to find."""
        hits, missed, extra = (sum(counts[t] for t in types) for counts in (self.hits, self.missed, self.extra))
        return hits / (hits + extra) if hits + extra else 1.0, hits / (hits + missed) if hits + missed else 1.0


def read_labels(folder: Path) -> Labels:
    """`labels.yaml` of a portfolio."""
    told = yaml.safe_load((folder / "labels.yaml").read_text("utf-8"))
    day = told.get("as_of") or told["accounts"][0]["as_of"]
    return Labels(day if isinstance(day, date) else date.fromisoformat(str(day)), tuple(told["accounts"]))


def read_questions(folder: Path) -> list[dict[str, Any]]:
    """`questions.jsonl` of a portfolio: account_id, question, records."""
    return [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines() if line.strip()]


def compare(results: Sequence[AccountResult], labels: Labels) -> Agreement:
    """The product's answers beside the labels, account by account."""
    by_id = {r.account_id: r for r in results}
    told = Agreement()
    for label in labels.accounts:
        result = by_id[label["id"]]
        told.accounts += 1
        _verdict(told, result, label)
        _signals(told, result, label)
    return told


def _verdict(told: Agreement, result: AccountResult, label: Mapping[str, Any]) -> None:
    name = label["id"]
    told.verdicts += result.verdict == label["verdict"]
    if result.verdict != label["verdict"]:
        told.differences.append(f"{name}: verdict {result.verdict}, label {label['verdict']} (tests {_met(result)})")
    told.blocked_but_qualified += label["verdict"] == "blocked" and result.verdict == "qualified"
    if label.get("sku"):
        told.products_due += 1
        told.products += result.tests.fit.sku == label["sku"]
        if result.tests.fit.sku != label["sku"]:
            told.differences.append(f"{name}: product {result.tests.fit.sku}, label {label['sku']}")
    if label["verdict"] == "qualified" and result.verdict == "qualified":
        told.lead_types_due += 1
        told.lead_types += result.lead_type == label["lead_type"]
        if result.lead_type != label["lead_type"]:
            told.differences.append(f"{name}: lead type {result.lead_type}, label {label['lead_type']}")
    codes, wanted = {b.code for b in result.blockers}, set(label.get("blockers") or ())
    if codes != wanted:
        told.differences.append(f"{name}: blockers {sorted(codes)}, label {sorted(wanted)}")


def _met(result: AccountResult) -> str:
    return " ".join(name for name in ("success", "fit", "timing") if getattr(result.tests, name).met) or "none"


def _signals(told: Agreement, result: AccountResult, label: Mapping[str, Any]) -> None:
    """Signals are compared by type and record, each record once a type."""
    found = {(s.type, e.record_id) for s in result.signals for e in s.evidence}
    named = {(s.type, s.evidence[0].record_id) for s in result.signals}
    wanted = {(s["type"], s["record"]) for s in label.get("signals") or ()}
    for kind, record in sorted(wanted):
        if (kind, record) in found:
            told.hits[kind] += 1
        else:
            told.missed[kind] += 1
            told.differences.append(f"{label['id']}: missed {kind} in {record}")
    for kind, record in sorted(named - wanted):
        told.extra[kind] += 1
        if kind not in WARNING_TYPES:
            told.differences.append(f"{label['id']}: not labelled: {kind} in {record}")
    for tempting in label.get("not_signals") or ():
        told.temptations += 1
        if (tempting["type"], tempting["record"]) in found:
            told.tempted += 1
            told.differences.append(f"{label['id']}: fell for {tempting['type']} in {tempting['record']} ({tempting.get('why', '')})")
