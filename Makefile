# Flags for every build and test alike, so that one does not undo the other's work.
SWIFT_FLAGS ?=
# What to add to the command: make compare ARGS="--benchmarks monks-1 --seeds 5"
ARGS ?=
# How often `make fuzz` changes each file of its corpus.
FUZZ ?= 100000

SWIFT_SOURCES := Package.swift Sources Plugins Datasets Tests

.DEFAULT_GOAL := help
.PHONY: help compare boards build docs test faults fuzz lint format setup

help: ## Say what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Only the board goes to standard output.
compare: build ## Compare Optimal Brain Damage with Optimal Brain Surgeon (ARGS adds arguments)
	@.build/release/workbench compare --strategies obd,obs $(ARGS)

boards: build ## Run all strategies on all benchmarks into Documentation/boards (ARGS names some)
	@.ci/boards $(ARGS)

build: setup ## Build the program and the plugins
	@swift build -c release $(SWIFT_FLAGS) >&2

docs: setup ## Make pages of the libraries' documentation in .build/docs
	@.ci/docs

# Testable imports change the flags of every module, and with them the program would be built anew.
test: setup ## Build and run the tests (ARGS adds arguments, such as --filter IDX)
	@swift test -c release --disable-testable-imports $(SWIFT_FLAGS) $(ARGS)

faults: setup ## Disturb a comparison at every call by which it changes files (an hour on two cores)
	@FAULTS=all swift test -c release --disable-testable-imports $(SWIFT_FLAGS) --filter FaultTests

# An instrumented reader also tells what lies beside a file's bytes.
fuzz: setup ## Change files of networks at random, FUZZ times each (a quarter of an hour)
	@WORKBENCH_ENGINE_ALONE=1 FUZZ=$(FUZZ) ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address \
	  --scratch-path .build/address --filter ModelFuzzTests

lint: ## Check the layout and style of the sources
	@swift format lint --strict --recursive $(SWIFT_SOURCES)

format: ## Lay the sources out
	@swift format --in-place --recursive $(SWIFT_SOURCES)

setup: ## Install the system libraries that are missing
	@.ci/setup
