"""What crosses the wire, one file a noun: what a body may hold (unknown fields are refused) and what an answer holds."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Wire(BaseModel):
    """Frozen, and strict about fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Listed(Wire):
    """A page of a list."""

    next_cursor: str | None = Field(default=None, description="Give it back as `cursor` for the next page; null on the last.")


class FieldProblem(Wire):
    """One thing wrong with a request."""

    in_: str = Field(alias="in", description="body, query, path or header")
    pointer: str = Field(description="JSON pointer to the field.")
    detail: str
    code: str


class Problem(Wire):
    """RFC 9457 problem details."""

    type: str = Field(description="`urn:briefs:problem:` and a code that stays the same.")
    title: str
    status: int
    detail: str
    hint: str | None = Field(default=None, description="What to do next.")
    allowed: list[str] | None = Field(default=None, description="What can be done now, where the state was wrong.")
    changes: list[str] | None = Field(default=None, description="What changed in the record since the brief was written.")
    changes_digest: str | None = Field(default=None, description="Names exactly these changes: an approval that has read them sends it.")
    errors: list[FieldProblem] | None = None
    request_id: str | None = None
