"""Cases from life: nobody is named, what people did becomes an expectation, nothing enters a suite unseen."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from briefs import review
from briefs.people import add
from evals import loading
from evals.bench import offline
from evals.errors import SuiteFault
from evals.life import proposing
from evals.life.frozen import rows_of
from evals.life.redaction import Redaction
from evals.life.shadow import run as shadow
from evals.life.who import ALSO_WORDS, COMPANIES, PEOPLE
from evals.materials import Source, native_folder, source_of
from evals.rooms import Home, Rooms
from retrieval.dossier import collect
from retrieval.records import Contact, Message, Note, Survey, Ticket, TicketFlag
from tests.briefs.account_builders import a_dossier, an_account
from tests.evals.suite_builders import workspace

NOTE = (
    "Dana Ruiz (dana.ruiz@kestrel-lifts.com, +44 20 7946 0958) of Kestrel Lifts says Dana's team grew. See https://kestrel-lifts.com/rota. "
    "On 2026-03-01 Ruiz asked for 12 seats. Helen Ward joined the call."
)


def redacted() -> tuple[Redaction, str]:
    account = an_account(name="Kestrel Lifts", aliases=("Kestrel",), domain="kestrel-lifts.com")
    who = Contact(id="c1", account_id=account.id, name="Dana Ruiz", email="dana.ruiz@kestrel-lifts.com", role="champion")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    note = Note(id="kestrel-n1", account_id=account.id, at=at, author="Paul Best", body=NOTE)
    said = Message(at=at, author="Dana Ruiz", author_role="customer", body="Dana here, from Kestrel.")
    ticket = Ticket(id="t1", account_id=account.id, created_at=at, subject="Seats for Kestrel Lifts", requester="c1", messages=(said,))
    dossier = a_dossier(account=account, contacts=(who,), notes=(note,), tickets=(ticket,), surveys=(), usage=())
    redaction = Redaction(dossier)
    return redaction, yaml.safe_dump(redaction.rows(rows_of(dossier)), allow_unicode=True, width=10_000)


@pytest.mark.parametrize("name", ["Dana", "Ruiz", "Kestrel", "kestrel", "7946", "Paul Best"])
def test_whoever_the_records_name_is_named_nowhere(name: str) -> None:
    assert name not in redacted()[1]


def test_stand_ins_are_the_same_throughout_and_facts_stay() -> None:
    redaction, text = redacted()
    stand_in = redaction.text("Dana Ruiz")
    assert text.count(stand_in) >= 3
    assert stand_in.split()[0] + " here" in text
    assert "12 seats" in text
    assert "2026-03-01" in text
    assert redaction.text("dana.ruiz@kestrel-lifts.com") == redaction.text("Dana.Ruiz@kestrel-lifts.com")


def test_who_is_known_by_an_address_only_is_named_nowhere_and_names_that_are_words_are_listed() -> None:
    account = an_account(name="Kestrel Lifts", csm="mira@vendor.example", ae="will.stone@vendor.example")
    said = Note(
        id="n1", account_id=account.id, at=datetime(2026, 3, 2, tzinfo=UTC), author="support@vendor.example", body="Hi Mira, Will and Stone? I will."
    )
    redaction = Redaction(a_dossier(account=account, contacts=(), notes=(said,), tickets=(), surveys=(), usage=()))
    text = redaction.text(said.body)
    assert "Mira" not in text
    assert "Stone" not in text
    assert text.endswith("? I will.")
    assert redaction.left_over(text) == ["Will"]
    assert redaction.text("our support team") == "our support team"


def test_what_may_be_a_name_is_told_within_one_line_and_no_stand_in_is() -> None:
    redaction, _ = redacted()
    ours = redaction.text("Dana Ruiz")
    assert redaction.left_over(f"{ours}\n\n    Alex\n{ours.split()[0]}\n{ours.split()[1]}") == []


def test_names_that_stand_in_a_text_only_are_listed_for_the_reviewer() -> None:
    redaction, text = redacted()
    assert "Helen Ward" in redaction.left_over(text)
    assert redaction.text("Dana Ruiz") not in redaction.left_over(text)


def of(name: str = "Dana Ruiz", mail: str | None = None, **account: Any) -> Redaction:
    """The stand-ins of a case with one contact of that name."""
    who = Contact(id="c1", account_id="a1", name=name, email=mail)
    return Redaction(a_dossier(account=an_account(**account), contacts=(who,), notes=(), tickets=(), surveys=(), usage=()))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Anna Weiß", "Weiß asked for ten seats; WEISS, Weiss"),
        ("Ali Yildiz", "Ali Yıldız asked"),
        ("Ali Yıldız", "ALI YILDIZ, ali yildiz"),
        ("İpek Şahin", "ipek şahin, IPEK SAHIN"),
        ("Jürgen Müller", "Juergen Mueller, Ju\u0308rgen Mu\u0308ller"),
        ("Ana Maria Søndergaard", "Maria and Sondergaard"),
        ("王小芳", "我和王小芳谈过"),
        ("anna van der weiß", "Anna, Weiss"),
        ("Sean O'Brien", "Sean O’Brien"),
    ],
)
def test_a_name_is_replaced_whatever_letters_it_is_written_in(name: str, text: str) -> None:
    said = of(name).text(text)
    assert "Alex" in said or "Marlow" in said
    assert not [part for part in re.split(r"[\s,;]+", text) if len(part) > 2 and part not in ("asked", "for", "ten", "seats", "and") and part in said]


@pytest.mark.parametrize(
    "site", ["blueocean.ch", "https://app.blueocean.ch/rota", "BLUEOCEAN.CH", "@blueocean.ch", "blueocean.ch's", "my-blueocean.ch"]
)
def test_an_accounts_own_domain_is_replaced_whatever_it_ends_in(site: str) -> None:
    said = of(name="Ida Holm", domain="www.blueocean.ch").text(f"See {site} for it")
    assert "blueocean" not in said.casefold()
    assert said.endswith(" for it")


def test_a_domain_known_from_a_mailbox_is_replaced_and_one_nobody_knows_is_listed() -> None:
    redaction = of(mail="dana@seeblick.swiss")
    assert "seeblick" not in redaction.text("mail to seeblick.swiss or dana@seeblick.swiss")
    assert redaction.left_over("ask bergwerk.swiss or site1.example") == ["bergwerk.swiss"]


def test_names_that_are_words_stay_where_they_stand_in_small_letters_and_are_listed() -> None:
    redaction = of("Will Grant")
    assert redaction.text("We will grant budget in May, if they will.") == "We will grant budget in May, if they will."
    assert redaction.text("Will Grant said so; Grant signs.") == "Alex Marlow said so; Marlow signs."
    assert redaction.left_over("We will grant budget") == ["grant", "will", "will grant"]


def test_a_stand_in_is_nobody_who_is_named() -> None:
    assert of("Alex Sato").text("Alex Sato wrote") == "Bea Lindqvist wrote"


@pytest.mark.parametrize(
    ("phone", "gone"), [("01.42.68.53.00", True), ("Tel.+41 44 668 18 00", True), ("2026-03-01 2026-04-01", False), ("on 12.10.2025 14:30", False)]
)
def test_a_telephone_number_goes_and_a_date_stays(phone: str, gone: bool) -> None:
    assert ("+00 555" in of().text(f"call {phone} please")) == gone


def test_what_support_flagged_goes_into_a_case_and_comes_back_out_of_it(tmp_path: Path) -> None:
    account = an_account(name="Kestrel Lifts")
    ticket = Ticket(id="t1", account_id=account.id, created_at=datetime(2026, 3, 2, tzinfo=UTC), subject="Seats")
    flag = TicketFlag(id="flag:f9", ticket_id="t1", at=datetime(2026, 3, 3, tzinfo=UTC), by="Ivy Stone", reason="Kestrel asks for more seats.")
    dossier = a_dossier(account=account, notes=(), tickets=(ticket,), usage=(), flags=(flag,))
    redaction = Redaction(dossier)
    file = tmp_path / "frozen.yaml"
    file.write_text(yaml.safe_dump(redaction.rows(rows_of(dossier)) | {"catalogue": "sample"}), "utf-8")
    with workspace(tmp_path / "models") as models:
        rooms = Rooms(tmp_path / "rooms", models.settings, models)
        home = rooms.base(Source("records/frozen", "frozen", "account", file=file))
        (told,) = collect(home.archive, "account", dossier.as_of, flags=home.store.ticket_flags("account")).flags
        rooms.close()
    assert (told.id, told.ticket_id) == (redaction.id("flag:f9"), redaction.id("t1"))
    assert "Stone" not in told.by
    assert told.reason == "Northmere asks for more seats."


LETTERS = st.characters(categories=("Lu", "Ll", "Lt", "Lo"))
FIELDS = yaml.safe_dump(a_dossier().model_dump(mode="json", exclude={"catalogue"})).casefold()
TAKEN = ALSO_WORDS | set(
    re.findall(r"\w+", f"{FIELDS} {' '.join((*PEOPLE, *COMPANIES)).casefold()} wolke ring person customer example site mail flag")
)
"""Names that stay in small letters, and words a case holds whoever is named."""
WORDS = st.text(LETTERS, min_size=4, max_size=9).filter(lambda word: word.casefold() not in TAKEN)
ENDINGS = st.sampled_from(("ch", "at", "swiss", "com", "рф", "co.uk"))
PHONES = st.builds(
    lambda digits, form: form.format(*digits),
    st.lists(st.integers(10, 99), min_size=5, max_size=5),
    st.sampled_from(("+41 {} {} {} {}", "0{}/{}{} {}{}", "({}) {}{}-{}{}", "+49{}{}{}{}{}", "0{}.{}.{}.{}.{}")),
)


def ways(name: str) -> list[str]:
    """How people write a name."""
    return list(dict.fromkeys((name, name.lower(), name.upper(), name.casefold(), normalize("NFD", name), normalize("NFC", name))))


@given(first=WORDS, last=WORDS, company=WORDS, local=WORDS, site=st.builds("{}.{}".format, WORDS, ENDINGS), phone=PHONES)
@example(first="Anna", last="Weiß", company="Blue", local="anna", site="blueocean.ch", phone="01.42.68.53.00")
@example(first="Alıi", last="Yıldız", company="Straße", local="ᾳᾳᾳᾳ", site="ǆǆǆǆ.рф", phone="+41 44 66 81 80")
@example(first="ªaab", last="ªAAB", company="ªaab", local="ªaab", site="ªaab.ch", phone="(12) 3456-78")
@settings(deadline=None, max_examples=60)
def test_no_name_mail_phone_or_domain_of_a_dossier_is_left_in_its_case(
    first: str, last: str, company: str, local: str, site: str, phone: str
) -> None:
    name, mail = f"{first.title()} {last.title()}", f"{local}@{site}"
    account = an_account(name=f"{company} Wolke", domain=site)
    known = [first, last, name, company, account.name, mail, site]
    text = " \n".join(f"{way}, ({way}) {way}'s" for each in known for way in ways(each)) + f" ring {phone} now"
    note = Note(id="n1", account_id="a1", at=datetime(2026, 3, 2, tzinfo=UTC), title=text, body=text)
    ticket = Ticket(id="t1", account_id="a1", created_at=note.at, subject=text, messages=(Message(at=note.at, author=name, body=text),))
    survey = Survey(id="s1", account_id="a1", at=note.at, comment=text)
    flag = TicketFlag(id="flag:f1", ticket_id="t1", at=note.at, by=name, reason=text)
    who = Contact(id="c1", account_id="a1", name=name, email=mail)
    dossier = a_dossier(account=account, contacts=(who,), notes=(note,), tickets=(ticket,), surveys=(survey,), usage=(), flags=(flag,))
    frozen = yaml.safe_dump(Redaction(dossier).rows(rows_of(dossier)), allow_unicode=True, width=10_000)
    left = [way for each in known for way in ways(each) if re.search(rf"(?<!\w){re.escape(way)}(?!\w)", frozen)]
    assert left == []
    assert phone not in frozen


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """A home with one portfolio, in which one account was scanned and drafted."""
    folder = tmp_path_factory.mktemp("life")
    home = Home(folder / "home", workspace(folder / "models").settings, workspace(folder / "models"))
    home.take_in(native_folder(source_of("sample/a01"), folder / "unused"))
    (scanned,) = home.pipeline(home.offline_engine).scan(["a01"], date(2026, 3, 31))
    assert scanned.result.brief_id is not None
    return home, scanned.result.brief_id


def test_a_rejection_becomes_a_proposed_case_that_can_be_accepted_and_run(drafted: tuple[Home, str], tmp_path: Path) -> None:
    home, brief = drafted
    assert proposing.propose(brief, home.store, home.archive) == []
    unchanged = shadow(home, offline, tmp_path / "shadow", None, lambda *_: None)
    assert [(one.flipped, one.lost, one.claims_lost) for one in unchanged.looked] == [(False, False, ())]
    someone = add(home.store, "Rita", "admin", by=None, now=home.now, new_id=home.new_id, new_token=lambda: "token").person
    review.reject(home.desk, someone, brief, home.store.brief(brief).head, reason_code="too_early", reason="They asked us to wait.")
    (proposal,) = proposing.propose(brief, home.store, home.archive)
    assert proposal.case["expect"] == {"abstain": True}
    assert "Corrib" not in yaml.safe_dump(proposal.records)
    proposing.keep(proposal, tmp_path)
    suites = tmp_path / "suites"
    (suites / "briefs").mkdir(parents=True)
    (suites / "briefs" / "suite.yaml").write_text("title: t\nwhy: w\nscorers: [abstention]\n", "utf-8")
    assert [one.case_id for one in proposing.waiting(tmp_path)] == [proposal.case_id]
    proposing.accept(proposal.case_id, tmp_path, suites)
    (case,) = loading.load("briefs", suites).cases
    assert (case.id, case.source) == (proposal.case_id, "life")
    assert (suites / "records" / f"life-{brief}.yaml").is_file()
    with pytest.raises(SuiteFault):
        proposing.accept(proposal.case_id, tmp_path, suites)
