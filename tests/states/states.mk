# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-state     --save-state and --load-state: each capture in parts of a frame, a
##                 large one at fifty places, against one run; what is refused, and what
##                 damage, full disks and SIGKILL leave (SEED=)
## check-state-long  each capture with two other sets of options, the large one with all

STATE_FRAMES = 100000
STATE_LARGE  = $(B)/states/large.pcap
STATE_RUN    = CTREPLAY=$(B)/ctreplay LARGE=$(STATE_LARGE) LARGE_FRAMES=$(STATE_FRAMES)

$(STATE_LARGE): $(B)/tests/bench/generate
	@mkdir -p $(@D)
	@$< -n $(STATE_FRAMES) -c 40000 $@

check-state: $(B)/ctreplay $(STATE_LARGE)
	@$(STATE_RUN) python3 tests/states/check.py
	@$(STATE_RUN) python3 tests/states/files.py $(SEED)

check-state-long: $(B)/ctreplay $(STATE_LARGE)
	@$(STATE_RUN) python3 tests/states/check.py --long

.PHONY: check-state check-state-long
