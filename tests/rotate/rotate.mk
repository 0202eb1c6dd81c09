# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-rotate    examples/rotate, killed at random moments (SEED=): its logs against
##                 one run

check-rotate: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/rotate/check.py $(SEED)

.PHONY: check-rotate
