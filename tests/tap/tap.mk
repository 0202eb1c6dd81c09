# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-tap       --check and --check-update, read by a consumer of TAP

check-tap: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh tests/tap/run.sh

.PHONY: check-tap
