"""Somebody with a browser that sends forms and shows no pictures: signed in, with the session's value in each form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from starlette.testclient import TestClient

from tests.api.world import World

HTML = {"Accept": "text/html,application/xhtml+xml"}


@dataclass
class Visitor:
    """One session of one person. Redirects are followed, as a browser does."""

    client: TestClient

    def get(self, path: str) -> Any:
        return self.client.get(path, headers=HTML)

    def post(self, path: str, **fields: Any) -> Any:
        """A form, with the value of the session unless it brings its own."""
        return self.client.post(path, data={"csrf": self.csrf(), **fields}, headers=HTML)

    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.get("/rubric").text)
        return found.group(1) if found else ""


def visitor(world: World, name: str) -> Visitor:
    """Signs in through the form."""
    client = TestClient(world.client.app, base_url="http://127.0.0.1")
    answer = client.post("/sign-in", data={"token": world.tokens[name], "next": "/sign-in"}, headers=HTML)
    assert answer.status_code == 200
    return Visitor(client)
