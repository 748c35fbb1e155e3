"""The part of the application that a call needs: the options of fifty commands take longer to put together than a short command to run."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import typer
from typer.main import get_command_name
from typer.models import CommandInfo, TyperInfo


def part_of(app: typer.Typer, arguments: Sequence[str]) -> typer.Typer:
    """`app` with the one command or group that `arguments` call; all of it where they call none of its own, as for `--help` or a slip of the pen."""
    called = _called(arguments)
    commands = [each for each in app.registered_commands if _name_of(each) == called]
    groups = [each for each in app.registered_groups if _group_name(each) == called]
    if not commands and not groups:
        return app
    part = copy.copy(app)
    part.registered_commands, part.registered_groups = commands, groups
    return part


def _called(arguments: Sequence[str]) -> str | None:
    """The first word, behind `--home FOLDER` where that stands first."""
    if arguments[:1] == ["--home"]:
        arguments = arguments[2:]
    elif arguments and arguments[0].startswith("--home="):
        arguments = arguments[1:]
    return arguments[0] if arguments else None


def _name_of(command: CommandInfo) -> str | None:
    return command.name or (get_command_name(command.callback.__name__) if command.callback else None)


def _group_name(group: TyperInfo) -> str | None:
    return group.typer_instance.info.name if group.typer_instance else None
