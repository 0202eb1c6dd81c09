# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-sandbox   what can be done from within ctreplay, and whether it
##                 reads as before
## check-sandbox-parts the same for builds that lack a part

$(B)/tests/sandbox/shim.so: tests/sandbox/shim.c Makefile
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) -D_GNU_SOURCE -std=gnu17 $(WARNINGS) $(CFLAGS) $(LDFLAGS) -fPIC \
		-shared -o $@ $< -lpthread

$(B)/tests/sandbox/older: tests/sandbox/older.c Makefile
	@mkdir -p $(@D)
	$(call say,LINK) $(CC) -D_GNU_SOURCE -std=gnu17 $(WARNINGS) $(CFLAGS) $(LDFLAGS) -o $@ $<

check-sandbox: $(B)/ctreplay $(B)/tests/sandbox/shim.so $(B)/tests/sandbox/older
	@CTREPLAY=$(B)/ctreplay SHIM=$(B)/tests/sandbox/shim.so \
		OLDER=$(B)/tests/sandbox/older \
		LIBSECCOMP="$(SECCOMP_LIBS)" WITHOUT=$(WITHOUT) \
		bash tests/sandbox/run.sh

check-sandbox-parts:
	$(MAKE) B=$(B)/no-seccomp LTO=no SECCOMP_LIBS= check-sandbox WITHOUT=seccomp
	$(MAKE) B=$(B)/no-sandbox LTO=no SANDBOX=no check-sandbox WITHOUT=all

.PHONY: check-sandbox check-sandbox-parts
