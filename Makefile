# The main job, the tests and all that CI runs. Needs Python 3.11 or newer, make and git.
#
#   make brief   set up, then write the brief on semiconductors
#   make test    set up, then run the tests
#   make check   all that CI runs: format, lint, types, import contract, tests, docs
#   make docs    build the manual
#   make bench   measure speed beside the peer; some minutes on a quiet machine
#   make clean   remove the environment and what was built
#
# PYTHON=/path/to/python chooses the interpreter; VENV=folder the place of the environment.

PYTHON ?= python3.11
VENV ?= .venv
BIN := $(VENV)/bin
PIP = $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input install -c constraints.txt
PINS := pyproject.toml constraints.txt

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help brief test check style types contract docs bench clean

help:
	@sed -n '3,10s/^# \{0,1\}//p' Makefile

brief: $(VENV)/.ready-brief
	@$(BIN)/narrows brief semiconductors

test: $(VENV)/.ready-test
	@$(BIN)/python -m pytest

# TESTED=yes leaves the tests out, for a caller that has just run them.
check: style types contract $(if $(TESTED),,test) docs
	@echo "All checks passed."

style: $(VENV)/.ready-check
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@echo "Format and lint: passed"

types: $(VENV)/.ready-check
	@$(BIN)/mypy

contract: $(VENV)/.ready-check
	@$(BIN)/lint-imports --no-logo

docs: $(VENV)/.ready-check
	@$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html
	@echo "Manual: docs/_build/html/index.html"

bench: $(VENV)/.ready-test
	@$(BIN)/python benchmarks/bench_simulate.py
	@$(BIN)/python benchmarks/bench_simulate.py --regions 10 --sectors 40 --scenarios 1000
	@$(BIN)/python benchmarks/bench_simulate.py --flat --scenarios 256 --days 60
	@$(BIN)/python benchmarks/firm_networks.py
	@$(BIN)/python benchmarks/ensembles.py
	@$(BIN)/python benchmarks/screen_parties.py
	@$(BIN)/python benchmarks/screen_rules.py
	@$(BIN)/python benchmarks/planning.py

clean:
	rm -rf $(VENV) docs/_build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

# ---------------------------------------------------------------- set-up
# A stamp file remembers each set-up; it is made again when the pins change.
# A larger set-up holds the smaller ones and stamps them too, so nothing is installed twice.

$(VENV)/.ready-brief: $(PINS) | $(BIN)/python
	@echo "Setting up $(VENV): what the brief needs (about two minutes the first time) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/.ready-test: $(PINS) | $(BIN)/python
	@echo "Setting up $(VENV): what the tests need (about two minutes the first time) ..."
	@$(PIP) -e '.[test]'
	@touch $(VENV)/.ready-brief $@

$(VENV)/.ready-check: $(PINS) | $(BIN)/python
	@echo "Setting up $(VENV): what the checks and the manual need (a few minutes the first time) ..."
	@$(PIP) -e '.[dev,docs]'
	@touch $(VENV)/.ready-brief $(VENV)/.ready-test $@

$(BIN)/python:
	@for python in $(PYTHON) python3 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$python" --version)"; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "$$python could not make an environment; on Debian and Ubuntu install python3-venv." >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "Narrows needs Python 3.11 or newer. None of these is: $(PYTHON), python3, python." >&2; \
	echo "Install it, or name it: make PYTHON=/path/to/python3.11" >&2; \
	exit 1
