# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-recipes   commands of README.md and of the manual's EXAMPLES, with
##                 their output; records of every capture against the
##                 tables of the manual; the scripts of the workflow in
##                 examples
## recipes-update  takes today's output as what the documents show

check-recipes: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" sh tests/recipes/run.sh
	@CTREPLAY=$(B)/ctreplay python3 tests/recipes/workflow.py

recipes-update: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh tests/recipes/run.sh --update

.PHONY: check-recipes recipes-update
