# The two commands: `make run` and `make test`. Both set up everything they need first.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := .tools/bin/uv
STAMP := $(VENV)/.ready

.PHONY: run demo test setup check lint types contracts schema clean

run: setup  ## collect and serve on http://127.0.0.1:8000/ (Ctrl-C stops)
	$(BIN)/feedsvc serve

demo: setup  ## a newspaper without feeds, and feedsvc that makes some of it, both on this machine
	$(BIN)/python -m tests.site.demo

test: setup  ## all tests
	$(BIN)/pytest -n 2

setup: $(STAMP)

# uv makes it quick; where it cannot be had, venv and pip do the same from the same lock.
$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("feedsvc needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(UV) || PYTHONPATH= $(PYTHON) -m pip install --quiet --disable-pip-version-check --target .tools uv || echo "uv cannot be had here: using pip (slower)"
	@if [ -x $(UV) ]; then \
		$(UV) venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV) && \
		$(UV) pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock && \
		$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable . ; \
	else \
		$(PYTHON) -m venv $(VENV) && \
		$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock && \
		$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable . ; \
	fi
	@touch $@

check: lint types contracts test  ## the one gate: what CI runs

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

schema: setup  ## write the editor schema that the tests hold against the code
	$(BIN)/feedsvc schema > config/feedsvc.schema.json

clean:
	rm -rf $(VENV) .tools .mypy_cache .ruff_cache .pytest_cache
