# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
# make check-damage    every capture of testdata cut at every byte and with
#                      every byte changed; SEED and POSITIONS (so many places
#                      of a capture of more than DAMAGE_ALL bytes) by variable
# make check-damage-asan  the same under AddressSanitizer and UBSan, of fewer
#                      places

HOSTILE_COMMON = $(B)/tests/hostile/program.o $(B)/tests/hostile/layout.o
HOSTILE_LIBS   = $(B)/tests/libprogram.a $(B)/libctreplay.a
HOSTILE_WRAP   = -Wl,--wrap=pthread_create
POSITIONS      = 2000
DAMAGE_ALL     = 4096
# Whatever is at hand to pack one of them with.
PACKERS        = gzip bzip2 xz zstd lz4

$(B)/tests/hostile/damage: $(B)/tests/hostile/damage.o $(HOSTILE_COMMON) \
			   $(HOSTILE_LIBS)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) $(HOSTILE_WRAP) -o $@ $^ $(PCAP_LIBS) $(LIBS)

check-damage: $(B)/tests/hostile/damage
	@rm -rf $(B)/tests/hostile/packed
	@mkdir -p $(B)/tests/hostile/packed
	@for p in $(PACKERS); do \
		! command -v $$p >/dev/null || \
		$$p -c <testdata/ftp-session.pcap \
			>$(B)/tests/hostile/packed/ftp-session.$$p; \
	done
	$(UNIT_WRAP) $(B)/tests/hostile/damage -s $(or $(SEED),1) \
		-n $(POSITIONS) -a $(DAMAGE_ALL) testdata/*.pcap \
		testdata/*.pcapng testdata/bad/* $(B)/tests/hostile/packed/*

check-damage-asan:
	$(MAKE) B=$(B)/asan CFLAGS="$(SANITIZE)" POSITIONS=40 DAMAGE_ALL=0 \
		check-damage

-include $(wildcard $(B)/tests/hostile/*.d)

.PHONY: check-damage check-damage-asan
