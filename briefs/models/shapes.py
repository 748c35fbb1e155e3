"""The closed shapes a model's answer must have: enumerations and ids from a list, nothing free but the sentences of a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeVar, cast, get_args

from pydantic import BaseModel, ConfigDict, create_model

M = TypeVar("M", bound=BaseModel)

TextSignal = Literal[
    "value_stated", "advocacy", "seats_requested", "seat_saturation", "limit_reached", "feature_requested", "upgrade_attempt",
    "new_use_case", "new_team", "new_sponsor", "budget_event", "dated_plan", "growth_event", "churn_intent", "contested_renewal",
    "competitor_evaluation", "sponsor_left", "budget_freeze", "price_complaint", "negative_sentiment", "referral", "taken_back",
]  # fmt: skip
"""What a sentence can say; the labels of evals/sentences/GUIDE.md."""
Stance = Literal["asked_now", "planned", "stated_fact", "past", "hypothetical", "negated", "sarcastic", "quoted_from_others"]
SpeaksFor = Literal["this_customer", "vendor", "another_company"]
Firmness = Literal["firm", "tentative"]
Carried = Literal["yes", "no", "cannot_tell"]

TEXT_SIGNALS: tuple[TextSignal, ...] = get_args(TextSignal)


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Signal(_Closed):
    sentence: str
    type: TextSignal
    stance: Stance
    speaks_for: SpeaksFor
    firmness: Firmness


class Signals(_Closed):
    signals: tuple[Signal, ...]


class Sentence(_Closed):
    text: str
    evidence: tuple[str, ...]


class Section(_Closed):
    section: str
    sentences: tuple[Sentence, ...]


class Draft(_Closed):
    sections: tuple[Section, ...]


class Replacement(_Closed):
    rejected: str
    text: str
    evidence: tuple[str, ...]


class Redraft(_Closed):
    sentences: tuple[Replacement, ...]


class Check(_Closed):
    claim: str
    carried: Carried


class Checks(_Closed):
    claims: tuple[Check, ...]


class Canary(_Closed):
    word: str


def ids(letter: str, count: int) -> tuple[str, ...]:
    """`S1` to `Sn`. They are positions, so that the same number of things makes the same schema."""
    return tuple(f"{letter}{place}" for place in range(1, count + 1))


def signals(sentences: int) -> type[Signals]:
    """Signals that name one of S1 to Sn, n ≥ 1."""
    item = _narrow("Signal", Signal, sentence=_one_of(ids("S", sentences)))
    return _narrow("signals", Signals, signals=tuple[item, ...])


def draft(sections: Sequence[str], evidence: int) -> type[Draft]:
    """Sections with one of these keys, sentences that name E1 to En. Which evidence belongs to which section is checked afterwards."""
    sentence = _narrow("Sentence", Sentence, evidence=tuple[_one_of(ids("E", evidence)), ...])
    section = _narrow("Section", Section, section=_one_of(sections), sentences=tuple[sentence, ...])
    return _narrow("draft", Draft, sections=tuple[section, ...])


def redraft(rejected: int, evidence: int) -> type[Redraft]:
    """New sentences for R1 to Rn that name E1 to Em."""
    item = _narrow("Replacement", Replacement, rejected=_one_of(ids("R", rejected)), evidence=tuple[_one_of(ids("E", evidence)), ...])
    return _narrow("redraft", Redraft, sentences=tuple[item, ...])


def checks(claims: int) -> type[Checks]:
    """A judgement of each of C1 to Cn."""
    item = _narrow("Check", Check, claim=_one_of(ids("C", claims)))
    return _narrow("checks", Checks, claims=tuple[item, ...])


def canary(nonce: str) -> type[Canary]:
    """One word, and only this one."""
    return _narrow("canary", Canary, word=_one_of([nonce]))


def schema_of(shape: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of `shape` in the subset every provider understands.

    Objects with all fields required and no others, arrays, strings and enumerations; no references, titles, bounds or patterns (code checks those).
    Raises ValueError for a shape that needs more.
    """
    schema = shape.model_json_schema()
    return _portable(schema, cast("Mapping[str, Any]", schema.get("$defs", {})))


def _portable(node: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return _portable(defs[node["$ref"].removeprefix("#/$defs/")], defs)
    if "const" in node:
        return {"type": "string", "enum": [node["const"]]}
    match node.get("type"):
        case "object" if "properties" in node:
            fields = {key: _portable(value, defs) for key, value in node["properties"].items()}
            return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
        case "array" if "items" in node:
            return {"type": "array", "items": _portable(node["items"], defs)}
        case "string":
            return {"type": "string", "enum": list(node["enum"])} if "enum" in node else {"type": "string"}
        case other:
            raise ValueError(f"Not portable: a schema of type {other!r}.")


def _one_of(values: Sequence[str]) -> Any:
    if not values:
        raise ValueError("An enumeration needs at least one value.")
    return Literal[tuple(values)]


def _narrow(name: str, base: type[M], **fields: Any) -> type[M]:
    """`base` under a name of its own, with these fields held to fewer values."""
    narrowed: dict[str, Any] = {key: (kind, ...) for key, kind in fields.items()}
    return create_model(name, __base__=base, **narrowed)
