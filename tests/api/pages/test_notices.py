"""What people are told stands on a page of their own, counted beside its link until it is read."""

from __future__ import annotations

from datetime import timedelta

from api.pages.views.notices import ANSWERS
from api.pages.views.notices import KINDS as WORDS
from briefs.deciding.notices import KINDS
from briefs.deciding.sales import ACTIONS
from briefs.store import notices
from briefs.store.notices import Notice
from tests.api.pages.visitor import Visitor, visitor
from tests.api.world import World

COUNT = '<span class="badge new">{}<span class="hidden"> unread</span></span>'


def counted(person: Visitor) -> int:
    return next((n for n in range(100) if COUNT.format(n) in person.get("/notices").text), 0)


def test_every_kind_of_notice_and_of_answer_has_words() -> None:
    assert set(WORDS) == set(KINDS)
    assert set(ANSWERS) == set(ACTIONS)


def test_a_question_is_told_to_the_csm_counted_opened_and_then_read(world: World) -> None:
    handoff = world.delivered("a01")
    mira, ana = visitor(world, "mira"), visitor(world, "ana")
    before = counted(mira)
    assert "A brief was handed to you" in ana.get("/notices").text
    ana.post(f"/calls/{handoff}/questions", text="Who signs?")
    page = mira.get("/notices").text
    assert "The AE asks something." in page
    assert "Who signs?" not in page, "a notice holds no words of theirs"
    assert counted(mira) == before + 1
    notice = page.split('class="name" href="/notices/')[1].split('"')[0]
    opened = mira.get(f"/notices/{notice}")
    assert opened.url.path == f"/calls/{handoff}"
    assert counted(mira) == before


def test_everything_on_the_page_is_read_at_once_and_nothing_that_came_since(world: World) -> None:
    mira, store, now = visitor(world, "mira"), world.workspace.store, world.workspace.now()
    page = mira.get("/notices").text
    old = counted(mira)
    for n, at in enumerate((now, now + timedelta(seconds=5)), 1):
        with store.writing() as connection:
            detail = {"answer": "decline", "code": "no_budget"}
            notices.add(connection, Notice(f"n{n}", world.ids["mira"], at, "answered", f"brief:{world.brief_of('a01')}", "a01", detail))
    assert counted(mira) == old + 2
    page = mira.get("/notices").text
    assert "Sales answered: they decline: No budget." in page
    mira.post("/notices/read", until=now.isoformat())
    assert counted(mira) == 1
    assert mira.get("/notices/n2").url.path == f"/briefs/{world.brief_of('a01')}"
    assert counted(mira) == 0


def test_nobody_opens_or_reads_somebody_elses_notice(world: World) -> None:
    with world.workspace.store.writing() as connection:
        notices.add(connection, Notice("n1", world.ids["jonas"], world.workspace.now(), "undecided", f"brief:{world.brief_of('a10')}", "a10", {}))
    mira, jonas = visitor(world, "mira"), visitor(world, "jonas")
    assert mira.get("/notices/n1").status_code == 404
    assert "QZTHEIRS" not in mira.get("/notices").text
    assert "QZTHEIRS" in jonas.get("/notices").text
    assert counted(jonas) >= 1
