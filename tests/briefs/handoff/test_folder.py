"""A hand-off folder holds what was approved, whole or not at all, and tells when it was touched."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from briefs.brief import BriefBody
from briefs.canonical import canonical, digest
from briefs.errors import BadInput, MoveRefused
from briefs.handoff.envelope import Envelope, load
from briefs.handoff.folder import RENDERINGS, verify, write
from tests.briefs.builders import a_brief, a_thin_brief

BODY = canonical(a_thin_brief())


def an_envelope(body: bytes = BODY, **changes: Any) -> Envelope:
    return Envelope(
        handoff_id="h1",
        brief_id="b1",
        version_hash=digest(body),
        approver_id="u-mira",
        approver_name="Mira Hoff",
        approved_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
        audit_head="sha256:" + "ab" * 32,
    ).model_copy(update=changes)


def names(path: Path) -> list[str]:
    return sorted(item.name for item in path.iterdir())


def test_the_approved_bytes_are_handed_over_unchanged(tmp_path: Path) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope())
    assert folder.path == tmp_path / "handoffs" / "h1"
    assert (folder.path / "body.json").read_bytes() == BODY
    assert names(folder.path) == ["body.json", "brief.html", "brief.md", "brief.pdf", "envelope.json"]
    assert BriefBody.model_validate_json((folder.path / "body.json").read_bytes()) == a_thin_brief()
    assert verify(folder) == verify(folder.path) == []


def test_the_envelope_says_who_approved_and_covers_every_file(tmp_path: Path) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope(self_approved=True))
    held = load(folder.path / "envelope.json")
    assert held == folder.envelope
    assert held.approver_name == "Mira Hoff"
    assert held.self_approved
    assert held.files == {name: digest((folder.path / name).read_bytes()) for name in ("body.json", *RENDERINGS)}


def test_the_readable_copies_are_what_the_executive_may_read(tmp_path: Path) -> None:
    body = canonical(a_brief())
    folder = write(tmp_path, "h1", body, an_envelope(body))
    copy = (folder.path / "brief.md").read_text()
    assert "internal" in copy
    assert "saved EUR 2 million" not in copy


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    first = write(tmp_path, "h1", BODY, an_envelope())
    before = {item: item.stat().st_mtime_ns for item in first.path.iterdir()}
    assert write(tmp_path, "h1", BODY, an_envelope()) == first
    assert {item: item.stat().st_mtime_ns for item in first.path.iterdir()} == before


def test_other_bytes_or_another_approval_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "h1", BODY, an_envelope())
    other = canonical(a_thin_brief(sku_name="Something else"))
    for body, envelope in ((other, an_envelope(other)), (BODY, an_envelope(approver_id="u-jonas")), (BODY, an_envelope(self_approved=True))):
        with pytest.raises(MoveRefused):
            write(tmp_path, "h1", body, envelope)
    assert (tmp_path / "handoffs" / "h1" / "body.json").read_bytes() == BODY


def test_a_folder_whose_body_was_touched_is_not_taken_for_the_same(tmp_path: Path) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope())
    (folder.path / "body.json").write_bytes(BODY + b" ")
    with pytest.raises(MoveRefused):
        write(tmp_path, "h1", BODY, an_envelope())


@pytest.mark.parametrize(
    ("handoff_id", "body", "envelope"),
    [
        ("h2", BODY, an_envelope()),
        ("h1", BODY + b" ", an_envelope()),
        ("h1", b"{}", an_envelope(b"{}")),
        ("h1", b"\xff", an_envelope(b"\xff")),
    ],
    ids=["another hand-off", "other bytes", "no brief", "no text"],
)
def test_what_does_not_belong_together_is_not_written(tmp_path: Path, handoff_id: str, body: bytes, envelope: Envelope) -> None:
    with pytest.raises(BadInput):
        write(tmp_path, handoff_id, body, envelope)
    assert not (tmp_path / "handoffs").exists()


@pytest.mark.parametrize("handoff_id", ["", "..", "a/b", "../h1", ".hidden", "h1\n", "a" * 101])
def test_an_id_that_leaves_the_folder_is_no_id(handoff_id: str) -> None:
    with pytest.raises(ValidationError):
        Envelope.model_validate(an_envelope().model_dump() | {"handoff_id": handoff_id})


def test_an_envelope_nobody_checked_cannot_leave_the_folder(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        write(tmp_path / "home", "../../elsewhere", BODY, an_envelope(handoff_id="../../elsewhere"))
    assert names(tmp_path) == []


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "handoffs").write_text("in the way")
    with pytest.raises(OSError, match="handoffs"):
        write(tmp_path, "h1", BODY, an_envelope())
    assert names(tmp_path) == ["handoffs"]


def test_nothing_of_the_writing_is_left_beside_the_folder(tmp_path: Path) -> None:
    write(tmp_path, "h1", BODY, an_envelope())
    assert names(tmp_path / "handoffs") == ["h1"]


@pytest.mark.parametrize("name", ["body.json", *RENDERINGS])
def test_a_changed_or_missing_file_is_named(tmp_path: Path, name: str) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope())
    (folder.path / name).write_bytes(b"changed")
    assert verify(folder) == [f"{name} has changed since it was approved."]
    (folder.path / name).unlink()
    assert verify(folder) == [f"{name} is missing."]


def test_a_stranger_in_the_folder_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope())
    (folder.path / "notes.txt").write_text("x")
    assert verify(folder) == ["'notes.txt' does not belong here."]


def test_a_forged_envelope_is_noticed(tmp_path: Path) -> None:
    folder = write(tmp_path, "h1", BODY, an_envelope())
    (folder.path / "body.json").write_bytes(b"forged")
    forged = folder.envelope.model_copy(update={"handoff_id": "h9", "files": folder.envelope.files | {"body.json": digest(b"forged"), "../x": "y"}})
    (folder.path / "envelope.json").write_bytes(canonical(forged))
    assert verify(folder) == [
        "The envelope lists '../x', which no hand-off has.",
        "The envelope approves another version than body.json.",
        "The envelope belongs to another hand-off.",
    ]


def test_a_folder_without_an_envelope_is_not_a_hand_off(tmp_path: Path) -> None:
    assert verify(tmp_path) == ["The hand-off folder has no readable envelope."]
    assert verify(tmp_path / "nowhere") == ["The hand-off folder has no readable envelope."]
