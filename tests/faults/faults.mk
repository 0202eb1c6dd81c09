# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-faults    full disks, closed pipes, unreadable and changing files,
##                 signals, input that stalls

$(B)/tests/faults/shim.so: tests/faults/shim.c Makefile
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) -D_GNU_SOURCE -std=gnu17 $(WARNINGS) $(CFLAGS) $(LDFLAGS) -fPIC \
		-shared -o $@ $<

check-faults: $(B)/ctreplay $(B)/tests/faults/shim.so $(B)/tests/bench/generate
	@CTREPLAY=$(B)/ctreplay SHIM=$(B)/tests/faults/shim.so \
		GENERATE=$(B)/tests/bench/generate bash tests/faults/run.sh

.PHONY: check-faults
