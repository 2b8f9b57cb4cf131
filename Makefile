# qnb: two commands matter: make test, make build. `make help` lists the others.

SHELL := /bin/bash
PACKAGES := libreadline-dev libopenblas-dev zlib1g-dev nettle-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libpng-dev libjpeg62-turbo-dev pkg-config
# The shipped binary links its own copy of the Swift libraries; the tests need the toolchain's dynamic ones.
RELEASE := swift build -c release
PYTHON := python3

.PHONY: help packages build test bench format clean

help:
	@echo "make build   install missing system packages, build .build/release/qnb"
	@echo "make test    the same, then every test"
	@echo "make bench   measure the language against python3, notebooks against their required times, the engine against PyTorch (PYTHON=an interpreter that has it)"
	@echo "make format  check the formatting (swift format)"
	@echo "make clean   remove build products"

packages:
	@.ci/packages $(PACKAGES)

build: packages
	$(RELEASE) --static-swift-stdlib --product qnb

test: packages
	$(RELEASE) --build-tests
	swift test -c release --skip-build

bench: build
	python3 Benchmarks/bench.py --qnb .build/release/qnb
	python3 Benchmarks/notebooks.py --qnb .build/release/qnb
	$(RELEASE) --product EngineBenchmark
	.build/release/EngineBenchmark --python $(PYTHON)

format:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	swift package clean
