"""What may be said to the person on the call: their own words as theirs, a colleague's as the colleague's, and nothing from an internal record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from briefs.brief import Evidence, Signal
from briefs.drafting.facts import claim
from briefs.drafting.material import Material
from briefs.drafting.quoting import LONGEST_QUOTE, Stretch, concedes, shown
from briefs.verify import Court, verify
from briefs.wording import day
from retrieval.records import Contact

HINT = 90
"""Characters of a quote in the talk track: enough to know it again; the whole stands in its section."""
LONGEST_WHOLE = 240
"""Characters up to which a quote stands uncut where every cut would turn it."""


@dataclass(frozen=True)
class Call:
    """A call to come: what is known, whom it is with (None: nobody is known), and the court that hears every quotation."""

    m: Material
    contact: Contact | None
    court: Court

    def is_own(self, evidence: Evidence) -> bool:
        """Did the person on the call say it? Where nobody is known, whoever speaks for the customer is addressed."""
        speaker = self.m.dossier.contact(evidence.speaker)
        return self.contact is None or (speaker is not None and speaker.id == self.contact.id)

    def teller(self, evidence: Evidence) -> str:
        """Who said it, as the person on the call is told: `You`, a colleague's name, or our notes."""
        if self.m.records.is_noted(evidence):
            return "By our notes you"
        if self.is_own(evidence):
            return "You"
        speaker = self.m.dossier.contact(evidence.speaker)
        name = speaker.name if speaker else evidence.speaker or ""
        return name if name and "@" not in name else "A colleague of yours"

    def sayable(self, evidence: Evidence) -> bool:
        return not self.m.records.is_internal(evidence)

    def spoken(self, signal: Signal) -> Iterator[Evidence]:
        """The words of a signal that may be repeated to the customer."""
        return (e for e in signal.evidence if e.quote and self.sayable(e))

    def quoted(self, evidence: Evidence, most: int = HINT, keep: Stretch | None = None) -> str | None:
        return quotable(evidence, self.m, self.court, most, keep)


def quotable(evidence: Evidence, m: Material, court: Court, most: int, keep: Stretch | None = None) -> str | None:
    """A quote cut to about `most` characters, longer where the cut would turn it; None where the court lets none of it stand."""
    said = f"{m.records.who(evidence)}, {day(evidence.at or m.dossier.as_of)}"
    for length in (most, LONGEST_QUOTE, LONGEST_WHOLE):
        words = shown(evidence, length, keep)
        if words and not concedes(evidence, words) and verify(claim(f'{said}: "{words}"', "customer_said", (evidence,)), court).ok:
            return words
    return None
