# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-schema    JSON records of every capture against schema/ctreplay.schema.json

check-schema: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/schema/check.py

.PHONY: check-schema
