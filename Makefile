# make book, test, lab, notebooks, bench, lint, lock, lighthouse; CONTRIBUTING.md explains them.
PYTHON ?= python3
UV = 0.13.9
LIGHTHOUSE = 13.5.0
BIN = .venv/bin
SITE = _build/html

# Needed by the notebooks: kernels start from these programs, wherever make was called from.
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: book test lab notebooks bench lint lock lighthouse clean

book: .venv/ready
	@$(BIN)/jupyter-book build . -W -n --keep-going
	@test -f $(SITE)/index.html || { echo "error: $(SITE)/index.html was not built" >&2; exit 1; }
	@echo $(SITE)/index.html

test: book
	$(BIN)/pytest --nbval tests book

lab: .venv/ready
	$(BIN)/jupyter lab book

notebooks: .venv/ready
	$(BIN)/python -m bookkit.notebooks book/*.ipynb

bench: .venv/ready
	$(BIN)/python benchmarks/speed.py

lint: .venv/ready
	$(BIN)/ruff check src tests benchmarks book
	$(BIN)/ruff format --check src tests benchmarks book

lock: .venv/ready
	sed '/^-c /d' requirements.txt | $(BIN)/uv pip compile -q --universal --python-version 3.11 \
	  --no-header --no-annotate - -o constraints.txt

lighthouse: book
	$(BIN)/python tests/lighthouse.py $(LIGHTHOUSE) $(SITE)

clean:
	rm -rf _build .venv

.venv/ready: requirements.txt constraints.txt pyproject.toml Makefile
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "error: Python 3.11 or newer is needed; try: make PYTHON=python3.12" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install -q --disable-pip-version-check uv==$(UV)
	$(BIN)/uv pip install -q --python $(BIN)/python -r requirements.txt -e .
	touch $@
