# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## bench           time, memory and packets a second over generated
##                 captures, as multiples of a bare pcap_next_ex loop:
##                 RUNS=, PARTS= some of the measurements, or live: 10
##                 million connections at a time, in 4 GB of memory,
##                 BASELINE= another build of ctreplay, for ratios to it,
##                 OTHERS= programs to measure as well,
##                 BENCH_DIR= where 5 GB of captures are made
## scale           processor time of a capture point and of --merge: the
##                 figures of docs/scale.md (RUNS=, BENCH_DIR=)

RUNS        = 5
PARTS       = main kinds options full large growth memory start state rules
BASELINE    =
OTHERS      = tcpdump softflowd nfpcapd argus tshark
BENCH_DIR   = $(if $(TMPDIR),$(TMPDIR),$(B)/bench)

BENCH_BIN   = $(patsubst %,$(B)/tests/bench/%,generate split floor measure)

$(B)/tests/bench/%: tests/bench/%.c Makefile tests/bench/bench.mk
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(PCAP_LIBS)

# What reading costs, apart from the engine: build/tests/bench/reading FILE
$(B)/tests/bench/reading: tests/bench/reading.c \
		$(filter $(B)/src/capture/% $(B)/src/base/diag.o \
			 $(B)/src/base/write_all.o,$(PROG_OBJ)) \
		$(B)/libctreplay.a
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(HARDEN_PIE) $(LDFLAGS) -o $@ $^ \
		$(PCAP_LIBS) $(LIBS)

bench: $(B)/ctreplay $(BENCH_BIN)
	@mkdir -p "$(BENCH_DIR)"
	@CTREPLAY=$(B)/ctreplay BENCH_BIN=$(B)/tests/bench \
	 BENCH_DIR="$(BENCH_DIR)" BASELINE="$(BASELINE)" RUNS=$(RUNS) PARTS="$(PARTS)" \
	 OTHERS="$(OTHERS)" sh tests/bench/bench.sh

scale: $(B)/ctreplay $(BENCH_BIN)
	@CTREPLAY=$(B)/ctreplay BENCH_BIN=$(B)/tests/bench BENCH_DIR="$(BENCH_DIR)" \
		python3 tests/bench/scale.py $(RUNS)

.PHONY: bench scale
