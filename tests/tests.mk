# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile, as are tests/*/*.mk, which have the targets of their
# folders.  What "make check" and "make check-all" run stands here alone.
#
## check           the tests, about five minutes; root and nf_conntrack let it
##                 ask the kernel, too
## check-long      what CI runs beyond that: sanitizers, valgrind, coverage,
##                 fuzzing, damaged captures, the long comparison with the kernel
## check-all       check and check-long
## check-unit      cmocka programs: tests/unit/MODULE/test_*.c
## check-golden    commands with their expected bytes: tests/golden (CASES=...)
## golden-update   take the present output as expected; see tests/golden/README.md
## check-options   help, manual, completions and README against the option table
## check-library   the library as another program uses it
## check-layout    includes between modules against the layout in HACKING.md
## check-debug     unit and golden tests with the engine's assertions, under UBSan
##                 alone
## check-tsan      golden tests under ThreadSanitizer, in batches of few frames
## check-asan      most of what make check runs under AddressSanitizer and UBSan
## check-valgrind  unit tests, golden tests and the kernel's demands under valgrind
## check-valgrind-some  the same with VALGRIND_CASES only
## check-clang     build with clang, unit tests
## check-portable  unit tests of the code for processors without special instructions
## check-scripts   syntax of the shell scripts, the manual's markup, testdata's
##                 generator
## check-install   install and uninstall below a temporary directory
## coverage        lines of src that tests reach; fails where src/conntrack or
##                 src/packet is below COVERAGE percent

CHECK = unit golden kernel-quick versus explain recipes schema selection \
	connections tap merge parallel options selftests rules-cases rules-snapshot library \
	layout sandbox faults files write annotate report-data terminal live hardening \
	state rotate
# Two at a time, the longest first; with a comma between them those that share a
# build directory or what they make there.
CHECK_LONG = asan,hostile-asan kernel,recorded,behaviours,soak valgrind-some \
	damage,memory,attack,same coverage tsan fuzz,fuzz-short deb state-long \
	report-page slurm debug clang sandbox-parts portable scripts,install

# Programs that the suites of "check" run: they are built before, since suites
# run at the same time.
CHECK_BUILD = all $(UNIT_BIN) $(B)/rules-run $(B)/tests/options/lists $(B)/check-kernel \
	$(B)/tests/sandbox/shim.so $(B)/tests/sandbox/older \
	$(B)/tests/faults/shim.so $(B)/tests/bench/generate \
	$(B)/tests/hostile/timing.so

check:
	@$(MAKE) --no-print-directory -j$(JOBS) check-build
	@MAKE="$(MAKE)" JOBS=$(JOBS) NAME=check V=$(V) \
		ABOUT="5 minutes" tests/check.sh $(CHECK)

# Each compiles on all processors, and then mostly waits for one thread or for the
# kernel: two of them together end sooner.
check-long:
	@$(MAKE) --no-print-directory -j$(JOBS) check-build
	@MAKE="$(MAKE) -j$(JOBS) -O" JOBS=2 NAME=check-long V=$(V) \
		ABOUT="20 minutes" tests/check.sh $(CHECK_LONG)

check-all:
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory check-long

JOBS      := $(shell nproc 2>/dev/null || echo 2)

CMOCKA_CFLAGS := $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
CMOCKA_LIBS   := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null)
# Expanded by the rules that need it, so that nothing else does.
need-cmocka    = $(if $(CMOCKA_LIBS),,$(error the unit tests need cmocka \
		 (Debian: libcmocka-dev), and pkg-config cannot find it))

SANITIZE  = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
	    -fno-sanitize-recover=all
VALGRIND  = valgrind -q --error-exitcode=99 --leak-check=full

# A test_*.c is a program of its own, the other files there are for all.
UNIT_SRC  = $(sort $(wildcard $(foreach d,* */*,tests/unit/$d/test_*.c)))
UNIT_LIB_SRC = $(wildcard tests/unit/support/*.c)
UNIT_BIN  = $(UNIT_SRC:%.c=$(B)/%)
UNIT_OBJ  = $(UNIT_SRC:%.c=$(B)/%.o) $(UNIT_LIB_SRC:%.c=$(B)/%.o)
# In front of each test program: empty, or valgrind.
UNIT_WRAP =

$(B)/tests/unit/%.o: tests/unit/%.c Makefile tests/tests.mk
	$(need-cmocka)
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) -Itests/unit $(CMOCKA_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The modules around the engine and what the tests share; the linker takes what
# a test needs.
$(B)/tests/libprogram.a: $(PROG_OBJ)
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR) $(archive)

$(B)/tests/libunit.a: $(UNIT_LIB_SRC:%.c=$(B)/%.o)
	@rm -f $@
	$(call say,AR) $(AR) rcs $@ $^

$(UNIT_BIN): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/tests/libunit.a \
	     $(B)/tests/libprogram.a $(B)/libctreplay.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CMOCKA_LIBS) $(PCAP_LIBS) $(LIBS)

# All, also after one failed; with make -j -O several at a time, whose lines do not
# mix.
UNIT_RUN  = $(UNIT_BIN:%=%.run)
$(UNIT_RUN): %.run: %
	@rm -f $*.failed
	@echo "# $(notdir $*)"; LC_ALL=C $(UNIT_WRAP) $* || echo $(notdir $*) >$*.failed

check-unit: $(UNIT_RUN)
	@failed=$$(cat $(UNIT_BIN:%=%.failed) 2>/dev/null); \
	test -z "$$failed" || { echo "failed:" $$failed >&2; exit 1; }

check-golden: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" sh tests/golden/run.sh $(CASES)

golden-update: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh tests/golden/run.sh --update $(CASES)

# The names of libpcap's link types: DLT_NAME, but no limits and no functions.
$(B)/tests/options/dlt_list.h: tests/tests.mk
	@mkdir -p $(@D)
	echo '#include <pcap/dlt.h>' | $(CC) $(ALL_CPPFLAGS) -dM -E - | \
		sed -n 's/^#define DLT_\([A-Z0-9_]*\) .*/LINK_TYPE(\1)/p' | \
		grep -v -e '(MATCHING_' -e '(CLASS_' >$@

$(B)/tests/options/lists.o: $(B)/tests/options/dlt_list.h
$(B)/tests/options/lists.o: ALL_CPPFLAGS += -I$(B)/tests/options

$(B)/tests/options/lists: $(B)/tests/options/lists.o $(B)/tests/libprogram.a \
			   $(B)/libctreplay.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS) $(LIBS)

check-options: $(B)/ctreplay $(B)/tests/options/lists
	@CTREPLAY=$(B)/ctreplay LISTS=$(B)/tests/options/lists sh tests/options/run.sh
	@bash tests/options/complete.sh

check-library: all
	@sh tests/library/run.sh $(B)

check-asan:
	$(MAKE) B=$(B)/asan CFLAGS="$(SANITIZE)" check-unit check-golden \
		check-options check-selftests check-library check-recipes \
		check-write check-annotate check-terminal MANUAL=--some WRITTEN=--some

check-tsan:
	$(MAKE) B=$(B)/tsan CFLAGS="-O1 -g -fsanitize=thread" \
		CPPFLAGS="$(CPPFLAGS) -DCTREPLAY_THREADS=4 -DFRAME_BATCH_FRAMES=3 \
		-DUNPACK_AHEAD_AFTER=1" check-golden
	$(MAKE) B=$(B)/tsan2 CFLAGS="-O1 -g -fsanitize=thread" \
		CPPFLAGS="$(CPPFLAGS) -DCTREPLAY_THREADS=2 -DFRAME_BATCH_FRAMES=1 \
		-DUNPACK_AHEAD_AFTER=1" check-golden

check-valgrind:
	@command -v valgrind >/dev/null || { \
		echo "check-valgrind needs valgrind, and there is none" >&2; exit 1; }
	TEST_EFFORT=less $(MAKE) UNIT_WRAP="$(VALGRIND)" check-unit check-golden \
		check-selftests

VALGRIND_CASES = $(notdir $(wildcard $(patsubst %,tests/golden/%-*, \
		 bad fragments h323 pptp sip)))
check-valgrind-some:
	$(MAKE) check-valgrind CASES="$(VALGRIND_CASES)"

# Counters are atomic: a replay has threads.  Without optimisation a line is
# what the source says it is.
COVERAGE     = 95
COVERAGE_B   = $(B)/coverage
COVERAGE_CFLAGS = -O0 -g --coverage -fprofile-update=atomic
gcovr        = gcovr --root . --exclude-unreachable-branches --exclude-throw-branches

coverage:
	@command -v gcovr >/dev/null || { \
		echo "coverage needs gcovr, and there is none" >&2; exit 1; }
	@mkdir -p $(COVERAGE_B)
	find $(COVERAGE_B) -name '*.gcda' -delete
	$(MAKE) B=$(COVERAGE_B) CFLAGS="$(COVERAGE_CFLAGS)" \
		check-unit check-golden check-options check-selftests \
		check-recipes check-write check-annotate check-files check-terminal \
		MANUAL=--some WRITTEN=--some
	$(gcovr) --filter src/ $(COVERAGE_B)/src
	@for module in conntrack packet; do \
		$(gcovr) --filter src/$$module/ --fail-under-line $(COVERAGE) \
			-o $(COVERAGE_B)/$$module.txt $(COVERAGE_B)/src || exit; \
		sed -n "s|^TOTAL|src/$$module|p" $(COVERAGE_B)/$$module.txt; \
	done

check-coverage: coverage

# UBSan alone: AddressSanitizer's memory is better aligned than what programs get.
check-debug:
	$(MAKE) B=$(B)/debug CPPFLAGS="$(CPPFLAGS) -DCTREPLAY_DEBUG" \
		CFLAGS="-O2 -g -fsanitize=undefined -fno-sanitize-recover=all" \
		check-unit check-golden

check-clang:
	$(MAKE) CC=clang B=$(B)/clang all check-unit

# Without what only some processors have.
check-portable:
	$(MAKE) CC=clang B=$(B)/portable CPPFLAGS=-DCTREPLAY_PORTABLE check-unit

check-layout:
	@python3 tests/layout/check.py

check-scripts:
	@sh tests/scripts/run.sh

check-install:
	@MAKE="$(MAKE)" B=$(B) sh tests/install/run.sh

-include $(UNIT_OBJ:.o=.d) $(B)/tests/options/lists.d

# Here, since prerequisites are expanded where they are read.
check-build: $(CHECK_BUILD)

.PHONY: check check-long check-all check-build check-unit check-golden \
	check-options check-library check-layout check-debug check-asan \
	check-tsan check-valgrind check-valgrind-some check-clang \
	check-portable check-scripts check-install check-coverage coverage \
	golden-update
# Not made, and not a file.
.PHONY: $(UNIT_RUN)
.SECONDARY: $(UNIT_OBJ)
