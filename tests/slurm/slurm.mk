# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-slurm     examples/slurm over 64 capture points: a real Slurm of two nodes, of
##                 which one is killed, and GNU parallel, against one run after the
##                 other; needs slurmctld, slurmd, munge, parallel, and root
## check-parallel  the same with GNU parallel alone

check-slurm: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay tests/slurm/run.sh

check-parallel: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay tests/slurm/run.sh parallel

.PHONY: check-slurm check-parallel
