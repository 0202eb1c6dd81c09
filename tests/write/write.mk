# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-write     what -w writes, as tcpdump and tshark read it, against what
##                 they read in the captures that it comes from; SKIP where
##                 there is neither; WRITTEN=--some: fewer captures

check-write: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/write/check.py $(WRITTEN)

.PHONY: check-write
