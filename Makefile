# Two commands for a newcomer: `make try` and `make test`. Both bring what they need into .venv, an ignored folder.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/pytest -n 2 --dist worksteal
ifdef CI
  GROUPS :=
else
  GROUPS := -m "not index"
endif

.PHONY: help setup try test lint types docs format lock fit eval leaks clean
help:
	@echo "make try     set everything up, then judge a real package and an inert trojan"
	@echo "make test    set everything up, then lint, types, import contracts, docs and the whole suite"
	@echo "make docs    write the generated pages again        make format   format the code"
	@echo "make lock    resolve the locks again                make clean    remove what these commands made"
	@echo "make eval MALICIOUS=DIR BENIGN='DIR DIR'            make fit MALICIOUS=DIR BENIGN='DIR DIR'"
	@echo "make leaks   after a fit: does anything but behaviour predict the label?"

setup: $(READY)
$(READY): requirements/dev.lock pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python 3.11 with venv is needed; say which with PYTHON=…" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	@# The lock is whole: nothing is resolved, so that a release made tomorrow can't change what this installs.
	$(BIN)/python -m pip --quiet install --require-hashes --no-deps -r requirements/dev.lock
	$(BIN)/python -m pip --quiet install --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip --quiet check
	@# An editable install compiles nothing by itself, and starting would take a third longer each time.
	$(BIN)/python -m compileall -q src
	@touch $@

try: $(READY)
	$(BIN)/python tools/try.py

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(READY)
	$(BIN)/mypy

test: lint types
	$(BIN)/coverage erase
	$(PYTEST) --cov --cov-report=term $(GROUPS)

docs: $(READY)
	$(BIN)/python tools/gen_docs.py

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Locks are hash-pinned requirements without URLs: the index is the installer's own.
LOCK := $(BIN)/uv pip compile --no-config --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-header --no-annotate
lock: $(READY)
	$(LOCK) pyproject.toml --all-extras -o requirements/stockade.lock
	$(LOCK) pyproject.toml requirements/dev.in --all-extras -o requirements/dev.lock
	$(LOCK) requirements/bench.in -o requirements/bench.lock
	@# The installers that the gate is tested with, each for an environment of its own (tests/support/clients.py).
	$(foreach in,$(wildcard requirements/clients-*.in),$(LOCK) $(in) -o $(in:.in=.lock) &&) true

eval: $(READY)
	$(BIN)/stockade eval --evidence code --malicious $(MALICIOUS) $(foreach d,$(BENIGN),--benign $(d)) --labels bench/labels.toml

# Some twenty minutes on two cores: evaluate, read the shapes of near-copies, fit, evaluate with the new weights.
EVAL = $(BIN)/stockade eval --evidence code --malicious $(MALICIOUS) $(foreach d,$(BENIGN),--benign $(d)) \
       --labels bench/labels.toml --cases .cache/cases.ndjson
fit: $(READY)
	$(BIN)/python -m pip --quiet install --require-hashes --no-deps -r requirements/bench.lock
	mkdir -p .cache
	$(EVAL) --output .cache/before.txt
	$(BIN)/python bench/shapes.py $(MALICIOUS) $(BENIGN) --out .cache/shapes.ndjson
	$(BIN)/python bench/fit.py .cache/cases.ndjson --shapes .cache/shapes.ndjson
	$(EVAL)

leaks: $(READY)
	$(BIN)/python bench/leaks.py .cache/cases.ndjson

clean:
	rm -rf $(VENV) .clients .try .cache .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
