"""Reads suites from their folder, strictly: a case with a slip in it is named with its file, and nothing is measured before it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

import yaml
from pydantic import BaseModel, ValidationError

from evals.errors import SuiteFault
from evals.suite import SHAPES, SUITES, SUITES_FOLDER, About, Case, Suite, SuiteName

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # a PyYAML built without its C part: ten times slower, the same result
    from yaml import SafeLoader as _Loader

M = TypeVar("M", bound=BaseModel)
_HEAD = set(Case.model_fields) - {"suite", "input", "expect"}


def names(folder: Path = SUITES_FOLDER) -> list[SuiteName]:
    """The suites that have a folder, in the order of SUITES."""
    return [name for name in SUITES if (folder / name / "suite.yaml").is_file()]


def load(name: str, folder: Path = SUITES_FOLDER) -> Suite:
    """A suite with all its cases. Raises SuiteFault: no such suite, a fault in a file, an id used twice."""
    if name not in get_args(SuiteName) or not (folder / name / "suite.yaml").is_file():
        raise SuiteFault(f"There is no suite {name[:40]!r}.", f"There are: {', '.join(names(folder)) or 'none'}.")
    suite = cast("SuiteName", name)
    about = _part(About, read_yaml(folder / name / "suite.yaml") or {}, f"{name}/suite.yaml")
    cases: dict[str, Case] = {}
    for path in sorted((folder / name).glob("*.yaml")):
        if path.name == "suite.yaml":
            continue
        for case in read_cases(suite, path):
            if case.id in cases:
                raise SuiteFault(f"{name}/{path.name}: the id {case.id} is used twice.", "An id stands for one case for ever.")
            cases[case.id] = case
    return Suite(name=suite, about=about, cases=tuple(cases[key] for key in sorted(cases)))


def read_cases(suite: SuiteName, path: Path) -> Iterator[Case]:
    """The cases of one file. Raises SuiteFault, naming the case and the field."""
    told = read_yaml(path)
    if told is None:
        return
    if not isinstance(told, list):
        raise SuiteFault(f"{suite}/{path.name}: a list of cases is expected.", "Each case begins with `- id:`.")
    for number, raw in enumerate(cast("list[Any]", told), 1):
        if not isinstance(raw, dict):
            raise SuiteFault(f"{suite}/{path.name}: entry {number} is no case.", "Each case begins with `- id:`.")
        row = cast("dict[str, Any]", raw)
        yield case_of(suite, row, f"{suite}/{path.name}: {row.get('id') or f'entry {number}'}")


def case_of(suite: SuiteName, raw: dict[str, Any], where: str) -> Case:
    """One case from plain data. Raises SuiteFault, beginning with `where`."""
    surplus = sorted(set(raw) - _HEAD - {"input", "expect"})
    if surplus:
        raise SuiteFault(f"{where}: unknown field {surplus[0]!r}.", f"A case has {', '.join(sorted(_HEAD))}, input and expect.")
    takes, expects = SHAPES[suite]
    given = _part(takes, raw.get("input"), f"{where}: input")
    expected = _part(expects, raw.get("expect"), f"{where}: expect")
    head = {key: value for key, value in raw.items() if key in _HEAD}
    return _part(Case, {**head, "suite": suite, "input": given, "expect": expected}, where)


def _part(shape: type[M], value: Any, where: str) -> M:
    try:
        return shape.model_validate(value)
    except ValidationError as fault:
        raise SuiteFault(f"{where}: {fault_in_words(fault)}", "evals/README.md shows the form.") from None


def fault_in_words(fault: ValidationError) -> str:
    """One fault: where it stands and what is wrong. A field nobody knows is named before one that is missing: it is mostly the same slip."""
    faults = fault.errors(include_url=False, include_input=False)
    first = next((one for one in faults if one["type"] == "extra_forbidden"), faults[0])
    return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg'].removeprefix('Value error, ')}"


def read_yaml(path: Path) -> Any:
    """Plain data. Raises SuiteFault."""
    try:
        with path.open("rb") as stream:
            return yaml.load(stream, Loader=_Loader)
    except yaml.YAMLError as fault:
        first = str(fault).splitlines()[0]
        raise SuiteFault(f"{path.parent.name}/{path.name} is not YAML: {first}", "Check the indentation at that line.") from None
