"""The verdict on a comparison: FAIL, CANNOT TELL, WARN or PASS, with every reason in words. Pure: the same figures give the same verdict.

FAIL         a pinned case was lost, a case crashes, a hard rule is newly broken, a gated score is worse beyond chance, or a limit is crossed
CANNOT TELL  cases could not be measured, too few could be scored, a pin failed in a single answer of a model, or there is nothing to compare
WARN         worse, but it may be chance; or a hard rule that was broken before still is
PASS         none of these
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from evals.comparing import CONFIRMED, Side, SuiteComparison, Test
from evals.results import Measured, Metric
from evals.suite import About, Limit, SuiteName

Word = Literal["PASS", "WARN", "CANNOT TELL", "FAIL"]
EXIT: dict[Word, int] = {"PASS": 0, "WARN": 0, "CANNOT TELL": 4, "FAIL": 1}
_RANK: tuple[Word, ...] = ("PASS", "WARN", "CANNOT TELL", "FAIL")
ALPHA = 0.05
UNTOLD_SHARE = 0.05
"""Above this share of cases that no scorer could judge, a suite says nothing."""
NAMED = 8
_Made = Callable[..., "Reason"]


class Reason(Measured):
    """Why a suite got its verdict. `cases` are the ids it rests on."""

    word: Word
    suite: SuiteName | None
    text: str
    cases: tuple[str, ...] = ()


class Verdict(Measured):
    """The gate's answer for all suites together and for each."""

    word: Word
    reasons: tuple[Reason, ...]
    by_suite: dict[SuiteName, Word]

    @property
    def exit_code(self) -> int:
        return EXIT[self.word]


def judge(compared: Sequence[SuiteComparison], baseline: Side, candidate: Side, about: Mapping[SuiteName, About]) -> Verdict:
    """The verdict on what `comparing.compare` gave."""
    reasons = [reason for one in compared for reason in _reasons(one, candidate, about[one.suite])]
    there = {one.suite for one in compared}
    for suite in candidate.cases:
        if suite not in there:
            reasons.append(Reason(word="CANNOT TELL", suite=suite, text="there is no baseline of this suite"))
    if not candidate.partial:
        for suite in baseline.cases:
            if suite not in candidate.cases:
                reasons.append(Reason(word="CANNOT TELL", suite=suite, text="the suite was not run"))
    if not candidate.cases:
        reasons.append(Reason(word="CANNOT TELL", suite=None, text="nothing was run"))
    ordered = tuple(sorted(reasons, key=lambda reason: -_RANK.index(reason.word)))
    by_suite: dict[SuiteName, Word] = {suite: _worst(r.word for r in ordered if r.suite == suite) for suite in candidate.cases}
    return Verdict(word=_worst(r.word for r in ordered), reasons=ordered, by_suite=by_suite)


def limits_crossed(metrics: Sequence[Metric], limits: Sequence[Limit]) -> Iterator[str]:
    """Each limit a figure crosses, in words. A limit on a figure that is not there is said too."""
    by_name = {metric.name: metric for metric in metrics}
    for limit in limits:
        metric = by_name.get(limit.metric)
        if metric is None or metric.value is None:
            yield f"{limit.metric} has a limit and no value"
        elif limit.floor is not None and metric.value < limit.floor:
            yield f"{limit.metric} is {metric.value:.4g}, below its floor of {limit.floor:g}"
        elif limit.ceiling is not None and metric.value > limit.ceiling:
            yield f"{limit.metric} is {metric.value:.4g}, above its ceiling of {limit.ceiling:g}"


def _worst(words: Iterable[Word]) -> Word:
    return _RANK[max(map(_RANK.index, words), default=0)]


def _reasons(one: SuiteComparison, candidate: Side, about: About) -> Iterator[Reason]:
    def reason(word: Word, text: str, cases: Sequence[str] = ()) -> Reason:
        return Reason(word=word, suite=one.suite, text=text, cases=tuple(cases))

    yield from _lost(one, candidate, reason)
    for said in limits_crossed(candidate.metrics.get(one.suite, ()), () if candidate.partial else about.limits):
        yield reason("FAIL", said)
    yield from _of_measurement(one, candidate, reason)
    yield from (reason(*told) for test in one.tests if (told := _of_test(test)) is not None)
    if one.still_broken:
        yield reason("WARN", f"a hard rule is broken as it was in the baseline: {named(one.still_broken)}", one.still_broken)
    if one.altered or one.removed:
        counts = f"{len(one.altered)} cases have other content than in the baseline, {len(one.removed)} are gone"
        yield reason("WARN", f"{counts}; they are in no test", (*one.altered, *one.removed))


def _lost(one: SuiteComparison, candidate: Side, reason: _Made) -> Iterator[Reason]:
    if one.lost_pins:
        yield reason("FAIL", f"pinned cases were lost: {named(one.lost_pins)}", one.lost_pins)
    if one.newly_crashed:
        yield reason("FAIL", f"cases crash that did not: {named(one.newly_crashed)}", one.newly_crashed)
    if one.newly_broken:
        rules = sorted({rule for case in one.newly_broken for rule in candidate.cases[one.suite][case].broken})
        yield reason("FAIL", f"a hard rule is newly broken ({', '.join(rules)}): {named(one.newly_broken)}", one.newly_broken)
    if one.unconfirmed_pins:
        yield reason("CANNOT TELL", _unconfirmed(one), one.unconfirmed_pins)


def _of_measurement(one: SuiteComparison, candidate: Side, reason: _Made) -> Iterator[Reason]:
    if one.unmeasured:
        first = candidate.cases[one.suite][one.unmeasured[0]].error or ""
        yield reason("CANNOT TELL", f"{len(one.unmeasured)} cases were not measured: {named(one.unmeasured)} ({first})", one.unmeasured)
    if len(one.untold) > UNTOLD_SHARE * len(candidate.cases[one.suite]):
        yield reason("CANNOT TELL", f"{len(one.untold)} cases could not be scored: {named(one.untold)}", one.untold)
    if not one.common:
        yield reason("CANNOT TELL", "no case is the same on both sides")


def _unconfirmed(one: SuiteComparison) -> str:
    cases = " ".join(f"--case {case}" for case in one.unconfirmed_pins[:NAMED])
    return (
        f"pinned cases failed in fewer than {CONFIRMED} runs of a model that may answer otherwise next time: {named(one.unconfirmed_pins)}; "
        f"`briefs eval run {one.suite} --mode live --repeat {CONFIRMED} {cases}` tells"
    )


def _of_test(test: Test) -> tuple[Word, str] | None:
    if test.direction != "worse" or test.baseline is None or test.candidate is None:
        return None
    fell = f"{test.score} fell from {test.baseline:.3f} to {test.candidate:.3f} ({test.worse} worse, {test.better} better of {test.n}"
    if test.adjusted < ALPHA:
        return "FAIL", f"{fell}, p = {test.p:.4f}, {test.adjusted:.4f} among all tests): more than chance"
    return "WARN", f"{fell}, p = {test.p:.3f}, {test.adjusted:.3f} among all tests): it may be chance; {test.needed}"


def named(cases: Sequence[str]) -> str:
    """The first few ids, and how many more."""
    more = len(cases) - NAMED
    return ", ".join(cases[:NAMED]) + (f" and {more} more" if more > 0 else "")
