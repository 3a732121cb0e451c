# Every path here is relative, so that the folder may be called anything, also with a space.
PYTHON_HERE := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help install install-dev run test check format bench bench-peers test-faults test-matrix lock schema
export PYTHON

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

install: ## make .venv and install the locked dependencies
	@tools/install requirements.txt

install-dev:
	@tools/install requirements-dev.txt

run: install ## start everything and open the demo neighbourhood (PORT, HOST and docs/settings.md change it)
	@exec $(PYTHON_HERE) -m porchlight.cli up

test: install-dev ## set up what the tests need, then run the checks and all tests
	@tools/chromium >/dev/null
	@$(MAKE) --no-print-directory check
	@PORCHLIGHT_CHROMIUM="$$(tools/chromium)" $(PYTHON_HERE) -m pytest -q -n auto --dist worksteal $(PYTEST)
	@echo "All checks and tests passed."

check: install-dev ## lint, format, types, floors, migrations
	@$(PYTHON_HERE) -m ruff check .
	@$(PYTHON_HERE) -m ruff format --check --quiet .
	@$(PYTHON_HERE) -m mypy porchlight
	@$(PYTHON_HERE) -c 'from importlinter.cli import lint_imports_command as check; check()'
	@PORCHLIGHT_MODE=test $(PYTHON_HERE) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run --verbosity 0

format: install-dev ## put the code into its form
	@$(PYTHON_HERE) -m ruff check --fix .
	@$(PYTHON_HERE) -m ruff format .

bench: install ## measure how fast pages come
	@$(PYTHON_HERE) -m porchlight.cli bench pages

bench-peers: install ## install other programs of this kind beside ours, and measure all of them
	@$(PYTHON_HERE) -m porchlight.cli bench fanout --peers --workers 2

test-faults: install-dev ## long: kill and break things while it runs (PYTEST=rest: what has not passed yet)
	@PORCHLIGHT_CHROMIUM="$$(tools/chromium)" $(PYTHON_HERE) tools/faults.py $(PYTEST)
	@echo "Everything that was broken mended itself."

test-matrix: install-dev ## long: all tests on PostgreSQL 16 and 18, as root and as a user, in awkward folders (PLACES="1 4": only these)
	@$(PYTHON_HERE) tools/matrix.py $(PLACES)

schema: install-dev ## write down the tables of this version, for the tests of later ones
	@$(PYTHON_HERE) tools/schema.py

lock: install-dev ## work out the locked dependencies anew
	@tools/lock
