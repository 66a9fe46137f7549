# `make demo` and `make test` need Python 3.11 or newer and make; everything else they set up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo web test check docs catalogues benchmarks mutants audit-dependencies clean libgomp
.DEFAULT_GOAL := help

help:  ## say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/.run  ## run the whole flow on the data that ships with veedor
	$(BIN)/veedor demo demo-study

web: $(VENV)/.web  ## serve a demo of the web app on http://127.0.0.1:8000
	$(BIN)/veedor --lang es web demo demo-site

test: $(VENV)/.develop  ## run every test, a process a core
	$(BIN)/python -m pytest --numprocesses auto

check: $(VENV)/.develop  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.develop  ## build the documentation into docs/_build, warnings as errors
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

catalogues: $(VENV)/.develop  ## bring the catalogues of translations up to date
	$(BIN)/python -m catalogues

benchmarks: $(VENV)/.develop  ## measure accuracy, speed and memory; takes hours
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.develop  ## put small faults into the rules and say which no test notices; takes an hour
	$(BIN)/python -m tests.mutants

audit-dependencies: $(VENV)/.audit  ## ask which pinned packages have known faults; needs the network
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off

clean:  ## remove what was made
	rm -rf $(VENV) demo-study demo-site docs/_build .mypy_cache .pytest_cache .ruff_cache

# The trees of PoissonTrees need the system's libgomp, which compilers and most desktops bring.
libgomp:
	@command -v apt-get >/dev/null \
		|| { echo "install libgomp (Fedora: dnf install libgomp; macOS: brew install libomp)" >&2; exit 1; }
	as_root=$$([ "$$(id -u)" -eq 0 ] || echo sudo); $$as_root apt-get update -qq \
		&& $$as_root apt-get install -y -qq --no-install-recommends libgomp1

$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "veedor needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt hatch_build.py
	$(PIP) install --constraint constraints.txt --editable .
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || $(MAKE) --no-print-directory libgomp
	@touch $@

$(VENV)/.web: $(VENV)/.python pyproject.toml constraints.txt hatch_build.py
	$(PIP) install --constraint constraints.txt --editable '.[web]'
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || $(MAKE) --no-print-directory libgomp
	@touch $(VENV)/.run $@

$(VENV)/.audit: $(VENV)/.python pyproject.toml constraints.txt
	$(PIP) install --constraint constraints.txt --group audit
	@touch $@

$(VENV)/.develop: $(VENV)/.run
	$(PIP) install --constraint constraints.txt --editable '.[cluster,web,postgresql]' --group test --group check --group docs
	@touch $@
