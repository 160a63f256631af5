# `make demo` sets everything up and runs the product on a fictional borough. `make test` sets up what tests need, and runs them.
.PHONY: demo serve test lint proof campaign bench sbom clean help
PORT ?= 8000
SIZE ?= small
BIN = .venv/bin

help:           ## say what there is
	@grep -E '^[a-z]+: .*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1 — /'

demo: ## set up, build a fictional borough, and run the product on it (PORT=8000, SIZE=small|borough)
	@bin/setup run
	@exec $(BIN)/knownto demo --port $(PORT) --size $(SIZE)

serve: ## run the product on the databases that the environment names
	@bin/setup run
	@exec $(BIN)/knownto serve --port $(PORT)

test: ## set up what tests need, and run every functional test, in a real database and a real browser
	@bin/setup test
	@bin/browser
	@bin/paper
	@$(MAKE) --no-print-directory lint
	@echo "== Tests; meanwhile a borough is built for the browser's (var/browser/build.log)"
	@mkdir -p var/browser; \
	$(BIN)/knownto --var var/browser demo --build-only --fresh > var/browser/build.log 2>&1 & building=$$!; failed=0; \
	KNOWNTO_VAR=$(CURDIR)/var/test $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests src --ignore tests/browser || failed=1; \
	wait $$building || { failed=1; tail -n 40 var/browser/build.log; }; exit $$failed
	@echo "== The whole product in a browser"
	@KNOWNTO_TEST_BOROUGH=built KNOWNTO_VAR=$(CURDIR)/var/test $(BIN)/python -m pytest -n 2 --dist loadgroup --no-loadscope-reorder tests/browser

lint: ## style, types of the engines, and the direction of imports
	@echo "== Style, types, direction of imports"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary -p knownto.linkage -p knownto.worktime -p knownto.policy -p knownto.proof
	@said=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$said"; exit 1; }

# What wants a machine of its own for an hour or a night.
CAMPAIGN = every_statement
proof: ## the long proofs: hostile files, a stolen disk, kills, races, random walks, learning, a cluster, every hour's due times
	@bin/setup train
	@bin/java
	@bin/paper
	@KNOWNTO_VAR=$(CURDIR)/var/proof $(BIN)/python -m pytest proof_tests -p no:xdist $(CAMPAIGN:%=--ignore proof_tests/test_%.py)
	@echo "== Every route, every method, everybody"
	@KNOWNTO_WHOLE_MATRIX=1 KNOWNTO_STANDING=1 KNOWNTO_VAR=$(CURDIR)/var/proof $(BIN)/python -m pytest tests/matrix -p no:xdist

campaign: ## the longest proofs, part by part, each with a record in docs/evidence: what parts there are, or PART=kills (MINUTES=60)
	@bin/setup train
	@bin/paper
	@KNOWNTO_VAR=$(CURDIR)/var/proof $(BIN)/python -m proof_tests.campaign $(PART) $(MINUTES:%=--minutes %)

bench: ## measure speed and memory beside their peers, and write bench/results.json (SIZE=small|borough)
	@bin/setup test
	@$(BIN)/knownto bench --size $(SIZE)

sbom: ## write the bill of materials anew, from the locks
	@$(BIN)/python bin/sbom

clean: ## stop what runs and throw away everything that was built, the demonstration's data included
	@for d in var/demo-small var/demo-borough var/test var/proof var; do [ -d $$d ] && $(BIN)/knownto --var $$d stop 2>/dev/null || true; done
	rm -rf var .venv node_modules src/knownto/face/static/face/vendor
