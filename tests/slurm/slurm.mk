# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-slurm     examples/slurm over 64 capture points, by a real Slurm of two nodes, of
##                 which one is killed, against one run after the other; needs
##                 slurmctld, slurmd, slurm-client, munge, and root
## check-parallel  the same by GNU parallel, and what else these scripts promise

check-slurm: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay tests/slurm/run.sh

check-parallel: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay tests/slurm/run.sh parallel

.PHONY: check-slurm check-parallel
