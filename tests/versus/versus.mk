# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-versus    --versus against two replays, for each pair of judged kernels
##                 and for other options, over every capture of testdata

check-versus: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" python3 tests/versus/check.py

.PHONY: check-versus
