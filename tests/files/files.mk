# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-files     a directory of ten thousand captures, with few files open
##                 at once

check-files: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/files/check.py

.PHONY: check-files
