"""What a refusal over HTTP looks like, for every test that expects one."""

from __future__ import annotations

from typing import Any

TYPE = "urn:briefs:problem:"


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["type"] == TYPE + code
    assert told["status"] == status
    return told
