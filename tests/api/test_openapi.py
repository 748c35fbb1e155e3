"""The service is what its OpenAPI says: every answer declared and of the shape it says, nothing crashes, whatever a program sends."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import positive_data_acceptance

from tests.api.roles import MAY
from tests.api.world import World, serving

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # schemathesis' own
EXAMPLES = 8
LEFT_OUT = {
    "/v1/scans/{scan_id}/events": "endless by nature: tests/api/test_serving.py reads it",
    "/openapi.json": "does not describe itself",
}


@pytest.fixture(scope="module")
def there(planted_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = tmp_path_factory.mktemp("openapi") / "home"
    shutil.copytree(planted_home, home)
    with serving(home, rate_per_minute=0) as world:
        yield world


@pytest.fixture(scope="module")
def described(there: World) -> Any:
    return schemathesis.openapi.from_asgi("/openapi.json", there.client.app)


@pytest.mark.parametrize(("method", "path"), sorted(call for call in MAY if call[1] not in LEFT_OUT))
def test_whatever_is_sent_is_answered_as_described(described: Any, there: World, method: str, path: str) -> None:
    @given(case=described[path][method].as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[*HealthCheck])
    def answered(case: Any) -> None:
        for name in ("Idempotency-Key", "Authorization"):
            case.headers.pop(name, None)
        answer = case.call(headers={"Authorization": f"Bearer {there.tokens['ada']}"})
        # What is well formed may still be refused: an id that is not there (404), no ETag (428), an old one (412).
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    answered()
