"""What a person or sales did with a brief becomes the case it says something for, and no case where the records could not have told it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Generator
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from briefs import review
from briefs.brief import BriefBody, Claim, Evidence
from briefs.deciding import sales
from briefs.deciding.codes import DECLINE_CODES, LOST_CODES
from briefs.editing import Edit
from briefs.gate import REJECT_CODES
from briefs.people import Person, add
from evals.life import lessons, proposing
from evals.loading import case_of
from evals.materials import native_folder, source_of
from evals.rooms import Home
from tests.briefs.desk_parts import unchanged
from tests.evals.suite_builders import workspace

TODAY = date(2026, 1, 1)
"""What a case's home calls today."""
DAY = date(2026, 3, 20)
"""When the account is first looked at."""


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A home with the sample, in which one account was drafted."""
    folder = tmp_path_factory.mktemp("lessons")
    with workspace(folder / "models") as models:
        home = Home(folder / "home", models.settings, models)
        home.take_in(native_folder(source_of("sample/a01"), folder / "unused"))
        (result,) = home.pipeline(home.offline_engine).scan(["a01"], DAY)
        assert result.result.brief_id is not None
        home.close()
    return folder / "home", result.result.brief_id


class Desk:
    """One copied home, and the people who act in it."""

    def __init__(self, home: Home, brief: str) -> None:
        self.home, self.brief, numbers = home, brief, count(1)

        def person(name: str, role: Any, email: str) -> Person:
            token = f"token-{next(numbers)}"
            return add(home.store, name, role, email, by=None, now=home.now, new_id=lambda: f"p-{name}", new_token=lambda: token).person

        self.csm, self.ae = person("Mira", "csm", "mira@fieldlane.example"), person("Ana", "ae", "ana@fieldlane.example")

    @property
    def head(self) -> str:
        return self.home.store.brief(self.brief).head

    def body(self) -> BriefBody:
        return BriefBody.model_validate_json(self.home.store.version(self.head))

    def delivered(self) -> str:
        review.approve(self.home.desk, self.csm, self.brief, self.head, current_dossier_check=unchanged)
        return self.home.store.handoffs(self.brief)[0].id

    def accepted(self) -> str:
        handoff = self.delivered()
        sales.accept(self.home.desk, self.ae, handoff, first_touch=TODAY + timedelta(days=1))
        return handoff

    def proposals(self) -> list[proposing.Proposal]:
        return proposing.propose(self.brief, self.home.store, self.home.archive)


@pytest.fixture
def desk(scanned: tuple[Path, str], tmp_path: Path) -> Generator[Desk]:
    shutil.copytree(scanned[0], tmp_path / "home")
    with workspace(tmp_path / "models") as models:
        home = Home(tmp_path / "home", models.settings, models)
        yield Desk(home, scanned[1])
        home.close()


def believed(text: str, dossier: bytes, evidence: tuple[Evidence, ...]) -> Claim:
    """A verifier for which the record carries every sentence."""
    return Claim(id="new", text=text, kind="fact", evidence=evidence)


def test_an_edit_asks_for_what_was_put_in_and_against_what_was_taken_out(desk: Desk) -> None:
    body = desk.body()
    changed, gone = [claim for claim in body.claims() if claim.evidence and claim.kind == "fact"][:2]
    words = changed.text.rstrip(".") + ", as Corrib Lift Services wrote."
    change = Edit(sentences={changed.id: words, gone.id: None})
    review.edit(desk.home.desk, desk.csm, desk.brief, desk.head, change, verify_sentence=believed)
    (proposal,) = desk.proposals()
    expect = proposal.case["expect"]
    assert (proposal.suite, proposal.case["tags"]) == ("briefs", ["edit"])
    assert len(expect["must_not_say"]) == 2
    assert [point["any"][0].endswith("wrote.") for point in expect["must_say"]] == [True]
    assert expect["must_cite"]
    told = yaml.safe_dump([proposal.case, proposal.records], allow_unicode=True)
    assert "Corrib" not in told
    assert set(expect["must_cite"]) <= {row["id"] for rows in proposal.records.values() if isinstance(rows, list) for row in rows if "id" in row}


def redrafted(desk: Desk) -> date:
    """Days later somebody new is known, who asks again in writing: the machine drafts the same brief anew."""
    day, first = date(2026, 3, 31), desk.head
    note = "Zofia Kowalczyk asked again for single sign-on (SAML) for all of their engineers. We need single sign-on this quarter, she wrote."
    desk.home.add(
        {
            "contacts": [{"id": "c-late", "name": "Zofia Kowalczyk", "role": "champion", "joined_at": "2026-03-26"}],
            "notes": [{"id": "n-late", "at": "2026-03-28", "author": "Zofia Kowalczyk", "kind": "email", "body": note}],
        },
        "a01",
    )
    list(desk.home.pipeline(desk.home.offline_engine).scan(["a01"], day))
    assert desk.head != first
    return day


def test_a_case_is_as_of_the_version_that_was_edited_and_holds_what_it_asks_to_be_cited(desk: Desk) -> None:
    day = redrafted(desk)
    changed = next(claim for claim in desk.body().claims() if "n-late" in {e.record_id for e in claim.evidence})
    change = Edit(sentences={changed.id: "Zofia Kowalczyk asks for it again."})
    review.edit(desk.home.desk, desk.csm, desk.brief, desk.head, change, verify_sentence=believed)
    (proposal,) = desk.proposals()
    assert proposal.case["input"] == {"account": f"records/life-{desk.brief}-v2", "as_of": day}
    held = {row["id"] for rows in proposal.records.values() if isinstance(rows, list) for row in rows if "id" in row}
    held |= {f"usage:account:{row['period_start']}" for row in proposal.records["usage"]}
    assert "notes-" in str(proposal.case["expect"]["must_cite"])
    assert set(proposal.case["expect"]["must_cite"]) <= held
    told = yaml.safe_dump([proposal.case, proposal.records], allow_unicode=True)
    assert "Zofia" not in told
    assert "Kowalczyk" not in told


def test_a_case_of_an_earlier_version_names_nobody_who_is_known_only_since(desk: Desk) -> None:
    changed = next(claim for claim in desk.body().claims() if claim.evidence and claim.kind == "fact")
    change = Edit(sentences={changed.id: "Zofia Kowalczyk told Rosalind Quimby so."})
    review.edit(desk.home.desk, desk.csm, desk.brief, desk.head, change, verify_sentence=believed)
    redrafted(desk)
    (proposal,) = desk.proposals()
    assert proposal.case["input"] == {"account": f"records/life-{desk.brief}", "as_of": DAY}
    assert "Kowalczyk" not in yaml.safe_dump([proposal.case, proposal.records], allow_unicode=True)
    assert "Rosalind Quimby" in proposal.names_left, "what is expected is looked through, too"


def test_every_proposal_has_the_form_of_its_suite(desk: Desk) -> None:
    sales.outcome(desk.home.desk, desk.ae, desk.accepted(), "won", amount=1000, currency="EUR")
    (proposal,) = desk.proposals()
    case = case_of(proposal.suite, proposal.case, "here")
    assert (case.id, case.source, case.cluster) == (proposal.case_id, "life", f"life-{desk.brief}")
    assert proposal.case["expect"] == {"verdict": "qualified", "sku": desk.body().sku}


def declined(code: str) -> Callable[[Desk], object]:
    return lambda desk: sales.decline(desk.home.desk, desk.ae, desk.delivered(), code=code, reason="words")


def lost(code: str) -> Callable[[Desk], object]:
    return lambda desk: sales.outcome(desk.home.desk, desk.ae, desk.accepted(), "lost", code=code, reason="words")


@pytest.mark.parametrize(
    ("act", "learned"),
    [
        (declined("no_fit"), [("briefs", {"abstain": True})]),
        (declined("territory"), []),
        (lost("no_fit"), [("verdicts", {"tests": {"fit": False}})]),
        (lost("price"), [("verdicts", {"verdict": "qualified"})]),
        (lost("churned"), []),
        (lambda desk: desk.accepted(), []),
    ],
    ids=["declined for no fit", "declined for its territory", "lost for no fit", "lost on price", "lost by churn", "accepted only"],
)
def test_what_sales_said_teaches_what_the_records_could_have_told(desk: Desk, act: Callable[[Desk], object], learned: list[Any]) -> None:
    act(desk)
    assert [(proposal.suite, proposal.case["expect"]) for proposal in desk.proposals()] == learned


def test_every_code_a_lesson_names_is_one_people_can_give() -> None:
    assert set(DECLINE_CODES) > lessons.NO_LEAD
    assert set(LOST_CODES) > lessons.LOST.keys()
    assert set(REJECT_CODES) > lessons.NO_BRIEF
