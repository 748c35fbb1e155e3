"""What stands around an approved brief: who approved which bytes and when, where the audit stood, and the hash of every file."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import AwareDatetime, Field, ValidationError

from briefs.brief import Frozen
from briefs.errors import BadInput

FILE_NAME = "envelope.json"
ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$")
"""What a hand-off may be called: it is also a folder's name."""


class Envelope(Frozen):
    """Who approved what. `version_hash` is the digest (`sha256:...`) of body.json; `files` maps file names to their digests."""

    handoff_id: str = Field(pattern=ID.pattern)
    brief_id: str
    version_hash: str
    approver_id: str
    approver_name: str
    approved_at: AwareDatetime
    self_approved: bool = False
    """The approver was also the last to edit the brief."""
    audit_head: str
    """The hash of the newest audit entry when the approval was written."""
    files: dict[str, str] = Field(default_factory=dict)


def load(path: Path) -> Envelope:
    """The envelope in a file. Raises BadInput when it is missing or not one."""
    try:
        return Envelope.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as cause:
        raise BadInput("The hand-off folder has no readable envelope.", "Write the hand-off again from the store.") from cause
