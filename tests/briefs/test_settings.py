"""Settings come from the environment, and what is given beside it wins."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from briefs.settings import Settings, load, variables


@pytest.fixture(autouse=True)
def no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (name for setting in Settings.model_fields for name in variables(setting)):
        monkeypatch.delenv(name, raising=False)


def test_a_setting_is_read_from_its_variable_in_capitals_or_not(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BRIEFS_CONCURRENCY", "7")
    monkeypatch.setenv("briefs_allow_private_targets", "yes")
    monkeypatch.setenv("CONCURRENCY", "9")
    told = Settings()
    assert (told.concurrency, told.allow_private_targets, told.home) == (7, True, Path(".briefs"))


def test_what_is_given_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("BRIEFS_HOME", "elsewhere")
    monkeypatch.setenv("OPENAI_API_KEY", "from the environment")
    assert load().home == Path("elsewhere")
    assert load(tmp_path).home == tmp_path
    assert Settings(openai_api_key=SecretStr("given")).openai_api_key == SecretStr("given")


def test_those_of_a_provider_keep_its_names_and_may_have_ours(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("BRIEFS_OPENAI_BASE_URL", "http://ours")
    assert Settings().openai_base_url == "http://ours"
    monkeypatch.setenv("OPENAI_BASE_URL", "http://theirs")
    assert Settings().openai_base_url == "http://theirs"


@pytest.mark.parametrize("value", ["many", "", "0", "65"])
def test_a_value_that_cannot_be_is_refused_by_the_name_of_its_setting(monkeypatch: pytest.MonkeyPatch, value: str):
    monkeypatch.setenv("BRIEFS_CONCURRENCY", value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert (caught.value.title, caught.value.errors()[0]["loc"]) == ("Settings", ("concurrency",))
