# The two commands: make bulletin, make test. Everything else is for a closer look.
# The newest Python that it runs on, unless PYTHON=... says which.
IN_RANGE := import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c '$(IN_RANGE)' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
RUN := $(if $(ENGINE),PROBATION_ENGINE=$(ENGINE)) $(BIN)/python -m orchestration $(if $(TRACEBACK),--traceback)
PIP_INSTALL := $(BIN)/pip install -qq --disable-pip-version-check --no-input --require-hashes -r
UV_INSTALL := PATH="$$PATH:$(BIN)" uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r
STAMP := .venv/installed-$(shell cksum < requirements.lock | cut -d' ' -f1)
SPARK_STAMP := .venv/spark-$(shell cksum < requirements-spark.lock | cut -d' ' -f1)

export DO_NOT_TRACK = 1
export DAGSTER_DISABLE_TELEMETRY = 1
export GX_ANALYTICS_ENABLED = false
# byte code is kept, or every process would compile the project again
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup bulletin contract-check deliveries ingest link models study publish test check bench bench-linkage ui sql backtest warnings compare withdraw explain linkage-quality review-sample review-import second-opinion stability simulation sample profile cluster cluster-stop parity docs lock clean clear-dead-runs prune release approve status export open backup restore

help:  ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(STAMP) $(if $(SPARK),$(SPARK_STAMP))  ## make the environment in .venv (done by every other command; with Spark's packages: SPARK=1)

$(STAMP): requirements.lock
	@$(PYTHON) -c '$(IN_RANGE)' 2>/dev/null || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: set PYTHON=/path/to/python3.13" >&2; exit 1; }
	@echo "Setting up .venv (once; about half a minute) ..." >&2
	@$(PYTHON) -m venv --clear .venv
	@sed -n '/^uv==/,/[^\]$$/p' requirements.lock > .venv/uv.lock
	@{ command -v uv >/dev/null || $(PIP_INSTALL) .venv/uv.lock; } && $(UV_INSTALL) requirements.lock || \
		{ echo "Without uv: pip takes some minutes ..." >&2; $(PIP_INSTALL) requirements.lock; }
	@rm -f .venv/installed-*; touch $@

$(SPARK_STAMP): $(STAMP) requirements-spark.lock
	@echo "Adding Spark to .venv (once; half a gigabyte) ..." >&2
	@$(UV_INSTALL) requirements-spark.lock || $(PIP_INSTALL) requirements-spark.lock
	@rm -f .venv/spark-*; touch $@

bulletin: setup  ## extracts in, both bulletins and the linkage page out (generates synthetic extracts when none were delivered)
	@$(RUN) bulletin

ingest link models study publish: setup
	@$(RUN) $@

ingest: ## read the extracts and judge them
link: ## stage and link, up to the marts (on a cluster: ENGINE=spark, here and with bulletin)
models: ## fit the models and make the tables
study: ## how good the links are, who is missing, and whether it matters
publish: ## make a release from what has passed its gates

contract-check: setup  ## how a file would be read, before it is delivered; drafts rows for accepted_headers.csv: make contract-check FILE="..." [SOURCE=terminations]
	$(if $(FILE),,$(error Name the file: make contract-check FILE=...))
	@$(RUN) contract-check --file "$(FILE)" $(if $(SOURCE),--source $(SOURCE))

deliveries: setup  ## which file each delivery is, its rows, and what is missing most
	@$(RUN) deliveries

test: setup  ## all tests, a file a process (in one process: make test ARGS="-n 0")
	@$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

check: setup  ## style of Python and SQL, types, and the code location
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint dbt_project/models dbt_project/tests
	@VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/dg check defs

bench: setup  ## ratios of time and peak memory, measured in one run (beside another checkout: ARGS="--before FOLDER")
	@$(BIN)/python -m tests.benchmarks.bench $(ARGS)

bench-linkage: setup  ## cleaning and linking at national size, against Splink and a bare join (about ten minutes)
	@$(BIN)/python -m tests.benchmarks.linkage $(ARGS)

ui: setup  ## the Dagster web server and daemon on http://127.0.0.1:3000 (PORT=3001: another port; READ_ONLY=1: to look alone)
	@$(RUN) ui $(if $(PORT),--port $(PORT)) $(if $(READ_ONLY),--read-only)

sql: setup  ## a read-only SQL prompt on the ad hoc database (one query: Q="select ..."; on the warehouse: RESTRICTED=1)
	@$(RUN) sql $(if $(RESTRICTED),--restricted) $(if $(Q),-- "$$Q")

open: setup  ## show a release in the browser, the latest if none is named (RELEASE=...; one that is public: PUBLIC=1)
	@$(RUN) open $(RELEASE) $(if $(PUBLIC),--public)

export: setup  ## the cases for SPSS, R and others: labelled file, codebook, and a script that refits the models: make export OUT=...
	$(if $(OUT),,$(error Name a new folder: make export OUT=...))
	@$(RUN) export --out "$(OUT)"

status: setup  ## what was published last, what is due, what starts next, what waits, room, and damaged stores
	@$(RUN) status

backtest: setup  ## compare both annexes and the headlines with the published figures
	@$(RUN) backtest

warnings: setup  ## what the gates warned of when they last judged
	@$(RUN) warnings

compare: setup  ## what differs between two releases: make compare A=... B=... [DETAIL=1] [TABLE=annex_b]
	@$(RUN) compare $(if $(DETAIL),--detail) $(if $(TABLE),--table "$$TABLE") -- "$$A" "$$B"

release: setup  ## make what may go out of a published release: small groups kept back, and a report for the output checker: make release [RELEASE=latest]
	@$(RUN) release -- "$${RELEASE:-latest}"

approve: setup  ## record the output checker's yes to a candidate, and make it public: make approve RELEASE=... BY="..." REASON="..."
	@$(RUN) approve -- "$$RELEASE" "$$BY" "$$REASON"

withdraw: setup  ## mark a release withdrawn: make withdraw RELEASE=... REASON="..." [PUBLIC=1]
	@$(RUN) withdraw $(if $(PUBLIC),--public) -- "$$RELEASE" "$$REASON"

explain: setup  ## how one case was linked: make explain CASE=... (SHOW=1 prints identifiers, on a terminal)
	$(if $(CASE),,$(error Name a case_id or case_key: make explain CASE=...))
	@$(RUN) explain $(if $(SHOW),--show-identifiers) -- "$$CASE"

linkage-quality: setup  ## judge the links against the truth files
	@$(RUN) linkage-quality

review-sample: setup  ## draw pairs for clerical review: make review-sample [N=200] [SEED=1]
	@$(RUN) review-sample $(if $(N),--cases $(N)) $(if $(SEED),--seed $(SEED))

review-import: setup  ## check and keep a filled review: make review-import FILE="..." (PARTIAL=1 takes an unfinished one)
	$(if $(FILE),,$(error Name the filled workbook: make review-import FILE=...))
	@$(RUN) review-import $(FILE) $(if $(PARTIAL),--accept-partial)

second-opinion: setup  ## Splink trained on the same extracts, beside our links
	@$(RUN) second-opinion

stability: setup  ## how often each term is selected in resamples (Bulletin 2020/03): [RESAMPLES=200] [SEED=...]
	@$(RUN) stability $(if $(RESAMPLES),--resamples $(RESAMPLES)) $(if $(SEED),--seed $(SEED))

simulation: setup  ## what the method finds in populations whose truth is known: [POPULATIONS=200] [MINUTES=15] [SEED=2023]
	@$(RUN) simulation $(if $(POPULATIONS),--populations $(POPULATIONS)) $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED))

sample: setup  ## draw an inspection sample from a caseload list: make sample CASELOAD=list.csv OUT=sample.csv SEED=1 [ARGS="--provider ..."]
	$(if $(and $(CASELOAD),$(OUT),$(SEED)),,$(error Name list, output and seed: make sample CASELOAD=... OUT=... SEED=1))
	@$(RUN) sample --caseload "$(CASELOAD)" --out "$(OUT)" --seed $(SEED) $(ARGS)

cluster: $(SPARK_STAMP)  ## start a Spark cluster on this machine, for ENGINE=spark (PROBATION_SPARK_WORKERS, PROBATION_SPARK_MEMORY)
	@$(RUN) cluster

cluster-stop: setup  ## end the Spark cluster of this data folder
	@$(RUN) cluster-stop

parity: $(SPARK_STAMP)  ## link four populations on both engines, compare every table row for row, and run dbt's unit tests and the oracle's worlds on Spark (many minutes)
	@$(BIN)/python -m tests.benchmarks.parity $(ARGS)
	@$(BIN)/python -m tests.benchmarks.unit_tests_on_spark
	@$(BIN)/python -m pytest -n 0 tests/integration/linkage_oracle/links_on_spark.py

profile: setup  ## solve the synthetic profile again: make profile SEED=... OUT=...
	@$(BIN)/python -m orchestration.synthetic.calibration --seed $(SEED) --out $(OUT)

docs: setup  ## write again what is generated: dbt's sources and exposures, the data dictionary, the drawing of the rooms, what leaves
	@$(BIN)/python -m orchestration.dbt
	@$(BIN)/python -m tools.data_dictionary
	@$(BIN)/python -m tools.exposures
	@$(BIN)/python -m tools.rooms
	@$(BIN)/python -m tools.what_leaves

lock: setup  ## pin the packages that pyproject.toml asks for, with hashes, for every Python it runs on
	@PATH="$$PATH:$(BIN)" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --extra second-opinion --group dev pyproject.toml --output-file requirements.lock
	@$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["spark"], sep="\n")' | \
		PATH="$$PATH:$(BIN)" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-strip-extras \
		--no-emit-index-url --no-header --constraints requirements.lock - --output-file requirements-spark.lock

clear-dead-runs: setup  ## mark runs whose process is gone as failed
	@$(RUN) clear-dead-runs

prune: setup  ## show what old runs have left, and remove it when asked: [DAYS=90] [RELEASES=1] [DO=1]
	@$(RUN) prune $(if $(DAYS),--days $(DAYS)) $(if $(RELEASES),--releases) $(if $(DO),--do)

backup: setup  ## copy the data folder into a new folder, without the key: make backup TO=... [KEY=a new file for it, kept apart]
	$(if $(TO),,$(error Name a new folder: make backup TO=...))
	@$(RUN) backup --to "$(TO)" $(if $(KEY),--key "$(KEY)")

restore: setup  ## copy a backup into the data folder, which must be empty: make restore FROM=... [KEY=...]
	$(if $(FROM),,$(error Name the backup: make restore FROM=...))
	@$(RUN) restore --from "$(FROM)" $(if $(KEY),--key "$(KEY)")

clean:  ## remove what can be made again; keeps .venv, real extracts, releases and the key
	@if [ -x $(BIN)/python ]; then $(RUN) clean; fi
	@rm -rf .pytest_cache .ruff_cache .mypy_cache .hypothesis dbt_project/target
