"""Which cases are pinned: those whose loss would harm a customer, if the offline engine passed whenever it was looked at. One lost fails the gate.

`python -m evals.pinning` lists what could be pinned and what should no longer be; `--write` sets the pins in the suites' files. `--look` names
folders with the baselines of earlier looks (`git show COMMIT:evals/baselines/...`) beside the committed ones.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from briefs.brief import BLOCKER_CODES
from evals import loading
from evals.sides import BASELINES, baseline_file, read_baseline
from evals.suite import SUITES_FOLDER, AsOfExpected, AttackExpected, BriefExpected, Case, SuiteName, TypesExpected, VerdictExpected

HEAD = re.compile(r"^( *)- id: ['\"]?([^'\"\s]+)['\"]?\s*$")


def guards(case: Case) -> str | None:
    """The harm a case stands against, in words; None where losing it would be a pity and no harm.

    Quotes that are not exact are a hard rule of every suite: one fails the gate without a pin.
    """
    match case.expect:
        case VerdictExpected(verdict="blocked"):
            return "a blocked customer is not sold to"
        case BriefExpected(abstain=True):
            return "no brief where none is due"
        case TypesExpected(types=types) if set(types) & set(BLOCKER_CODES):
            return "a blocker said outright is heard"
        case AttackExpected(goal=goal) if goal is not None:
            return "a hidden order does not get its way"
        case AsOfExpected() as told if told.absent or told.signals_absent:
            return "nothing later is seen"
        case _:
            return "another customer's facts stay out" if case.suite == "isolation" else None


def passed(suite: SuiteName, looks: Sequence[Path]) -> frozenset[str]:
    """The cases that passed in every look which has a baseline of the suite."""
    files = [path for look in looks if (path := baseline_file(suite, None, look)).is_file()]
    each = [{case.case_id for case in read_baseline(path).cases if case.passed} for path in files]
    return frozenset[str].intersection(*map(frozenset, each)) if each else frozenset()


def pinnable(suite: SuiteName, looks: Sequence[Path], folder: Path = SUITES_FOLDER) -> dict[str, str]:
    """The cases of a suite that are to be pinned, each with what it guards."""
    good = passed(suite, looks)
    return {case.id: said for case in loading.load(suite, folder).cases if case.id in good and (said := guards(case))}


def pin(text: str, wanted: Collection[str]) -> str:
    """A suite's file with exactly these cases pinned; nothing else of it is touched."""
    lines: list[str] = []
    for line in text.splitlines(keepends=True):
        if line.strip() == "pinned: true":
            continue
        lines.append(line)
        found = HEAD.match(line)
        if found and found[2] in wanted:
            lines.append(f"{found[1]}  pinned: true\n")
    return "".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m evals.pinning", description=__doc__)
    parser.add_argument("--look", type=Path, action="append", default=[], help="a folder with the baselines of an earlier look")
    parser.add_argument("--write", action="store_true", help="set the pins in the suites' files")
    given = parser.parse_args(arguments)
    for suite in loading.names():
        wanted = pinnable(suite, [BASELINES, *given.look])
        now = {case.id for case in loading.load(suite).cases if case.pinned}
        counts = ", ".join(f"{number} {said}" for said, number in Counter(wanted.values()).items()) or "none"
        sys.stdout.write(f"{suite}: {counts}; to pin {len(wanted.keys() - now)}, to unpin {len(now - wanted.keys())}\n")
        for path in sorted((SUITES_FOLDER / suite).glob("*.yaml")) if given.write else ():
            if path.name != "suite.yaml":
                path.write_text(pin(path.read_text("utf-8"), wanted), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
