# Two commands: `make run` serves the demo district, `make test` runs the whole suite. Both need only python3 and make.
# `make run PY=python3.13` chooses another interpreter; it stays chosen until the next PY=….
V   := .venv
BIN := $(V)/bin
UV  := uv==0.13.8
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check

# The stamp of the folder names its interpreter, with + for / in a path.
KEPT  := $(subst +,/,$(patsubst $(V)/python-%,%,$(firstword $(wildcard $(V)/python-*))))
ifeq ($(strip $(PY)),)
override PY := $(or $(KEPT),python3)
endif
STAMP := $(V)/python-$(subst /,+,$(PY))

.PHONY: run test bench lock check-lock check words clean

# The folder is made for one interpreter; another PY makes it anew.
$(STAMP):
	@command -v $(PY) >/dev/null || { echo "There is no $(PY). Python 3.11 or newer is needed: make PY=/path/to/python3" >&2; exit 1; }
	@$(PY) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, found " + sys.version.split()[0] + ". Name another one: make PY=python3.11")'
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PY) cannot make virtual environments. On Debian and Ubuntu: apt-get install -y python$$($(PY) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" >&2; exit 1; }
	@rm -rf $(V)
	@$(PY) -m venv $(V)
	@touch $@

# uv is quick; where it has no wheel, pip installs the same locked files, slower.
$(V)/.run: requirements.txt $(STAMP)
	@echo "setting up $(V) ..."
	@{ $(PIP) $(UV) && $(BIN)/uv pip install -q --system-certs --python $(BIN)/python --require-hashes -r requirements.txt; } || \
	 { echo "uv did not succeed; pip installs the same locked files, which takes about a minute ..."; $(PIP) --require-hashes -r requirements.txt; }
	@touch $@

$(V)/.dev: requirements-dev.txt $(V)/.run
	@echo "setting up $(V) for tests ..."
	@{ test -x $(BIN)/uv && $(BIN)/uv pip install -q --system-certs --python $(BIN)/python --require-hashes -r requirements-dev.txt; } || \
	 { echo "uv did not succeed; pip installs the same locked files ..."; $(PIP) --require-hashes -r requirements-dev.txt; }
	@touch $@

run: $(V)/.run
	@exec $(BIN)/python -m inventory serve

test: $(V)/.dev check-lock
	@exec $(BIN)/python -m tests $(ARGS)

# Every bench, the ledger's on SQLite and on a PostgreSQL of its own with every commit on disk.
bench: $(V)/.dev
	@exec $(BIN)/python -m tools.bench $(ARGS)

check: $(V)/.dev
	@exec $(BIN)/python -m tools.check

# Versions and hashes only: no index address and no path may stand in a lock file.
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links --no-header
lock: $(STAMP)
	@$(PIP) $(UV)
	$(COMPILE) requirements.in -o requirements.txt
	$(COMPILE) requirements-sign.in -o requirements-sign.txt
	$(COMPILE) requirements-dev.in -o requirements-dev.txt

check-lock:
	@! grep -nE '://|file:|--index|--find-links' requirements.txt requirements-sign.txt requirements-dev.txt

# Take Chinese in from tables of msgid, tab, Chinese: make words ARGS="--merge a.tsv b.tsv"
words: $(V)/.dev
	@exec $(BIN)/python -m tools.words $(ARGS)

clean:
	@rm -rf $(V)
