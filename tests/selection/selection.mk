# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-selection  --show, --conn, --frame and --ctstate against whole runs

check-selection: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/selection/check.py

.PHONY: check-selection
