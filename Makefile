# The front door. Everything is in CMake; these are the names people remember.
.PHONY: build run test check bench deb deps clean
BUILD := build/release

deps:
	@scripts/deps

$(BUILD)/build.ninja: | deps
	@cmake --preset release >/dev/null

build: deps $(BUILD)/build.ninja
	@cmake --build --preset release

# Opens the fictional town in the browser; nothing to configure.
run: build
	@$(BUILD)/wijk serve --town

test: build
	@scripts/test

check: build
	@scripts/check

bench: build
	@bench/run

deb: build
	@scripts/deb

clean:
	rm -rf build
