# make run: the app. make test: every test. make check: what CI runs.
PYTHON_VERSION ?= 3.11
VENV := .venv
AT_ONCE := -n 2 --dist loadfile # two processes, each with a server and a browser of its own
UV := $(shell command -v uv 2>/dev/null || echo $(VENV)/bin/uv)
BIN := $(VENV)/bin

.PHONY: run test check format benchmarks clean

run: $(VENV)/ready
	$(BIN)/streamlit run app.py

test: $(VENV)/ready
	$(BIN)/python -m pytest $(AT_ONCE)

check: $(VENV)/ready
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(AT_ONCE)

format: $(VENV)/ready
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmarks: $(VENV)/ready
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache

# uv from the machine where there is one, else from PyPI into the environment itself.
$(VENV)/ready: pyproject.toml
	command -v uv >/dev/null || { python3 -m venv $(VENV) && $(VENV)/bin/python -m pip install --quiet uv; }
	test -x $(BIN)/python || $(UV) venv --python $(PYTHON_VERSION) $(VENV)
	$(UV) pip install --quiet --python $(BIN)/python --editable . --group dev
	touch $@
