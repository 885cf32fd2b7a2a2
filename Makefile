# migrate: built and installed with PGXS; `make help` lists the targets.
# Another server: make PG_CONFIG=/path/to/pg_config. Out of tree: make -C DIR -f $PWD/Makefile.

PG_CONFIG ?= pg_config
TOP := $(patsubst %/,%,$(dir $(firstword $(MAKEFILE_LIST))))
VPATH := $(filter-out $(CURDIR),$(abspath $(TOP)))
TOOLS = $(TOP)/test/tools
SOURCES := $(sort $(shell cd $(TOP) && find src -name '*.cpp'))
EXTENSION = migrate
MODULE_big = migrate
OBJS = $(SOURCES:.cpp=.o)
DATA = $(patsubst $(TOP)/%,%,$(wildcard $(TOP)/sql/*--*.sql))
REGRESS = $(basename $(shell ls $(TOP)/sql | grep '[.]sql$$' | grep -v -e --))
REGRESS_PREP = fixtures
EXTRA_CLEAN = $(SOURCES:.cpp=.d) results regression.diffs regression.out

# 15 leaves PGDLLEXPORT empty: with hidden symbols it has to say what 16 and later say.
PG_CPPFLAGS = -I$(TOP)/src -D'PGDLLEXPORT=__attribute__((visibility("default")))'
PG_CXXFLAGS = -std=c++20 -O2 -Wall -Wextra $(WERROR) -fvisibility=hidden -MMD -MP \
	$(if $(findstring clang,$(CXX)),-Wno-unknown-warning-option)
SHLIB_LINK = -lsqlite3 -lcsv -lz -lstdc++
override with_llvm = no

export PG_CONFIG
export MIGRATE_FIXTURES ?= $(abspath $(TOP))/build/fixtures

all:           ## build the extension; PGXS has install, uninstall, installcheck and clean too

PGXS := $(shell $(PG_CONFIG) --pgxs 2>/dev/null)
ifneq ($(wildcard $(PGXS)),)
include $(PGXS)
# Core sees no PostgreSQL header at all; warnings in those headers are not ours.
SERVER = -I$(includedir_server) -I$(includedir_internal)
src/core/%.o: override CPPFLAGS := $(filter-out $(SERVER),$(CPPFLAGS))
override CPPFLAGS := $(filter-out $(SERVER),$(CPPFLAGS)) $(SERVER:-I%=-isystem %)
$(shell mkdir -p $(sort $(dir $(OBJS))))
-include $(wildcard $(SOURCES:.cpp=.d))
else
all install installcheck clean:
	@echo 'no PGXS from PG_CONFIG="$(PG_CONFIG)": install postgresql-server-dev-NN' >&2; exit 1
endif

.PHONY: test tempcheck unit lint format demo bench dist fixtures help
test:          ## install what is missing, then run everything: unit, tempcheck, lint
	@$(TOOLS)/run_tests.sh deps unit tempcheck lint
tempcheck unit lint: ## a part: SQL, isolation and TAP tests on a throwaway server; Catch2; style
	@$(TOOLS)/run_tests.sh $@
format:        ## clang-format 14 over src/ and test/
	@$(TOOLS)/lint.sh --format
demo:          ## install what is missing, build, import a sample shop, verify it
	@$(TOP)/examples/demo.sh
bench:         ## imports, syncs, migrations against COPY, psql and pgloader (ROWS, RUNS)
	@$(TOP)/test/bench/bench.sh
dist:          ## migrate-VERSION.zip of the committed tree, for PGXN
	@$(TOOLS)/make_dist.sh
fixtures:      ## the SQLite files that the SQL tests read, in $MIGRATE_FIXTURES
	@$(TOOLS)/make_fixtures.sh $(MIGRATE_FIXTURES)
help:          ## this list
	@sed -n 's/^\([a-z ]*\): *## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 22
