# SPDX-License-Identifier: GPL-2.0-only
#
# "make help" lists the targets: the lines that begin with "##" here and in the
# files that this one includes.
#
## all             build the program and the library below build/ (the default)
## help            list the targets
## install         install below DESTDIR and prefix (/usr/local)
## uninstall       remove what install put there
## deb             build the Debian packages into build/deb
## clean           remove build/
#
# Compile and link lines are short; V=1 shows them whole.

# include/ctreplay/version.h has it, too; make check-library compares them.
VERSION   = 0.2.0

CC        ?= cc
PKG_CONFIG ?= pkg-config
INSTALL   ?= install
STRIP     ?= strip
prefix    ?= /usr/local
bindir    ?= $(prefix)/bin
libdir    ?= $(prefix)/lib
includedir ?= $(prefix)/include
datadir   ?= $(prefix)/share
mandir    ?= $(datadir)/man
bashdir   ?= $(datadir)/bash-completion/completions
zshdir    ?= $(datadir)/zsh/site-functions
fishdir   ?= $(datadir)/fish/vendor_completions.d
# Where Wireshark looks for Lua files and for profiles, if it has the same prefix.
# "tshark -G folders" prints the first as "Global Lua Plugins", and the second is below
# its "Global configuration".
luadir    ?= $(libdir)/wireshark/plugins
profiledir ?= $(datadir)/wireshark/profiles
B         ?= build
# What the program may do is cut down with Landlock and libseccomp; "no" leaves
# both out, and without libseccomp there is Landlock alone.
SANDBOX   ?= yes
# What makes a mistake in the program harder to use, see below; "no" leaves it out.
HARDENING ?= yes
# The program is optimised as a whole when it is linked; "no" leaves it out.
LTO       ?= yes
# libzstd, liblzma, liblz4 and libbz2 are loaded when a compressed capture is met, zlib
# for --report; "no" leaves all of them out, and reading gzip.
ARCHIVE   ?= yes

WARNINGS  = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wold-style-definition -Wcast-qual -Wwrite-strings -Wpointer-arith \
	    -Wvla -Wundef -Wformat=2 -Wredundant-decls -Wnested-externs
CFLAGS    ?= -O2 -g
LDFLAGS   ?=
PCAP_CFLAGS := $(shell $(PKG_CONFIG) --cflags libpcap 2>/dev/null)
PCAP_LIBS   := $(shell $(PKG_CONFIG) --libs libpcap 2>/dev/null || echo -lpcap)
SECCOMP_LIBS := $(shell $(PKG_CONFIG) --libs libseccomp 2>/dev/null)
JANSSON_LIBS := $(shell $(PKG_CONFIG) --libs jansson 2>/dev/null)

# $(call say,WHAT): in front of a command, says that in place of the command
# itself; neither with V=1 nor with make -s.
ifneq ($(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),)
say = @
else ifeq ($(filter-out 0,$(V)),)
say = @printf '  %-5s %s\n' $1 $(@:$(B)/%=%) &&
endif

ALL_CPPFLAGS = -D_GNU_SOURCE -Isrc -Iinclude $(PCAP_CFLAGS) $(CPPFLAGS)
ifeq ($(ARCHIVE),no)
ALL_CPPFLAGS += -DCTREPLAY_WITHOUT_ARCHIVE
endif
ifeq ($(SANDBOX),no)
ALL_CPPFLAGS += -DCTREPLAY_WITHOUT_SANDBOX
left-out     += "built without a sandbox: SANDBOX=no"
else ifneq ($(SECCOMP_LIBS),)
ALL_CPPFLAGS += -DCTREPLAY_WITH_SECCOMP \
		$(shell $(PKG_CONFIG) --cflags libseccomp)
# Whoever links the rooms around the engine may need it.
PCAP_LIBS    += -Wl,--as-needed $(SECCOMP_LIBS)
else
left-out     += "built without seccomp, half of the sandbox: pkg-config does" \
		"not find libseccomp (Debian: libseccomp-dev)"
endif
# --merge reads JSON; without the library it says so.
ifneq ($(JANSSON_LIBS),)
ALL_CPPFLAGS += $(shell $(PKG_CONFIG) --cflags jansson)
PCAP_LIBS    += -Wl,--as-needed $(JANSSON_LIBS)
MERGE_SRC    := $(filter-out src/merge/absent.c,$(wildcard src/merge/*.c))
else
MERGE_SRC    := src/merge/absent.c src/merge/line.c
left-out     += "built without --merge: pkg-config does not find jansson" \
		"(Debian: libjansson-dev)"
endif
ALL_CFLAGS   = -std=gnu17 -pthread $(WARNINGS) $(HARDEN_CFLAGS) $(LTO_CFLAGS) $(CFLAGS)

# Link-time optimisation, of the program alone: what else links its objects or the
# library takes the code that they hold as well, and the archives hold that alone.
# Only where the compiler optimises, nobody has chosen otherwise, and compiler and
# linker can do it; sanitizers and gcov see more without.
ifneq ($(LTO),no)
ifneq ($(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS)))),)
ifeq ($(findstring -flto,$(CFLAGS) $(LDFLAGS))$(findstring \
	-fsanitize,$(CFLAGS))$(findstring coverage,$(CFLAGS)),)
LTO_FLAGS := $(shell echo 'int main(void) { return 0; }' | $(CC) -Werror -O2 -flto=auto \
	-ffat-lto-objects -x c - -o /dev/null 2>/dev/null && \
	echo '-flto=auto -ffat-lto-objects')
LTO_CFLAGS := $(if $(LTO_FLAGS),-fno-lto)
endif
endif
endif

ifneq ($(HARDENING),no)
# takes(FLAGS): FLAGS, if the compiler takes them without a word.
takes = $(shell $(CC) -Werror $1 -include string.h -x c -c -o /dev/null \
	/dev/null 2>/dev/null && echo '$1')
# The last is for ARM, the one before it for x86.
HARDEN_CFLAGS := $(foreach f,-fstack-protector-strong -fstack-clash-protection \
		 -fcf-protection -mbranch-protection=standard,$(call takes,$f))
# Only where the compiler optimises, and nobody has chosen otherwise; sanitizers
# see more without.
ifneq ($(filter-out -O0,$(lastword $(filter -O%,$(CFLAGS)))),)
ifeq ($(findstring _FORTIFY_SOURCE,$(CFLAGS) $(CPPFLAGS))$(findstring \
	-fsanitize,$(CFLAGS)),)
fortify = $(call takes,-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=$1)
HARDEN_CFLAGS += $(filter-out -O2,$(or $(call fortify,3),$(call fortify,2)))
endif
endif
HARDEN_LDFLAGS := -Wl,-z,relro,-z,now,-z,noexecstack
ifeq ($(filter -static -no-pie -fno-pie -fno-PIE,$(CFLAGS) $(LDFLAGS)),)
HARDEN_CFLAGS  += -fPIE
HARDEN_PIE     := -pie
endif
endif

# The library is what a program that embeds the engine links: no files, no
# output.  The program is the library and the rooms around it.
LIB_SRC  = $(wildcard src/packet/*.c src/conntrack/*.c src/conntrack/*/*.c) \
	   src/base/edit_distance.c src/base/state_io.c src/base/xxh64.c
PROG_SRC = $(wildcard src/capture/*.c src/capture/link/*.c src/report/*.c \
	   src/cli/*.c src/rules/*.c src/sandbox/*.c src/replay/*.c \
	   src/replay/*/*.c) $(MERGE_SRC) \
	   src/base/diag.c src/base/write_all.c src/base/ranges.c src/base/deflate.c \
	   src/base/whole_file.c src/base/thread.c src/base/event_count.c
LIB_OBJ  = $(LIB_SRC:%.c=$(B)/%.o)
PROG_OBJ = $(PROG_SRC:%.c=$(B)/%.o) $(B)/page_template.o

# The interface of the shared library.  The first number grows when programs must
# be compiled anew, the second when functions are added.
ABI      = 1.2.0
SONAME   = libctreplay.so.$(firstword $(subst ., ,$(ABI)))
SHARED   = libctreplay.so.$(ABI)
PIC_OBJ  = $(LIB_SRC:%.c=$(B)/pic/%.o)

$(B)/ctreplay $(B)/src/main.o $(PROG_OBJ) $(LIB_OBJ): LTO_CFLAGS = $(LTO_FLAGS)

all: $(B)/ctreplay $(B)/libctreplay.a $(B)/$(SHARED)

$(B)/ctreplay: $(B)/src/main.o $(PROG_OBJ) $(LIB_OBJ)
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(HARDEN_PIE) $(HARDEN_LDFLAGS) \
		$(LDFLAGS) -o $@ $^ $(PCAP_LIBS) $(LIBS)
	$(if $(left-out),@echo $(left-out) >&2)

# archive: objects into an archive, without what link-time optimisation is for,
# which this compiler alone reads.
archive = $(AR) rcs $@ $^ $(if $(LTO_FLAGS),&& $(STRIP) -R '.gnu.lto_*' \
	  -R '.gnu.debuglto_*' -N __gnu_lto_v1 $@)

$(B)/libctreplay.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR) $(archive)

# Objects for the shared library are built apart: the program's own, which can
# be placed anywhere as well, call each other directly.
$(B)/pic/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -fPIC -MMD -MP -c -o $@ $<

$(B)/$(SHARED): $(PIC_OBJ) src/libctreplay.map
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(HARDEN_LDFLAGS) $(LDFLAGS) -shared -Wl,-soname,$(SONAME) \
		-Wl,--version-script,src/libctreplay.map -Wl,-z,defs \
		-o $@ $(PIC_OBJ) $(LIBS)

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The page of --report as a table of bytes.
PAGE     = src/report/page
PAGE_SRC = $(wildcard $(PAGE)/*.html $(PAGE)/*.css $(PAGE)/*.js $(PAGE)/vendor/*/*)

$(B)/page_template.c: $(PAGE)/template.sh $(PAGE_SRC)
	@mkdir -p $(@D)
	$(call say,PAGE) sh $(PAGE)/template.sh $(PAGE)/page.html >$@.new
	@mv $@.new $@

$(B)/page_template.o: $(B)/page_template.c src/report/page_template.h
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -c -o $@ $<

include tests/tests.mk
include $(wildcard tests/*/*.mk)

help:
	@sed -n 's/^## //p' $(filter Makefile %.mk,$(MAKEFILE_LIST))

MAN      = $(DESTDIR)$(mandir)/man1
INCLUDE  = $(DESTDIR)$(includedir)/ctreplay
SHARE    = $(DESTDIR)$(datadir)/ctreplay
LIBDIR   = $(DESTDIR)$(libdir)
LUA      = $(DESTDIR)$(luadir)
PROFILE  = $(DESTDIR)$(profiledir)/ctreplay

install: all
	$(INSTALL) -d $(DESTDIR)$(bindir) $(MAN) $(INCLUDE) $(LIBDIR)/pkgconfig \
		$(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir) $(DESTDIR)$(fishdir) $(SHARE) \
		$(LUA) $(PROFILE)
	$(INSTALL) -m 755 $(B)/ctreplay $(DESTDIR)$(bindir)/ctreplay
	$(INSTALL) -m 755 src/ctreplay-snapshot.sh $(DESTDIR)$(bindir)/ctreplay-snapshot
	$(INSTALL) -m 644 man/ctreplay.1 man/ctreplay-snapshot.1 $(MAN)
	$(INSTALL) -m 644 completions/ctreplay.bash $(DESTDIR)$(bashdir)/ctreplay
	$(INSTALL) -m 644 completions/_ctreplay $(DESTDIR)$(zshdir)/_ctreplay
	$(INSTALL) -m 644 completions/ctreplay.fish $(DESTDIR)$(fishdir)/ctreplay.fish
	$(INSTALL) -m 644 schema/ctreplay.schema.json $(SHARE)/ctreplay.schema.json
	$(INSTALL) -m 644 wireshark/ctreplay.lua $(LUA)/ctreplay.lua
	$(INSTALL) -m 644 wireshark/colorfilters $(PROFILE)/colorfilters
	$(INSTALL) -m 644 wireshark/preferences $(PROFILE)/preferences
	$(INSTALL) -m 644 include/ctreplay/*.h $(INCLUDE)
	$(INSTALL) -m 644 $(B)/libctreplay.a $(LIBDIR)/libctreplay.a
	$(INSTALL) -m 644 $(B)/$(SHARED) $(LIBDIR)/$(SHARED)
	ln -sf $(SHARED) $(LIBDIR)/$(SONAME)
	ln -sf $(SONAME) $(LIBDIR)/libctreplay.so
	sed -e 's|@prefix@|$(prefix)|' -e 's|@libdir@|$(libdir)|' \
		-e 's|@includedir@|$(includedir)|' -e 's|@version@|$(VERSION)|' \
		src/libctreplay.pc.in >$(LIBDIR)/pkgconfig/libctreplay.pc

uninstall:
	rm -f $(DESTDIR)$(bindir)/ctreplay $(MAN)/ctreplay.1 \
		$(DESTDIR)$(bindir)/ctreplay-snapshot $(MAN)/ctreplay-snapshot.1 \
		$(DESTDIR)$(bashdir)/ctreplay $(DESTDIR)$(zshdir)/_ctreplay \
		$(DESTDIR)$(fishdir)/ctreplay.fish $(LIBDIR)/libctreplay.a \
		$(LIBDIR)/$(SHARED) $(LIBDIR)/$(SONAME) $(LIBDIR)/libctreplay.so \
		$(LIBDIR)/pkgconfig/libctreplay.pc $(LUA)/ctreplay.lua
	rm -rf $(INCLUDE) $(SHARE) $(PROFILE)

# Debian packages, in build/deb; make check-deb tries them.  The source tree is
# copied: dpkg-buildpackage leaves files beside it.  Flags of this make are not
# those of the packages.
deb:
	rm -rf $(B)/deb
	mkdir -p $(B)/deb/ctreplay-$(VERSION)
	{ git ls-files -z 2>/dev/null || \
		find * -path build -prune -o -type f -print0; } | \
		tar -cf - --null -T - | \
		tar -xf - -C $(B)/deb/ctreplay-$(VERSION)
	cd $(B)/deb/ctreplay-$(VERSION) && \
		env -u MAKE -u MAKEFLAGS -u MAKELEVEL -u CC -u CFLAGS -u CPPFLAGS \
		-u LDFLAGS dpkg-buildpackage -us -uc -b
	lintian --allow-root --fail-on error,warning $(B)/deb/*.changes

clean:
	rm -rf $(B)

-include $(PIC_OBJ:.o=.d) $(LIB_OBJ:.o=.d) $(PROG_OBJ:.o=.d) $(B)/src/main.d

.PHONY: all help install uninstall deb clean
