/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/magic.h"

#include <stdio.h>
#include <string.h>

#include "packet/bytes.h"

/* Magic numbers hold zero bytes, hence the explicit lengths. */
#define MAGIC(s)	(const uint8_t *)(s), sizeof(s) - 1

struct compression {
	const uint8_t *magic;
	size_t len;
	const char *name;
	const char *cat;	/* a command that writes FILE, unpacked, to its output */
};

static const struct compression compressions[] = {
	{ MAGIC("\x1f\x8b"),			"gzip",		"zcat" },
	{ MAGIC("\x1f\x9d"),			"compress",	"zcat" },
	{ MAGIC("\x28\xb5\x2f\xfd"),		"zstd",		"zstdcat" },
	{ MAGIC("\xfd" "7zXZ\0"),		"xz",		"xzcat" },
	{ MAGIC("\x04\x22\x4d\x18"),		"lz4",		"lz4cat" },
	{ MAGIC("\x02\x21\x4c\x18"),		"lz4",		"lz4cat" },
	{ MAGIC("BZh"),				"bzip2",	"bzcat" },
	{ MAGIC("LZIP"),			"lzip",		"lzip -dc" },
	{ MAGIC("PK\3\4"),			"zip",		"unzip -p" },
};

/* Captures of other programs, which libpcap does not read. */
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
 * A name as a shell would take it, so that a suggested command can be pasted.
 * A name too odd or too long for that becomes FILE.
 */
static const char *shell_word(const char *path, char *to, size_t size)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_./+,:=@%-";

	if (path[0] == '-' || strchr(path, '\'') || strlen(path) + 3 > size)
		return "FILE";
	if (path[strspn(path, plain)] == '\0')
		return path;
	snprintf(to, size, "'%s'", path);
	return to;
}

static enum magic say_compressed(const struct compression *c, const char *path,
				 const char *name, const struct diag *diag)
{
	char word[300];

	diag_say(diag, DIAG_ERROR,
		 "%s: is compressed with %s; try: %s %s | ctreplay -",
		 name, c->name, c->cat, shell_word(path, word, sizeof(word)));
	return MAGIC_REFUSED;
}

static enum magic say_foreign(const struct foreign *f, const char *path,
			      const char *name, const struct diag *diag)
{
	char word[300];

	diag_say(diag, DIAG_ERROR,
		 "%s: is a capture in %s format, which libpcap does not read; convert it, for example with: editcap -F pcap %s OUT",
		 name, f->name, shell_word(path, word, sizeof(word)));
	return MAGIC_REFUSED;
}

static enum magic say_unknown(const uint8_t *p, size_t n, const char *name,
			      const struct diag *diag)
{
	char hex[3 * MAGIC_BYTES + 1] = "";
	size_t shown = n < 8 ? n : 8;

	for (size_t i = 0; i < shown; i++)
		snprintf(hex + 3 * i, 4, " %02x", p[i]);
	diag_say(diag, DIAG_ERROR,
		 "%s: is not a capture, it begins with the bytes%s; ctreplay reads pcap and pcapng files, as tcpdump -w and wireshark write them",
		 name, hex);
	return MAGIC_REFUSED;
}

/* The numbers of draft-ietf-opsawg-pcap section 4, and of a pcap with longer
 * record headers (Kuznetzov's) that libpcap reads too. */
static bool is_pcap(uint32_t number)
{
	return number == 0xa1b2c3d4 || number == 0xd4c3b2a1 ||
	       number == 0xa1b23c4d || number == 0x4d3cb2a1 ||
	       number == 0xa1b2cd34 || number == 0x34cdb2a1;
}

enum magic magic_check(const uint8_t *p, size_t n, const char *path,
		       const char *name, const struct diag *diag)
{
	if (n >= 4 && is_pcap(load_be32(p)))
		return MAGIC_PCAP;
	if (n >= 4 && load_be32(p) == 0x0a0d0d0a)
		return MAGIC_PCAPNG;	/* draft-ietf-opsawg-pcapng section 4.1 */

	for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++)
		if (begins(p, n, compressions[i].magic, compressions[i].len))
			return say_compressed(&compressions[i], path, name, diag);
	for (size_t i = 0; i < sizeof(foreigns) / sizeof(foreigns[0]); i++)
		if (begins(p, n, foreigns[i].magic, foreigns[i].len))
			return say_foreign(&foreigns[i], path, name, diag);
	return say_unknown(p, n, name, diag);
}
