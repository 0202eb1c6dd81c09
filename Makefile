# SPDX-License-Identifier: GPL-2.0-only
#
# make              the program and the library, below build/
# make check        unit and golden tests
# make check-kernel the differential test against the running kernel (root)
# make install      DESTDIR and prefix are honoured

VERSION   = 0.1.0

CC        ?= cc
PKG_CONFIG ?= pkg-config
INSTALL   ?= install
prefix    ?= /usr/local
bindir    ?= $(prefix)/bin
datadir   ?= $(prefix)/share
mandir    ?= $(datadir)/man
B         ?= build

WARNINGS  = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wold-style-definition -Wcast-qual -Wwrite-strings -Wpointer-arith \
	    -Wvla -Wundef -Wformat=2 -Wredundant-decls -Wnested-externs
CFLAGS    ?= -O2 -g
LDFLAGS   ?=
PCAP_CFLAGS := $(shell $(PKG_CONFIG) --cflags libpcap 2>/dev/null)
PCAP_LIBS   := $(shell $(PKG_CONFIG) --libs libpcap 2>/dev/null || echo -lpcap)

ALL_CPPFLAGS = -D_GNU_SOURCE -DCTREPLAY_VERSION='"$(VERSION)"' -Isrc -Iinclude \
	       $(PCAP_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS   = -std=gnu17 $(WARNINGS) $(CFLAGS)

# The library is what a program that embeds the engine links: no files, no
# output.  The program is the library and the rooms around it.
LIB_SRC  = $(wildcard src/packet/*.c src/conntrack/*.c) src/distance.c
PROG_SRC = $(wildcard src/capture/*.c src/report/*.c src/cli/*.c) src/diag.c
LIB_OBJ  = $(LIB_SRC:%.c=$(B)/%.o)
PROG_OBJ = $(PROG_SRC:%.c=$(B)/%.o)

all: $(B)/ctreplay $(B)/libctreplay.a

$(B)/ctreplay: $(B)/src/main.o $(PROG_OBJ) $(B)/libctreplay.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS) $(LIBS)

$(B)/libctreplay.a: $(LIB_OBJ)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

include tests/tests.mk

install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(mandir)/man1
	$(INSTALL) -m 755 $(B)/ctreplay $(DESTDIR)$(bindir)/ctreplay
	$(INSTALL) -m 644 man/ctreplay.1 $(DESTDIR)$(mandir)/man1/ctreplay.1

uninstall:
	rm -f $(DESTDIR)$(bindir)/ctreplay $(DESTDIR)$(mandir)/man1/ctreplay.1

clean:
	rm -rf $(B)

-include $(LIB_OBJ:.o=.d) $(PROG_OBJ:.o=.d) $(B)/src/main.d

.PHONY: all install uninstall clean
