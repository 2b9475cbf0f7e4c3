# Two commands: `make run` and `make test`. Each does all that it needs; nothing is done twice.

PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null && echo $$name && break; done)
VENV := .venv/bin
SIZE ?= 100000

.PHONY: run test setup setup-dev format shots bench stop lock messages clean

run: setup
	@$(VENV)/python -m crm.launcher run

test: setup-dev
	@$(VENV)/python -m crm.launcher.checks

# The pages in every size, theme and language, into var/shots; PAGES=contact takes those whose name has the word.
shots: setup-dev
	@PAGES="$(PAGES)" $(VENV)/python -m pytest -q -s tests/shots.py

bench: setup-dev
	@$(VENV)/python manage.py bench --size $(SIZE)

stop:
	@$(VENV)/python -m crm.launcher stop

setup:
	@test -n "$(PYTHON)" || { echo "sillage: Python 3.11 to 3.14 is needed and none was found." >&2; exit 1; }
	@$(PYTHON) crm/launcher/bootstrap.py base

setup-dev:
	@test -n "$(PYTHON)" || { echo "sillage: Python 3.11 to 3.14 is needed and none was found." >&2; exit 1; }
	@$(PYTHON) crm/launcher/bootstrap.py dev

# Put code and templates into their one format.
format:
	@$(VENV)/ruff format .
	@$(VENV)/ruff check --fix .
	@find templates -name '*.html' -exec $(VENV)/djade {} +
	@$(VENV)/djhtml templates

# Bring the catalogue of strings up to date with the code; then translate what it names.
messages:
	@$(VENV)/python manage.py messages

# Resolve requirements/*.in and package.json anew (needs uv and npm). No file names a registry.
lock:
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) requirements/base.in -o requirements/base.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) -c requirements/base.txt requirements/dev.in -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --quiet $(UPGRADE) requirements/node.in -o requirements/node.txt
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved

# Remove everything that `make run` and `make test` made, the data too.
clean:
	@test ! -x $(VENV)/python || $(VENV)/python -m crm.launcher clean
	rm -rf .venv node_modules var static/icons.svg .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
