"""Why an account stands where it stands, in one line: the strongest reason, what is missing, what would clear the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from api.pages.views.words import BLOCKERS, said
from briefs.brief import AccountResult, Evidence, Signal
from briefs.rendering.cleaning import one_line
from briefs.rendering.sentences import credit
from briefs.rendering.words import SIGNALS, hyphenless, plain_value

LONGEST = 150
"""Characters of a quote in a list."""
_SAYING = {"seat_saturation": ("seats_active", "seats_licensed")}


@dataclass(frozen=True)
class Reason:
    """`words` says what kind of reason it is and who gave it; `quote` the customer's words, where there are any."""

    words: str
    quote: str = ""
    observed: date | None = None


def reason_of(result: AccountResult) -> Reason:
    """The one line of a list: the blocker where one stands, else the strongest reason to expand, an explicit request first."""
    if result.blockers and result.verdict == "blocked":
        names = [said(BLOCKERS, blocker.code) for blocker in result.blockers]
        first = result.blockers[0]
        quoted = next((e for e in first.evidence if e.quote), None)
        return Reason(_listed(names), _quote(quoted), first.observed_at)
    best = strongest(result)
    if best is None:
        return Reason("Nothing asks for attention")
    return told(best)


def strongest(result: AccountResult) -> Signal | None:
    """A request first, then a strong reason of fit, timing and success in this order, the newest of equals."""
    order = {"fit": 0, "timing": 1, "success": 2}
    useful = [signal for signal in result.signals if signal.test in order]
    return min(useful, key=lambda s: (not s.explicit_request, order[s.test], s.strength != "strong", -s.observed_at.toordinal(), s.id), default=None)


def told(signal: Signal) -> Reason:
    """A signal in one line, with the words or figures it rests on."""
    words = said(SIGNALS, signal.type)
    if signal.type in BLOCKERS:
        words = BLOCKERS[signal.type]
    quoted = next((e for e in signal.evidence if e.quote), None)
    if quoted is not None:
        return Reason(f"{words} ({credit(quoted)})", _quote(quoted), signal.observed_at)
    figures = figure(signal)
    return Reason(f"{words}: {figures}" if figures else words, "", signal.observed_at)


def figure(signal: Signal) -> str:
    """The figures of a signal that rests on data: `76 of 80 seats`, else the first field and its value."""
    values = {e.field: e.value for e in signal.evidence if e.field}
    wanted = _SAYING.get(signal.type)
    if wanted and all(name in values for name in wanted):
        return f"{plain_value(values[wanted[0]])} of {plain_value(values[wanted[1]])} seats in use"
    wants = signal.wants
    if signal.type == "limit_reached" and {"limit", "used", "allowed"} <= wants.keys():
        return f"{plain_value(wants['used'])} of {plain_value(wants['allowed'])} {hyphenless(str(wants['limit'])).lower()}"
    if signal.type == "upgrade_attempt" and "feature" in wants:
        return hyphenless(str(wants["feature"])).lower()
    first = next((e for e in signal.evidence if e.field and not isinstance(e.value, (dict, list, tuple))), None)
    return f"{hyphenless(first.field or '').lower()} {plain_value(first.value)}" if first else ""


def missing(result: AccountResult) -> tuple[str, ...]:
    """What would make the account ready, as whole sentences."""
    return tuple(_sentence(line) for line in result.would_change if " stands until " not in line and not line.startswith("a blocker would"))


def clearing(result: AccountResult) -> tuple[tuple[str, str], ...]:
    """Each blocker and what clears it."""
    return tuple((said(BLOCKERS, blocker.code), _sentence(f"clears when {blocker.clears_when}")) for blocker in result.blockers)


def _quote(evidence: Evidence | None) -> str:
    words = one_line(evidence.quote or "") if evidence else ""
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"


def _listed(names: list[str]) -> str:
    return "; ".join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def _sentence(line: str) -> str:
    words = line[:1].upper() + line[1:]
    return words if words.endswith((".", "?")) else words + "."
