"""Secrets of targets lie sealed where there is a key, and say so where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs.errors import BadInput
from briefs.sealing import Seal, is_sealed
from briefs.store import Store, target_rows
from briefs.store.seals import sealed_with
from retrieval.engine import open_engine
from tests.briefs.desk_parts import NOON, database_bytes

KEY, OTHER = "k" * 20 + "0123456789ab", "o" * 40


def test_a_sealed_secret_opens_with_its_key_and_no_other():
    kept = Seal(KEY).close("whsec_very-secret")
    assert is_sealed(kept)
    assert "very-secret" not in kept
    assert Seal(KEY).open(kept) == "whsec_very-secret"
    assert Seal(KEY).close(kept) == kept, "what is sealed is not sealed twice"
    with pytest.raises(BadInput, match="not the key"):
        Seal(OTHER).open(kept)
    with pytest.raises(BadInput, match="no key"):
        Seal().open(kept)
    with pytest.raises(BadInput, match="not the key"):
        Seal(KEY).open(kept[:-4] + "AAAA")


def test_without_a_key_a_secret_stays_as_it_is():
    assert Seal().close("whsec_x") == "whsec_x" == Seal().open("whsec_x") == Seal(KEY).open("whsec_x")


def test_a_short_key_is_none():
    with pytest.raises(BadInput, match="too short"):
        Seal("k" * 31)


def test_no_byte_of_a_sealed_secret_is_in_the_database_and_the_sender_has_it(database: Path):
    engine = sealed_with(open_engine(f"sqlite:///{database}"), Seal(KEY))
    store = Store(engine)
    with store.writing() as connection:
        target_rows.add(connection, "t1", "webhook", "Hook", {"url": "https://x.example"}, ["whsec_very-secret"], NOON)
        target_rows.set_secrets(connection, "t1", ["whsec_newer-secret", "whsec_very-secret"])
    with store.reading() as connection:
        assert target_rows.get(connection, "t1").secrets == ("whsec_newer-secret", "whsec_very-secret")
        assert target_rows.in_the_clear(connection) == []
    engine.dispose()
    assert b"-secret" not in database_bytes(database)


def test_what_lay_in_the_clear_is_found_and_sealed(database: Path):
    plain = Store(open_engine(f"sqlite:///{database}"))
    with plain.writing() as connection:
        target_rows.add(connection, "t1", "webhook", "Hook", {}, ["whsec_old"], NOON)
        target_rows.add(connection, "t2", "folder", "Folder", {}, [], NOON)
        assert target_rows.in_the_clear(connection) == ["t1"]
    sealed = Store(sealed_with(plain.engine, Seal(KEY)))
    with sealed.writing() as connection:
        target_rows.set_secrets(connection, "t1", target_rows.get(connection, "t1").secrets)
        assert target_rows.in_the_clear(connection) == []
        assert target_rows.get(connection, "t1").secrets == ("whsec_old",)
    with pytest.raises(BadInput), plain.reading() as connection:
        target_rows.get(connection, "t1")
    plain.engine.dispose()
