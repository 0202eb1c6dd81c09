# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-recipes   commands of README.md, docs/questions.md and the manual's
##                 EXAMPLES against their output; records of every
##                 capture against the manual's tables (MANUAL=--some: each
##                 capture once); the scripts of the workflow in examples
## recipes-update  writes the present output into these documents

check-recipes: $(B)/ctreplay
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" sh tests/recipes/run.sh
	@CTREPLAY="$(UNIT_WRAP) $(B)/ctreplay" python3 tests/recipes/manual.py $(MANUAL)
	@CTREPLAY=$(B)/ctreplay python3 tests/recipes/workflow.py

recipes-update: $(B)/ctreplay
	@CTREPLAY=$(B)/ctreplay sh tests/recipes/run.sh --update

.PHONY: check-recipes recipes-update
