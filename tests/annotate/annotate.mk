# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-annotate  what --annotate writes, as tshark, tcpdump and Wireshark's tools
##                 read it, against -o json; SKIP where they are missing

check-annotate: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay python3 tests/annotate/check.py

.PHONY: check-annotate
