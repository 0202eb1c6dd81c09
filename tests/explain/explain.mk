# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-explain   each claim of --explain against replays with that setting; each
##                 reason has a golden case

check-explain: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/explain/check.py

.PHONY: check-explain
