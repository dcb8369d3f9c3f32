# Two commands: `make run` serves the sample archive, `make test` runs every check that CI runs.
PYTHON ?= python3
PORT ?= 8000
INDEX ?= index
BIN := .venv/bin

# Elsewhere than here `torch` may resolve to a build with gigabytes of CUDA packages; the check after
# installing stops then, and the README names the one option that avoids it.
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt

.PHONY: run test format clean

run: .venv/run
	$(BIN)/qa ingest seeds --index $(INDEX)
	$(BIN)/qa serve --index $(INDEX) --port $(PORT)

test: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest

format: .venv/test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/made:
	$(PYTHON) -m venv .venv
	touch $@

.venv/run: .venv/made pyproject.toml constraints.txt
	@echo "Installing into .venv (a few minutes the first time) ..."
	$(PIP) -e '.[model]'
	$(BIN)/python .ci/check_install.py
	touch $@

.venv/test: .venv/run
	$(PIP) -e '.[dev]'
	$(BIN)/python .ci/check_install.py
	touch $@

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache
