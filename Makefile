# One command for each thing a developer does. `make` lists them.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.DEFAULT_GOAL := help
.PHONY: help setup demo dev lint test test-unit try-forge crd rules lock bench cluster binaries openssh chromium pictures clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(READY) ## create .venv from requirements-dev.lock, every file checked against its hash

demo: $(READY) ## see it work: a cluster, a database, a Git server and a pack, on this machine
	$(BIN)/python -m hack.demo

dev: $(READY) ## the demo, left running until Ctrl-C
	$(BIN)/python -m hack.demo --keep-running

lint: $(READY) ## formatting, style, types, the layers between rooms, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/packctl crd --check
	$(BIN)/packctl schema --check schemas
	$(BIN)/packctl explain --check docs/rules

test: lint openssh chromium binaries ## everything that CI checks
	$(BIN)/pytest -n 2

test-unit: $(READY) ## the tests that start no server
	$(BIN)/pytest -m "not integration"

try-forge: $(READY) openssh ## open a real Gitea in every way there is (built first, which takes minutes)
	$(BIN)/pytest hack/forge

crd: $(READY) ## write the CRD again from the code
	$(BIN)/packctl crd --write

rules: $(READY) ## write docs/rules/ again from the code
	$(BIN)/packctl explain --write docs/rules

schemas: $(READY) ## write the JSON Schemas for editors again from the code
	$(BIN)/packctl schema --write schemas

lock: $(READY) ## resolve the newest dependencies that pyproject.toml allows
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes pyproject.toml --extra tracing -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --group build -o requirements-build.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes pyproject.toml --all-extras --group dev -o requirements-dev.lock

bench: $(READY) binaries ## measure, and print the numbers
	$(BIN)/python -m bench

cluster: $(READY) ## an API server, etcd and PostgreSQL, without the controller, until Ctrl-C
	$(BIN)/python -m hack.localcluster up

binaries: $(READY) ## find or build kube-apiserver, etcd, kubectl and helm (minutes the first time)
	$(BIN)/python -m hack.localcluster ensure

openssh: ## find OpenSSH for the tests; as root on Debian, install it
	@sh hack/openssh.sh

chromium: ## find a Chromium for the tests; as root on Debian, install it
	@sh hack/chromium.sh

pictures: $(READY) chromium binaries ## take the pictures of docs/page.md again
	$(BIN)/pytest -q tests/e2e/pictures.py

clean: ## remove .venv and what tools left behind (built programs stay in ~/.cache)
	rm -rf .venv dist .*_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +

# uv itself comes from the same lock as all else: its lines are what pip checks it against.
$(READY): requirements-dev.lock pyproject.toml
	@git --version >/dev/null || { echo "error: git is missing. On Debian: apt-get install git" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: Python 3.11 or newer is needed. Name one: make setup PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "error: Python's venv module is missing. On Debian: apt-get install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/uv || { \
		$(PYTHON) -m venv .venv && \
		sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.lock >.venv/uv.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt; }
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements-dev.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@
