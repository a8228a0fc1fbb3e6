# Every target is one line; what needs more lives in tools/. `make` alone lists them.

.DEFAULT_GOAL := help
.PHONY: help run build test sim fuzz lint fmt check bench load compare publish clean

CONFIGURATION := Release
SEEDS ?= 200
LOAD = dotnet run --project tools/Reactor.Load -c $(CONFIGURATION) --

help: ## list what make can do
	@sed -n 's/^\([a-z]*\):.*## /\1|/p' Makefile | awk -F'|' '{ printf "  make %-8s %s\n", $$1, $$2 }'

run: ## start the server; options go in ARGS, as in: make run ARGS="--level debug"
	@tools/web.sh
	@echo "building what is not up to date: a minute at first"
	@dotnet run --project src/Reactor -c $(CONFIGURATION) -- $(ARGS)

build: ## compile everything, warnings being errors
	@tools/web.sh && tools/build.sh $(CONFIGURATION)

test: build ## all tests, real ffmpeg among them; ends with "N passed, N failed"
	@tools/need.sh ffmpeg && tools/need.sh redis-server && tools/need.sh node nodejs
	@tools/need.sh chromium && tools/need.sh nginx libnginx-mod-rtmp
	@tools/test.sh all '' tests/Reactor.Tests $(filter-out %/Reactor.Tests,$(wildcard tests/*.Tests))

sim: export REACTOR_SIM_SEEDS = $(SEEDS)
sim: build ## simulated worlds: SEEDS=200, or SEED=7 (SWARM=1, CLUSTER=1), or MINUTES=10
	@tools/sim.sh "$(SEED)" "$(MINUTES)" "$(SWARM)" "$(CLUSTER)"

fuzz: ## hostile bytes for every parser: MINUTES=5, and ARGS="--seed 7 chunks amf0"
	@dotnet run --project tools/Reactor.Fuzz -c $(CONFIGURATION) -- \
		--minutes $(or $(MINUTES),5) $(ARGS)

lint: build ## layout of the source; its style is checked by the build
	@DOTNET_TieredPGO=0 dotnet format whitespace --folder --verify-no-changes --exclude '**/obj/'

fmt: ## put the layout of the source right
	@dotnet format Reactor.sln

check: export REACTOR_SIM_SEEDS = $(SEEDS)
check: build ## build, lint, test and what sim has: what CI runs, and nothing else
	@$(MAKE) --jobs=2 --old-file=build --no-print-directory lint test

bench: ## micro-benchmarks, as a table; ARGS="chunk fanout" for some
	@dotnet run --project tools/Reactor.Bench -c $(CONFIGURATION) -- $(ARGS)

load: ## our server under 100, 500 and 1000 players, or under SCENARIO="streams idle"
	@$(LOAD) ours $(or $(SCENARIO),fanout) --rounds 1 $(ARGS)

compare: publish ## what is published beside nginx-rtmp: every SCENARIO, kept in RESULTS.md
	@tools/need.sh nginx libnginx-mod-rtmp
	@$(LOAD) compare $(SCENARIO) --program artifacts/publish/linux-x64/Reactor \
		--results tools/Reactor.Load/RESULTS.md $(ARGS)

publish: ## one file in artifacts/publish, native where it can be; AOT=0 or 1, RUNTIME=linux-arm64
	@tools/publish.sh $(or $(RUNTIME),linux-x64) $(AOT)

clean: ## remove all that was built
	@rm -rf artifacts src/Reactor.Web/dist* src/Reactor.Web/node_modules
	@rm -rf src/*/bin src/*/obj tests/*/bin tests/*/obj tools/*/bin tools/*/obj
