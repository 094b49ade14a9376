# The front door. Every target installs what it needs first; details are in meson.build and tools/.
SHELL := /bin/bash
BUILD := build
CHECK := build-check

.PHONY: all demo check check-long bench fuzz format install help clean deps web

all: deps
	@tools/build.sh $(BUILD) product -Dbuildtype=release

demo: all          ## build, create the demo city, run the main job, serve it
	@tools/demo.sh $(BUILD)

check: deps        ## every test: unit, vectors, both SQL engines, HTTP, browser (gcc with ASan and UBSan; clang too)
	@tools/check.sh $(CHECK)

check-long: deps   ## hours: 10,000 random draws, fuzzing, fault tests; figures go to docs/
	@tools/check-long.sh $(CHECK)

bench: all         ## side by side with the peers, ratios in one run, written to docs/bench.md
	@bench/run.sh $(BUILD)

fuzz: deps         ## 60 s for each parser
	@tools/fuzz.sh

format:            ## clang-format on all C files
	@git ls-files '*.c' '*.h' | xargs clang-format -i

install: all       ## PREFIX=/usr/local
	@meson install -C $(BUILD) --no-rebuild

deps:
	@tools/install-deps.sh

clean:
	rm -rf $(BUILD) $(CHECK)* build-fuzz

help:              ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*##/ -/' | column -t -s-
