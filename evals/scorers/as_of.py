"""Is an account seen as it stood on the day: nothing that came later, and all that was known?"""

from __future__ import annotations

from collections.abc import Iterator

from evals.results import Output, Score
from evals.shown import stands_in, texts
from evals.suite import AsOfExpected, Case
from retrieval.dossier import Dossier

NAME = "as_of"
VERSION = "1"


def score(case: Case, output: Output, dossier: Dossier | None) -> Score | list[Score]:
    """1 where nothing absent is seen and nothing present is missing.

    Record ids and words are looked for in what a person reads and in the dossier, signal types among signals and blockers.
    """
    if not isinstance(case.expect, AsOfExpected):
        return []
    if output.result is None:
        return Score(scorer=NAME, version=VERSION, value=None, reason="there is no result")
    faults = list(_faults(case.expect, output, dossier))
    return Score(scorer=NAME, version=VERSION, value=float(not faults), reason="; ".join(faults[:4]) or "seen as it stood")


def _faults(expect: AsOfExpected, output: Output, dossier: Dossier | None) -> Iterator[str]:
    assert output.result is not None
    known = dossier.model_dump_json() if dossier else ""
    seen = " ".join((known, output.model_dump_json(), *(text for _, text in texts(output))))
    types = {signal.type for signal in output.result.signals} | {blocker.code for blocker in output.result.blockers}
    yield from (f"{what} is seen, and came later" for what in expect.absent if stands_in(what, seen))
    yield from (f"{what} was known, and is not seen" for what in expect.present if not stands_in(what, seen))
    yield from (f"{name} is found, and came later" for name in expect.signals_absent if name in types)
    yield from (f"{name} is not found" for name in expect.signals_present if name not in types)
