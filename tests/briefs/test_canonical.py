"""The same thing is always the same bytes."""

from __future__ import annotations

import json
from random import Random
from typing import Any, cast

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from briefs.brief import BriefBody, Evidence
from briefs.canonical import canonical, canonical_json, digest
from briefs.errors import BadInput
from tests.briefs.desk_parts import body

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_canonical_json_read_back_is_written_the_same(value: object):
    data = canonical_json(value)
    assert canonical_json(json.loads(data)) == data


@given(JSON)
@example({"b": 1e16, "a": [1e-4, 9.9e-5, -0.0, 2.0**53, 1e21, 5e-324]})
@example({"\ue000": 1, "\U0001f600": 2})
@example(["\x7f\u2028\x00\\/", True, 1, 1.0])
def test_the_quick_way_writes_what_the_library_writes(value: object):
    assert canonical_json(value) == rfc8785.dumps(cast("Any", value))


@given(st.dictionaries(st.text(), JSON, max_size=6), st.randoms())
def test_the_order_of_keys_does_not_matter(value: dict[str, object], random: Random):
    shuffled = list(value.items())
    random.shuffle(shuffled)
    assert canonical_json(dict(shuffled)) == canonical_json(value)


def test_the_example_of_the_standard_comes_out_as_the_standard_says():
    given_ = {"numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27], "string": '€$\u000f\nA\'B"\\\\"/', "literals": [None, True, False]}
    assert canonical_json(given_) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_a_brief_read_back_has_the_same_hash():
    data = canonical(body())
    assert canonical(BriefBody.model_validate_json(data)) == data


def test_whole_numbers_and_their_floats_are_one():
    cited = Evidence(record_id="u", kind="usage", field="seats_active", value=1200.0)
    assert canonical(Evidence.model_validate_json(canonical(cited))) == canonical(cited)


def test_a_hash_says_how_it_was_made():
    assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, "\ud800"])
def test_what_json_cannot_carry_is_refused(value: object):
    with pytest.raises(BadInput):
        canonical_json({"x": value})
