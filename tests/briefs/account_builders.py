"""One account, its records and its catalogue as a test needs them: each builder gives a valid thing, and the test changes one part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from briefs.brief import Evidence, Override, Signal
from briefs.needs import PhraseBook, Shelf
from briefs.rubric import Rubric, load
from briefs.signals.evidence import test_of
from retrieval.dossier import Dossier
from retrieval.records import Account, Catalogue, Contact, Message, Note, Opportunity, Product, Scorecard, Survey, Ticket, Usage

if TYPE_CHECKING:
    import numpy as np

    Embed = Callable[[Sequence[str]], np.ndarray]

AS_OF = date(2026, 3, 31)
RUBRIC: Rubric = load()
LIMITS = {"assets": 5000, "api_calls_month": 100000}
CORE = ("work orders", "asset register", "mobile app", "custom forms", "rest api")


def ago(days: int, as_of: date = AS_OF) -> date:
    return as_of - timedelta(days=days)


def ahead(days: int) -> date:
    return AS_OF + timedelta(days=days)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def an_account(**changes: Any) -> Account:
    """A customer of three years on the middle tier about whose fields nothing is remarkable."""
    base: dict[str, Any] = {
        "id": "a1",
        "name": "Nordwind Logistics GmbH",
        "domain": "nordwind.example",
        "plan": "professional",
        "seats": 100,
        "currency": "EUR",
        "start_date": "2023-01-15",
        "renewal_date": "2027-01-15",
        "billing_status": "paid",
        "health": 70,
        "health_previous": 70,
    }
    return Account.model_validate(base | changes)


def a_contact(name: str = "Dana Ruiz", **changes: Any) -> Contact:
    base: dict[str, Any] = {
        "id": name.split(maxsplit=1)[0].lower(),
        "account_id": "a1",
        "name": name,
        "title": "Head of Operations",
        "role": "champion",
    }
    return Contact.model_validate(base | changes)


def a_note(record_id: str = "n1", **changes: Any) -> Note:
    base: dict[str, Any] = {"id": record_id, "account_id": "a1", "at": at(ago(20)), "kind": "call", "body": "We spoke about the winter schedule."}
    return Note.model_validate(base | changes)


def a_message(body: str = "Hello, how do I print a work order?", **changes: Any) -> Message:
    return Message.model_validate({"at": at(ago(15)), "author": "Dana Ruiz", "author_role": "customer", "body": body} | changes)


def a_ticket(record_id: str = "t1", **changes: Any) -> Ticket:
    base: dict[str, Any] = {
        "id": record_id,
        "account_id": "a1",
        "created_at": at(ago(15)),
        "status": "open",
        "priority": "P3",
        "subject": "Printing",
        "requester": "dana",
        "messages": (a_message(),),
    }
    return Ticket.model_validate(base | changes)


def a_survey(record_id: str = "sv1", **changes: Any) -> Survey:
    base: dict[str, Any] = {"id": record_id, "account_id": "a1", "at": at(ago(30)), "kind": "nps", "score": 8, "respondent": "dana"}
    return Survey.model_validate(base | changes)


def a_scorecard(record_id: str = "f1", **changes: Any) -> Scorecard:
    base: dict[str, Any] = {"id": record_id, "account_id": "a1", "at": at(ago(12)), "ticket_id": "t1", "respondent": "dana"}
    return Scorecard.model_validate(base | changes)


def an_opportunity(record_id: str = "o1", **changes: Any) -> Opportunity:
    base: dict[str, Any] = {"id": record_id, "account_id": "a1", "kind": "expansion", "stage": "open", "sku": "analytics", "created_at": at(ago(40))}
    return Opportunity.model_validate(base | changes)


def a_usage_row(month: str = "2026-03", **changes: Any) -> Usage:
    """One whole month of ordinary use: 60 of 100 seats, far from every limit, two of five core features."""
    start = date.fromisoformat(f"{month}-01")
    end = (start + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    base: dict[str, Any] = {
        "account_id": "a1",
        "period_start": start,
        "period_end": end,
        "seats_licensed": 100,
        "seats_active": 60,
        "metrics": {"assets": 1000, "api_calls_month": 20000},
        "limits": LIMITS,
        "features_adopted": CORE[:2],
        "features_core": CORE,
    }
    return Usage.model_validate(base | changes)


MONTHS = ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")


def a_usage_table(active: Sequence[float | None] = (60, 60, 60, 60), **changes: Any) -> tuple[Usage, ...]:
    """Whole months up to March 2026 with these active seats."""
    months = MONTHS[len(MONTHS) - len(active) :]
    return tuple(a_usage_row(month, seats_active=value, **changes) for month, value in zip(months, active, strict=True))


def a_product(sku: str, **changes: Any) -> Product:
    return Product.model_validate({"sku": sku, "name": f"Fieldlane {sku.replace('_', ' ').title()}", "kind": "module", "currency": "EUR"} | changes)


BASIC = ("work orders", "asset register", "mobile app")
MIDDLE = ("preventive maintenance plans", "custom forms", "rest api", "webhooks")
TOP = ("single sign-on (SAML)", "SCIM provisioning", "audit log", "sandbox environment", "custom roles")


@cache
def a_catalogue(*, cumulative: bool = True, without: tuple[str, ...] = ()) -> Catalogue:
    """Three tiers priced by the seat, modules, seats and packs. `cumulative`: a tier lists what the tiers below it hold again."""

    def tier(sku: str, rank: int, price: float, features: tuple[str, ...], assets: int, route: str) -> Product:
        limits = {"assets": assets, "api_calls_month": 100000 * 10 ** (rank - 2)}
        return a_product(
            sku, kind="tier", rank=rank, features=features, included_limits=limits, unit_price=price, price_unit="seat_year", route=route
        )

    products = (
        tier("essential", 1, 240, BASIC, 500, "tech_touch"),
        tier("professional", 2, 420, (*BASIC, *MIDDLE) if cumulative else MIDDLE, 5000, "csm"),
        tier("enterprise", 3, 660, (*BASIC, *MIDDLE, *TOP) if cumulative else TOP, 50000, "ae"),
        a_product(
            "analytics",
            features=("downtime dashboards", "report builder"),
            solves=("reporting to the board without spreadsheets",),
            requires=("professional",),
            unit_price=9600,
            price_unit="year",
            route="csm",
        ),
        a_product("spare_parts", features=("parts inventory", "barcode scanning"), unit_price=6000, price_unit="year", route="csm"),
        a_product("sensor_connect", features=("condition monitoring", "sensor alarms"), requires=("enterprise",), route="ae"),
        a_product("seats", name="Additional seats", kind="seats", unit_price=420, price_unit="seat_year", route="tech_touch"),
        a_product(
            "api_pack",
            name="API pack",
            kind="usage",
            features=("another 100000 api calls a month",),
            requires=("professional",),
            included_limits={"api_calls_month": 100000},
            unit_price=1200,
            price_unit="unit_year",
            route="tech_touch",
        ),
    )
    return Catalogue(products=tuple(p for p in products if p.sku not in without))


def a_dossier(**changes: Any) -> Dossier:
    """An account with enough on file to tell and nothing in it that speaks for or against growth."""
    base: dict[str, Any] = {
        "account": an_account(),
        "as_of": AS_OF,
        "undated_fields": (),
        "contacts": (a_contact(),),
        "notes": (a_note(),),
        "tickets": (a_ticket(),),
        "usage": a_usage_table(),
        "surveys": (),
        "scorecards": (),
        "opportunities": (),
        "catalogue": a_catalogue(),
    }
    return Dossier.model_validate(base | changes)


@cache
def a_book(catalogue_key: str = "cumulative") -> PhraseBook:
    """A phrase book without an embedder: words and concepts only."""
    return PhraseBook(a_catalogue(cumulative=catalogue_key == "cumulative"))


def a_shelf(account: Account | None = None, catalogue: Catalogue | None = None) -> Shelf:
    return Shelf(PhraseBook(catalogue) if catalogue else a_book(), account or an_account())


EVIDENCE_KIND = {"n": "note", "t": "ticket", "s": "survey", "u": "usage", "a": "account", "c": "contact", "o": "opportunity"}


def words_of_record(record_id: str, quote: str = "so it was said", part: str = "body", **changes: Any) -> Evidence:
    """Words as evidence; the kind of the record follows from the first letter of its id."""
    base: dict[str, Any] = {"record_id": record_id, "kind": EVIDENCE_KIND[record_id[0]], "part": part, "start": 0, "end": len(quote), "quote": quote}
    return Evidence.model_validate(base | changes)


def a_signal(kind: str, record_id: str = "n1", days: int = 10, **changes: Any) -> Signal:
    """A signal of a type, said in a record so many days ago."""
    base: dict[str, Any] = {
        "id": f"s-{kind}-{record_id}",
        "type": kind,
        "test": test_of(kind),
        "strength": "strong",
        "observed_at": ago(days),
        "detector": f"offline:{kind}",
        "subject_account_id": "a1",
        "evidence": (words_of_record(record_id),),
    }
    return Signal.model_validate(base | changes)


def an_override(kind: str, target: str | None = None, **changes: Any) -> Override:
    base: dict[str, Any] = {
        "id": "ov1",
        "account_id": "a1",
        "kind": kind,
        "target": target,
        "reason": "I spoke to them.",
        "by": "mira",
        "created_at": at(ago(5)),
        "expires_at": at(ahead(30)),
    }
    return Override.model_validate(base | changes)


def types(signals: Sequence[Signal]) -> list[str]:
    return [s.type for s in signals]
