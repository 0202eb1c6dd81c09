# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-connections  -C and --top of every capture against its packets, events
##                 and table

check-connections: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/connections/check.py

.PHONY: check-connections
