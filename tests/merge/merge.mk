# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-merge     --merge: one file, trees of merges, sums, one run over all
##                 captures, and what is refused

check-merge: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" python3 tests/merge/check.py

.PHONY: check-merge
