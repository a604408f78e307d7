# One command each, on a machine with nothing but Python 3.10 or newer:
#   make serve    the sample archive in the browser
#   make test     every test

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python3.10 python; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; then echo $$name; break; fi; done)
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8001
# Every environment here gets the same versions, whatever was released since: `make lock` renews them.
LOCK := requirements.lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(LOCK)
# uv installs what developers need in a quarter of the time; pip where uv finds no way out.
INSTALL = $(PIP) uv; $(BIN)/uv pip install --quiet --python $(BIN)/python -c $(LOCK) $(1) || $(PIP) $(1)

# Processes start in half the time with byte code; some images switch it off.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: serve test test-all lint types regenerate golden sample docs screenshots fuzz reliability release site checks image-base lock dist dist-check sbom clean

# Loads the samples (nothing is new in the committed archive) and serves the archive.
serve: $(VENV)/installed
	@$(BIN)/loader load tests/samples --db archive.db --quiet
	@$(BIN)/loader serve --db archive.db --port $(PORT)

# One worker a core; an idle one takes tests over from a busy one.
PARALLEL ?= -n auto --dist worksteal

test: $(VENV)/installed-dev
	$(BIN)/pytest $(PARALLEL) $(PYTEST_ARGS)

# The same on every Python from 3.10 on that is installed; says which were not there.
test-all: $(VENV)/bin/python
	$(BIN)/python -m tests.on_every_python $(PARALLEL) $(PYTEST_ARGS)

lint: $(VENV)/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(VENV)/installed-dev
	$(BIN)/mypy

# All that is made by a program and committed, each after what it is made from:
#   tests.make_closed_days   loader/market/facts/xkar_closed.csv
#   tests.make_samples       tests/samples
#   tests.make_html          tests/html_cases
#   golden                   tests/golden, from samples and cases
#   sample                   archive.db, from the samples
#   docs                     docs/cli.md, docs/loader.1, docs/schema.md and docs/api.md, answers
#                            below queries, from commands and archive; words of docs/reliability.md
# Run twice it changes nothing. Left out is what needs more than a minute or more than Python:
#   screenshots              docs/screenshots, with Chromium
#   reliability              the figures of docs/reliability.md, from long runs of tests
#   tests/archives           made by the loaders of earlier commits (tests/archives/README.md)
regenerate: $(VENV)/installed-dev
	$(BIN)/python -m tests.make_closed_days
	$(BIN)/python -m tests.make_samples
	$(BIN)/python -m tests.make_html
	$(MAKE) golden
	$(MAKE) sample
	$(MAKE) docs

# What each sample must give; refused when the parser changed and PARSER_VERSION did not.
golden: $(VENV)/installed-dev
	$(BIN)/python -m tests.page.golden

# Rebuilds the committed archive from the samples; tests compare its content.
sample: $(VENV)/installed
	$(BIN)/python -m tests.make_archive archive.db

# Reference pages that tests compare with the program.
docs: $(VENV)/installed-dev
	$(BIN)/python -m tests.make_docs
	$(BIN)/python -m tools.man
	$(BIN)/python -m tools.answers
	$(BIN)/python -m tools.notebook
	$(BIN)/python -m tests.web.make_api
	$(BIN)/python -m tests.make_reliability --words

# Pictures of the pages, used by the README; needs Chromium.
screenshots: $(VENV)/installed-dev
	$(BIN)/python -m tests.web.make_screenshots docs/screenshots

# Every reader and parser for FUZZ_SECONDS in all, led by the branches that inputs reach where
# atheris can be installed, else by mutation.
FUZZ_SECONDS ?= 1800
fuzz: $(VENV)/installed-dev
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check atheris
	LOADER_FUZZ_SECONDS=$(FUZZ_SECONDS) LOADER_FUZZ_SEED=$$(date +%s) $(BIN)/pytest tests/fuzz

# The fault tests with all their kills and flips, and the page of what they counted: 45 minutes.
# PARTS names some of them, and LOADER_KILLS and the like other counts (tests/run_reliability.py).
PARTS ?=
reliability: $(VENV)/installed-dev
	$(BIN)/python -m tests.run_reliability $(PARTS)

# Number, changelog, generated files and tag in one commit: make release VERSION=0.2.0
release: $(VENV)/installed-dev
	$(BIN)/python -m tools.release $(VERSION)

# The documentation as a site in build/site; stops at a broken link or a page that no menu names.
site: $(VENV)/installed-docs
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

# Container, compose, proxy, workflows, issue forms: each by a linter or against its schema.
WORKFLOWS := $(wildcard .github/workflows/*.yml)
SCHEMA = $(BIN)/check-jsonschema --quiet --builtin-schema
checks: $(VENV)/installed-checks
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/gixy -l deploy/nginx.conf
	$(SCHEMA) vendor.compose-spec deploy/compose.yaml
	$(SCHEMA) vendor.github-workflows $(WORKFLOWS)
	$(SCHEMA) vendor.dependabot .github/dependabot.yml
	$(SCHEMA) vendor.github-issue-forms $(filter-out %/config.yml,$(wildcard .github/ISSUE_TEMPLATE/*.yml))
	$(SCHEMA) vendor.github-issue-config .github/ISSUE_TEMPLATE/config.yml
	$(BIN)/zizmor --offline --quiet --no-progress .github

# The newest digest of the container's base; needs docker and a way out.
image-base:
	digest=$$(docker buildx imagetools inspect python:3.13-slim --format '{{.Manifest.Digest}}') && \
		sed -i "s/@sha256:[0-9a-f]*/@$$digest/" deploy/Dockerfile

# The newest versions that pyproject.toml allows, one file for every platform and Python.
lock: $(VENV)/installed-checks
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --no-annotate --no-header \
		--all-extras pyproject.toml --output-file $(LOCK)

# sdist and wheel: the same bytes for the same commit, wherever and whenever they are built.
dist: $(VENV)/installed-dev
	rm -rf dist
	$(BIN)/python -m hatchling build
	cd dist && sha256sum * > SHA256SUMS

# The wheel alone in an empty environment does the README's first job.
dist-check: dist
	rm -rf build/wheel-env build/wheel.db
	$(PYTHON) -m venv build/wheel-env
	build/wheel-env/bin/python -m pip install --quiet --disable-pip-version-check -c $(LOCK) dist/*.whl
	build/wheel-env/bin/loader load tests/samples --db build/wheel.db
	build/wheel-env/bin/loader verify --db build/wheel.db

# What the wheel brings along: dist/sbom.cdx.json and dist/licences.md. Stops at a licence that asks
# more of those who pass the program on than Apache-2.0 does.
LICENCES := MIT;BSD;Apache;ISC;PSF;Python Software Foundation;MPL-2.0;Mozilla Public License 2.0;0BSD;Unlicense;Zlib;Public Domain
sbom: dist-check $(VENV)/installed-checks
	$(BIN)/cyclonedx-py environment --output-reproducible --output-file dist/sbom.cdx.json build/wheel-env
	$(BIN)/pip-licenses --python=build/wheel-env/bin/python --format=markdown --with-urls \
		--partial-match --allow-only='$(LICENCES)' --output-file dist/licences.md

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.10 or newer is needed; name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# The first `make` of a clone takes a minute here, so it says why.
$(VENV)/installed: $(VENV)/bin/python pyproject.toml $(LOCK)
	@echo "Installing the loader into $(VENV) (about a minute, once) ..."
	@$(PIP) -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@echo "Installing the tools of developers into $(VENV) ..."
	$(call INSTALL,-e '.[dev]')
	@touch $@

$(VENV)/installed-checks: $(VENV)/installed
	$(call INSTALL,-e '.[checks]')
	@touch $@

$(VENV)/installed-docs: $(VENV)/installed
	$(call INSTALL,-e '.[docs]')
	@touch $@
