"""People and their tokens, for admins."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends

from api.paging import Paged, cut_all
from api.parts import Space, caller
from api.routes import problems, router
from api.schemas.users import NewUserOut, TokenIn, TokensOut, UserIn, UsersOut, new_user_out, token_out, user_out
from briefs import people
from briefs.people import Person
from briefs.wiring import new_token

calls = router("users")
Admin = Annotated[Person, Depends(caller("admin"))]


@calls.get("/users")
def list_users(space: Space, _admin: Admin, page: Paged) -> UsersOut:
    """Everybody, revoked people too, in the order they came."""
    shown, cursor = cut_all(people.everybody(space.store), page, lambda row: (row.created_at.isoformat(), row.id))
    return UsersOut(users=[user_out(row) for row in shown], next_cursor=cursor)


@calls.post("/users", status_code=201)
def add_user(space: Space, admin: Admin, wish: UserIn) -> NewUserOut:
    """A new person with a token, shown this once."""
    made = people.add(
        space.store,
        wish.name,
        wish.role,
        wish.email,
        team=wish.team,
        expires_at=wish.expires_at,
        by=admin,
        now=space.now,
        new_id=space.new_id,
        new_token=new_token,
    )
    return new_user_out(made)


@calls.delete("/users/{user_id}", status_code=204, responses=problems(404))
def revoke_user(space: Space, admin: Admin, user_id: str) -> None:
    """Stops a person's tokens and sessions. What they decided stands."""
    people.revoke(space.store, user_id, by=admin, now=space.now)


@calls.get("/users/{user_id}/tokens", responses=problems(404))
def list_tokens(space: Space, _admin: Admin, user_id: str, page: Paged) -> TokensOut:
    """A person's tokens without their secrets, with when each was used last."""
    shown, cursor = cut_all(people.tokens(space.store, user_id), page, lambda row: (row.created_at.isoformat(), row.id))
    return TokensOut(tokens=[token_out(row) for row in shown], next_cursor=cursor)


@calls.post("/users/{user_id}/tokens", status_code=201, responses=problems(404))
def add_token(space: Space, admin: Admin, user_id: str, wish: TokenIn) -> NewUserOut:
    """One more token of a person, shown this once."""
    made = people.another_token(space.store, user_id, label=wish.label, expires_at=wish.expires_at, by=admin, now=space.now, new_token=new_token)
    return new_user_out(made)


@calls.delete("/users/{user_id}/tokens/{token_id}", status_code=204, responses=problems(404))
def revoke_token(space: Space, admin: Admin, user_id: str, token_id: str) -> None:
    """That token stops working; the person's others go on."""
    people.revoke_token(space.store, people.token_of(space.store, user_id, token_id).id, by=admin, now=space.now)
