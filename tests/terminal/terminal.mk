# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-terminal  the progress line and colours, on a terminal and not

check-terminal: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/terminal/check.py

.PHONY: check-terminal
