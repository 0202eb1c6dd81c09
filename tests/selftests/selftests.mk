# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-selftests what the kernel's own tests of connection tracking
##                 demand: tests/selftests/demands

check-selftests: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" sh tests/selftests/run.sh

.PHONY: check-selftests
