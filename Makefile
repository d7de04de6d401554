# Everything a newcomer needs: `make maps` and `make test` set up what they need and say what they do.
# Only Python 3.11 to 3.13, pip, make and git have to be there. uv is put into .tools with `pip install --target`, which
# also works where the system's Python refuses `pip install`.

PYTHON ?= python3
UV_VERSION := 0.13.8
UV := .tools/uv-$(UV_VERSION)/bin/uv
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# The interpreter must find what uv installed, whatever the caller's shell exports.
export PYTHONPATH :=
export VIRTUAL_ENV :=

.PHONY: help setup maps test lint data notebooks bench lock clean

help: ## say what each target does
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## put uv, a virtual environment and xsgeo into this folder

maps: $(READY) ## write the demonstration county's pages to maps/
	$(BIN)/xsgeo maps data --out maps

test: $(READY) ## run every test, doctest and notebook
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

data: $(READY) ## rebuild the demonstration study in data/ from data/facts
	$(BIN)/xsgeo demo data --facts data/facts

notebooks: $(READY) ## run the notebooks and keep what they show
	$(BIN)/python tools/run_notebooks.py notebooks

bench: $(READY) ## time the searches against other engines and write benchmarks/RESULTS.md
	$(UV) venv --quiet --allow-existing --no-python-downloads --python $(PYTHON) .tools/bench
	$(UV) pip install --quiet --python .tools/bench --editable . igraph pandarm pandana
	.tools/bench/bin/python -m benchmarks.run

lock: $(UV) ## resolve the dependencies again into requirements.lock
	$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --quiet --upgrade --output-file requirements.lock

clean: ## remove what setup and maps made
	rm -rf .tools $(VENV) maps/*.html

$(UV):
	@echo "[1/3] uv $(UV_VERSION) into .tools"
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else f"xsgeo needs Python 3.11 to 3.13; this is {v[0]}.{v[1]}. Try: make PYTHON=python3.12")'
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action=ignore \
	  --target .tools/uv-$(UV_VERSION) uv==$(UV_VERSION)

$(READY): requirements.lock pyproject.toml | $(UV)
	@echo "[2/3] virtual environment in $(VENV), packages from requirements.lock (about a minute the first time)"
	@test -x $(BIN)/python || $(UV) venv --quiet --no-python-downloads --python $(PYTHON) $(VENV)
	@$(UV) pip sync --require-hashes --compile-bytecode --python $(VENV) requirements.lock
	@echo "[3/3] xsgeo itself, editable, and its searches and solvers compiled once (about a minute)"
	@$(UV) pip install --quiet --no-deps --no-build-isolation --python $(VENV) --editable .
	@$(BIN)/python -c "from xsgeo import search, siting; search.warm_up(); siting.warm_up()"
	@touch $(READY)
