# `make demo` and `make test` need Python 3.11 or newer and make; everything else they set up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Python compiles what it imports; all else need not be.
INSTALL := -m pip --disable-pip-version-check --quiet install --no-compile
PIP := $(BIN)/python $(INSTALL)
INTO = $(OUTSIDE)/env/bin/python $(INSTALL)
EXTRAS := cluster web web,postgresql

# What builds and lists a release stands apart, so that both environments can be made at once.
TOOLS := build/tools

# What is tested is what ships: the wheel, in an environment of its own, seen from outside of this folder.
OUTSIDE ?= build/outside
CONSTRAINTS ?= constraints.txt
NEWEST ?= python3.13
# One more than cores: tests also wait, for servers, browsers and one another's locks.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.PHONY: help demo web dist reproducible sbom installed outside test tested test-all check docs catalogues benchmarks supported \
	mutants audit-dependencies clean libgomp
.DEFAULT_GOAL := help

help:  ## say what can be made
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/' | expand -t 20

demo: $(VENV)/.run  ## run the whole flow on the data that ships with veedor
	$(BIN)/veedor demo demo-study

web: $(VENV)/.web  ## serve a demo of the web app on http://127.0.0.1:8000
	$(BIN)/veedor --lang es web demo demo-site

dist: $(TOOLS)/.ready  ## build the source archive, and from it the wheel, into dist/
	rm -rf dist
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(TOOLS)/bin/python -m build --outdir dist .

reproducible: dist  ## build the wheel once more: the same bytes
	rm -rf build/again
	PIP_CONSTRAINT=$(CURDIR)/constraints.txt $(TOOLS)/bin/python -m build --outdir build/again .
	cmp dist/veedor-*.whl build/again/veedor-*.whl && cmp dist/veedor-*.tar.gz build/again/veedor-*.tar.gz

# Core first, then each extra; after each it is tried what then must work, and what must say what it lacks.
installed: dist
	rm -rf $(OUTSIDE)
	$(PYTHON) -m venv $(OUTSIDE)/env
	$(INTO) 'pip>=25.1'
	mkdir $(OUTSIDE)/source $(OUTSIDE)/work
	tar --extract --gzip --file dist/veedor-*.tar.gz --directory $(OUTSIDE)/source --strip-components 1
	@for extra in '' $(EXTRAS); do \
		set -e; \
		$(INTO) --constraint $(CONSTRAINTS) "$$(ls dist/veedor-*.whl)$${extra:+[$$extra]}"; \
		$(OUTSIDE)/env/bin/python -c 'import lightgbm' 2>/dev/null || $(MAKE) --no-print-directory libgomp; \
		with="$$with $$extra"; \
		echo "installed: core$$with"; \
		(cd $(OUTSIDE)/work && ../env/bin/python -I ../source/tests/installed.py $$with); \
	done

# Which file it was installed from is of no interest to others.
sbom: installed  ## list what the wheel brings with all its extras, with versions and licences, into dist/
	rm -f $(OUTSIDE)/env/lib/python*/site-packages/veedor-*.dist-info/direct_url.json
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
		--output-file "$$(ls dist/veedor-*.whl | sed 's/-py3-none-any.whl/.cdx.json/')" $(OUTSIDE)/env/bin/python

outside: reproducible sbom
	$(INTO) --constraint $(CONSTRAINTS) --group pyproject.toml:test

test: outside  ## build the wheel, install it apart, and run every test on it
	@$(MAKE) --no-print-directory tested

# Each run leaves out what goes on where others have gone; a release does not: `make test TESTS=`.
TESTS ?= not release

# Each process takes what lies together, and from the end of another's once it has none: what a module of tests
# makes for all of them is seldom made twice.
tested:
	@[ ! -d docs/_build/html ] || ln -sfn $(CURDIR)/docs/_build $(OUTSIDE)/source/docs/_build
	cd $(OUTSIDE)/source && VEEDOR_SHARED=$${VEEDOR_SHARED:-$(CURDIR)/../shared} \
		../env/bin/python -m pytest --numprocesses $(WORKERS) --dist worksteal -m "$(TESTS)" --durations 25 --pyargs tests docs veedor

# Before a release. What the others find changes with others' releases, not with a line of veedor's.
test-all:  ## run every test; then those of each run with the oldest dependencies allowed, and on the newest Python
	$(MAKE) test TESTS=
	$(MAKE) test OUTSIDE=build/oldest CONSTRAINTS=constraints-minimum.txt
	$(MAKE) test OUTSIDE=build/newest PYTHON=$(NEWEST)

check: $(VENV)/.develop  ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.develop  ## build the documentation into docs/_build, warnings as errors
	$(BIN)/sphinx-build --jobs auto -W --keep-going -q -b html docs docs/_build/html

catalogues: $(VENV)/.develop  ## bring the catalogues of translations up to date
	$(BIN)/python -m catalogues

benchmarks: $(VENV)/.develop  ## measure accuracy, speed and memory; takes hours
	$(BIN)/python -m benchmarks

mutants: $(VENV)/.develop  ## put small faults into the rules and say which no test notices; takes an hour
	$(BIN)/python -m tests.mutants

audit-dependencies: $(VENV)/.audit  ## ask which pinned packages have known faults; needs the network
	$(BIN)/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off

clean:  ## remove what was made
	rm -rf $(VENV) build dist demo-study demo-site docs/_build .mypy_cache .pytest_cache .ruff_cache

# The trees of PoissonTrees need the system's libgomp, which compilers and most desktops bring.
libgomp:
	@command -v apt-get >/dev/null \
		|| { echo "install libgomp (Fedora: dnf install libgomp; macOS: brew install libomp)" >&2; exit 1; }
	as_root=$$([ "$$(id -u)" -eq 0 ] || echo sudo); $$as_root apt-get update -qq \
		&& $$as_root apt-get install -y -qq --no-install-recommends libgomp1

supported:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "veedor needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }

$(TOOLS)/.ready: pyproject.toml constraints.txt | supported
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python $(INSTALL) --upgrade 'pip>=25.1'
	$(TOOLS)/bin/python $(INSTALL) --constraint constraints.txt --group build
	@touch $@

$(VENV)/.python: | supported
	$(PYTHON) -m venv $(VENV)
	$(PIP) --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.run: $(VENV)/.python pyproject.toml constraints.txt hatch_build.py
	$(PIP) --constraint constraints.txt --editable .
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || $(MAKE) --no-print-directory libgomp
	@touch $@

$(VENV)/.web: $(VENV)/.python pyproject.toml constraints.txt hatch_build.py
	$(PIP) --constraint constraints.txt --editable '.[web]'
	@$(BIN)/python -c 'import lightgbm' 2>/dev/null || $(MAKE) --no-print-directory libgomp
	@touch $(VENV)/.run $@

$(VENV)/.audit: $(VENV)/.python pyproject.toml constraints.txt
	$(PIP) --constraint constraints.txt --group audit
	@touch $@

$(VENV)/.develop: $(VENV)/.run
	$(PIP) --constraint constraints.txt --editable '.[cluster,web,postgresql]' --group test --group check --group docs
	@touch $@
