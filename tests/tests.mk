# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
# make check           all of the following but check-asan, check-valgrind and
#                      coverage; and the recipes of the documents, the demands
#                      of the kernel's own tests, the library as others use it
# make check-unit      cmocka programs: tests/unit/test_*.c
# make check-golden    commands with their expected bytes: tests/golden
# make check-options   help, manual, completions and README against the table
# make check-tsan      golden tests under ThreadSanitizer: no stage touches what
#                      another has; batches of few frames, two threads and four
# make check-asan      what make check does, under AddressSanitizer and UBSan;
#                      but for what limits memory or needs a shim
# make check-valgrind  unit tests, commands with their output and the kernel's
#                      demands under valgrind
# make check-valgrind-some
#                      the same with VALGRIND_CASES only: unit tests, damaged
#                      files, fragments and the helpers that read most
# make coverage        lines of src that these tests reach, by file, with gcovr;
#                      fails where src/conntrack or src/packet is below
#                      COVERAGE percent
# make golden-update   takes today's output as expected; read tests/golden/README.md

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

check: check-unit check-golden check-options check-selftests check-library

$(B)/tests/unit/%.o: tests/unit/%.c Makefile tests/tests.mk
	$(need-cmocka)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) -Itests/unit $(CMOCKA_CFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The rooms around the engine and what the tests share; the linker takes what
# a test needs.
$(B)/tests/libprogram.a: $(PROG_OBJ)
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/tests/libunit.a: $(UNIT_LIB_SRC:%.c=$(B)/%.o)
	rm -f $@
	$(AR) rcs $@ $^

$(UNIT_BIN): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(B)/tests/libunit.a \
	     $(B)/tests/libprogram.a $(B)/libctreplay.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(CMOCKA_LIBS) $(PCAP_LIBS) $(LIBS)

# One after the other, so that their lines do not mix; all, also after one failed.
check-unit: $(UNIT_BIN)
	@failed=; for t in $(UNIT_BIN); do \
		echo "# $${t##*/}"; \
		LC_ALL=C $(UNIT_WRAP) "$$t" || failed="$$failed $${t##*/}"; \
	done; \
	test -z "$$failed" || { echo "failed:$$failed" >&2; exit 1; }

check-golden: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" sh tests/golden/run.sh $(CASES)

golden-update: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh tests/golden/run.sh --update $(CASES)

$(B)/tests/options/lists: $(B)/tests/options/lists.o $(B)/tests/libprogram.a \
			   $(B)/libctreplay.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS) $(LIBS)

check-options: $(B)/ctreplay $(B)/tests/options/lists
	@CTREPLAY=$(B)/ctreplay LISTS=$(B)/tests/options/lists sh tests/options/run.sh
	@bash tests/options/complete.sh

check-library: all
	@sh tests/library/run.sh $(B)

check-asan:
	$(MAKE) B=$(B)/asan CFLAGS="$(SANITIZE)" check-unit check-golden \
		check-options check-selftests check-library check-recipes \
		check-write check-terminal

# Alone: AddressSanitizer's memory is better aligned than what programs get.
check-ubsan:
	$(MAKE) B=$(B)/ubsan CFLAGS="-O2 -g -fsanitize=undefined \
		-fno-sanitize-recover=all" check-unit check-golden

check-tsan:
	$(MAKE) B=$(B)/tsan CFLAGS="-O1 -g -fsanitize=thread" \
		CPPFLAGS="$(CPPFLAGS) -DCTREPLAY_THREADS=4 -DFRAME_BATCH_FRAMES=3" check-golden
	$(MAKE) B=$(B)/tsan2 CFLAGS="-O1 -g -fsanitize=thread" \
		CPPFLAGS="$(CPPFLAGS) -DCTREPLAY_THREADS=2 -DFRAME_BATCH_FRAMES=1" check-golden

check-valgrind:
	@command -v valgrind >/dev/null || { \
		echo "check-valgrind needs valgrind, and there is none" >&2; exit 1; }
	$(MAKE) UNIT_WRAP="$(VALGRIND)" check-unit check-golden check-selftests

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
		check-recipes check-write check-files check-terminal
	$(gcovr) --filter src/ $(COVERAGE_B)/src
	@for room in conntrack packet; do \
		$(gcovr) --filter src/$$room/ --fail-under-line $(COVERAGE) \
			-o $(COVERAGE_B)/$$room.txt $(COVERAGE_B)/src || exit; \
		sed -n "s|^TOTAL|src/$$room|p" $(COVERAGE_B)/$$room.txt; \
	done

# check-kernel and what belongs to it: here.

-include $(UNIT_OBJ:.o=.d) $(B)/tests/options/lists.d

.PHONY: check check-unit check-golden check-options check-library check-asan \
	check-ubsan check-tsan check-valgrind check-valgrind-some coverage golden-update
.SECONDARY: $(UNIT_OBJ)
