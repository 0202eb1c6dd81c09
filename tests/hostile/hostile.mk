# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-damage    replay every capture of testdata cut at every byte, and with
##                 every byte changed; SEED and POSITIONS (the number of places
##                 in a capture of more than DAMAGE_ALL bytes) are variables
## check-memory    refuse every allocation of a replay of each capture in turn;
##                 for some captures, also with the replay's threads
## check-attack    floods with a limit of memory, in time that grows no faster
##                 than the flood; connections that are chosen to collide
## check-same      replay each capture (SAME) in other locales, time zones and
##                 environments, and with varied timing of threads
## check-live      frames that come one at a time, with varied timing of threads
## check-hostile-asan  the same under AddressSanitizer and UBSan, with fewer
##                 places

HOSTILE_COMMON = $(B)/tests/hostile/program.o $(B)/tests/hostile/layout.o \
		 $(B)/tests/hostile/crash.o
HOSTILE_LIBS   = $(B)/tests/libprogram.a $(B)/libctreplay.a
HOSTILE_WRAP   = -Wl,--wrap=pthread_create
HOSTILE_ALLOC  = malloc calloc realloc aligned_alloc free strdup
POSITIONS      = 1000
DAMAGE_ALL     = 2048
MEMORY         = testdata/*.pcap testdata/*.pcapng testdata/bad/gzip.pcap.gz \
		 $(B)/tests/hostile/packed/*
MEMORY_THREADS = $(patsubst %,testdata/%.pcap,telnet fragments-ipv6 pptp \
		 sip-media h323-call)
MEMORY_ASAN    = $(MEMORY_THREADS) testdata/pcapng-interfaces.pcapng \
		 testdata/irc-limits.pcap $(B)/tests/hostile/packed/*
SAME           = testdata/*.pcap testdata/*.pcapng testdata/bad/*
# One of them, packed with each compressor that is installed.
PACKERS        = gzip bzip2 xz zstd lz4

$(B)/tests/hostile/damage: $(B)/tests/hostile/damage.o $(HOSTILE_COMMON) \
			   $(HOSTILE_LIBS)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $(HOSTILE_WRAP) -o $@ $^ $(PCAP_LIBS) $(LIBS)

# The sanitizers bring their own malloc().
$(B)/tests/hostile/memory: $(B)/tests/hostile/memory.o \
			   $(B)/tests/hostile/shortage.o $(HOSTILE_COMMON) \
			   $(HOSTILE_LIBS)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $(HOSTILE_WRAP) \
		-Wl,--wrap=pcap_compile \
		$(if $(findstring -fsanitize=address,$(CFLAGS)),$(HOSTILE_ALLOC:%=-Wl,--wrap=%)) \
		-o $@ $^ $(PCAP_LIBS) $(LIBS)

$(B)/tests/hostile/attack: $(B)/tests/hostile/attack.o \
			   $(B)/tests/hostile/flood.o
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(B)/tests/hostile/engine: $(B)/tests/hostile/engine.o \
			   $(B)/tests/hostile/shortage.o \
			   $(B)/tests/hostile/crash.o $(HOSTILE_LIBS)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) \
		$(if $(findstring -fsanitize=address,$(CFLAGS)),$(HOSTILE_ALLOC:%=-Wl,--wrap=%)) \
		-o $@ $^ $(PCAP_LIBS) $(LIBS)

$(B)/tests/hostile/collide: $(B)/tests/hostile/collide.o $(HOSTILE_COMMON) \
			    $(HOSTILE_LIBS)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) $(HOSTILE_WRAP) -Wl,--wrap=getrandom \
		-o $@ $^ $(PCAP_LIBS) $(LIBS)

$(B)/tests/hostile/timing.so: tests/hostile/timing.c
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fPIC -shared -o $@ $<

hostile-packed:
	@rm -rf $(B)/tests/hostile/packed
	@mkdir -p $(B)/tests/hostile/packed
	@for p in $(PACKERS); do \
		! command -v $$p >/dev/null || \
		$$p -c <testdata/ftp-session.pcap \
			>$(B)/tests/hostile/packed/ftp-session.$$p; \
	done

check-damage: $(B)/tests/hostile/damage hostile-packed
	$(UNIT_WRAP) $(B)/tests/hostile/damage -s $(or $(SEED),1) \
		-n $(POSITIONS) -a $(DAMAGE_ALL) testdata/*.pcap \
		testdata/*.pcapng testdata/bad/* $(B)/tests/hostile/packed/*

check-memory: $(B)/tests/hostile/memory $(B)/tests/hostile/engine hostile-packed
	$(UNIT_WRAP) $(B)/tests/hostile/engine $(filter testdata/%,$(MEMORY))
	$(UNIT_WRAP) $(B)/tests/hostile/memory $(MEMORY)
	$(UNIT_WRAP) $(B)/tests/hostile/memory -t $(MEMORY_THREADS)

check-attack: $(B)/tests/hostile/attack $(B)/tests/hostile/collide $(B)/ctreplay
	@$(B)/tests/hostile/collide
	@$(B)/tests/hostile/attack $(B)/ctreplay

check-same: $(B)/ctreplay $(B)/tests/hostile/timing.so $(B)/tests/bench/generate
	@$(B)/tests/bench/generate -n 60000 -c 5000 -l 2000 \
		$(B)/tests/hostile/same.pcap
	@bash tests/hostile/same.sh $(B) $(SAME)
	@ALL=1 bash tests/hostile/same.sh $(B) $(B)/tests/hostile/same.pcap

check-live: $(B)/ctreplay $(B)/tests/hostile/timing.so
	@bash tests/hostile/live.sh $(B)

check-hostile-asan:
	$(MAKE) B=$(B)/asan CFLAGS="$(SANITIZE)" POSITIONS=40 DAMAGE_ALL=0 \
		'MEMORY=$(value MEMORY_ASAN)' check-damage check-memory

-include $(wildcard $(B)/tests/hostile/*.d)

.PHONY: check-damage check-memory check-attack check-same check-live check-hostile-asan hostile-packed
