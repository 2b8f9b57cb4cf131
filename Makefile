# qnb: two commands matter: make test, make build. `make help` lists the others.

SHELL := /bin/bash
PACKAGES := libreadline-dev libopenblas-dev zlib1g-dev nettle-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libpng-dev libjpeg62-turbo-dev pkg-config
FLAGS := -c release -Xswiftc -static-stdlib

.PHONY: help packages build test bench format clean

help:
	@echo "make build   install missing system packages, build .build/release/qnb"
	@echo "make test    the same, then every test"
	@echo "make bench   measure the language against python3"
	@echo "make format  check the formatting (swift format)"
	@echo "make clean   remove build products"

packages:
	@.ci/packages $(PACKAGES)

build: packages
	swift build $(FLAGS) --product qnb

test: packages
	swift build $(FLAGS) --build-tests
	swift test $(FLAGS) --skip-build

bench: build
	python3 Benchmarks/bench.py .build/release/qnb

format:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	swift package clean
