"""How the customer's own view of a brief speaks: to them, and with what is suggested in so many words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from briefs.brief import BriefBody, Claim, Evidence, Source
from briefs.wording import listed, with_the

_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_THEY = re.compile(r"\b(They|Their|they|their)\b")
_YOU = {"they": "you", "their": "your"}
"""`them` is left out: in a sentence of figures it means seats as often as people."""

MaySee = Callable[[Evidence, Source | None], bool]


def to_you(claim: Claim, account_name: str) -> Claim:
    """A sentence made of their tables, told to the customer: `they used` is `you used`. What anybody wrote or said stays as it was."""
    if claim.kind not in ("fact", "computed"):
        return claim
    text = claim.text.replace(f"{account_name} owns ", "You own ") if claim.text.startswith(f"{account_name} owns ") else claim.text
    kept = [m.span() for m in _QUOTED.finditer(text)]
    for quote in (item.quote for item in claim.evidence if item.quote):
        kept += [m.span() for m in re.finditer(re.escape(" ".join(quote.split())), text)]

    def turned(match: re.Match[str]) -> str:
        if any(start <= match.start() < end for start, end in kept):
            return match.group(0)
        you = _YOU[match.group(0).lower()]
        return you.capitalize() if match.group(0)[0].isupper() else you

    return claim.model_copy(update={"text": _THEY.sub(turned, text)})


def suggestion(body: BriefBody, held: Mapping[str, Source], may_see: MaySee) -> Claim | None:
    """What is recommended and what it brings, resting on what the customer may see of the reasons; None where nothing is recommended."""
    claims = [claim for section in body.sections if section.key == "recommendation" for claim in section.claims]
    if not body.sku_name or not claims:
        return None
    brings = next((claim.derived["features"] for claim in claims if claim.derived.get("features")), ())
    told = f"We suggest {body.sku_name}. It brings {listed([with_the(str(f)) for f in brings])}." if brings else f"We suggest {body.sku_name}."
    evidence = tuple(e for e in claims[0].evidence if may_see(e, held.get(e.record_id)))
    return Claim(id="", text=told, kind="advice", evidence=evidence)
