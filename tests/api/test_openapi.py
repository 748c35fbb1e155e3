"""The service is what its OpenAPI says: every answer declared and of the shape it says, nothing crashes, whatever a program sends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import positive_data_acceptance

from tests.api.roles import MAY, WHO
from tests.api.things import BELOW, things_of
from tests.api.world import OURS, World, serving

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # schemathesis' own
EXAMPLES = 8
LEFT_OUT = {
    "/v1/scans/{scan_id}/events": "endless by nature: tests/api/test_serving.py reads it",
    "/openapi.json": "does not describe itself",
}


REFUSED_TO_SOME = {
    "/v1/flags/zendesk": "no signing secret is set",
    "/v1/users/{user_id}/tokens": "whoever is no admin makes tokens for themselves alone",
}


@dataclass
class There:
    """The service, and one of each thing its paths name."""

    world: World
    things: dict[str, str]


@pytest.fixture(scope="module")
def there(planted_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    home = tmp_path_factory.mktemp("openapi") / "home"
    shutil.copytree(planted_home, home)
    with serving(home, rate_per_minute=0) as world:
        yield There(world, things_of(world, "mira", "ana", kept=OURS[1], given=OURS[0]))


@pytest.fixture(scope="module")
def described(there: There) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", there.world.client.app)


@pytest.mark.parametrize(("method", "path"), sorted(call for call in MAY if call[1] not in LEFT_OUT))
def test_whatever_is_sent_is_answered_as_described(described: Any, there: There, method: str, path: str) -> None:
    """By somebody who may make the call, in three of four about things that are there."""
    callers = [WHO[role] for role in sorted(MAY[method, path] - {"nobody"})]
    named = there.things | BELOW.get(f"{method} {path}", {})

    @given(case=described[path][method].as_strategy(), who=st.sampled_from(callers), about_nothing=st.integers(0, 3).map(lambda n: n == 3))
    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[*HealthCheck])
    def answered(case: Any, who: str, about_nothing: bool) -> None:
        for name in ("Idempotency-Key", "Authorization"):
            case.headers.pop(name, None)
        if not about_nothing:
            case.path_parameters = {name: named[name] for name in case.path_parameters}
        answer = case.call(headers={"Authorization": f"Bearer {there.world.tokens[who]}"})
        assert answer.status_code != 403 or path in REFUSED_TO_SOME
        # What is well formed may still be refused: an id that is not there (404), no ETag (428), an old one (412).
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    answered()
