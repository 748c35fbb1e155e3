"""People on the wire. A token is shown once, in the answer that makes it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from api.schemas import Listed, Wire
from briefs.people import NewPerson
from briefs.store.person_rows import PersonRow, TokenRow

Role = Literal["csm", "ae", "evaluator", "admin", "service"]


class UserOut(Wire):
    id: str
    name: str
    role: Role
    email: str | None
    team: str | None
    created_at: datetime
    revoked_at: datetime | None


class UsersOut(Listed):
    users: list[UserOut]


class UserIn(Wire):
    """A new person. `csm` and `ae` of an account match the id or the e-mail address."""

    name: str = Field(min_length=1, max_length=200)
    role: Role
    email: str | None = Field(default=None, max_length=320)
    team: str | None = Field(default=None, max_length=80)
    expires_at: AwareDatetime | None = Field(default=None, description="When the first token ends; null: when it is revoked.")


class NewUserOut(Wire):
    """A person with a token, which cannot be read again."""

    id: str
    name: str
    role: Role
    email: str | None
    token: str
    token_id: str | None


class TokenIn(Wire):
    label: str | None = Field(default=None, max_length=80, description="What it is for.")
    expires_at: AwareDatetime | None = None


class TokenOut(Wire):
    """A token without its secret."""

    id: str
    label: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokensOut(Listed):
    tokens: list[TokenOut]


def user_out(row: PersonRow) -> UserOut:
    return UserOut.model_validate({name: getattr(row, name) for name in UserOut.model_fields})


def new_user_out(made: NewPerson) -> NewUserOut:
    person = made.person
    return NewUserOut.model_validate({**{name: getattr(person, name) for name in ("id", "name", "role", "email", "token_id")}, "token": made.token})


def token_out(row: TokenRow) -> TokenOut:
    return TokenOut.model_validate({name: getattr(row, name) for name in TokenOut.model_fields})
