/* SPDX-License-Identifier: GPL-2.0-only */
#include "block.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <linux/if_ether.h>

#include "lab.h"

static const char first_line[] = "check-kernel blocks 1";

static const struct {
	const char *name;
	size_t offset;
} flags[] = {
	{ "checksum", offsetof(struct setup, checksum) },
	{ "events", offsetof(struct setup, events) },
	{ "expiry", offsetof(struct setup, expiry) },
	{ "helpers", offsetof(struct setup, helpers) },
};

static bool *flag(struct setup *s, size_t i)
{
	return (bool *)((char *)s + flags[i].offset);
}

void block_file_start(FILE *out)
{
	fprintf(out, "%s\n", first_line);
	fflush(out);	/* guard_run() forks */
}

void block_file_check(struct packed *in)
{
	const char *line = packed_line(in);

	if (!line || strcmp(line, first_line))
		packed_bad(in, "not a block file");
}

static void write_setup(FILE *out, const struct setup *setup)
{
	struct setup copy = *setup;

	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (*flag(&copy, i))
			fprintf(out, "with %s\n", flags[i].name);
	fprintf(out, "gap %" PRIu64 "\n", setup->max_gap);
	if (setup->host)
		fprintf(out, "host %s\n", setup->host);
	for (size_t i = 0; i < setup->nsysctls; i++)
		fprintf(out, "sysctl %s\n", setup->sysctls[i]);
	for (size_t i = 0; i < setup->nraw_rules; i++)
		fprintf(out, "rule %s\n", setup->raw_rules[i]);
}

/* "4 LEN GAP SOURCE FAMILY HEX", of IPv4; the bytes may be fewer than LEN. */
static void write_frame(FILE *out, const struct frame *f)
{
	fprintf(out, "%c %u %" PRIu64 " %" PRIu64 " %u ",
		f->ethertype == ETH_P_IP ? '4' : '6', f->len, f->gap,
		f->source, f->family);
	for (uint32_t i = 0; i < f->caplen; i++)
		fprintf(out, "%02x", f->data[i]);
	putc('\n', out);
}

void block_write(FILE *out, const char *name, const struct setup *setup,
		 const struct frames *fs)
{
	fprintf(out, "block %s\n", name);
	write_setup(out, setup);
	for (size_t i = 0; i < fs->n; i++)
		write_frame(out, &fs->v[i]);
	if (fprintf(out, "end\n") < 0)
		die("cannot write blocks: %s", strerror(errno));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The bytes that 'hex' stands for, in its own place; -1 for a bad digit. */
static ssize_t unhex(char *hex)
{
	uint8_t *to = (uint8_t *)hex;
	size_t n = 0;

	for (; hex[2 * n]; n++) {
		int high = hex_digit(hex[2 * n]);
		int low = high < 0 ? -1 : hex_digit(hex[2 * n + 1]);

		if (low < 0)
			return -1;
		to[n] = (uint8_t)(high << 4 | low);
	}
	return (ssize_t)n;
}

static void read_frame(struct packed *in, struct block *b, char *line)
{
	uint64_t gap, source;
	unsigned int len, family;
	int at = 0;
	struct frame *f;
	ssize_t n;

	if (sscanf(line + 1, " %u %" SCNu64 " %" SCNu64 " %u %n", &len, &gap,
		   &source, &family, &at) != 4 || !at)
		packed_bad(in, "invalid frame");
	n = unhex(line + 1 + at);
	if (n < 0 || (uint64_t)n > len || len > LAB_MTU)
		packed_bad(in, "the frame has more bytes than its length says");
	f = frames_add(&b->fs, (uint8_t *)line + 1 + at, (uint32_t)n, len,
		       line[0] == '4' ? ETH_P_IP : ETH_P_IPV6);
	f->gap = gap;
	f->source = source;
	f->family = (uint8_t)family;
}

static bool set_flag(struct setup *s, const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
		if (!strcmp(flags[i].name, name))
			return *flag(s, i) = true;
	return false;
}

static const char *after(const char *line, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(line, word, n) && line[n] == ' ' ? line + n + 1 : NULL;
}

static void note_setting(struct block *b, const char *line)
{
	char *all;

	if (!strcmp(line, "with checksum"))
		return;
	all = xasprintf("%s%s\n", b->settings, line);
	free(b->settings);
	b->settings = all;
}

static bool read_setting(struct block *b, const char *line)
{
	const char *v;
	char *end;

	note_setting(b, line);
	if ((v = after(line, "with")))
		return set_flag(&b->setup, v);
	if ((v = after(line, "sysctl")))
		lines_add(&b->sysctls, v);
	else if ((v = after(line, "rule")))
		lines_add(&b->raw_rules, v);
	else if ((v = after(line, "host")) && !b->host)
		b->host = xstrdup(v);
	else if ((v = after(line, "gap"))) {
		b->setup.max_gap = strtoull(v, &end, 10);
		return !*end;
	}
	return v;
}

/* FNV-1a. */
static uint32_t add_to_sum(uint32_t sum, const char *line)
{
	while (*line)
		sum = (sum ^ (uint8_t)*line++) * 16777619u;
	return (sum ^ '\n') * 16777619u;
}

static const char *const *texts(const struct lines *ls)
{
	union { char **in; const char *const *out; } u = { ls->v };

	return u.out;
}

static void finish(struct block *b)
{
	b->setup.sysctls = texts(&b->sysctls);
	b->setup.nsysctls = b->sysctls.n;
	b->setup.raw_rules = texts(&b->raw_rules);
	b->setup.nraw_rules = b->raw_rules.n;
	b->setup.host = b->host;
}

bool block_read(struct packed *in, struct block *b)
{
	char *line = packed_line(in);

	memset(b, 0, sizeof(*b));
	if (!line)
		return false;
	if (!after(line, "block"))
		packed_bad(in, "expected the start of a block");
	b->name = xstrdup(after(line, "block"));
	b->settings = xstrdup("");
	b->sum = 2166136261u;
	while ((line = packed_line(in)) && strcmp(line, "end")) {
		b->sum = add_to_sum(b->sum, line);
		if (line[0] == '4' || line[0] == '6')
			read_frame(in, b, line);
		else if (!read_setting(b, line))
			packed_bad(in, "neither a frame nor a setting");
	}
	if (!line)
		packed_bad(in, "the file ends within a block");
	finish(b);
	return true;
}

void block_free(struct block *b)
{
	free(b->name);
	free(b->host);
	free(b->settings);
	lines_free(&b->sysctls);
	lines_free(&b->raw_rules);
	frames_free(&b->fs);
	memset(b, 0, sizeof(*b));
}
