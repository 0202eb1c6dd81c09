# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-report-page  the page of --report in a headless Chromium; SKIP without one:
##                 PAGE_FACTOR= what the test allows, in times of the limits
## pictures        docs/pictures anew: the page in light and dark, Wireshark

PAGE_FACTOR = 2

check-report-page: $(B)/ctreplay $(B)/tests/bench/generate
	@CTREPLAY=$(B)/ctreplay GENERATE=$(B)/tests/bench/generate \
		FACTOR=$(PAGE_FACTOR) python3 tests/report-page/check.py

pictures: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh docs/pictures/make.sh

.PHONY: check-report-page pictures
