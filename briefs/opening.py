"""Parts of a workspace are opened once, when first needed, also where several threads ask at the same moment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import RLock
from typing import Any, Generic, TypeVar, overload

from briefs.errors import BadInput

T = TypeVar("T")
_MAKING = RLock()


class cached_property(Generic[T]):
    """functools.cached_property with the lock it lost in Python 3.12: two vector indexes on one folder would destroy it."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self._name, self.__doc__ = make, make.__name__, make.__doc__

    @overload
    def __get__(self, owner: None, kind: type) -> cached_property[T]: ...
    @overload
    def __get__(self, owner: object, kind: type) -> T: ...
    def __get__(self, owner: object | None, kind: type) -> cached_property[T] | T:
        if owner is None:
            return self
        kept = owner.__dict__
        if self._name not in kept:
            with _MAKING:
                if self._name not in kept:
                    kept[self._name] = self._make(owner)
        return kept[self._name]


def make_home(home: Path) -> None:
    """The home folder, made where it is missing. Raises BadInput where that cannot be."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise BadInput(f"The home folder {home} cannot be made: {cause.strerror}.", "Name another with --home or BRIEFS_HOME.") from cause
