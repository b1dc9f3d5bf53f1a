# `make run` and `make test` need Python 3.11, git and make; project/bootstrap brings the rest, once, and says so.
PYTHON ?= python3
BOOTSTRAP := @$(PYTHON) -m project.bootstrap
BIN := .venv/bin
PYTEST := $(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder # many a test waits; those of a file share a server
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url

.DEFAULT_GOAL := help
.PHONY: help run test check torture bench screenshots front format lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

run: ## Start Scriptorium at HOST (127.0.0.1) and PORT (8000), with all it needs
	$(BOOTSTRAP) serve

test: ## Run every test: SQLite, PostgreSQL and Redis, the front end, browsers
	$(BOOTSTRAP) tools servers front languages test_packages
	$(PYTEST) -m "not network"
	$(BOOTSTRAP) npm static test
	$(BIN)/python -m tests.support.servers $(PYTEST) -m "database or network"

check: ## Hold the code to its rules, and what it stands on to known vulnerabilities
	$(BOOTSTRAP) tools
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BOOTSTRAP) npm static run check
	$(BIN)/pytest -q tests/quality
	$(BOOTSTRAP) audit

torture: ## Break, cut, flood and attack it for hours; docs/reliability.md has the figures (ARGS="-k kill")
	$(BOOTSTRAP) tools servers front languages test_packages
	$(BIN)/pytest --torture -m torture $(ARGS)

bench: ## Measure this server and its peers side by side, some 20 minutes (ARGS="200x50 --repeat 1")
	$(BOOTSTRAP) tools servers front languages
	$(BIN)/python -m benchmarks $(ARGS)

screenshots: ## Take pictures of every page and dialog; docs/images/ has what the pages show (ARGS="document --look dark")
	$(BOOTSTRAP) tools front languages
	$(BIN)/python -m tests.gallery $(ARGS)

front: ## Build static/dist/ and static/languages/
	$(BOOTSTRAP) front languages

format: ## Put the code into its shape
	$(BOOTSTRAP) tools
	$(BIN)/ruff check --fix && $(BIN)/ruff format

lock: ## Choose the newest Python packages that pyproject.toml allows
	$(BOOTSTRAP) tools
	$(LOCK) --upgrade pyproject.toml --group dev -o requirements-dev.lock
	$(LOCK) --upgrade pyproject.toml -c requirements-dev.lock -o requirements.lock
	set -e; for group in node fuzz bench; do $(LOCK) --upgrade --group $$group -o requirements-$$group.lock; done

clean: ## Remove what was installed and built; var/ stays
	rm -rf .venv .build .*_cache .hypothesis test-results static/dist static/languages docs_app/locale/*/*/*.mo
	rm -rf static/node_modules tests/support/js/node_modules benchmarks/peers/*/node_modules
