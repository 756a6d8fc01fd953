# Rundown's tasks. Needs Python 3.11 to 3.13, make and git; brings the rest into .venv.

PYTHON ?= python3
UV_VERSION := 0.13.9
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(BIN)/uv
CHECK ?=
ONLY ?=
PORT ?= 8000
SEED ?=
SEEDS ?= 1
STORIES ?= 100

.PHONY: help demo test torture browser tracking screenshot check format bench bench-regressions clean
.DEFAULT_GOAL := help

help:  ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if (3, 11) <= v < (3, 14) else f"Rundown needs Python 3.11 to 3.13, but $(PYTHON) is {v[0]}.{v[1]}. Try: make PYTHON=python3.12")'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(READY): pyproject.toml uv.lock | $(BIN)/uv
	@echo "Installing what Rundown needs into $(VENV) (once, about 600 MB with MLflow)…"
	@$(UV) sync --locked --inexact --quiet --python $(BIN)/python
	@touch $@

demo: $(READY)  ## Play a team's morning in a local Slack (CHECK=1: without a browser; PORT=8000)
	@$(BIN)/rundown demo --port $(PORT) $(if $(CHECK),--check)

test: $(READY)  ## Run the tests, on a real PostgreSQL and a real MLflow server
	@$(BIN)/pytest -n 2 --dist loadfile -m "not special"

bench: $(READY)  ## Measure speed against floors and rivals (ONLY=latest: one part), see docs/performance.md
	@$(BIN)/python -m tests.bench $(ONLY)

bench-regressions: $(READY)  ## Replay verdicts and their rivals over marked series (ONLY=rundown), see docs/verdicts.md
	@$(BIN)/python -m tests.bench.regressions $(ONLY)

browser: $(READY)  ## Drive the sandbox's page in this machine's Chromium, with the keyboard
	@$(UV) sync --locked --inexact --quiet --group browser --python $(BIN)/python
	@$(BIN)/pytest -q tests/browser

tracking: $(READY)  ## Try rundown-tracking in real notebooks and with a real DVC (installs 150 packages)
	@$(UV) sync --locked --inexact --quiet --group tracking --python $(BIN)/python
	@$(BIN)/pytest -q tests/tracking

screenshot: $(READY)  ## Take the README's pictures anew, from the demo in this machine's Chromium
	@$(UV) sync --locked --inexact --quiet --group browser --python $(BIN)/python
	@$(BIN)/python -m tests.browser.screenshot

torture: $(READY)  ## Kill the bot again and again while runs end and all around it fails (SEED=7, SEEDS=10)
	@$(BIN)/python -m tests.torture $(if $(SEED),--seed $(SEED)) --seeds $(SEEDS)
	@STORIES=$(STORIES) $(BIN)/pytest -q tests/torture/test_stories.py

check: $(READY)  ## Lint, types, architecture, dependencies, spelling, documentation
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/deptry . --no-ansi
	@$(BIN)/codespell
	@$(BIN)/pytest -q -m documented

format: $(READY)  ## Format the code
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

clean:  ## Remove what make made
	rm -rf $(VENV) .demo .bench .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
