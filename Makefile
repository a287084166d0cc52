# The commands of this repository. `make help` lists them; CMakePresets.json holds the builds.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:
MAKEFLAGS += --no-print-directory

# Emscripten, Node and the pinned headers, as emsdk-setup.sh found or fetched them.
env := sfluv_env=$$(./emsdk-setup.sh --print-env) && eval "$$sfluv_env"
# Configures once, then builds what changed.
cmake_build = { [ -f build/$(1)/build.ninja ] || cmake --preset $(1) >/dev/null; } && cmake --build --preset $(1) $(2)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z%-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z%-]+):.*## /  make \1\t/' | expand -t 24

.PHONY: setup
setup: ## bring the toolchain and the Debian packages that a build needs
	@./emsdk-setup.sh --host build
	./emsdk-setup.sh

.PHONY: cli server
cli: setup ## build/bin/sfluv: the rules and photos for scripts and people
	@$(env)
	$(call cmake_build,native,--target sfluv_cli)
	mkdir -p build/bin && ln -sf ../native/bin/sfluv build/bin/sfluv
server: setup ## build/bin/sfluv-server: the documented API on this machine
	@$(env)
	$(call cmake_build,native,--target sfluv_server)
	mkdir -p build/bin && ln -sf ../native/bin/sfluv-server build/bin/sfluv-server

.PHONY: wasm
wasm: setup ## the three wasm modules
	@$(env)
	$(call cmake_build,wasm,--target sfluv-rules sfluv-proposals sfluv-photo)

.PHONY: web
web: wasm ## the npm package (web/dist) and the PWA (web/app/dist)
	@$(env)
	cd web
	[ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --no-audit --no-fund
	npm run --silent build

.PHONY: demo
demo: cli server web ## the main job, by itself, in a real browser: make demo [PHOTO=mine.jpg] [PROFILE=live]
	@./emsdk-setup.sh --host demo
	$(env)
	node web/e2e/demo.mjs $(if $(PHOTO),--photo "$(abspath $(PHOTO))") $(if $(PROFILE),--profile "$(PROFILE)")

.PHONY: test
test: ## every test that belongs to a change; ends with "N passed, N failed"
	@./emsdk-setup.sh --host test
	$(MAKE) web
	$(env)
	$(call cmake_build,native,--target sfluv_cli sfluv_server sfluv-outbox-tests sfluv_headers_alone)
	mkdir -p build/bin && ln -sf ../native/bin/sfluv ../native/bin/sfluv-server build/bin/
	$(call cmake_build,asan,--target sfluv-tests sfluv_server_tests)
	$(call cmake_build,wasm,--target sfluv-tests)
	.ci/test

.PHONY: screenshots
screenshots: web ## a picture of every view in every state (build/screenshots); those of the README too
	@./emsdk-setup.sh --host demo
	$(env)
	node web/e2e/screenshots.mjs

.PHONY: bench
bench: cli ## native benchmarks
	@$(env)
	$(call cmake_build,native,--target sfluv-bench)
	build/native/bin/sfluv-bench --benchmark_min_time=0.2

.PHONY: bench-photos
bench-photos: cli web ## our photo path beside the canvas and other libraries: table, build/bench/photos.json, exit 1 where a figure is missed
	@./emsdk-setup.sh --host bench
	$(env)
	$(call cmake_build,native,--target sfluv-photo-race)
	npm ci --silent --no-audit --no-fund --prefix web/bench
	node web/bench/photos.mjs

.PHONY: proof-fuzz proof-photos proof-outbox proof-explore proof-coverage proof-browsers proof-mutants proof-bare-machine
proof-fuzz: setup ## long: every fuzz target, or FUZZ_TARGETS, for FUZZ_SECONDS (600) each, under ASan and UBSan
	@$(env)
	native-tests/fuzz/run.sh $(or $(FUZZ_SECONDS),600) $(FUZZ_TARGETS)
proof-photos: cli web ## long: the same bytes from every build and in three browsers, and libjpeg-turbo as the judge
	@./emsdk-setup.sh --host bench
	$(env)
	$(call cmake_build,native,--target sfluv-photo-digests)
	native-tests/photos/proof.sh
proof-outbox: setup ## long: SEEDS (1000000) simulated lives of the queue; one in a hundred again, natively and in wasm
	@$(env)
	$(call cmake_build,native,--target sfluv_cli)
	$(call cmake_build,wasm,--target sfluv-simulate)
	.ci/proof-outbox $(SEEDS)
proof-explore: cli ## long: every life of one record with two pages and three attempts, to the empty frontier
	build/bin/sfluv explore
	build/bin/sfluv explore --server documents
	build/bin/sfluv explore --server live
proof-coverage: setup ## every branch of the queue's core is taken by its tests (needs clang 19)
	@$(env)
	native-tests/simulation/coverage.sh
proof-browsers: cli server web ## long: a field app point by point, the queue's faults in three browsers, and the figures
	@./emsdk-setup.sh --host test
	$(env)
	.ci/test browsers
proof-mutants: web ## long: mistakes made on purpose in core, driver and stores; a test must see each of them
	@$(env)
	node .ci/mutants.mjs $(MUTANTS)
proof-bare-machine: ## long, as root: make demo and make test on a Debian 12 made from nothing
	@.ci/bare-machine

.PHONY: format lint
format: ## clang-format over our C++
	@git ls-files '*.h' '*.cpp' | xargs clang-format -i
lint: ## is the formatting right?
	@git ls-files '*.h' '*.cpp' | xargs clang-format --dry-run --Werror

.PHONY: clean
clean: ## remove what builds left (the cache of downloads stays)
	@rm -rf build web/dist web/app/dist
