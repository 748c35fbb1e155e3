"""What can go wrong in an evaluation before anything is measured. Every error has a stable `code` and a hint.

EvalError
├── SuiteFault         a suite, a case or a record set is not in the form evals/README.md describes
├── CassetteMiss       replay was asked for something that was never recorded; it names the case and what differed
├── NotAnswered        a model could not be asked: out of reach, or its budget is spent; nothing takes over
├── NoSuchRun          no run, baseline or report of that name
├── StaleBaseline      a baseline was blessed with other prompts than those here
└── CannotTell         too few cases could be scored to say anything
"""

from __future__ import annotations


class EvalError(Exception):
    """`code` is stable; `hint` says what to do next."""

    code = "eval_error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class SuiteFault(EvalError):
    code = "suite_fault"


class CassetteMiss(EvalError):
    code = "cassette_miss"


class NotAnswered(EvalError):
    code = "not_answered"


class NoSuchRun(EvalError):
    code = "no_such_run"


class StaleBaseline(EvalError):
    code = "stale_baseline"


class CannotTell(EvalError):
    code = "cannot_tell"
