# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-hardening what the program and the library were built with

check-hardening: all
ifeq ($(HARDENING),no)
	@echo "SKIP: built with HARDENING=no"
else
	@CC="$(CC)" sh tests/hardening/run.sh $(B)/ctreplay \
		$(B)/$(SHARED) $(B)/src/main.o $(PROG_OBJ) $(LIB_OBJ)
endif

print-harden-flags:
	@echo "$(HARDEN_CFLAGS)"

.PHONY: check-hardening print-harden-flags
