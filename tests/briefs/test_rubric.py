"""The rubric's file: a bad value is refused by name, its words name every blocker, and its version follows its thresholds."""

from __future__ import annotations

from pathlib import Path

import pytest

from briefs.brief import BLOCKER_CODES
from briefs.errors import RubricError
from briefs.rubric import load
from tests.briefs.account_builders import RUBRIC


def test_a_bad_threshold_is_refused_with_its_name(tmp_path: Path) -> None:
    bad = tmp_path / "rubric.yaml"
    bad.write_text("said_days: many\n", "utf-8")

    with pytest.raises(RubricError, match="said_days"):
        load(bad)


def test_the_rubric_says_each_of_its_blockers_in_words_and_has_a_version_of_its_thresholds() -> None:
    words = " ".join(sentence for listed in RUBRIC.in_words().values() for sentence in listed)

    assert all(code in words for code in BLOCKER_CODES)
    assert RUBRIC.version == load().version
    assert RUBRIC.model_copy(update={"said_days": 90}).version != RUBRIC.version
