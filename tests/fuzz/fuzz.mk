# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
# make fuzz                each target of libFuzzer for FUZZ_SECONDS, from its
#                          corpus; what it finds stays in build/fuzz/NAME
# make fuzz FUZZ=pcapng    one of them (or several), see tests/fuzz
# make check-fuzz          each target over its corpus, once
#
# Needs clang with its sanitizers (Debian: clang and libclang-rt-dev).

FUZZ         = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_SECONDS = 60
FUZZ_CC      = clang
FUZZ_B       = $(B)/fuzz
FUZZ_CFLAGS  = -O1 -g -fno-omit-frame-pointer -fno-sanitize-recover=all \
	       -fsanitize=address,undefined
FUZZ_BIN     = $(FUZZ:%=$(FUZZ_B)/fuzz_%)
FUZZ_LIBS    = $(FUZZ_B)/tests/libprogram.a $(FUZZ_B)/libctreplay.a

fuzz-libraries:
	$(MAKE) B=$(FUZZ_B) CC=$(FUZZ_CC) \
		CFLAGS="$(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link" $(FUZZ_LIBS)

$(FUZZ_B)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/talk.h fuzz-libraries
	$(FUZZ_CC) $(ALL_CPPFLAGS) -std=gnu17 $(WARNINGS) $(FUZZ_CFLAGS) \
		-fsanitize=fuzzer -o $@ $< $(FUZZ_LIBS) $(PCAP_LIBS) $(LIBS)

# What is found goes into the first folder; the corpus is only read.
fuzz: $(FUZZ_BIN)
	@set -e; for t in $(FUZZ); do \
		echo "# $$t"; \
		mkdir -p $(FUZZ_B)/$$t tests/fuzz/corpus/$$t; \
		$(FUZZ_B)/fuzz_$$t -max_total_time=$(FUZZ_SECONDS) -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$(FUZZ_B)/$$t/ \
			$(FUZZ_B)/$$t tests/fuzz/corpus/$$t; \
	done

check-fuzz: $(FUZZ_BIN)
	@set -e; for t in $(FUZZ); do \
		test -d tests/fuzz/corpus/$$t || continue; \
		echo "# $$t"; \
		$(FUZZ_B)/fuzz_$$t -runs=0 -verbosity=0 tests/fuzz/corpus/$$t; \
	done

.PHONY: fuzz check-fuzz fuzz-libraries
