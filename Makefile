# make run    set up and open the dashboard        PORT=8501  HOST=127.0.0.1  DATA=folder for the data
# make test   set up and run every test            ARGS="tests/etl -x"  WORKERS=0 (one process)
# make check  lint, types, translations, definitions (changes nothing);   make fix  repairs what it can
# make docs   write the tables of the pages for people from the definitions
# make bench  time a load                          ROWS=1000000
# make sample write a synthetic city's drops       OUT=demo-drops CITY=130200 VOLUNTEERS=15000
# make clean  remove the virtual environment and caches; data stays

PORT = 8501
HOST = 127.0.0.1
ARGS =
WORKERS = auto
ROWS = 1000000
OUT = demo-drops
CITY = 130200
VOLUNTEERS = 15000
SAMPLE_VOLUNTEERS = 6000
VENV = .venv
PY = $(VENV)/bin/python
PIP_INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check

# DATA=… on the command line is the data home of everything started from here; else REDVEST_DATA, else ./data.
ifdef DATA
export REDVEST_DATA = $(DATA)
endif

.PHONY: help run test check fix docs bench sample clean environment
.DEFAULT_GOAL := help

help:
	@sed -n '1,7s/^# //p' Makefile

# A stamp newer than its list of requirements means: installed. So a second run starts at once, and a changed
# list is installed at the next run.
RUN_STAMP = $(VENV)/.installed-run
DEV_STAMP = $(VENV)/.installed-dev

$(PY):
	@set -e; for candidate in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "正在建立 Python 环境 / Making the Python environment in $(VENV) …"; \
	    "$$candidate" -m venv --clear "$(VENV)" || { rm -rf "$(VENV)"; \
	      echo "无法建立虚拟环境;Debian/Ubuntu 请先安装 python3-venv。 / python3 -m venv failed; on Debian or Ubuntu install python3-venv first." >&2; exit 1; }; \
	    exit 0; fi; done; \
	  echo "需要 Python 3.11 或更高版本;本机:$$(python3 --version 2>&1)。 / Python 3.11 or newer is needed; found: $$(python3 --version 2>&1). Another one can be named: make run PYTHON=/path/to/python3.12" >&2; exit 1

$(RUN_STAMP): requirements.txt | $(PY)
	@echo "正在安装运行所需的包(仅首次,约一两分钟) / Installing what it needs (first time only, a minute or two) …"
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV_STAMP): requirements-dev.txt $(RUN_STAMP)
	@echo "正在安装测试所需的包 / Installing what the tests need …"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@

environment: $(RUN_STAMP)

# With nothing published and nothing ever loaded, a small synthetic city lets every page be seen. Its folder
# inside the data home is also the mark by which an interrupted first run knows to finish the job.
run: $(RUN_STAMP)
	@home="$${REDVEST_DATA:-data}"; \
	if [ ! -e "$$home/published/CURRENT" ] && { [ ! -e "$$home/warehouse.duckdb" ] || [ -e "$$home/sample-drops" ]; }; then \
	  echo "首次运行:生成并载入示例数据(唐山,合成) / First run: writing and loading a synthetic sample city (Tangshan) …"; \
	  log="$$home/sample-drops/load.log"; rm -rf "$$home/sample-drops"; mkdir -p "$$home/sample-drops"; \
	  { $(PY) -m etl sample "$$home/sample-drops" --city 130200 --volunteers $(SAMPLE_VOLUNTEERS) && \
	    $(PY) -m etl load "$$home/sample-drops"; } >"$$log" 2>&1 || { cat "$$log" >&2; exit 1; }; \
	fi
	@echo "请在浏览器打开 / Open in a browser:  http://$(HOST):$(PORT)    (Ctrl-C 停止 / stops)"
	@exec $(PY) -m streamlit run app.py --server.port $(PORT) --server.address $(HOST) --server.headless true --browser.gatherUsageStats false

# One worker a core (four at most), whole files at a time: files share what they have loaded.
test: $(DEV_STAMP)
	@$(PY) -m pytest -p tests.skipped_loudly -n $(WORKERS) --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: $(DEV_STAMP)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(PY) -m pages.i18n check
	$(PY) -m metrics list >/dev/null

fix: $(DEV_STAMP)
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

docs: $(RUN_STAMP)
	$(PY) -m metrics list --markdown en --into README.md
	$(PY) -m metrics list --markdown zh --into README.zh-CN.md
	$(PY) -m metrics list --markdown both --into docs/analyst.md

bench: $(RUN_STAMP)
	$(PY) -m bench ingest --rows $(ROWS)

sample: $(RUN_STAMP)
	$(PY) -m etl sample "$(OUT)" --city $(CITY) --volunteers $(VOLUNTEERS)

clean:
	rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
