# gradviz: `make` builds everything and draws every sample; `make help` lists the rest.

SWIFT   ?= swift
PREFIX  ?= /usr/local
CONFIG  ?= release
# With Swift's libraries inside, the tool starts in half the time and runs where Swift is not installed.
STATIC  := $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib -Xswiftc -use-ld=lld)
PROGRAM := .build/$(CONFIG)/gradviz
SAMPLES := $(sort $(wildcard Samples/*.grad))
NAMES   := $(SAMPLES:Samples/%.grad=%)
DATA    := $(wildcard Samples/data/*)
# What a sample's gallery shows besides the five figures.
FLAGS_chain := --steps
# Samples that say how many steps are trained, too.
TRAINED := $(patsubst Samples/%.grad,%,$(shell grep -l '^steps' Samples/*.grad))
FLAGS_train_momentum := --compare sgd
FLAGS_train_xor := --figures 0,last
DERIVATIVE_neuron := w2
draw_sample = $(PROGRAM) draw Samples/$(1).grad -T svg -T dot $(FLAGS_$(1)) -o $(2)/$(1)/ \
	$(if $(filter $(1),$(TRAINED)),&& $(PROGRAM) train Samples/$(1).grad --quiet $(FLAGS_train_$(1)) -o $(2)/$(1)) \
	$(if $(DERIVATIVE_$(1)),&& $(PROGRAM) draw Samples/$(1).grad --stage derivative --of $(DERIVATIVE_$(1)) -o $(2)/$(1)/derivative.svg)
FIGURES := $(foreach name,$(NAMES),Output/$(name)/forward.svg)
SOURCES := Package.swift $(shell find Sources -type f \( -name '*.swift' -o -name '*.c' -o -name '*.h' -o -name '*.modulemap' \))

.DELETE_ON_ERROR:
.PHONY: all samples build deps test laws check fresh docs figures bench fuzz attack sanitize valgrind memory numbers clean install help

all: samples            ## install what is missing, build, draw every sample into Output/

samples: Output/README.md ## draw every sample into Output/, the page that shows them, and README.md's figures

# This package's page has figures of its own; what is right in it is not written again.
Output/README.md: $(FIGURES) Samples/gallery.sh README.md
	Samples/gallery.sh Output
	$(PROGRAM) document --quiet --figures Output/figures README.md
	@touch $@

build: $(PROGRAM)       ## build the command-line tool

# Swift finds both through pkg-config. Nothing is run where all are there.
deps:                   ## install Graphviz and libcmark with their headers (apt, dnf or brew) where they are missing
	@if pkg-config --exists libgvc libcmark 2>/dev/null; then exit 0; fi; \
	sudo=; if [ "$$(id -u)" != 0 ]; then sudo=sudo; fi; \
	run() { echo "$$@"; "$$@"; }; \
	if command -v apt-get >/dev/null; then \
	  run $$sudo apt-get update && run $$sudo apt-get install -y libgraphviz-dev libcmark-dev pkg-config; \
	elif command -v dnf >/dev/null; then \
	  run $$sudo dnf install -y graphviz-devel cmark-devel pkgconf-pkg-config; \
	elif command -v brew >/dev/null; then \
	  run brew install graphviz cmark pkg-config; \
	else \
	  echo "Install Graphviz and libcmark with their headers, and pkg-config, then run make again:" >&2; \
	  echo "  Debian, Ubuntu: apt-get install libgraphviz-dev libcmark-dev pkg-config" >&2; \
	  echo "  Fedora: dnf install graphviz-devel cmark-devel    macOS: brew install graphviz cmark pkg-config" >&2; \
	  exit 1; \
	fi

$(PROGRAM): $(SOURCES) | deps
	$(SWIFT) build -c $(CONFIG) $(STATIC) --product gradviz
	@touch $@

# Drawn and, where it says how, trained: all files of a sample; the first figure stands for them.
$(FIGURES): Output/%/forward.svg: Samples/%.grad $(DATA) $(PROGRAM) Makefile
	$(call draw_sample,$*,Output)
	@touch $@

# Drawn with the first figure already, unless someone removed it; a stage that the sample has not is an error.
draw_again = @test -f $@ || { $(call draw_sample,$*,Output); }; \
	test -f $@ && touch $@ || { echo "Samples/$*.grad has no figure $(@F)" >&2; exit 1; }
Output/%/forward.dot: Output/%/forward.svg ; $(draw_again)
Output/%/loss.svg: Output/%/forward.svg ; $(draw_again)
Output/%/loss.dot: Output/%/forward.svg ; $(draw_again)
Output/%/backward.svg: Output/%/forward.svg ; $(draw_again)
Output/%/backward.dot: Output/%/forward.svg ; $(draw_again)
Output/%/update.svg: Output/%/forward.svg ; $(draw_again)
Output/%/update.dot: Output/%/forward.svg ; $(draw_again)
Output/%/overview.svg: Output/%/forward.svg ; $(draw_again)
Output/%/overview.dot: Output/%/forward.svg ; $(draw_again)

test: deps              ## run all tests
	$(SWIFT) test

check: $(PROGRAM) fresh ## gradients of every sample against central differences; figures in Output/ up to date
	$(PROGRAM) check $(SAMPLES)

# Draws everything anew beside Output/ and compares. The bytes are those of Debian 12's Graphviz; another
# version rounds layouts differently, so elsewhere the structure is compared: the files, and the ids in each.
structure = (cd $(1) && find . -name '*.svg' -not -path './figures/*' | sort | while read -r file; do echo "$$file"; grep -oE ' id="[^"]*"' "$$file"; done)
fresh: $(PROGRAM)       ## are Output/ and README.md what the samples give?
	@rm -rf .build/fresh && mkdir -p .build/fresh
	@$(foreach name,$(NAMES),$(call draw_sample,$(name),.build/fresh) &&) Samples/gallery.sh .build/fresh
	@if grep -qs '^VERSION_ID="12"' /etc/os-release && grep -qs '^ID=debian' /etc/os-release; then \
	  diff -rq -x figures Output .build/fresh && $(PROGRAM) document --check --quiet --figures Output/figures README.md; \
	else \
	  $(call structure,Output) > .build/fresh.committed; $(call structure,.build/fresh) > .build/fresh.drawn; \
	  diff .build/fresh.committed .build/fresh.drawn; \
	fi || { echo "Output/ or README.md is stale: run make, look at the figures, and commit them" >&2; exit 1; }
	@echo "Output/ and README.md are up to date: $(words $(NAMES)) samples"

# The documentation: figures are drawn anew into the catalog for each build, and are no part of the repository,
# so none can be stale. Pages hold the links to them, between marks that the same command keeps.
CATALOG := Sources/GradvizKit/GradvizKit.docc
SITE    ?= .build/site
MODULES := GradvizKit Autograd GradvizGraph GradLanguage GradvizDrawing GradvizFigures GradvizPlots GradvizDOT GraphvizRenderer GradvizDocuments
# The tutorial is no Markdown: its figures are named here, as number of the program, stage, name. Its reader
# works on one file, `first.grad`.
draw_first = cp $(CATALOG)/Resources/first-$(1).grad .build/first.grad && for scheme in light dark; do \
	  $(PROGRAM) draw .build/first.grad --stage $(2) --theme $$scheme -T svg \
	    -o "$(CATALOG)/Resources/first-$(3)$$(test $$scheme = light || echo '~dark').svg" || exit 1; \
	done
figures: $(PROGRAM)     ## draw the figures of the documentation
	$(PROGRAM) document --docc $(CATALOG)
	@$(call draw_first,1,forward,forward)
	@$(call draw_first,2,backward,backward)
	@$(call draw_first,3,backward,both)
	@$(call draw_first,4,update,update)

docs: figures           ## build the documentation into .build/site (SITE=, HOSTING_BASE_PATH=)
	@rm -rf "$(SITE)" && mkdir -p "$(SITE)"
	$(SWIFT) package --allow-writing-to-directory "$(SITE)" generate-documentation $(MODULES:%=--target %) \
	  --enable-experimental-combined-documentation --warnings-as-errors --output-path "$(SITE)" \
	  $(if $(HOSTING_BASE_PATH),--hosting-base-path "$(HOSTING_BASE_PATH)")
	@echo '<!doctype html><meta http-equiv="refresh" content="0; url=documentation/gradvizkit/">' > "$(SITE)/index.html"
	@echo "The site is in $(SITE); to read it: python3 -m http.server -d $(SITE)"

bench:                  ## measure every promise about speed; Benchmarks/README.md
	python3 Benchmarks/run.py $(BENCH)

# More tests than fit into `make test`; Tests/README.md says what each of them is for.

SECONDS = 60
fuzz:                   ## run the fuzz targets: SECONDS=60 each, or TARGET=language of them
	python3 Tests/Fuzzing/run.py $(TARGET) --seconds $(SECONDS)

# Every attack for SECONDS=60, or one: ATTACK=kills. A finding is printed with its SEED=, which makes it again.
attack: $(PROGRAM)      ## attack the built program: SECONDS=60 each, ATTACK=language of them, SEED=, ROUNDS=
	@status=0; \
	$(if $(filter threads,$(ATTACK)),,python3 Tests/Attack/run.py $(ATTACK) --gradviz $(PROGRAM) --seconds $(SECONDS) \
	  $(SEED:%=--seed %) $(ROUNDS:%=--rounds %) || status=1;) \
	$(if $(filter-out threads,$(ATTACK)),,GRADVIZ_ATTACK_SECONDS=$(SECONDS) GRADVIZ_ATTACK_SEED=$(SEED) \
	  $(SWIFT) test --filter ThreadAttackTests || status=1;) \
	exit $$status

# A build each, beside the usual one. Gold, the linker that Swift takes on Linux, fails on what sanitizers make.
SANITIZERS ?= boundary address undefined thread
sanitize: deps          ## the tests under the address, undefined-behaviour and thread sanitizers
	Tests/Sanitizers/run.sh $(SANITIZERS)

valgrind: deps          ## the C boundary under valgrind: errors and leaks
	Tests/Memcheck/run.sh

DRAWINGS = 10000
memory: deps            ## DRAWINGS=10000 drawings in one process leave memory as it was
	GRADVIZ_DRAWINGS=$(DRAWINGS) $(SWIFT) test --filter MemoryTests

# With optimisation, in a build of its own: ten times as fast.
GRAPHS = 10000
numbers: deps           ## GRAPHS=10000 random graphs against an independent evaluation
	GRADVIZ_NUMBERS=$(GRAPHS) $(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build-numbers --filter NumbersTests

# With optimisation as well. A law is a suite whose name ends in Law or LawTests.
SEEDS = 300
laws: deps              ## SEEDS=300 random programs through every law about what is drawn
	GRADVIZ_SEEDS=$(SEEDS) $(SWIFT) test -c release -Xswiftc -enable-testing --scratch-path .build-numbers --filter 'Law(Tests)?'

clean:                  ## remove what was built; Output/ stays, it is part of the project
	rm -rf .build .build-* Tests/Fuzzing/.build*

install: $(PROGRAM)     ## install the tool into PREFIX/bin (PREFIX=/usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(PROGRAM) "$(DESTDIR)$(PREFIX)/bin/gradviz"

help:                   ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
