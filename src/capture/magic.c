/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/magic.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

/* Magic numbers contain zero bytes, so each has an explicit length. */
#define MAGIC(s)	(const uint8_t *)(s), sizeof(s) - 1

struct compression {
	const uint8_t *magic;
	size_t len;
	enum magic kind;	/* MAGIC_OTHER: not decompressed here */
	const char *name;
	const char *cat;	/* the command that decompresses FILE to its output */
};

static const struct compression compressions[] = {
	{ MAGIC("\x1f\x8b"),		MAGIC_GZIP,  "gzip",	 "zcat" },
	{ MAGIC("\x28\xb5\x2f\xfd"),	MAGIC_ZSTD,  "zstd",	 "zstdcat" },
	{ MAGIC("\xfd" "7zXZ\0"),	MAGIC_XZ,    "xz",	 "xzcat" },
	{ MAGIC("\x04\x22\x4d\x18"),	MAGIC_LZ4,   "lz4",	 "lz4cat" },
	{ MAGIC("\x02\x21\x4c\x18"),	MAGIC_LZ4,   "lz4",	 "lz4cat" },
	{ MAGIC("BZh"),			MAGIC_BZIP2, "bzip2",	 "bzcat" },
	{ MAGIC("\x1f\x9d"),		MAGIC_OTHER, "compress", "zcat" },
	{ MAGIC("LZIP"),		MAGIC_OTHER, "lzip",	 "lzip -dc" },
	{ MAGIC("PK\3\4"),		MAGIC_OTHER, "zip",	 "unzip -p" },
};

/* Capture formats that libpcap does not read. */
struct foreign {
	const uint8_t *magic;
	size_t len;
	const char *name;
};

static const struct foreign foreigns[] = {
	{ MAGIC("snoop\0\0\0"),			"snoop (RFC 1761)" },
	{ MAGIC("btsnoop\0"),			"Bluetooth snoop" },
	{ MAGIC("RTSS"),			"Network Monitor 1" },
	{ MAGIC("GMBU"),			"Network Monitor 2" },
	{ MAGIC("TRSNIFF data    "),		"DOS Sniffer" },
	{ MAGIC("XCP\0"),			"Windows Sniffer" },
	{ MAGIC("\x7fver"),			"EtherPeek" },
	{ MAGIC("iptrace "),			"AIX iptrace" },
	{ MAGIC("\x05VNF"),			"Visual UpTime" },
	{ MAGIC("\x1c\x00\x01\xab"),		"IXIA lcap" },
	{ MAGIC("\x1c\x00\x01\xac"),		"IXIA lcap" },
	{ MAGIC("\xab\x01\x00\x1c"),		"IXIA lcap" },
	{ MAGIC("\xac\x01\x00\x1c"),		"IXIA lcap" },
};

static bool begins(const uint8_t *p, size_t n, const uint8_t *magic, size_t len)
{
	return n >= len && memcmp(p, magic, len) == 0;
}

/*
 * Quotes a name for a shell, so that a suggested command can be pasted.  A name
 * with an apostrophe, or a very long one, becomes FILE.
 */
static const char *shell_word(const char *path, char *to, size_t size)
{
	static const char unquoted[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_./+,:=@%-";

	if (path[0] == '-' || strchr(path, '\'') || strlen(path) + 3 > size)
		return "FILE";
	if (path[strspn(path, unquoted)] == '\0')
		return path;
	snprintf(to, size, "'%s'", path);
	return to;
}

static void say_compressed(const struct compression *c, const char *why,
			   const char *path, const char *name,
			   const struct diag *diag)
{
	char word[300];

	diag_say(diag, DIAG_ERROR,
		 "%s: is compressed with %s%s%s; try: %s %s | ctreplay -",
		 name, c->name, why ? ", and " : "", why ? why : "", c->cat,
		 shell_word(path, word, sizeof(word)));
}

static void say_foreign(const struct foreign *f, const char *path,
			const char *name, const struct diag *diag)
{
	char word[300];

	diag_say(diag, DIAG_ERROR,
		 "%s: is a capture in %s format, which libpcap does not read; convert it, for example with: editcap -F pcap %s OUT",
		 name, f->name, shell_word(path, word, sizeof(word)));
}

static void say_unknown(const uint8_t *p, size_t n, const char *name,
			const struct diag *diag)
{
	char hex[3 * MAGIC_BYTES + 1] = "";
	size_t shown = n < 8 ? n : 8;

	for (size_t i = 0; i < shown; i++)
		snprintf(hex + 3 * i, 4, " %02x", p[i]);
	diag_say(diag, DIAG_ERROR,
		 "%s: is not a capture: it begins with the bytes%s; ctreplay reads pcap and pcapng files, as tcpdump -w and wireshark write them",
		 name, hex);
}

/* The magic numbers of draft-ietf-opsawg-pcap section 4, and that of Kuznetzov's
 * pcap format with longer record headers, which libpcap reads, too. */
static bool is_pcap(uint32_t number)
{
	return number == 0xa1b2c3d4 || number == 0xd4c3b2a1 ||
	       number == 0xa1b23c4d || number == 0x4d3cb2a1 ||
	       number == 0xa1b2cd34 || number == 0x34cdb2a1;
}

#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

static const struct compression *compression_of(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < COUNT(compressions); i++)
		if (begins(p, n, compressions[i].magic, compressions[i].len))
			return &compressions[i];
	return NULL;
}

enum magic magic_of(const uint8_t *p, size_t n)
{
	const struct compression *c = compression_of(p, n);

	if (n >= 4 && is_pcap(load_be32(p)))
		return MAGIC_PCAP;
	if (n >= 4 && load_be32(p) == 0x0a0d0d0a)
		return MAGIC_PCAPNG;	/* draft-ietf-opsawg-pcapng section 4.1 */
	return c ? c->kind : MAGIC_OTHER;
}

void magic_say_refused(const uint8_t *p, size_t n, const char *path,
		       const char *name, const struct diag *diag)
{
	const struct compression *c = compression_of(p, n);

	if (n == 0) {
		diag_say(diag, DIAG_ERROR,
			 "%s: is empty; even a capture without frames has a header, so check how it was made",
			 name);
		return;
	}
	if (c) {
		say_compressed(c, NULL, path, name, diag);
		return;
	}
	for (size_t i = 0; i < COUNT(foreigns); i++)
		if (begins(p, n, foreigns[i].magic, foreigns[i].len)) {
			say_foreign(&foreigns[i], path, name, diag);
			return;
		}
	say_unknown(p, n, name, diag);
}

static const struct compression *compression_named(enum magic magic)
{
	size_t i = 0;

	while (i < COUNT(compressions) - 1 && compressions[i].kind != magic)
		i++;
	return &compressions[i];
}

void magic_say_packed(enum magic magic, const char *why, const char *path,
		      const char *name, const struct diag *diag)
{
	say_compressed(compression_named(magic), why, path, name, diag);
}

const char *magic_packing(enum magic magic)
{
	return compression_named(magic)->name;
}

const char *magic_unpacks(const uint8_t *p, size_t n, const char **packing)
{
	const struct compression *c = compression_of(p, n);

	*packing = c ? c->name : NULL;
	return c ? c->cat : NULL;
}
