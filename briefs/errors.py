"""What can go wrong between a dossier and a hand-off.

BriefsError                     code, hint: one clear line and what to do
├── BadInput                    a setting, option or file the user gave is not usable
├── NotFound                    no such brief, account, hand-off or person (or not yours to see)
├── NotAllowed                  the token is missing, unknown, revoked or its role may not do this
├── MoveRefused                 the gate's table has no such move from the present state
│   ├── StaleVersion            the decision names another version than the newest
│   └── StaleDossier            what the brief cites changed since it was written
├── UnsupportedClaim            a sentence has no evidence on file
├── AuditBroken                 the audit chain does not add up
├── RubricError                 the rubric file is not valid
└── ModelFault                  the language model did not give a usable answer
    ├── ModelUnavailable        it cannot be reached, or refused to serve, after all retries
    ├── InvalidAnswer           it answered, but not in the shape asked for
    ├── SchemaIgnored           the server does not enforce schemas (found by the canary)
    └── BudgetSpent             --max-cost or --max-calls would be exceeded
"""

from __future__ import annotations


class BriefsError(Exception):
    """A fault a user can act on. `code` is stable; `hint` says what to do next."""

    code = "briefs_error"

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadInput(BriefsError):
    code = "bad_input"


class NotFound(BriefsError):
    code = "not_found"


class NotAllowed(BriefsError):
    code = "not_allowed"


class MoveRefused(BriefsError):
    """`allowed` names the actions the present state does take, where that is what was wrong."""

    code = "move_refused"

    def __init__(self, message: str, hint: str = "", allowed: tuple[str, ...] | None = None) -> None:
        super().__init__(message, hint)
        self.allowed = allowed


class StaleVersion(MoveRefused):
    code = "stale_version"


class StaleDossier(MoveRefused):
    """`changes` says in words what is otherwise now, a line each; whoever has read exactly these names `changes_digest`."""

    code = "stale_dossier"

    def __init__(self, message: str, hint: str = "", allowed: tuple[str, ...] | None = None, changes: tuple[str, ...] = (), digest: str = "") -> None:
        super().__init__(message, hint, allowed)
        self.changes, self.changes_digest = changes, digest


class UnsupportedClaim(BriefsError):
    code = "unsupported_claim"


class AuditBroken(BriefsError):
    code = "audit_broken"


class RubricError(BriefsError):
    code = "rubric_error"


class ModelFault(BriefsError):
    code = "model_fault"


class ModelUnavailable(ModelFault):
    code = "model_unavailable"


class InvalidAnswer(ModelFault):
    code = "invalid_answer"


class SchemaIgnored(ModelFault):
    code = "schema_ignored"


class BudgetSpent(ModelFault):
    code = "budget_spent"
