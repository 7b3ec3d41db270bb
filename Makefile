# run: the demo · test: all tests · check: everything CI looks at but the tests · bench · clean · lock: new pins
# pictures: our pages beside the design · pictures-new: letters are to look as they do now
# PORT=8001 DATA_DIR=/somewhere PYTHON=python3.13 can be given.
PYTHON ?= python3
PY := .venv/bin/python

.PHONY: run test check bench clean lock audit install install-tests format pictures pictures-new
.DEFAULT_GOAL := run

run: install
	@exec $(PY) -m config.setup.run

test: install-tests
	$(PY) -m pytest $(ARGS)

check: install
	@exec $(PY) -m config.setup.check

bench: install
	$(PY) -m benchmarks

format: install
	$(PY) -m ruff check --fix --quiet .
	$(PY) -m ruff format --quiet .
	$(PY) -m djlint --reformat --quiet config pulje letters workflow

pictures: install-tests
	SCREENSHOTS=$(or $(SCREENSHOTS),1) $(PY) -m pytest $(or $(ARGS),tests/e2e)
	$(PY) -m tests.e2e.sheet $(DESIGN)

pictures-new: install-tests
	UPDATE_PICTURES=1 $(PY) -m pytest -q tests/letters/test_matrix.py -k stands

install:
	@$(PYTHON) config/setup/install.py

install-tests:
	@$(PYTHON) config/setup/install.py --tests

# new versions within what requirements*.in allow; no index address is written
lock: install
	$(PY) -m uv pip compile $(LOCK) -o requirements-dev.lock requirements-dev.in
	$(PY) -m uv pip compile $(LOCK) -c requirements-dev.lock -o requirements.lock requirements.in
	$(PY) -m uv pip compile $(LOCK) -o requirements-node.lock requirements-node.in
LOCK := --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --upgrade -q

audit: install
	$(PY) -m uv pip list --format freeze > var/installed.txt
	$(PY) -m uv tool run pip-audit --disable-pip --no-deps -r var/installed.txt

clean:
	rm -rf .venv var node_modules .data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
