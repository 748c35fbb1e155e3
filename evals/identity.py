"""What is being measured: the engine, the model, the prompts, the rubric and the code, each by a hash. With other hashes it is another thing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import prompts
from briefs import rubric as rubrics
from evals.results import Identity

if TYPE_CHECKING:
    from briefs.settings import Settings

ROOT = Path(__file__).parent.parent
MEASURED = ("briefs", "prompts", "retrieval")
"""Packages a result depends on."""
_KINDS = frozenset({".py", ".yaml", ".txt", ".npz", ".mako"})


def prompt_versions(folder: Path | None = None) -> dict[str, str]:
    """Each prompt's version: the hash of what reaches a model."""
    return {name: (prompts.load(name, folder) if folder else prompts.load(name)).version for name in prompts.NAMES}


def of(settings: Settings, *, engine: str, model: str | None) -> Identity:
    """The identity of what `settings` put together."""
    kept = {"embedder": settings.embedder, "temperature": settings.temperature, "max_output_tokens": settings.max_output_tokens}
    return Identity(
        engine=engine,
        model=model,
        prompts=prompt_versions(settings.prompts),
        rubric=rubrics.load(settings.rubric).version,
        code=code_hash(),
        settings=kept | ({"context_tokens": settings.context_tokens} if model else {}),
    )


@cache
def code_hash() -> str:
    """Over the source and the data files of the packages a result depends on."""
    digest = hashlib.sha256()
    for path in _files():
        digest.update(str(path.relative_to(ROOT).as_posix()).encode() + b"\0" + path.read_bytes())
    return "sha256:" + digest.hexdigest()


def _files() -> Iterator[Path]:
    for package in MEASURED:
        yield from sorted(path for path in (ROOT / package).rglob("*") if path.suffix in _KINDS and path.is_file())


def differences(one: Identity, other: Identity) -> list[str]:
    """What two runs differ in, in words."""
    said = [f"{name} {getattr(one, name)} → {getattr(other, name)}" for name in ("engine", "model") if getattr(one, name) != getattr(other, name)]
    changed = sorted(name for name in one.prompts.keys() | other.prompts.keys() if one.prompts.get(name) != other.prompts.get(name))
    if changed:
        said.append(f"prompts: {', '.join(changed)}")
    said += [name for name in ("rubric", "code") if getattr(one, name) != getattr(other, name)]
    keys = sorted(key for key in one.settings.keys() | other.settings.keys() if one.settings.get(key) != other.settings.get(key))
    return said + [f"{key} {one.settings.get(key)} → {other.settings.get(key)}" for key in keys]
