"""Whom a text is about: another customer named in it, a company of the same group, and records filed under the wrong account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefs.subject import Directory, Subject, core_name
from retrieval.records import Account, Note, Scorecard, Survey, TextRecord, Ticket
from tests.briefs.account_builders import a_contact, a_dossier, a_message, a_note, a_survey, a_ticket, ago, an_account, at

NORDWIND = an_account(aliases=["Nordwind", "NWL"])
OTHERS = (
    Account(id="a2", name="Helios Freight Inc.", aliases=("Helios",), domain="helios.example"),
    Account(id="a3", name="Nordwind Nederland B.V.", parent_id="a1", domain="nordwind-nl.example"),
    Account(id="a4", name="Delta", domain="delta.example"),
    Account(id="a5", name="Best, Ltd"),
)


def subject(account: Account = NORDWIND) -> Subject:
    return Subject(a_dossier(account=account), Directory((account, *OTHERS)))


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("Helios Freight Inc.", "helios freight"),
        ("Nordwind Logistics GmbH", "nordwind logistics"),
        ("Best, Ltd", "best"),
        ("Müller & Sons AG", "müller & sons"),
    ],
)
def test_a_company_is_known_by_its_name_without_the_legal_form(name: str, core: str) -> None:
    assert core_name(name) == core


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Helios Freight got 15 % last year.", ("Helios Freight",)),
        ("They compare us with what HELIOS has.", ("HELIOS",)),
        ("Nordwind Logistics GmbH wants more seats.", ()),
        ("Nordwind Nederland wants more seats.", ()),
        ("Best regards, Dana", ("Best",)),
        ("It works best in the delta region.", ()),
        ("The Deltas and Heliosphere are not companies.", ()),
        ("", ()),
    ],
)
def test_another_customers_name_is_noticed_and_the_own_group_is_not_another(text: str, named: tuple[str, ...]) -> None:
    assert subject().other_customers_in(text) == named


def test_a_name_broken_over_two_lines_is_noticed() -> None:
    assert subject().other_customers_in("Ask Helios\n  Freight about it.") == ("Helios Freight",)


@pytest.mark.parametrize("written", ["Straßenbau Kolb", "STRASSENBAU KOLB", "Strassenbau Kolb"])
def test_a_name_is_noticed_with_sharp_s_and_without(written: str) -> None:
    kolb = Account(id="a9", name="Straßenbau Kolb GmbH")
    found = Subject(a_dossier(account=NORDWIND), Directory((NORDWIND, kolb))).other_customers_in(f"As at {written}, we start in May.")
    assert found == (written,)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Istanbul Lojistik", "İSTANBUL LOJİSTİK"),
        ("İpek Tekstil", "İpek Tekstil"),
        ("İpek Tekstil", "IPEK TEKSTIL"),
        ("Işık Holding", "IŞIK"),
        ("Լույս և Տուն", "Լույս և Տուն"),
    ],
)
@pytest.mark.parametrize("before", ["", "Außer ", "İstanbul: "])
def test_a_name_is_noticed_as_it_stands_in_whatever_letters_and_with_turkish_ones(name: str, written: str, before: str) -> None:
    other = Account(id="a9", name=name)
    found = Subject(a_dossier(account=NORDWIND), Directory((NORDWIND, other))).other_customers_in(f"{before}{written} signed, die Straße.")
    assert found == (written,)


def test_a_customer_with_turkish_letters_is_not_another_to_itself() -> None:
    ipek = an_account(name="İpek Tekstil A.Ş.", aliases=["İPEK"], domain=None)
    about = Subject(a_dossier(account=ipek), Directory((ipek, Account(id="a9", name="Ipek"), *OTHERS)))

    assert about.other_customers_in("Ipek Tekstil A.Ş. wants seats.") == ()
    assert not about.misfiled(ticket("Bob", "Hello,\nIPEK needs ten seats.\nBob Hale\nHelios Freight"))


WORDS = st.sampled_from(
    ["Helios", "Delta", "delta", "Nord", "Öst", "3M", "A&B", "Kraft-Werk", "of", "the", "Sons", "İzmir", "IZMIR", "ızmir", "Işık", "ışık", "IŞİK"]
)


@given(st.lists(st.lists(WORDS, min_size=1, max_size=3), max_size=8), st.lists(WORDS, max_size=12))
def test_names_looked_up_by_word_are_those_one_pattern_of_all_names_finds(names: list[list[str]], text: list[str]) -> None:
    accounts = [Account(id=f"x{number}", name=" ".join(name)) for number, name in enumerate(names)]
    cores = sorted({core for a in accounts if len(core := core_name(a.name)) >= 3}, key=lambda core: (-len(core), core))
    flat = " ".join(" ".join(text).replace("&", " & ").split())
    every = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, cores))})(?!\w)", re.I) if cores else None
    expected = [m.group() for m in every.finditer(flat) if " " in m.group() or not m.group()[0].islower()] if every else []
    assert [found for found, _ in Directory(accounts).named_in(" ".join(text))] == expected


def test_without_other_accounts_nobody_is_named() -> None:
    assert Subject(a_dossier(), Directory(())).other_customers_in("Helios Freight") == ()


def test_a_group_is_the_parent_its_children_and_their_siblings() -> None:
    directory = Directory(
        (Account(id="p", name="P"), Account(id="c1", name="C1", parent_id="p"), Account(id="c2", name="C2", parent_id="p"), *OTHERS)
    )

    assert directory.group_of("c1") == {"p", "c1", "c2"}
    assert directory.group_of("p") == {"p", "c1", "c2"}
    assert directory.group_of("a4") == {"a4"}


def test_the_directory_has_another_version_when_a_name_changes() -> None:
    renamed = OTHERS[0].model_copy(update={"name": "Helios Cargo"})

    assert Directory(OTHERS).version == Directory(tuple(reversed(OTHERS))).version
    assert Directory(OTHERS).version != Directory((renamed, *OTHERS[1:])).version


def ticket(requester: str | None, body: str, **changes: Any) -> Ticket:
    return a_ticket(requester=requester, messages=(a_message(body, author=requester),), **changes)


@pytest.mark.parametrize(
    ("record", "strange"),
    [
        (ticket("dana", "We are Helios now, write to dana@helios.example."), False),
        (ticket("bob@helios.example", "We at Helios need ten seats."), True),
        (ticket("bob@helios.example", "We work for Nordwind and need ten seats."), True),
        (ticket("bob@nordwind.example", "We need ten seats."), False),
        (ticket("bob@mail.nordwind.example", "We need ten seats."), False),
        (ticket("bob@nordwind-nl.example", "We need ten seats."), False),
        (ticket("bob@consultant.example", "We need ten seats."), True),
        (ticket("bob@consultant.example", "Nordwind needs ten seats."), False),
        (ticket("bob@gmail.com", "We need ten seats."), False),
        (ticket("Bob", "We need ten seats."), False),
        (ticket(None, "We need ten seats."), False),
        (a_note(author="bob@helios.example", body="We need ten seats."), True),
        (a_note(author="Mira (CSM)", body="Helios wants ten seats."), False),
        (a_survey(respondent="bob@helios.example", comment="Great."), True),
        (a_survey(respondent="dana", comment="Great."), False),
        (Scorecard(id="sc", account_id="a1", at=at(ago(3)), respondent="bob@helios.example", goals="ten seats"), True),
    ],
)
def test_a_record_from_another_companys_people_is_misfiled(record: TextRecord, strange: bool) -> None:
    assert subject().misfiled(record) is strange


def test_a_record_that_an_agent_calls_misfiled_is() -> None:
    said = (a_message("Please add two users.", author="Bob"), a_message("This belongs to another customer.", author_role="agent", public=False))

    assert subject().misfiled(a_ticket(requester="Bob", messages=said))
    assert not subject().misfiled(a_ticket(requester="dana", messages=said)), "we know her"
    assert not subject().misfiled(a_ticket(requester="Bob", messages=(a_message("I called the wrong account manager."),)))


@pytest.mark.parametrize(
    ("told", "strange"),
    [
        ("Your mail landed under another customer with a similar name. I opened a new ticket.", True),
        ("It came in through the help link of another customer, so it was filed in the wrong place.", True),
        ("Die Anfrage ist bei einem anderen Kunden gelandet, ich verschiebe sie.", True),
        ("Su mensaje llegó a la cuenta de otro cliente.", True),
        ("Votre demande a été rattachée à un autre compte.", True),
        ("Another customer had the same error last week.", False),
        ("I opened a bug for it. We saw it at another customer, too.", False),
    ],
)
def test_a_strangers_ticket_is_misfiled_where_an_agent_says_so(told: str, strange: bool) -> None:
    messages = (a_message("We need ten seats.", author="Bob"), a_message(told, author_role="agent"))
    assert subject().misfiled(a_ticket(requester="Bob", messages=messages)) is strange
    assert not subject().misfiled(a_ticket(requester="dana", messages=messages)), "we know her"


@pytest.mark.parametrize(
    "told",
    [
        "This ticket was filed under the wrong account.",
        "Filed under the wrong customer, I move it.",
        "I have moved your message to another account.",
        "I moved the case over, it was logged under another account.",
        "Her request was meant for another customer.",
        "The mail belongs to somebody else's account.",
        "The six users are another customer's, filed here by mistake.",
        "Wrong account!!",
        "Wrong account, this is Helios Freight.",
        "It's the wrong account.",
        "Wrong customer: Helios Freight",
        "This was assigned to the wrong customer.",
        "Attached to the wrong account, sorry.",
        "The requester is not this customer, she works at Helios.",
        "Das ist der falsche Kunde.",
        "Cuenta equivocada, es de Helios.",
        "C'est le mauvais compte.",
        "Wrong customer, please ignore.",
        "Not our customer.",
        "Das Ticket wurde dem falschen Kunden zugeordnet.",
        "Die Nachricht gehört zu einem anderen Mandanten.",
        "Die Mail liegt unter dem falschen Konto.",
        "Gehört zu einem anderen Kunden.",
        "El ticket se asignó a la cuenta equivocada.",
        "Este caso pertenece a otra empresa.",
        "Su solicitud quedó archivada en la cuenta de otro cliente.",
        "Ce message appartient à un autre client.",
        "Le ticket a été classé sous le mauvais compte.",
    ],
)
def test_the_record_and_whose_it_is_make_a_misfiled_ticket(told: str) -> None:
    messages = (a_message("We need ten seats.", author="Bob"), a_message(told, author_role="agent", public=False))
    assert subject().misfiled(a_ticket(requester="Bob", messages=messages))


@pytest.mark.parametrize(
    "told",
    [
        "You had signed in to the wrong workspace, so the list was empty.",
        "The tickets are created in the wrong workspace when the sync runs",
        "This request belongs to another company in your holding",
        "das Ticket liegt bei einem anderen Kunden von Ihnen",
        "She chose the wrong account in the menu.",
        "Another customer opened a ticket about this, so we know the cause.",
        "The same request came in from another customer last week.",
        "A similar ticket was opened under another account, the fix is the same.",
        "I linked the ticket to another customer's bug report.",
        "That warning belongs to another account of yours.",
        "It was in the wrong place after the update.",
        "Your file landed in the wrong folder.",
        "Your ticket was opened under another account of yours.",
        "Your message was sent to the wrong account manager.",
        "I saw your mail, and the invoice was booked under another account.",
        "Your request does not belong to another account, I checked.",
        "Wrong queue, should be maintenance.",
        "Wrong account number on the invoice, corrected.",
        "The payment was booked to the wrong account.",
        "Der Kontakt wurde falsch zugeordnet, ich habe es berichtigt.",
        "Das Feld gehört zu einem anderen Formular.",
        "Die Lizenz gehört einem anderen Nutzer.",
        "Bei einem anderen Kunden ist das Ticket schon gelöst.",
        "El rol estaba mal asignado, ya está corregido.",
        "Otro cliente llegó a la misma conclusión.",
        "El documento quedó archivado en otra carpeta.",
        "Le rôle était mal attribué, c'est corrigé.",
        "Un autre client est arrivé à la même conclusion.",
        "La facture est classée dans le mauvais dossier.",
    ],
)
def test_data_in_a_wrong_place_and_other_customers_stories_misfile_nothing(told: str) -> None:
    messages = (a_message("We need ten seats.", author="Bob"), a_message(told, author_role="agent"))
    assert not subject().misfiled(a_ticket(requester="Bob", messages=messages))


def test_a_strangers_ticket_with_such_a_tag_is_misfiled() -> None:
    assert subject().misfiled(a_ticket(requester="Bob", tags=("wrong account",)))
    assert not subject().misfiled(a_ticket(requester="Bob", tags=("misrouted-calls",))), "what the ticket is about"
    assert not subject().misfiled(a_ticket(requester="Bob", tags=("account",)))


def test_another_accounts_address_is_strange_even_where_we_do_not_know_our_own() -> None:
    nameless = an_account(domain=None)

    assert subject(nameless).misfiled(ticket("bob@helios.example", "We need ten seats."))
    assert not subject(nameless).misfiled(ticket("bob@elsewhere.example", "We need ten seats."))


def test_our_own_people_may_write_notes_about_anybody() -> None:
    account = NORDWIND.model_copy(update={"csm": "mira@vendor.example"})

    assert not subject(account).misfiled(a_note(author="mira@vendor.example", body="Helios wants ten seats."))


def test_what_a_contact_without_mail_says_is_ours() -> None:
    assert not Subject(a_dossier(contacts=(a_contact("Bob"),)), Directory(OTHERS)).misfiled(ticket("Bob", "Mail bob@helios.example"))


def test_kinds_of_text_are_all_judged() -> None:
    assert {Note, Ticket, Survey, Scorecard} == set(TextRecord.__args__)


@pytest.mark.parametrize(
    ("record", "strange"),
    [
        (ticket("Bob", "Hello,\nwe need ten seats.\nBob Hale\nHelios Freight"), True),
        (ticket("Bob", "Here at Helios we need ten seats."), True),
        (ticket(None, "We need ten seats.", subject="Helios: seats"), True),
        (ticket("Bob", "We need ten seats as Helios has them."), False),
        (ticket("Bob", "Nordwind needs ten seats.\nRegards\nBob, formerly Helios"), False),
        (ticket("Bob", "Dana asked me to write.\nWe need ten seats.\nHelios sends regards"), False),
        (a_note(kind="email", author="Mira (CSM)", body="Hi Mira,\nwe need ten seats.\nBob Hale\nHelios Freight Inc."), True),
        (a_note(kind="call", author="Mira (CSM)", title="Helios", body="They want ten seats."), False),
    ],
)
def test_a_record_signed_by_another_customer_is_misfiled(record: TextRecord, strange: bool) -> None:
    assert subject().misfiled(record) is strange


@pytest.mark.parametrize(
    "told",
    [
        "It seems this ticket was logged against the wrong account.",
        "Note: wrong account.",
        "This ticket should have been filed under another customer.",
        "I think this belongs to another customer.",
    ],
)
def test_a_misfiled_ticket_is_noticed_however_carefully_it_is_told(told: str) -> None:
    messages = (a_message("We need ten seats.", author="Bob"), a_message(told, author_role="agent", public=False))
    assert subject().misfiled(a_ticket(requester="Bob", messages=messages))


@pytest.mark.parametrize(
    "told",
    [
        "Your e-mail was sent to a different account in our CRM, no problem.",
        "Ihre Mail ging an ein anderes Unternehmen.",
        "Su correo se envió a otra empresa.",
        "Votre mail a été envoyé à une autre société.",
        "Your tickets are routed to the wrong company in your setup.",
        "The ticket is for another organisation unit.",
        "Wrong account, please log in with the other one.",
    ],
)
def test_a_mail_that_went_astray_and_a_wrong_sign_in_misfile_nothing(told: str) -> None:
    messages = (a_message("We need ten seats.", author="Bob"), a_message(told, author_role="agent"))
    assert not subject().misfiled(a_ticket(requester="Bob", messages=messages))
