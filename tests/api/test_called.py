"""Whatever is called is put together as the whole application would have it, and nothing else is."""

from __future__ import annotations

from typing import Any, cast

import pytest
from typer.main import get_command

from api.cli.app import app
from api.cli.called import part_of

WHOLE = cast("dict[str, Any]", cast("Any", get_command(app)).commands)


def described(command: Any) -> tuple[Any, ...]:
    """What a command is called, what it takes, and its commands where it is a group."""
    inner = getattr(command, "commands", {})
    return command.name, command.help, [(p.name, p.opts) for p in command.params], [described(each) for each in inner.values()]


@pytest.mark.parametrize("name", WHOLE)
@pytest.mark.parametrize("before", [[], ["--home", "list"], ["--home=x"]], ids=["bare", "home", "home="])
def test_a_command_that_is_called_is_as_it_is_in_the_whole(name: str, before: list[str]) -> None:
    part = cast("Any", get_command(part_of(app, [*before, name, "--json"])))
    assert list(part.commands) == [name]
    assert described(part.commands[name]) == described(WHOLE[name])
    assert [p.opts for p in part.params] == [p.opts for p in cast("Any", get_command(app)).params]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["lits"], ["--help", "list"], ["--home"], ["--home", "list"], ["--wrong", "list"]])
def test_help_and_slips_of_the_pen_meet_the_whole(arguments: list[str]) -> None:
    assert part_of(app, arguments) is app
