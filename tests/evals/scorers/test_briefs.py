"""Scorers of a brief: each passes what the product wrote, and notices the one part that was spoiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from briefs.brief import BriefBody, Claim, Evidence
from evals.portfolios.faults import evidence_in
from evals.results import CaseResult, Metric, Output, Score, Spent
from evals.scorers import (
    abstention,
    carried,
    citation_validity,
    citations,
    completeness,
    evidence_exact,
    forbidden,
    form,
    reading_time,
    spent,
)
from tests.evals.scorers.conftest import Given, a_case, a_result
from tests.evals.scorers.test_signals import by_name, one

ABSTAIN = a_case("briefs", {"abstain": True})
WRITE = a_case("briefs", {})


def brief_of(ready: Given) -> BriefBody:
    assert ready.output.brief is not None
    return ready.output.brief


def with_brief(ready: Given, **changes: Any) -> Output:
    return ready.output.model_copy(update={"brief": brief_of(ready).model_copy(update=changes)})


def with_claim(ready: Given, claim: Claim, key: str = "need") -> Output:
    """The brief with one more sentence in a section."""
    sections = tuple(
        section.model_copy(update={"claims": (*section.claims, claim)}) if section.key == key else section for section in brief_of(ready).sections
    )
    return with_brief(ready, sections=sections)


def a_quote(ready: Given, **changes: Any) -> Evidence:
    """The first words quoted in the brief."""
    first = next(e for e in evidence_in(brief_of(ready)) if e.quote and len(e.quote) > 20)
    return first.model_copy(update=changes)


def a_claim(text: str, *evidence: Evidence, **changes: Any) -> Claim:
    return Claim(id="c-new", text=text, evidence=evidence, **changes)


def named(scores: Score | list[Score]) -> dict[str, Score]:
    assert isinstance(scores, list)
    return {score.key: score for score in scores}


def test_the_products_own_brief_is_in_order(ready: Given) -> None:
    for scorer in (evidence_exact, citation_validity, form):
        score = one(scorer.score(WRITE, ready.output, ready.dossier))
        assert score.value == 1.0, (scorer.NAME, score.reason)
    assert {name: score.value for name, score in named(citations.score(WRITE, ready.output, ready.dossier)).items()}["citation_recall"] == 1.0
    for name, score in named(carried.score(WRITE, ready.output, ready.dossier)).items():
        assert score.value in (1.0, None), (name, score.reason)


def test_one_letter_in_a_quote_is_enough(ready: Given) -> None:
    quote = a_quote(ready)
    assert quote.quote is not None
    spoiled = with_claim(ready, a_claim("x", quote.model_copy(update={"quote": quote.quote[:-1] + "#"})))
    score = one(evidence_exact.score(WRITE, spoiled, ready.dossier))
    assert score.value is not None
    assert 0.9 < score.value < 1
    assert f"{quote.record_id} {quote.part}" in score.reason


@pytest.mark.parametrize(
    "change", [{"start": None}, {"part": "messages[99]"}, {"record_id": "a01-n999"}, {"start": 1}, {"quote": "", "end": 0, "start": 0}]
)
def test_a_place_that_is_none_is_noticed(ready: Given, change: dict[str, Any]) -> None:
    score = one(evidence_exact.score(WRITE, with_claim(ready, a_claim("x", a_quote(ready, **change))), ready.dossier))
    assert score.value is not None
    assert score.value < 1


def test_a_value_that_its_field_does_not_hold_is_noticed(ready: Given) -> None:
    wrong = Evidence(record_id="account:a01", kind="account", field="seats", value=8111)
    score = one(evidence_exact.score(WRITE, with_claim(ready, a_claim("x", wrong)), ready.dossier))
    assert score.value is not None
    assert score.value < 1


def test_where_nothing_is_cited_nothing_is_asked(ready: Given) -> None:
    assert evidence_exact.score(WRITE, Output(), ready.dossier) == []
    for scorer in (citation_validity, citations, carried, form, reading_time):
        assert scorer.score(WRITE, ready.output.model_copy(update={"brief": None}), ready.dossier) == []


def test_without_a_dossier_citations_cannot_be_told(ready: Given) -> None:
    assert one(evidence_exact.score(WRITE, ready.output, None)).value is None
    assert one(citation_validity.score(WRITE, ready.output, None)).value is None
    assert {score.value for score in named(citations.score(WRITE, ready.output, None)).values()} == {None}
    assert {score.value for score in named(carried.score(WRITE, ready.output, None)).values()} == {None}


def test_a_citation_of_another_accounts_record_is_not_valid(ready: Given, given: Callable[[str], Given]) -> None:
    others = given("a02")
    theirs = a_quote(Given(others.dossier, others.output))
    score = one(citation_validity.score(WRITE, with_claim(ready, a_claim("x", theirs)), ready.dossier))
    assert score.value is not None
    assert score.value < 1
    assert score.reason.endswith(f"{theirs.record_id} was not given to the writer")
    mixed = ready.dossier.model_copy(
        update={"notes": (*ready.dossier.notes, *others.dossier.notes), "tickets": (*ready.dossier.tickets, *others.dossier.tickets)}
    )
    score = one(citation_validity.score(WRITE, with_claim(ready, a_claim("x", theirs)), mixed))
    assert score.reason.endswith(f"{theirs.record_id} belongs to another account")


def test_a_record_missing_among_the_sources_and_a_bare_fact_are_not_valid(ready: Given) -> None:
    score = one(citation_validity.score(WRITE, with_brief(ready, sources=()), ready.dossier))
    assert "missing among the sources" in score.reason
    bare = one(citation_validity.score(WRITE, with_claim(ready, a_claim("They like it.")), ready.dossier))
    assert bare.reason.endswith("claim c-new cites nothing")


def test_a_sentence_its_citations_do_not_carry_costs_recall_and_precision(ready: Given) -> None:
    before = named(citations.score(WRITE, ready.output, ready.dossier))
    after = named(
        citations.score(
            WRITE, with_claim(ready, a_claim("The board has approved a move of all 900 people to Lisbon.", a_quote(ready))), ready.dossier
        )
    )
    for name in ("citation_recall", "citation_precision"):
        old, new = before[name].value, after[name].value
        assert old is not None
        assert new is not None
        assert new < old
    assert "not carried (number): c-new" in after["citation_recall"].reason


def test_a_citation_nobody_needs_costs_precision_alone(ready: Given) -> None:
    quote = a_quote(ready)
    useless = next(e for e in evidence_in(brief_of(ready)) if e.record_id != quote.record_id and e.field)
    alone = named(citations.score(WRITE, with_claim(ready, a_claim(f'Told: "{quote.quote}"', quote)), ready.dossier))
    both = named(citations.score(WRITE, with_claim(ready, a_claim(f'Told: "{quote.quote}"', quote, useless)), ready.dossier))
    assert both["citation_recall"].value == alone["citation_recall"].value
    assert both["citation_precision"].value < alone["citation_precision"].value  # pyright: ignore[reportOptionalOperand]


def test_absences_advice_and_catalogue_prices_state_no_fact_of_the_record(ready: Given) -> None:
    for claim in (
        a_claim("Nobody wrote about 900 things.", kind="absence"),
        a_claim("It costs 900 EUR.", kind="computed", derived={"list_price": 900}),
    ):
        scores = named(citations.score(WRITE, with_claim(ready, claim), ready.dossier))
        assert scores["citation_recall"].value == 1.0
    computed = a_claim("Use grew by 900 %.", a_quote(ready), kind="computed")
    assert named(citations.score(WRITE, with_claim(ready, computed), ready.dossier))["citation_recall"].value != 1.0


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("They asked for 4711 more of them.", "numbers_carried"),
        ("They decide on 9 November 2031.", "dates_carried"),
        ("Sales should ask for Quintus Vandermolen next.", "names_carried"),
    ],
)
def test_an_invented_number_day_or_name_is_noticed_in_sentences_and_in_the_talk_track(ready: Given, text: str, score: str) -> None:
    claim = named(carried.score(WRITE, with_claim(ready, a_claim(text, a_quote(ready))), ready.dossier))
    assert claim[score].value is not None
    assert claim[score].value < 1
    assert claim[score].reason.endswith("c-new")
    track = brief_of(ready).talk_track.model_copy(update={"opener": text})
    talk = named(carried.score(WRITE, with_brief(ready, talk_track=track), ready.dossier))
    assert talk[score].value is not None
    assert talk[score].value < 1
    assert talk[score].reason.endswith("talk track")


def test_a_number_stands_under_its_own_citation_not_under_a_neighbours(ready: Given) -> None:
    usage = next(e for e in evidence_in(brief_of(ready)) if isinstance(e.value, int) and e.value > 12)
    score = named(carried.score(WRITE, with_claim(ready, a_claim(f"They want {usage.value}.", a_quote(ready))), ready.dossier))
    assert score["numbers_carried"].value is not None
    assert score["numbers_carried"].value < 1


def test_a_brief_is_due_or_not(ready: Given) -> None:
    none = ready.output.model_copy(update={"brief": None})
    scores = {
        (case.id, output.brief is None): one(abstention.score(case, output, ready.dossier))
        for case in (ABSTAIN.model_copy(update={"id": "abstain"}), WRITE.model_copy(update={"id": "write"}))
        for output in (ready.output, none)
    }
    assert {key: score.value for key, score in scores.items()} == {
        ("abstain", True): 1.0, ("abstain", False): 0.0, ("write", True): 0.0, ("write", False): 1.0,
    }  # fmt: skip
    metrics = by_name(abstention.summarise([a_result(WRITE.model_copy(update={"id": str(n)}), score) for n, score in enumerate(scores.values())]))
    assert (metrics["abstained_where_due"].value, metrics["written_where_due"].value) == (0.5, 0.5)


def test_a_point_is_made_by_any_of_its_wordings_and_in_its_section(ready: Given) -> None:
    quote = a_quote(ready)
    assert quote.quote is not None
    words = quote.quote[:30]
    checklist = [{"any": ["never said in any brief", words.upper()]}, {"any": [words], "section": "unknowns"}, {"any": ["a thing nobody said"]}]
    case = a_case("briefs", {"must_say": checklist, "must_cite": [quote.record_id, "a01-n999"]})
    scores = named(completeness.score(case, ready.output, ready.dossier))
    assert scores["completeness"].value == pytest.approx(1 / 3)
    assert '"a thing nobody said"' in scores["completeness"].reason
    assert (scores["cites_what_it_must"].value, scores["cites_what_it_must"].reason) == (0.5, "1 of 2 not cited: a01-n999")


def test_a_brief_that_is_due_and_missing_says_nothing(ready: Given) -> None:
    case = a_case("briefs", {"must_say": [{"any": ["seats"]}], "must_cite": ["a01-t2"]})
    scores = named(completeness.score(case, ready.output.model_copy(update={"brief": None}), ready.dossier))
    assert {name: score.value for name, score in scores.items()} == {"completeness": 0.0, "cites_what_it_must": 0.0}
    assert {score.value for score in named(completeness.score(case, Output(), None)).values()} == {None}
    assert completeness.score(ABSTAIN, ready.output, ready.dossier) == []


@pytest.mark.parametrize(
    ("expect", "value"),
    [
        ({"must_not_say": ["Zebulon Freight"]}, 1.0),
        ({"must_not_say": ["single sign-on", "zebulon"]}, 1.0),
        ({"must_not_say": ["ZEBULON  pays twice"]}, 0.0),
    ],
)
def test_forbidden_words_are_found_whatever_their_case_and_spacing(ready: Given, expect: dict[str, Any], value: float) -> None:
    text = "They heard that Zebulonia and Zebulon\npays twice." if value == 0 else "They heard that Zebulonia pays."
    case = a_case("briefs", expect)
    score = one(forbidden.score(case, with_claim(ready, a_claim(text, a_quote(ready)), "timing"), ready.dossier))
    assert score.value == value or "single sign-on" in score.reason


def test_form_names_every_rule_that_is_broken(ready: Given) -> None:
    body = brief_of(ready)
    first = body.sections[0]
    spoiled: list[tuple[Output, str]] = [
        (with_brief(ready, sections=body.sections[1:]), "sections are"),
        (with_brief(ready, sections=(first.model_copy(update={"claims": ()}), *body.sections[1:])), "section value is empty"),
        (with_claim(ready, a_claim("See https://example.com for more.", a_quote(ready))), "claim c-new holds markup or an id"),
        (with_claim(ready, a_claim("They want it [E3].", a_quote(ready))), "claim c-new holds markup or an id"),
        (with_claim(ready, a_claim(" ", a_quote(ready))), "claim c-new has no words"),
        (with_brief(ready, sections=(first.model_copy(update={"claims": first.claims * 2}), *body.sections[1:])), "stands twice"),
        (with_brief(ready, card=body.card.model_copy(update={"headline": ""})), "the card's headline is empty"),
    ]
    for output, words in spoiled:
        score = one(form.score(WRITE, output, ready.dossier))
        assert score.value == 0.0
        assert words in score.reason


def test_a_brief_is_read_in_time_or_takes_too_long(ready: Given) -> None:
    short = with_brief(ready, coverage=(), conflicts=(), usage=())
    assert one(reading_time.score(WRITE, short, ready.dossier)).value == 1.0
    long = a_claim("and so on " * 250, a_quote(ready))
    score = one(reading_time.score(WRITE, with_claim(ready, long), ready.dossier))
    assert score.value == 0.0
    seconds = by_name(reading_time.summarise([a_result(WRITE, score)]))["brief_seconds"]
    assert seconds.value is not None
    assert seconds.value > 180
    assert seconds.unit == "s"


def test_means_over_briefs_carry_what_they_rest_on(ready: Given) -> None:
    results = [
        a_result(
            WRITE,
            [
                *named(citations.score(WRITE, ready.output, ready.dossier)).values(),
                *named(carried.score(WRITE, ready.output, ready.dossier)).values(),
            ],
        )
    ]
    found = by_name(citations.summarise(results))
    assert (found["citation_recall"].value, found["citation_recall"].n, found["citation_recall"].note) == (1.0, 1, "by the product's own verifier")
    assert set(by_name(carried.summarise(results))) == {"numbers_carried", "dates_carried", "names_carried"}


def test_what_a_run_took_is_summed_and_an_unknown_price_is_no_zero() -> None:
    def took(number: int, **changes: Any) -> CaseResult:
        return a_result(
            WRITE.model_copy(update={"id": str(number)}), [], spent=Spent(calls=2, tokens_in=100, amount=0.5, latency_s=float(number), **changes)
        )

    known: dict[str, Metric] = by_name(spent.summarise([took(n) for n in range(1, 21)]))
    assert (known["calls"].value, known["tokens_in"].value, known["cost"].value) == (2.0, 100.0, 10.0)
    assert (known["latency_p50"].value, known["latency_p95"].value) == (10.5, pytest.approx(19.05))
    unknown = by_name(spent.summarise([took(1), took(2).model_copy(update={"spent": Spent(amount=None)})]))
    assert (unknown["cost"].value, unknown["cost"].note) == (None, "a price is unknown")
    assert spent.score(WRITE, Output(), None) == []
