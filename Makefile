# gradviz: `make` builds the program and draws every sample into Output/; `make help` lists the rest.

SWIFT   ?= swift
PREFIX  ?= /usr/local
CONFIG  ?= release
PROGRAM := .build/$(CONFIG)/gradviz
# On Linux Swift's libraries go into the program: it starts in half the time, and runs where Swift is not installed.
# At a fixed address and without exports it is 1.5 MB smaller, without the tables of exceptions another 2.4, for size another 1.2,
# and 0.8 where functions that are alike or that nothing calls are left out.
LINKING := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker -s \
  -Xlinker --no-export-dynamic -Xlinker --icf=all -Xswiftc -Osize -Xswiftc -Xfrontend -Xswiftc -function-sections \
  -Xswiftc -Xclang-linker -Xswiftc -no-pie \
  -Xlinker --no-eh-frame-hdr -Xlinker -T -Xlinker "$(CURDIR)/.ci/program.ld")
STYLED  := Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources
export ATTACK SEED ROUNDS SWIFT

.PHONY: all build deps samples test lint format check fresh report docs figures bench script python wheel laws fuzz attack \
  sanitize valgrind memory numbers install uninstall dist deb clean help

all: samples                ## build, and draw every sample into Output/

build: deps                 ## build the command-line tool, and the server beside it
	$(SWIFT) build -c $(CONFIG) $(LINKING) --product gradviz
	$(SWIFT) build -c $(CONFIG) $(LINKING) --product gradviz-serve

deps:                       ## install Graphviz and libcmark where they are missing; says what, and how
	@.ci/deps

samples: build              ## draw every sample into Output/, the page that shows them, and README.md's figures
	Samples/draw.sh $(PROGRAM) Output
	$(PROGRAM) document --quiet --figures Output/figures README.md

test: deps lint             ## the style, then all tests; RELEASE=1 optimizes them, which takes a third of the time
	$(SWIFT) test $(if $(RELEASE),-c release -Xswiftc -enable-testing)

lint:                       ## is the style that of .swift-format?
	$(SWIFT) format lint --strict --recursive --parallel $(STYLED)

format:                     ## put all sources into the style of .swift-format
	$(SWIFT) format --in-place --recursive --parallel $(STYLED)

check: build fresh          ## gradients against central differences; Output/ up to date; the size of the program
	$(PROGRAM) check Samples/*.grad
	python3 Tests/Program/check_program.py $(PROGRAM) $(PROGRAM)-serve

fresh: build                ## are Output/ and README.md what the samples give?
	Samples/check_fresh.sh $(PROGRAM)

BASE = HEAD
report: build               ## before | after | difference of every figure that differs from revision BASE=HEAD
	Samples/draw.sh $(PROGRAM) .build/report
	python3 Tests/Report/report.py --base $(BASE) --after .build/report

figures: build              ## draw the figures of the documentation
	.ci/figures $(PROGRAM)

SITE = .build/site
docs: figures               ## build the documentation into SITE=.build/site (HOSTING_BASE_PATH=); a warning is an error
	.ci/site "$(SITE)" "$(HOSTING_BASE_PATH)"

bench:                      ## measure every promise about speed, or BENCH="moons digits"; Benchmarks/README.md
	python3 Benchmarks/run.py $(BENCH)

SCRIPT := Sources/GradvizExplorer/Script
BUNDLE := Sources/GradvizExplorer/Resources
script:                     ## put the pages' modules into one file each, which is part of the repository; needs esbuild
	for page in main:explorer exercise:exercise; do \
	  esbuild $(SCRIPT)/$${page%:*}.mjs --bundle --minify --format=iife --target=es2022 --charset=utf8 --log-level=warning \
	    --mangle-props='$(shell tr '\n' '|' <$(SCRIPT)/own-names.txt | sed 's/|$$//')' \
	    --outfile=$(BUNDLE)/$${page#*:}.js && \
	  esbuild $(SCRIPT)/$${page#*:}.css --minify --charset=utf8 --log-level=warning \
	    --outfile=$(BUNDLE)/$${page#*:}.css || exit 1; \
	done

# More tests than fit into `make test`; Tests/README.md says what each of them is for.

SECONDS = 60
fuzz:                       ## run the fuzz targets: SECONDS=60 each, or TARGET=language of them
	python3 Tests/Fuzzing/run.py $(TARGET) --seconds $(SECONDS)

attack: build               ## attack the built program: SECONDS=60 each, ATTACK=language of them, SEED=, ROUNDS=
	Tests/Attack/run.sh $(PROGRAM) $(SECONDS)

SANITIZERS = boundary address undefined thread
sanitize: deps              ## the tests under SANITIZERS="boundary address undefined thread", a build each
	Tests/Sanitizers/run.sh $(SANITIZERS)

valgrind: deps              ## the C boundary under valgrind: errors and leaks
	Tests/Memcheck/run.sh

DRAWINGS = 10000
memory: deps                ## DRAWINGS=10000 drawings in one process leave memory as it was
	GRADVIZ_DRAWINGS=$(DRAWINGS) $(SWIFT) test --filter MemoryTests

# With optimization, in a build of its own: ten times as fast.
OPTIMIZED = -c release -Xswiftc -enable-testing --scratch-path .build-numbers

GRAPHS = 10000
PYTHON = python3
numbers: build              ## GRAPHS=10000 random graphs, and programs of the whole language, against independent evaluations
	GRADVIZ_NUMBERS=$(GRAPHS) $(SWIFT) test $(OPTIMIZED) --filter NumbersTests
	$(PYTHON) Tests/Attack/agreement.py $(PROGRAM) --programs $(GRAPHS)

SEEDS = 300
laws: deps                  ## SEEDS=300 random programs through every law about what is drawn
	GRADVIZ_SEEDS=$(SEEDS) $(SWIFT) test $(OPTIMIZED) --filter 'Law(Tests)?'

python:                     ## the tests of the Python package: what PYTHON=python3 has of torch, jax and micrograd
	PYTHONPATH=Sources/Python:Tests/Python $(PYTHON) -m unittest discover -s Tests/Python

wheel: build                ## a wheel of the Python package with the program inside, into .build/wheel
	rm -rf .build/wheel && mkdir -p .build/wheel/source
	cp -R Sources/Python/. .build/wheel/source
	install -d .build/wheel/source/gradviz/bin && install -m 755 $(PROGRAM) .build/wheel/source/gradviz/bin/gradviz
	$(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir .build/wheel .build/wheel/source --config-settings \
	  --build-option=--plat-name=$$($(PYTHON) -c \
	    'import sysconfig as s; print(s.get_platform().replace("-", "_").replace(".", "_"))')

install: build              ## install the program, completion and manual page below PREFIX=/usr/local
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' .ci/install $(PROGRAM)

uninstall:                  ## remove what `make install` put below PREFIX=/usr/local, and nothing else
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' .ci/install --remove

dist: build                 ## an archive for this machine, into .build/dist
	Sources/Packaging/archive $(PROGRAM) .build/dist

deb: build                  ## a Debian package for this machine, into .build/dist
	Sources/Packaging/deb $(PROGRAM) .build/dist

clean:                      ## remove what was built; Output/ stays, it is part of the project
	rm -rf .build .build-* Tests/Fuzzing/.build*

help:                       ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
