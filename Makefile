# qnb: two commands matter: make test, make build. `make help` lists the others.

SHELL := /bin/bash
PACKAGES := libreadline-dev zlib1g-dev nettle-dev libcmark-gfm-dev libcmark-gfm-extensions-dev libpng-dev libjpeg62-turbo-dev libgvc6 pkg-config
# The shipped binary links its own copy of the Swift libraries; the tests need the toolchain's dynamic ones.
RELEASE := swift build -c release
# The shipped binary holds the small system libraries itself, and its code at fixed addresses as Debian's python3 does: it starts in
# half the time.
STATIC := $(CURDIR)/.build/static-libraries
PYTHON := python3

.PHONY: help packages build test bench bench-language bench-notebooks bench-reports bench-repl bench-loader bench-engine bench-quantization quickstart quickstart-cifar10 format clean

help:
	@echo "make build   install missing system packages, build .build/release/qnb"
	@echo "make test    the same, then every test"
	@echo "make bench   measure the language against python3, notebooks, reports and the REPL against their required times,"
	@echo "             the loader, the engine and quantization against PyTorch (PYTHON=an interpreter that has PyTorch)"
	@echo "make quickstart          run the quick start on the embedded dataset into build/ (EPOCHS=6 QAT_EPOCHS=2)"
	@echo "make quickstart-cifar10  the same on CIFAR-10, 30 + 3 epochs (QNB_DATA=the folder that holds cifar-10-batches-py)"
	@echo "make format  check the formatting (swift format)"
	@echo "make clean   remove build products"

packages:
	@.ci/packages $(PACKAGES)

build: packages
	.ci/static-libraries $(STATIC)
	PKG_CONFIG_PATH=$(STATIC) $(RELEASE) --static-swift-stdlib -Xlinker -no-pie --product qnb
	.build/release/qnb compile-library

test: packages
	$(RELEASE) --build-tests
	# One at a time: the tests of the engine share its global modes, as programs do.
	swift test -c release --skip-build --no-parallel

# Each benchmark fails where a required figure is missed; the others run all the same.
bench: build
	@$(MAKE) --no-print-directory --keep-going bench-language bench-notebooks bench-reports bench-repl bench-loader bench-engine bench-quantization

bench-language:
	python3 Benchmarks/bench.py --qnb .build/release/qnb

bench-notebooks:
	python3 Benchmarks/notebooks.py --qnb .build/release/qnb

bench-reports:
	python3 Benchmarks/reports.py --qnb .build/release/qnb

bench-repl:
	python3 Benchmarks/repl.py --qnb .build/release/qnb

bench-loader:
	python3 Benchmarks/loading.py --qnb .build/release/qnb --python $(PYTHON)

bench-engine:
	$(RELEASE) --product EngineBenchmark
	.build/release/EngineBenchmark --python $(PYTHON)

bench-quantization:
	python3 Benchmarks/quantization/bench.py --qnb .build/release/qnb --python $(PYTHON)
	.build/release/qnb run Benchmarks/quantization/deployment.py

EPOCHS ?= 6
QAT_EPOCHS ?= 2
QNB_DATA ?= data
# Without the outputs of the committed file and of earlier runs.
RUN_QUICKSTART = mkdir -p build && rm -rf build/quickstart.* && cp notebooks/quickstart.qnb build/quickstart.qnb && \
	.build/release/qnb strip build/quickstart.qnb && .build/release/qnb run build/quickstart.qnb

quickstart: build
	$(RUN_QUICKSTART) -P dataset=shapes10 -P epoch_num=$(EPOCHS) -P qat_epoch_num=$(QAT_EPOCHS) -P num_examples=2048
	.build/release/qnb render build/quickstart.qnb
	@echo "the report is build/quickstart.html"

quickstart-cifar10: build
	$(RUN_QUICKSTART) -P dataset=cifar10 -P data_path=$(abspath $(QNB_DATA))
	.build/release/qnb render build/quickstart.qnb
	@echo "the report is build/quickstart.html"

format:
	swift format lint --strict --recursive Sources Tests Package.swift

clean:
	swift package clean
