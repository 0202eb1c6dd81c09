# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## fuzz            run each target of libFuzzer for FUZZ_SECONDS, from its
##                 corpus; its findings stay in build/fuzz/NAME
##                 (FUZZ=pcapng: one of them, or several)
## check-fuzz-short  run each target for a few seconds, to see that they work
## check-fuzz      run each target over its corpus once
## fuzz-coverage   print the lines of src that each target's corpus reaches,
##                 and all of them together; needs llvm, too
#
# A target's corpus consists of the inputs that tests/fuzz/seeds.py makes of
# testdata, and of tests/fuzz/corpus/NAME: inputs that fuzzing found beyond those.
#
# Needs clang with its sanitizers (Debian: clang and libclang-rt-dev)
# and, for the seeds, python3.

FUZZ         = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS = 60
FUZZ_CC      = clang
FUZZ_B       = $(B)/fuzz
FUZZ_CFLAGS  = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	       -fsanitize=address,undefined \
	       -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
FUZZ_BIN     = $(FUZZ:%=$(FUZZ_B)/fuzz_%)
FUZZ_LIBS    = $(FUZZ_B)/tests/libprogram.a $(FUZZ_B)/libctreplay.a
FUZZ_SEEDS   = $(FUZZ:%=$(FUZZ_B)/seeds/%)
# A prefix for each command, such as "nice".
FUZZ_WRAP    =

fuzz-libraries:
	$(MAKE) B=$(FUZZ_B) CC=$(FUZZ_CC) \
		CFLAGS="$(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link" $(FUZZ_LIBS)

FUZZ_HEADERS = $(wildcard tests/fuzz/*.h)

# Rules want an engine, which the tests of src/rules have.
$(FUZZ_B)/fuzz_rules: ALL_CPPFLAGS += -Itests/rules
$(FUZZ_B)/fuzz_rules: tests/rules/engine.c tests/rules/engine.h
$(FUZZ_B)/fuzz_rules: FUZZ_EXTRA = tests/rules/engine.c

$(FUZZ_B)/fuzz_%: tests/fuzz/fuzz_%.c $(FUZZ_HEADERS) fuzz-libraries
	$(FUZZ_CC) $(ALL_CPPFLAGS) -std=gnu17 $(WARNINGS) $(FUZZ_CFLAGS) \
		-Itests/fuzz -fsanitize=fuzzer -o $@ $< $(FUZZ_EXTRA) $(FUZZ_LIBS) $(PCAP_LIBS) $(LIBS)

# Always made again, since captures come and go.  Those of states come from ctreplay.
$(FUZZ_B)/seeds/state: $(B)/ctreplay
$(FUZZ_SEEDS): $(FUZZ_B)/seeds/%: FORCE
	@rm -rf $@
	@CTREPLAY=$(B)/ctreplay python3 tests/fuzz/seeds.py $* $@

# A target; its crash-, timeout- and slow-unit-files go beside its findings.
FUZZ_START   = mkdir -p $(FUZZ_B)/$$t; \
	       $(FUZZ_WRAP) $(FUZZ_B)/fuzz_$$t -artifact_prefix=$(FUZZ_B)/$$t/
# The folders of a target that exist.
FUZZ_INPUTS  = $$(ls -d tests/fuzz/corpus/$$t $(FUZZ_B)/seeds/$$t 2>/dev/null)

# Findings go into the first folder; the others are only read.
# $(call fuzz_each,COMMAND): for each target $t, as many at a time as JOBS says; all,
# also after one failed.
fuzz_each    = @printf '%s\n' $(FUZZ) | xargs -P $(JOBS) -I TARGET sh -c \
	       't=TARGET; echo "\# $$t"; $1'
fuzz: $(FUZZ_BIN) $(FUZZ_SEEDS)
	$(call fuzz_each,$(FUZZ_START) -max_total_time=$(FUZZ_SECONDS) \
		-max_len=8192 -timeout=300 -verbosity=0 \
		-print_final_stats=1 $(FUZZ_B)/$$t $(FUZZ_INPUTS))

check-fuzz: $(FUZZ_BIN) $(FUZZ_SEEDS)
	$(call fuzz_each,$(FUZZ_START) -runs=0 -verbosity=0 $(FUZZ_INPUTS))

check-fuzz-short:
	@$(MAKE) fuzz FUZZ_SECONDS=3

# Built without sanitizers, so that only our own lines count.
fuzz-coverage:
	@$(MAKE) FUZZ_B=$(FUZZ_B)/coverage fuzz-measure \
		FUZZ_CFLAGS="-O1 -g -fprofile-instr-generate -fcoverage-mapping"

fuzz-measure: $(FUZZ_BIN) $(FUZZ_SEEDS)
	@set -e; rm -f $(FUZZ_B)/*.prof*; \
	for t in $(FUZZ); do \
		export LLVM_PROFILE_FILE=$(FUZZ_B)/$$t.profraw; \
		$(FUZZ_START) -runs=0 $(FUZZ_INPUTS) 2>$(FUZZ_B)/$$t.log; \
		llvm-profdata merge -o $(FUZZ_B)/$$t.prof $(FUZZ_B)/$$t.profraw; \
	done; \
	llvm-profdata merge -o $(FUZZ_B)/all.prof $(FUZZ_B)/*.profraw; \
	for t in $(FUZZ) all; do \
		for room in src/packet src/conntrack src; do \
			llvm-cov report -instr-profile=$(FUZZ_B)/$$t.prof \
				$(firstword $(FUZZ_BIN)) \
				$(patsubst %,-object %,$(FUZZ_BIN)) $$room | \
			awk -v t=$$t -v room=$$room '/^TOTAL/ { \
				printf "%-18s %-14s %5d of %5d lines\n", \
				t, room, $$8 - $$9, $$8 }'; \
		done; \
	done

.PHONY: fuzz check-fuzz check-fuzz-short fuzz-libraries fuzz-coverage fuzz-measure FORCE
