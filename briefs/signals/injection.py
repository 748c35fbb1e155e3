"""Text that talks to the machine instead of to us: it warns, and nothing it says is followed."""

from __future__ import annotations

from collections.abc import Iterable

from briefs.brief import Signal
from briefs.reading.injection import suspected as addresses_a_machine
from briefs.reading.sentences import Sentence
from briefs.signals.evidence import signal
from briefs.signals.said import evidence_of


def suspected(sentences: Iterable[Sentence], account_id: str) -> list[Signal]:
    """`injection_suspected`, once per record."""
    found: dict[str, Signal] = {}
    for sentence in sentences:
        if sentence.record_id not in found and addresses_a_machine(sentence.text):
            found[sentence.record_id] = signal(account_id, "injection_suspected", sentence.at, "text:injection", evidence_of(sentence))
    return list(found.values())
