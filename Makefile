# Tripline's tasks. `make help` lists them.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

export CARGO_TERM_COLOR ?= auto
# The tests use Debian's browser: nothing may download another one.
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD = 1

TARGET := $(or $(CARGO_TARGET_DIR),target)
BINARY := $(abspath $(TARGET)/release/tripline)
NPM_CI := npm ci --no-audit --no-fund
WEB_PACKAGES := web/node_modules/.installed-lock.json
TEST_PACKAGES := tests/node_modules/.installed-lock.json
PYTHON_PACKAGES := .venv/.installed-requirements.txt

.PHONY: help
help: ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build everything and start on http://127.0.0.1:9000 with ./data.
	@$(BINARY) serve

.PHONY: build
build: ## Build the web app and the release binary.
	cargo build --release --locked

.PHONY: test
# Each run looks at the same values, so that one that fails says something of the change; `make explore` looks at others.
test: export PROPTEST_RNG_SEED ?= 1
test: tools lint test-web build ## Install what the tests need, then run all of them against the release binary.
	TRIPLINE_BIN=$(BINARY) cargo test --locked --no-fail-fast

.PHONY: explore
explore: ## Run the property tests at random.
	cargo test --locked --lib

.PHONY: test-web
test-web: $(WEB_PACKAGES)
	npm --prefix web run test

.PHONY: lint
lint: lint-rust lint-web ## Check formats, lints and types.

.PHONY: lint-rust
lint-rust:
	cargo fmt --check
	cargo clippy --all-targets --locked -- -D warnings

.PHONY: lint-web
lint-web: $(WEB_PACKAGES)
	npm --prefix web run lint
	npm --prefix web run check

.PHONY: openapi
openapi: ## Write web/openapi.json anew, from which the web app's types are made.
	BLESS=1 cargo test --lib openapi

.PHONY: tools
tools: $(TEST_PACKAGES) $(PYTHON_PACKAGES) ## Install what the tests need: npm and PyPI packages, Debian's chromium.
	tests/install-debian-packages chromium

$(WEB_PACKAGES): web/package-lock.json
	cd web && $(NPM_CI)
	cp web/package-lock.json $@

$(TEST_PACKAGES): tests/package-lock.json
	cd tests && $(NPM_CI) --ignore-scripts
	cp tests/package-lock.json $@

$(PYTHON_PACKAGES): tests/requirements.txt
	tests/install-debian-packages python3-venv
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
	cp tests/requirements.txt $@

.PHONY: deny
deny: ## Check licences and advisories of all dependencies (needs cargo-deny).
	cargo deny --locked check

.PHONY: docker
docker: ## Build the container image `tripline`.
	docker build --tag tripline .

.PHONY: fixtures
fixtures: tools build ## Record anew what the SDKs send, and the screenshots.
	TRIPLINE_BIN=$(BINARY) TRIPLINE_RECORD=1 cargo test --locked --test conformance
