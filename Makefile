# Two commands: `make run` serves the demo district, `make test` runs the whole suite. Both need only python3 and make.
PY ?= python3
V  := .venv
UV := uv==0.13.8
BIN := $(V)/bin

.PHONY: run test lock check-lock check words clean

# The folder is made for one interpreter; another PY makes it anew.
$(V)/python-$(PY):
	@$(PY) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, found " + sys.version)'
	@rm -rf $(V)
	@$(PY) -m venv $(V)
	@touch $@

# uv is quick; where it has no wheel, pip installs the same locked files, slower.
$(V)/.run: requirements.txt $(V)/python-$(PY)
	@echo "setting up $(V) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check $(UV) && \
	 $(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements.txt || \
	 $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(V)/.dev: requirements-dev.txt $(V)/.run
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt || \
	 $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: $(V)/.run
	@exec $(BIN)/python -m inventory serve

test: $(V)/.dev check-lock
	@exec $(BIN)/python -m tests $(ARGS)

check: $(V)/.dev check-lock
	@$(BIN)/python -m tools.check

# Versions and hashes only: no index address and no path may stand in a lock file.
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header
lock: $(V)/python-$(PY)
	@$(BIN)/python -m pip install -q --disable-pip-version-check $(UV)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

check-lock:
	@! grep -nE '://|file:|--index|--find-links' requirements.txt requirements-dev.txt

words: $(V)/.dev
	@$(BIN)/python -m tools.words

clean:
	@rm -rf $(V)
