"""What a reading of a sentence is, and the rules of grammar and of who may speak for the customer that take one away."""

# ruff: noqa: E501  # the patterns are lists of words: one alternative after another reads better than broken lines

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from briefs.reading import cues
from briefs.reading.concepts import analysed, fold, lexicon
from briefs.reading.departures import gone_for_good
from briefs.reading.plainly import WISHES, outright
from briefs.reading.sentences import Sentence

Stance = Literal["asked_now", "planned", "stated_fact", "past", "hypothetical", "negated", "sarcastic", "quoted_from_others"]
"""How a sentence means what it says. The offline reader keeps only the first three; a language model tells all."""
Firmness = Literal["firm", "soft"]

ASKS = frozenset(("seats_requested", "feature_requested", "new_use_case", "new_team", "upgrade_attempt"))
SPOKEN_BY_CUSTOMER = ASKS | {"value_stated", "advocacy"}
"""Only the customer, or somebody telling what the customer said, can say these."""

NOT_BY_AGENTS = SPOKEN_BY_CUSTOMER | {"referral", "negative_sentiment", "price_complaint", "taken_back"}
FACTS = frozenset(("seat_saturation", "limit_reached"))
TIMING = frozenset(("new_sponsor", "budget_event", "dated_plan", "growth_event"))
_GOOD = SPOKEN_BY_CUSTOMER | FACTS | TIMING
_TIED_TO_A_TOOL = ASKS - {"feature_requested", "new_use_case"} | FACTS | {"dated_plan", "budget_event", "price_complaint", "churn_intent"}

WELL_KNOWN_TOOLS = (
    "Salesforce", "HubSpot", "Zoom", "Slack", "Microsoft 365", "Office 365", "Teams", "Outlook", "SharePoint", "Google Workspace", "Gmail", "Dropbox", "Jira",
    "Confluence", "ServiceNow", "Workday", "SAP", "Oracle", "NetSuite", "DATEV", "Sage", "Xero", "QuickBooks", "DocuSign", "Adobe", "Canva", "Figma", "Notion",
    "Asana", "Trello", "Monday", "Miro", "GitHub", "GitLab", "AWS", "Azure", "Zendesk", "Intercom", "Mailchimp", "Shopify", "Stripe", "Netflix", "Spotify",
)  # fmt: skip

_VETOES: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "quoting",
        _GOOD | {"budget_freeze", "churn_intent", "contested_renewal", "competitor_evaluation", "sponsor_left", "price_complaint", "referral"},
    ),
    ("no_need", _GOOD - {"value_stated", "advocacy", "new_sponsor"} | {"churn_intent", "competitor_evaluation"}),
    ("no_offers", _GOOD - {"value_stated", "advocacy", "new_sponsor"}),
    ("hypothetical", ASKS | {"budget_event", "dated_plan", "growth_event"}),
    ("past", ASKS | FACTS | {"budget_event", "dated_plan", "budget_freeze", "competitor_evaluation", "churn_intent", "price_complaint"}),
    ("sarcasm", ASKS | {"advocacy", "value_stated"}),
    ("curiosity", ASKS | {"churn_intent", "competitor_evaluation"}),
    ("reduction", ASKS | FACTS),
    ("same_scope", ASKS | {"contested_renewal", "dated_plan"}),
    (
        "third_party",
        _GOOD - {"value_stated", "advocacy", "new_use_case"}
        | {"budget_freeze", "churn_intent", "contested_renewal", "sponsor_left", "price_complaint"},
    ),
    ("already_owned", frozenset(("feature_requested", "upgrade_attempt"))),
)
_VENDORS_OWN: tuple[tuple[str, frozenset[str]], ...] = (
    ("own_idea", _GOOD | {"churn_intent", "competitor_evaluation", "contested_renewal"}),
    ("offering", _GOOD),
)
_SOFT = re.compile(
    r"(?i)\b(?:consider(?:ing)?|thinking (?:about|of)|look(?:ing)? into|hope|hoping|hopefully|probably|possibly|may|might|perhaps|maybe|i think|i guess|not sure|depends|explor\w+|tentative\w*|"
    r"überleg\w*|denken (?:darüber )?nach|hoffen|wahrscheinlich|vielleicht|eventuell|möglicherweise|pensando|quizás?|probablemente|esperamos|tal vez|a lo mejor|"
    r"réfléchi\w*|envisage\w*|espérons|peut-être|probablement|sans doute)\b"
)
RULES_VERSION = "10"
"""Raise when the rules here, or the cues they use, take away more or less."""
_WISHES = ("WANT", "CANYOU", "BUY", "NEWTEAMWORD")


@dataclass(frozen=True)
class Context:
    """The names an account's texts may hold: its own, other customers' (not of its group), its contacts, and products of other makers."""

    account_names: tuple[str, ...] = ()
    other_customers: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    sponsors: tuple[str, ...] = ()
    other_tools: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    """The vendor's modules, as the catalogue writes them: `the Payroll Export` is not the customer's payroll program."""

    def without_products(self, text: str) -> str:
        """The text with the modules' names blotted out, letter for letter, where they are written as in the catalogue or all in capitals.

        In other letters, or right behind `our`, the same word is a thing of the customer's: `the payroll system`, `our Payroll provider`.
        """
        return text if self._product is None else self._product.sub(_blotted, text)

    @cached_property
    def _product(self) -> re.Pattern[str] | None:
        written = {way for name in self.products if name for way in (name, name.upper())}
        named = "|".join(re.escape(name) for name in sorted(written, key=lambda name: (-len(name), name)))
        return re.compile(rf"(?<!\w)(?:{named})(?!\w)") if named else None

    @cached_property
    def stranger(self) -> re.Pattern[str] | None:
        """Finds other customers by name, as a whole word, in the case it is written in."""
        own = [fold(name) for name in (*self.account_names, *self.contacts)]
        names = [n for n in self.other_customers if len(n) >= 4 and not any(fold(n) in name for name in own)]
        return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(n) for n in sorted(names, key=len, reverse=True))})(?!\w)") if names else None

    @cached_property
    def tool(self) -> re.Pattern[str]:
        """Finds seats, limits, plans and contracts said to be another product's."""
        named = "|".join(re.escape(n) for n in (*self.other_tools, *WELL_KNOWN_TOOLS))
        things = r"(?:seats?|licen\w+|lizenz\w*|users?|logins?|accounts?|storage|limits?|quotas?|plans?|contracts?|vertr\w+|contrat\w*|subscriptions?|renewal|invoice|rechnung|server|mailbox\w*)"
        return re.compile(
            rf"(?i)(?<!\w)(?:{named})(?:'s)?[ -](?:\w+ )?{things}(?!\w)|\b{things} (?:in|on|for|of|at|with|bei|von|für|en|de|del|chez|sur) (?:our |the |unser\w* |nuestr\w+ |notre )?(?:{named})(?!\w)"
        )


_OURS = re.compile(r"(?i)(?<!\w)(?:our|my|unser\w*|mein\w*|nuestr\w+|mis?|notre|nos|mon|ma|mes)\s+\Z")


def _blotted(found: re.Match[str]) -> str:
    return found.group() if _OURS.search(found.string, 0, found.start()) else "_" * len(found.group())


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing a sentence says. `score` is a probability (0-1); `stance` how it is meant; `firmness` whether the speaker hedges."""

    sentence: Sentence
    label: str
    stance: Stance
    firmness: Firmness
    score: float
    about: str = ""
    """The sentence that names what this one asks for, where it stands elsewhere in the record."""


def veto(label: str, sentence: Sentence, context: Context) -> str | None:
    """Why `label` cannot hold of the sentence (who speaks, how it is meant, about whom); None where nothing speaks against it."""
    if sentence.quoted:
        return "quoted"
    if (sentence.side == "agent" and label in NOT_BY_AGENTS) or (sentence.side == "internal" and label in SPOKEN_BY_CUSTOMER):
        return "speaker"
    if label != "referral" and context.stranger is not None and context.stranger.search(sentence.text):
        return "other_customer"
    if label in _TIED_TO_A_TOOL and context.tool.search(sentence.text):
        return "other_tool"
    listed = _VETOES if sentence.side == "customer" else _VETOES + _VENDORS_OWN
    return next((cue for cue, labels in listed if label in labels and _holds(cue, label, sentence.text, context)), None)


def _holds(cue: str, label: str, text: str, context: Context) -> bool:
    """Does the cue hold of the label? `We signed with another supplier`, `she left for another firm`: somebody else stands only behind what is told."""
    if cue == "no_offers":
        return any(not _wished_besides(text, span) for span in cues.no_offers(text))
    if cue != "third_party":
        return bool(cues.CUES[cue](text))
    spans, told = cues.CUES[cue](context.without_products(text)), gone_for_good(text) if label == "sponsor_left" else outright(label, text)
    return any(told is None or start < told for start, _ in spans)


def _wished_besides(text: str, order: tuple[int, int]) -> bool:
    """`Don't send us offers for other tools, we want SSO`: another clause wishes for something."""
    end = cues.CLAUSE_END.search(text, order[1])
    return any(WISHES.search(part) for part in (text[: order[0]], text[end.start() :] if end else ""))


def stance(label: str, text: str) -> Stance:
    """Asked for now, planned for later, or stated as a fact."""
    if label in ASKS and label != "upgrade_attempt":
        names = lexicon().names
        named = {names[found.concept] for found in analysed(text).found}
        return "asked_now" if label == "seats_requested" or named & set(_WISHES) else "stated_fact"
    return "planned" if label in ("dated_plan", "budget_event") else "stated_fact"


def firmness(text: str) -> Firmness:
    return "soft" if _SOFT.search(text) else "firm"
