/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_replay.c - the whole program, from a capture's bytes and a command line
 * to the output (libFuzzer).
 *
 * The input is HEAD octets that choose options, a link type and sysctls, then
 * either a capture file as it is, or frames of that link type, which the target
 * writes to a file (SHAPE_FRAMES), each after four octets: whether to correct
 * its IPv4 header's checksum, the time before it, and its length.
 *
 * For any input, the output must be text, and the same in a second run with
 * another hash key; messages must be text, too, and explain the result.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/link/link.h"
#include "choose.h"
#include "cli/options.h"
#include "packet/checksum.h"
#include "packet/reassembly_queue.h"
#include "replay/replay.h"

#define HEAD		11u
#define ROOM		(1u << 20)	/* of a capture that is made here */
#define ARGS		48

#define SHAPE_FRAMES	0x01u
#define SHAPE_SWAPPED	0x02u
#define SHAPE_NANO	0x04u
#define SHAPE_PCAPNG	0x08u
#define SHAPE_STDIN	0x10u
#define SHAPE_TWICE	0x20u
#define SHAPE_DECAP	0x40u
#define SHAPE_DEDUP	0x80u	/* with both: the frames of one interface, too */

#define HOW_MEND	0x01u
#define HOW_CUT		0x02u	/* half of it is not there */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int capture_fd, printed_fd, written_fd, null_fd;
static char capture_path[32], written_path[32], pcapng_dir[] = "/tmp/fuzz_replay.XXXXXX";
static char pcapng_path[sizeof(pcapng_dir) + 16];

static int memory(const char *name, char path[32])
{
	int fd = memfd_create(name, MFD_CLOEXEC);

	if (fd < 0)
		abort();
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/* The file of -w has a second name, which asks for pcapng. */
static void remove_link(void)
{
	unlink(pcapng_path);
	rmdir(pcapng_dir);
}

static void begin(void)
{
	char path[32];

	if (null_fd)
		return;
	null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (!mkdtemp(pcapng_dir))
		abort();
	snprintf(pcapng_path, sizeof(pcapng_path), "%s/w.pcapng", pcapng_dir);
	atexit(remove_link);
	capture_fd = memory("capture", capture_path);
	written_fd = memory("written", written_path);
	printed_fd = memory("printed", path);
	if (symlink(written_path, pcapng_path))
		abort();
}

/* Writes frames to a file. */

static const uint16_t linktypes[] = {
	0, 1, 9, 12, 14, 50, 51, 101, 104, 105, 108, 113, 119, 127, 163, 166,
	192, 204, 205, 228, 229, 239, 276,
};

struct file {
	uint8_t *p;
	uint32_t len;
	bool swapped;
};

static void add(struct file *f, const void *p, uint32_t n)
{
	memcpy(f->p + f->len, p, n);
	f->len += n;
}

static void add16(struct file *f, uint16_t v)
{
	v = f->swapped ? __builtin_bswap16(v) : v;
	add(f, &v, 2);
}

static void add32(struct file *f, uint32_t v)
{
	v = f->swapped ? __builtin_bswap32(v) : v;
	add(f, &v, 4);
}

static void add_header(struct file *f, uint8_t shape, uint16_t linktype)
{
	if (!(shape & SHAPE_PCAPNG)) {
		add32(f, shape & SHAPE_NANO ? 0xa1b23c4d : 0xa1b2c3d4);
		add16(f, 2);
		add16(f, 4);
		add(f, "\0\0\0\0\0\0\0", 8);
		add32(f, 65535);
		add32(f, linktype);
		return;
	}
	add32(f, 0x0a0d0d0a);
	add32(f, 28);
	add32(f, 0x1a2b3c4d);
	add16(f, 1);
	add16(f, 0);
	add32(f, UINT32_MAX);
	add32(f, UINT32_MAX);
	add32(f, 28);
	add32(f, 1);
	add32(f, shape & SHAPE_NANO ? 32 : 20);
	add16(f, linktype);
	add16(f, 0);
	add32(f, 0);
	if (shape & SHAPE_NANO) {
		add16(f, 9);	/* if_tsresol */
		add16(f, 1);
		add(f, "\x09\0\0\0\0\0\0", 8);
	}
	add32(f, shape & SHAPE_NANO ? 32 : 20);
}

static void add_frame(struct file *f, uint8_t shape, uint64_t ns,
		      const uint8_t *data, uint32_t caplen, uint32_t len)
{
	uint32_t padded = (caplen + 3) & ~3u;
	uint64_t stamp = shape & SHAPE_NANO ? ns : ns / 1000;

	if (!(shape & SHAPE_PCAPNG)) {
		add32(f, (uint32_t)(ns / 1000000000));
		add32(f, (uint32_t)(ns % 1000000000 /
				    (shape & SHAPE_NANO ? 1 : 1000)));
		add32(f, caplen);
		add32(f, len);
		add(f, data, caplen);
		return;
	}
	add32(f, 6);
	add32(f, padded + 32);
	add32(f, 0);
	add32(f, (uint32_t)(stamp >> 32));
	add32(f, (uint32_t)stamp);
	add32(f, caplen);
	add32(f, len);
	add(f, data, caplen);
	add(f, "\0\0", padded - caplen);
	add32(f, padded + 32);
}

/* Corrects the IPv4 header's checksum, wherever the link layer has the
 * header. */
static void mend(uint8_t *data, uint32_t len, int linktype)
{
	struct frame f = { .data = data, .caplen = len, .wirelen = len,
			   .linktype = linktype };
	struct link_payload p;
	uint32_t ihl;
	uint8_t *ip;

	if (link_decode(&f, &p) != LINK_IPV4 || p.caplen < 20)
		return;
	ip = data + (p.data - data);
	ihl = (ip[0] & 15u) * 4;
	if (ihl < 20 || ihl > p.caplen)
		return;
	store_be16(ip + 10, 0);
	store_be16(ip + 10, (uint16_t)~checksum_fold(checksum_add(0, ip, ihl)));
}

static uint32_t make_file(uint8_t *out, uint8_t shape, uint8_t link,
			  const uint8_t *data, size_t size)
{
	struct file f = { out, 0, shape & SHAPE_SWAPPED };
	uint16_t linktype = linktypes[link % (sizeof(linktypes) / 2)];
	static uint8_t copy[65536];
	uint64_t now = 1000000000000000000ull;

	add_header(&f, shape, linktype);
	while (size >= 4 && f.len < ROOM - 70000) {
		uint8_t how = data[0];
		uint32_t len = (uint32_t)data[2] << 8 | data[3];

		now += choose_step(data[1]);
		data += 4;
		size -= 4;
		len = len < size ? len : (uint32_t)size;
		memcpy(copy, data, len);
		if (how & HOW_MEND)
			mend(copy, len, linktype);
		add_frame(&f, shape, now, copy, how & HOW_CUT ? len / 2 : len,
			  len);
		data += len;
		size -= len;
	}
	return f.len;
}

/* The command line. */

struct line {
	char *argv[ARGS + 1];
	int argc;
	char text[HEAD][80];
	unsigned int texts;
};

static void word(struct line *l, const char *s)
{
	if (l->argc == ARGS)
		abort();
	l->argv[l->argc++] = (char *)(uintptr_t)s;
}

static void word2(struct line *l, const char *option, const char *value)
{
	word(l, option);
	word(l, value);
}

static void sections(struct line *l, uint8_t b, unsigned int format)
{
	static const char *const words[] = { "-p", "-t", "-e", "-x", "-s" };

	if (format == REPORT_CSV) {
		word(l, words[(b & 31) % 5]);
		return;
	}
	if (format == REPORT_TIMESKETCH)
		return;
	for (unsigned int i = 0; i < 5; i++)
		if (b & 1u << i)
			word(l, words[i]);
	if (b & 0x80)
		word2(l, "--at", "+31.5");
}

static void packets(struct line *l, uint8_t b)
{
	static const char *const modes[] = { "auto", "all", "none", "auto" };

	word2(l, "-k", modes[b & 3]);
	if (b & 0x04)
		word(l, "--no-helpers");
	if (b & 0x08) {
		word2(l, "--helper", "netbios-ns/24");
		word2(l, "--helper", "snmp/16");
	}
	if (b & 0x10)
		word2(l, "-f", "not udp port 53");
	if (b & 0x20)
		word2(l, "-N", "icmp or portrange 1000-2000");
	if (b & 0x40)
		word2(l, "--ctstate", "NEW,INVALID,related");
	if ((b & 0x84) == 0x84)
		word2(l, "--annotate", pcapng_path);
	else if ((b & 0xc0) == 0xc0)
		word2(l, "--report", written_path);
	else if (b & 0x80)
		word2(l, "-w", b & 0x02 ? pcapng_path : written_path);
}

static void frames(struct line *l, uint8_t shape)
{
	if (shape & SHAPE_DECAP)
		word2(l, "--decap", "all");
	if (shape & SHAPE_DEDUP)
		word(l, "--dedup=0.5");
	if ((shape & SHAPE_DECAP) && (shape & SHAPE_DEDUP))
		word2(l, "--interface", "0");
}

static void make_line(struct line *l, const uint8_t *head)
{
	static const char *const formats[] = { "text", "json", "csv",
					       "timesketch" };
	static const char *const styles[] = { "ip_conntrack", "nf_conntrack",
					      "conntrack", "conntrack" };
	static const char *const times[] = { "relative", "epoch", "iso",
					     "delta" };
	struct ct_sysctl sysctls;

	memset(l, 0, sizeof(*l));
	ct_sysctl_defaults(&sysctls);
	word(l, "ctreplay");
	word2(l, "-o", formats[head[0] & 3]);
	word2(l, "--table-style", styles[head[0] >> 2 & 3]);
	word2(l, "-T", times[head[0] >> 4 & 3]);
	if (head[0] & 0x40)
		word(l, "-v");
	if (head[0] & 0x80)
		word2(l, "--color", "always");
	sections(l, head[1], head[0] & 3);
	if (head[1] & 0x20)
		word(l, "-q");
	if (head[1] & 0x40)
		word2(l, "-c", "5");
	packets(l, head[2]);
	frames(l, head[3]);
	for (unsigned int i = 5; i < HEAD; i += 2)
		if (choose_sysctl(&sysctls, head[i], head[i + 1],
				  l->text[l->texts]))
			word2(l, "--sysctl", l->text[l->texts++]);
	word(l, head[3] & SHAPE_STDIN ? "-" : capture_path);
}

/* One run, and the checks of its output. */

static unsigned int errors;

/* Whether 'text' has only printable ASCII and characters of 'also'; with 'names' it
 * may have other characters of UTF-8, as names of interfaces do. */
static void must_be_text(const char *s, size_t n, const char *also, bool names)
{
	for (size_t i = 0; i < n; i++)
		if ((s[i] < ' ' || s[i] > '~') && (!s[i] || !strchr(also, s[i])) &&
		    !(names && (unsigned char)s[i] >= 0x80))
			abort();
}

/* The other characters that a format may have. */
static const char *extra(uint8_t b)
{
	if (b & 0x80)
		return "\033\r\n\t";
	switch (b & 3) {
	case REPORT_TEXT:
		return "\n\t";	/* conntrack -E has a tab */
	case REPORT_CSV:
		return "\r\n";
	}
	return "\n";
}

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	errors += level == DIAG_ERROR;
	must_be_text(text, strlen(text), "", false);
}

/* Returns the output, with its length; the caller frees it. */
static char *run(struct line *l, size_t *n)
{
	static const struct diag diag = { say, NULL };
	const struct stop stop = { .fd = -1 };
	struct options opt;
	enum replay_result result;
	struct stat st;
	char *text;

	errors = 0;
	if (ftruncate(printed_fd, 0) || lseek(printed_fd, 0, SEEK_SET) ||
	    ftruncate(written_fd, 0) || lseek(capture_fd, 0, SEEK_SET) ||
	    dup2(printed_fd, STDOUT_FILENO) < 0 ||
	    dup2(capture_fd, STDIN_FILENO) < 0)
		abort();
	if (options_read(&opt, l->argc, l->argv, &diag) != OPTIONS_RUN)
		abort();
	opt.sandbox = SANDBOX_NO;	/* the fuzzer goes on after the run */
	result = replay(&opt, &diag, &stop);
	if (result == REPLAY_STOPPED || (result == REPLAY_DONE) != !errors)
		abort();
	options_free(&opt);
	dup2(null_fd, STDOUT_FILENO);
	dup2(null_fd, STDIN_FILENO);
	if (fstat(printed_fd, &st))
		abort();
	*n = (size_t)st.st_size;
	text = malloc(*n + 1);
	if (!text || pread(printed_fd, text, *n, 0) != (ssize_t)*n)
		abort();
	if (*n && text[*n - 1] != '\n')
		abort();
	return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[ROOM];
	const uint8_t *file = data + HEAD;
	uint32_t len = (uint32_t)size - HEAD;
	struct line line;
	size_t n, m;
	char *once, *again;

	if (size < HEAD)
		return 0;
	begin();
	if (data[3] & SHAPE_FRAMES) {
		len = make_file(room, data[3], data[4], file, len);
		file = room;
	}
	if (ftruncate(capture_fd, 0) ||
	    pwrite(capture_fd, file, len, 0) != (ssize_t)len)
		abort();
	make_line(&line, data);
	once = run(&line, &n);
	must_be_text(once, n, extra(data[0]), (data[0] & 3) == REPORT_JSON ||
					      (data[0] & 3) == REPORT_CSV);
	if (data[3] & SHAPE_TWICE) {
		again = run(&line, &m);
		if (n != m || memcmp(once, again, n))
			abort();
		free(again);
	}
	free(once);
	return 0;
}
