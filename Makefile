# What can be done here. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: help setup build run dev check test rust-tests torture end-to-end size screenshots figures

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## build Sotto and start it on http://127.0.0.1:3000 (SOTTO_ADDR changes that)
	@scripts/run.sh

test: ## format, lint, Rust tests, page size, browser tests: everything that must pass
	@scripts/test.sh

dev: setup ## rebuild and reload on every change (cargo leptos watch)
	@bash -c '. scripts/env.sh && exec cargo leptos watch'

setup: ## install what building needs
	@scripts/setup.sh

build: ## build the release: server and page
	@scripts/build.sh

check: ## format and lint both halves, licences, the order of the folders
	@scripts/setup.sh --tests && scripts/check.sh

rust-tests: ## the Rust tests alone
	@scripts/rust-tests.sh

torture: ## attack the server for SECONDS=300, with SEED=any (docs/reliability.md)
	@scripts/torture.sh "$(or $(SECONDS),300)" "$(SEED)" $(ARGS)

end-to-end: ## the browser tests alone (ARGS="--project=phone live")
	@scripts/end-to-end.sh $(ARGS)

size: build ## what the page weighs
	@scripts/size.sh

screenshots: ## pictures of every page into target/screenshots; some of them are the README's
	@SCREENSHOTS="$(CURDIR)/target/screenshots" scripts/end-to-end.sh --project=screenshots

figures: ## Lighthouse, and how the page behaves with 10,000 messages, into target/figures
	@scripts/figures.sh $(ARGS)
