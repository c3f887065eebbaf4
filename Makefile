# Needs only python3 (3.11 to 3.13) and make. Everything is installed into .venv, from the lock files.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RIVALS := .venv-benchmark
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes
.DEFAULT_GOAL := help
.PHONY: help run demo test test-fast browser lint types imports benchmark faults soak lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

$(VENV)/core: lock/core.txt pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Servanda needs Python 3.11 to 3.13, and %s is %d.%d; set PYTHON=…" % (("$(PYTHON)",) + v))'
	@echo "Installing Servanda into $(VENV) (once)"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) -r lock/core.txt
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/run: lock/run.txt $(VENV)/core
	@echo "Installing Airflow into $(VENV) (once)"
	@$(PIP) -r lock/run.txt
	@touch $@

$(VENV)/test: lock/test.txt $(VENV)/run
	@echo "Installing what the tests need into $(VENV) (once)"
	@$(PIP) -r lock/test.txt
	@touch $@

$(RIVALS)/installed: lock/benchmark.txt
	@echo "Installing the tools to compare with into $(RIVALS) (once)"
	@test -x $(RIVALS)/bin/python || $(PYTHON) -m venv $(RIVALS)
	@$(RIVALS)/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r lock/benchmark.txt
	@touch $@

run: $(VENV)/run ## install, start Airflow, run today's job, show what is known; Ctrl-C ends it
	@exec $(BIN)/python -m servanda.hosting.main

demo: $(VENV)/core ## summer 2019 replayed in under a minute, without network or Airflow
	@exec $(BIN)/python -m servanda.demo

test: lint types imports browser ## everything: lint, types, import contracts, all tests
	@$(BIN)/python -m pytest -m "not airflow" -n 2 --dist worksteal
	@$(BIN)/python -m pytest -m airflow

browser: ## Chromium, in which tests look at pages; as root on Debian it is installed
	@command -v chromium >/dev/null || { apt-get -qq update && apt-get -qq install --yes chromium >/dev/null; } || { echo "Tests look at pages in Chromium, and there is none: install your system's package, chromium"; exit 1; }

test-fast: $(VENV)/test ## the tests that start no server and are not slow, in under three minutes
	@$(BIN)/python -m pytest -m "not airflow and not postgres and not slow" -n 2 --dist worksteal

lint: $(VENV)/test
	@$(BIN)/ruff check --no-cache .
	@$(BIN)/ruff format --no-cache --check --quiet .

types: $(VENV)/test
	@$(BIN)/mypy

imports: $(VENV)/test
	@$(BIN)/lint-imports --no-cache | tail -n 8

benchmark: $(VENV)/test $(RIVALS)/installed ## ratios beside other tools, in one run
	@$(BIN)/python -m benchmarks

faults: $(VENV)/test ## faults behind the listing, each kind once, with a seed of the moment
	@$(BIN)/python -m fault_injection.documents

soak: $(VENV)/test ## the whole monitor under load, with faults and kills: MINUTES=20
	@PYTHONPATH=tests $(BIN)/python -m fault_injection.soak --minutes $(or $(MINUTES),20)

lock: ## renew the lock files (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --upgrade pyproject.toml lock/build.in --extra airflow --group test -o lock/test.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml lock/build.in --extra airflow -c lock/test.txt -o lock/run.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet pyproject.toml lock/build.in -c lock/test.txt -o lock/core.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --group benchmark -c lock/test.txt -o lock/benchmark.txt

clean: ## remove what was installed and made; not var/, where your data is
	rm -rf $(VENV) $(RIVALS) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
