# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-report-data  the data in the page of --report against -o json and --at, its
##                 bounds, and failures to write it

check-report-data: $(B)/ctreplay $(B)/tests/bench/generate
	@CTREPLAY=$(B)/ctreplay GENERATE=$(B)/tests/bench/generate \
		python3 tests/report-data/check.py

.PHONY: check-report-data
