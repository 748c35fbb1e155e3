"""Joins what the tables say to the catalogue: which products answer full seats, a limit reached or an attempt to open something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from briefs.brief import Signal
from briefs.needs import Shelf


def serve(signals: Iterable[Signal], shelf: Shelf) -> list[Signal]:
    """The signals with the products that serve them. Full seats count only where more seats or a tier are for sale."""
    served: list[Signal] = []
    for found in signals:
        match found.type:
            case "seat_saturation":
                skus = shelf.serving_saturation()
                if skus:
                    served.append(found.model_copy(update={"skus": skus}))
            case "limit_reached":
                skus = shelf.serving_limit(str(found.wants["limit"]), float(found.wants["allowed"]))
                served.append(found.model_copy(update={"skus": skus}))
            case "upgrade_attempt":
                served.extend(_attempt(found, shelf))
            case _:
                served.append(found)
    return served


def _attempt(found: Signal, shelf: Shelf) -> Iterator[Signal]:
    """Opening what the account owns is no attempt to upgrade: it is enablement."""
    feature = str(found.wants["feature"]).replace("_", " ")
    wanted = shelf.wanted(feature)
    if not wanted and shelf.named(feature):
        return
    best = [m for m in wanted if m.score >= wanted[0].score - 0.1]
    wants = found.wants | ({"phrase": best[0].phrase} if best else {})
    yield found.model_copy(update={"skus": tuple(dict.fromkeys(m.sku for m in best)), "wants": wants})
