# `make decide` decides an example; `make test` checks everything. Both need Python 3.11 or newer, and nothing else.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/sh
unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin/
CORE := .venv/decides
READY := .venv/ready
PIP := $(BIN)python -m pip install --quiet --disable-pip-version-check
FACTS ?= examples/facts/vg-07-eight-year-olds.yaml
PACK ?= kscmp
ON ?= 2026-11-22

.PHONY: help decide test lint format bench docs schemas lock wheel clean site

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

decide: $(CORE) ## decide an example case (FACTS=file PACK=id ON=date for another)
	@$(BIN)safeguarding-rules decide $(PACK) --on $(ON) --facts $(FACTS)

test: lint ## check everything: style, types, floors, tests
	$(BIN)python -m pytest -n 2 -q

lint: $(READY) ## style, types and floors only
	$(BIN)ruff check .
	$(BIN)ruff format --check .
	$(BIN)mypy
	$(BIN)lint-imports

format: $(READY) ## lay the code out
	$(BIN)ruff check --fix .
	$(BIN)ruff format .

bench: $(READY) ## measure: ours beside others, loading and checking; writes docs/benchmarks.md
	$(BIN)python -m benchmarks.run --write
	$(BIN)python -m benchmarks.growth --write
	$(BIN)python -m benchmarks.load
	$(BIN)python -m benchmarks.processes
	$(BIN)python -m benchmarks.pages

docs: $(READY) ## write what commands print now into README.md and docs/
	$(BIN)python -m tests.docs.pages

site: $(READY) ## build the documentation site into build/site
	$(BIN)python -m sphinx -q -W --keep-going -c docs/site docs build/site

schemas: $(READY) ## write schemas/, the types of facts and docs/reference/codes.md again
	$(BIN)python -m safeguarding_rules.language.schemas schemas
	$(BIN)python -m tests.unit.cli.generated
	$(BIN)python -m tests.unit.web.generated
	$(BIN)python -m tests.docs.codes_page

lock: $(READY) ## pin the dependencies again, with hashes and without addresses
	$(BIN)python -m pip install --quiet pip-tools
	$(BIN)pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra dev --unsafe-package safeguarding-rules --output-file constraints.txt pyproject.toml
	printf '%s\n' 'durable-rules; python_version < "3.13"' pyspark | $(BIN)pip-compile --quiet --upgrade --generate-hashes --strip-extras --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options --output-file constraints-source.txt -
	$(BIN)pip-compile --quiet --generate-hashes --strip-extras --no-annotate --no-header \
		--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options \
		--extra fast --build-deps-for editable --constraint constraints.txt --output-file .venv/core.txt pyproject.toml
	sed -i.old '/^#/d;/^$$/d' constraints.txt constraints-source.txt .venv/core.txt && rm constraints.txt.old constraints-source.txt.old
	{ cat .venv/core.txt; echo '# Above: what deciding needs. Below: what developing needs besides.'; grep -vxFf .venv/core.txt constraints.txt; } > .venv/all.txt
	mv .venv/all.txt constraints.txt
	! grep -nE '://|file:|^-|@ ' constraints.txt constraints-source.txt

wheel: $(READY) ## build the wheel and the source archive into dist/
	$(BIN)python -m build --no-isolation

clean: ## remove what was made
	rm -rf .venv dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache

# Two states of one environment: `make decide` needs only the first part of constraints.txt, everything else needs all of it.
$(CORE): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer, with venv, is needed: install it, or say PYTHON=/path/to/python" >&2; exit 2; }
	@echo "making .venv with $$($(PYTHON) --version) and the pinned dependencies"
	@test -x $(BIN)python || $(PYTHON) -m venv .venv
	@sed '/^#/,$$d' constraints.txt > .venv/core.txt
	@$(PIP) --require-hashes --only-binary :all: -r .venv/core.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(READY): $(CORE) constraints-source.txt
	@echo "adding what tests and checks need to .venv"
	@$(PIP) --require-hashes --only-binary :all: -r constraints.txt
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r constraints-source.txt \
		|| echo "durable-rules and pyspark come only as source and could not be built here (a C compiler is needed): their tests will be skipped"
	@touch $@
