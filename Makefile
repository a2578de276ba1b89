# Set-up, the demo, the tests and the checks. Needs python3 (>= 3.11), make and git, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.requirements-dev
# Thousands of processes are started below: none of them has to compile what another one has.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup demo test collect check guard bench docs lock clean

help:
	@echo "make setup   set up $(VENV)"
	@echo "make demo    crawl the made-up newsroom on this machine, and show what comes of it"
	@echo "make test    all tests"
	@echo "make check   format, lint, types, layers, generated docs"
	@echo "make guard   more instants and seeds of the promises, and the container's steps; half an hour"
	@echo "make bench   figures, side by side (docs/benchmarks.md)"
	@echo "make docs    write the generated parts of docs/ anew"

setup: $(STAMP)

# uv installs in seconds what pip takes minutes for; both check every hash.
$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed" if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "Python's venv module is missing; on Debian: apt-get install python3-venv"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-uv.txt \
	  && $(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes --python $(BIN)/python requirements-dev.txt \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: setup
	$(BIN)/marsad demo

# Three at once: on two cores, for half of the tests wait for processes and pauses. Each gets whole
# modules, and with them what their tests share; who is done takes some of what others have left.
test: setup
	$(BIN)/python -m pytest -n 3 --dist worksteal

# Rewrites the assertions of all tests once, so that those three need not do it each.
collect: setup
	@$(BIN)/python -m pytest --collect-only -qq >/dev/null

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/cog --check -r docs/cli.md docs/data.md docs/register.md
	@! git ls-files | xargs grep -lE 'https?://[^ ]*(pypi|pythonhosted)' -- requirements*.txt 2>/dev/null

guard: setup
	$(BIN)/python -m pytest -n 3 --dist worksteal -m guard
	.ci/bare-root

bench: setup
	$(BIN)/python -m bench.crawl
	$(BIN)/python -m bench.extraction
	$(BIN)/python -m bench.text
	$(BIN)/python -m bench.stories
	$(BIN)/python -m bench.listings
	$(BIN)/python -m bench.sitemaps
	$(BIN)/python -m bench.blindness
	$(BIN)/python -m bench.months
	$(BIN)/python -m bench.explorer

docs: setup
	$(BIN)/cog -r docs/cli.md docs/data.md docs/register.md

# After a change of pyproject.toml. The files hold hashes and no addresses.
LOCK := $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --quiet
lock:
	$(LOCK) --extra frames --extra notify --extra parquet --extra render pyproject.toml -o requirements.txt
	$(LOCK) --extra dev pyproject.toml -o requirements-dev.txt
	echo "uv" | $(LOCK) - -o requirements-uv.txt
	echo "hatchling" | $(LOCK) - -o requirements-build.txt

clean:
	rm -rf $(VENV) build dist demo-workspace .pytest_cache .mypy_cache .ruff_cache .hypothesis
