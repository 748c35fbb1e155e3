"""Puts an approved brief into a folder of its own, all of it or nothing, and checks later that nothing in it has changed."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from briefs.brief import BriefBody
from briefs.canonical import canonical, digest
from briefs.errors import BadInput, MoveRefused
from briefs.handoff import envelope as envelopes
from briefs.handoff.envelope import Envelope
from briefs.rendering import Format, render

AUDIENCE = "ae"
BODY = "body.json"
RENDERINGS: dict[str, Format] = {"brief.md": "md", "brief.html": "html", "brief.pdf": "pdf"}
_TAKEN = (errno.EEXIST, errno.ENOTEMPTY)


@dataclass(frozen=True, slots=True)
class Folder:
    """A hand-off on disk. `envelope.files` holds the digest of every other file."""

    path: Path
    envelope: Envelope


def copies(body: BriefBody) -> dict[str, bytes]:
    """The readable copies for the AE, by file name."""
    return {name: render(body, form, AUDIENCE) for name, form in RENDERINGS.items()}


def write(
    home: Path, handoff_id: str, body_bytes: bytes, envelope: Envelope, *, copies: Callable[[BriefBody], Mapping[str, bytes]] = copies
) -> Folder:
    """Writes `home/handoffs/<handoff_id>/`: body.json (these bytes), readable copies for the AE, and the envelope.

    The folder appears whole or not at all. A second call with the same bytes and approval changes nothing.
    Raises BadInput when body, hash and ids do not belong together, MoveRefused when the folder holds something else.
    """
    body = _checked(handoff_id, body_bytes, envelope)
    target = home / "handoffs" / handoff_id
    if target.exists():
        return _same(target, body_bytes, envelope)
    files = {BODY: body_bytes, **copies(body)}
    sealed = envelope.model_copy(update={"files": {name: digest(data) for name, data in files.items()}})
    files[envelopes.FILE_NAME] = canonical(sealed)
    target.parent.mkdir(parents=True, exist_ok=True)
    return Folder(target, sealed) if _place(target, files) else _same(target, body_bytes, envelope)


def verify(folder: Path | Folder) -> list[str]:
    """What is wrong with a hand-off folder, one sentence a fault; empty when every byte is as it was approved."""
    path = folder.path if isinstance(folder, Folder) else folder
    try:
        envelope = envelopes.load(path / envelopes.FILE_NAME)
    except BadInput as fault:
        return [str(fault)]
    expected = {BODY, *RENDERINGS}
    faults = [f"{name} is not covered by the envelope." for name in sorted(expected - envelope.files.keys())]
    faults += [fault for name, held in sorted(envelope.files.items()) if (fault := _file_fault(path, name, held))]
    strangers = {item.name for item in path.iterdir()} - envelope.files.keys() - {envelopes.FILE_NAME}
    faults += [f"{name[:40]!r} does not belong here." for name in sorted(strangers)]
    if envelope.files.get(BODY) != envelope.version_hash:
        faults.append("The envelope approves another version than body.json.")
    if path.name != envelope.handoff_id:
        faults.append("The envelope belongs to another hand-off.")
    return faults


def _checked(handoff_id: str, body_bytes: bytes, envelope: Envelope) -> BriefBody:
    if envelope.handoff_id != handoff_id or not envelopes.ID.fullmatch(handoff_id):
        raise BadInput("The envelope belongs to another hand-off.", "Use the envelope made for this hand-off.")
    if digest(body_bytes) != envelope.version_hash:
        raise BadInput("The brief is not the version that was approved.", "Hand over the bytes whose hash the approval names.")
    try:
        return BriefBody.model_validate_json(body_bytes)
    except ValidationError as cause:
        raise BadInput("The approved bytes are not a brief this release can read.", "Render it with the release that approved it.") from cause


def _same(target: Path, body_bytes: bytes, envelope: Envelope) -> Folder:
    """The folder already there, if it hands over the same thing."""
    held = envelopes.load(target / envelopes.FILE_NAME)
    alike = held.model_copy(update={"files": {}}) == envelope.model_copy(update={"files": {}})
    if not alike or not _holds(target / BODY, body_bytes):
        raise MoveRefused(
            "This hand-off is already written with other bytes.", "A changed brief is a new version: approve it and make a new hand-off."
        )
    return Folder(target, held)


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _place(target: Path, files: dict[str, bytes]) -> bool:
    """Writes the files beside the target and renames the whole into place; False when somebody else was first."""
    draft = Path(tempfile.mkdtemp(prefix=".writing-", dir=target.parent))
    try:
        for name, data in files.items():
            with (draft / name).open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        _sync(draft)
        draft.rename(target)
    except OSError as cause:
        shutil.rmtree(draft, ignore_errors=True)
        if cause.errno in _TAKEN and target.exists():
            return False
        raise
    _sync(target.parent)
    return True


def _sync(folder: Path) -> None:
    """Makes the folder's list of names survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _file_fault(path: Path, name: str, held: str) -> str | None:
    if name not in (BODY, *RENDERINGS):
        return f"The envelope lists {name[:40]!r}, which no hand-off has."
    file = path / name
    if file.is_symlink() or not file.is_file():
        return f"{name} is missing."
    return None if digest(file.read_bytes()) == held else f"{name} has changed since it was approved."
