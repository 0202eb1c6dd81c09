/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/state_io.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xxh64.h"

#define LAST	0x80000000u
#define END	STATE_TAG('E', 'N', 'D', ' ')

void state_fail(struct state_io *io, const char *text, ...)
{
	va_list ap;

	if (io->failed)
		return;
	va_start(ap, text);
	vsnprintf(io->text, sizeof(io->text), text, ap);
	va_end(ap);
	io->failed = true;
	/* Every field takes the slow way from here on. */
	io->p = io->end = io->chunk;
	io->last = true;
}

void state_no_memory(struct state_io *io)
{
	if (!io->failed)
		io->error = ENOMEM;
	state_fail(io, "out of memory");
}

int state_code(const struct state_io *io)
{
	return !io->failed ? 0 : io->error ? -io->error : -EINVAL;
}

/* The text behind the first 'skip' characters of a line, printable. */
static const char *clean(char *line, size_t skip)
{
	if (!line)
		return "nothing";
	for (char *c = line; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	return strlen(line) > skip ? line + skip : "nothing";
}

#define SHOWN 88u	/* of both settings: a ct_error has room for no more */

/* Where long settings begin to differ, with the word before that. */
static size_t differ_at(const char *a, const char *b)
{
	size_t i = 0, words = 0;

	while (a[i] && a[i] == b[i])
		i++;
	while (i && words < 2)
		words += a[--i] == ' ';
	return i;
}

/* Names both settings, long ones by their first word and what differs. */
static void fail_setting(struct state_io *io, const char *a, const char *b)
{
	int name = (int)strcspn(a, " ");
	size_t at = differ_at(a, b);

	if (strlen(a) + strlen(b) <= SHOWN || at <= (size_t)name)
		state_fail(io, "it was saved with \"%.70s\", and this is \"%.70s\"", a, b);
	else
		state_fail(io, "it was saved with \"%.*s ...%.*s\", and this is "
			   "\"%.*s ...%.*s\"", name, a, (int)SHOWN / 2 - name - 4,
			   a + at, name, b, (int)SHOWN / 2 - name - 4, b + at);
}

void state_fail_setting(struct state_io *io, char *saved, char *now, size_t skip)
{
	char *more_a, *more_b;
	char *a = strtok_r(saved, "\n", &more_a);
	char *b = strtok_r(now, "\n", &more_b);

	while (a && b && strcmp(a, b) == 0) {
		a = strtok_r(NULL, "\n", &more_a);
		b = strtok_r(NULL, "\n", &more_b);
	}
	fail_setting(io, clean(a, skip), clean(b, skip));
}

static bool begin(struct state_io *io, uint64_t seed)
{
	io->chunk = malloc(STATE_HEADER + STATE_CHUNK);
	io->sum = seed;
	io->p = io->end = io->chunk;
	if (io->chunk)
		return true;
	state_no_memory(io);
	return false;
}

bool state_save_begin(struct state_io *io, state_write_fn *write, void *arg,
		      uint64_t seed)
{
	*io = (struct state_io){ .save = true, .write = write, .arg = arg };
	return begin(io, seed);
}

bool state_load_begin(struct state_io *io, state_read_fn *read, void *arg,
		      uint64_t seed)
{
	*io = (struct state_io){ .read = read, .arg = arg };
	return begin(io, seed);
}

/* The tag in letters, whatever it is. */
static const char *tag_text(uint32_t tag, char to[5])
{
	for (unsigned int i = 0; i < 4; i++) {
		char c = (char)(tag >> 8 * i);

		to[i] = c >= ' ' && c <= '~' ? c : '?';
	}
	to[4] = '\0';
	return to;
}

/* Writes the chunk at hand. */
static void flush(struct state_io *io, bool last)
{
	uint8_t *c = io->chunk;
	size_t n = (size_t)(io->p - c);

	if (io->failed)
		return;
	store_le32(c + 8, io->tag);
	store_le32(c + 12, (uint32_t)(n - STATE_HEADER) | (last ? LAST : 0));
	io->sum = xxh64(c + 8, n - 8, io->sum);
	store_le64(c, io->sum);
	if (!io->write(io->arg, c, n)) {
		io->error = errno;
		state_fail(io, "%s", strerror(io->error));
		return;
	}
	io->p = c + STATE_HEADER;
}

/* Whether the sums are to be compared.  A fuzzer cannot make them. */
static bool sum_fits(const struct state_io *io, uint64_t sum)
{
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
	(void)io, (void)sum;
	return true;
#else
	return load_le64(io->chunk) == sum;
#endif
}

/* Reads the next chunk, which must be one of the section at hand. */
static void read_chunk(struct state_io *io)
{
	uint8_t *c = io->chunk;
	uint32_t length;
	char tag[5], wanted[5];

	if (io->failed)
		return;
	if (io->read(io->arg, c, STATE_HEADER) != STATE_HEADER) {
		state_fail(io, "it is cut short at byte %" PRIu64, io->offset);
		return;
	}
	length = load_le32(c + 12) & ~LAST;
	if (length > STATE_CHUNK) {
		state_fail(io, "it is damaged: byte %" PRIu64 " begins a chunk of %" PRIu32
			   " bytes", io->offset, length);
		return;
	}
	if (io->read(io->arg, c + STATE_HEADER, length) != length) {
		state_fail(io, "it is cut short behind byte %" PRIu64, io->offset);
		return;
	}
	io->sum = xxh64(c + 8, STATE_HEADER - 8 + length, io->sum);
	if (!sum_fits(io, io->sum)) {
		state_fail(io, "it is damaged: the checksum of the chunk at byte %" PRIu64
			   " does not fit", io->offset);
		return;
	}
	if (load_le32(c + 8) != io->tag) {
		state_fail(io, "its chunk at byte %" PRIu64 " is of section %s, not %s",
			   io->offset, tag_text(load_le32(c + 8), tag),
			   tag_text(io->tag, wanted));
		return;
	}
	io->last = load_le32(c + 12) & LAST;
	io->offset += STATE_HEADER + length;
	io->p = c + STATE_HEADER;
	io->end = io->p + length;
}

void state_begin(struct state_io *io, uint32_t tag)
{
	io->tag = tag;
	if (io->failed)
		return;
	if (io->save) {
		io->p = io->chunk + STATE_HEADER;
		io->end = io->p + STATE_CHUNK;
	} else {
		read_chunk(io);
	}
}

bool state_more(struct state_io *io)
{
	while (!io->failed && io->p == io->end && !io->last)
		read_chunk(io);
	return io->p != io->end;
}

void state_end(struct state_io *io)
{
	char tag[5];

	if (io->save) {
		flush(io, true);
		io->p = io->end = io->chunk;
	} else if (state_more(io)) {
		state_fail(io, "its section %s is longer than this program knows",
			   tag_text(io->tag, tag));
	}
}

uint8_t *state_field_slow(struct state_io *io, size_t n)
{
	uint8_t *p;
	char tag[5];

	if (io->save)
		flush(io, false);
	else if (!state_more(io))
		state_fail(io, "its section %s ends too early",
			   tag_text(io->tag, tag));
	p = io->p;
	if (!io->failed && (size_t)(io->end - p) < n)
		state_fail(io, "it is damaged: a field crosses the end of a chunk");
	if (io->failed)
		return NULL;
	io->p = p + n;
	return p;
}

bool state_finish(struct state_io *io)
{
	state_begin(io, END);
	state_end(io);
	free(io->chunk);
	io->chunk = io->p = io->end = NULL;
	return !io->failed;
}

#define BELOW(name, type, field) \
void name(struct state_io *io, type *v, uint32_t limit) \
{ \
	char tag[5]; \
\
	field(io, v); \
	if (likely(io->save || *v < limit) || io->failed) \
		return; \
	state_fail(io, "section %s has %" PRIu32 " where less than %" PRIu32 \
		   " is possible", tag_text(io->tag, tag), (uint32_t)*v, limit); \
	*v = 0; \
}

BELOW(state_below8, uint8_t, state_u8)
BELOW(state_below16, uint16_t, state_u16)
BELOW(state_below32, uint32_t, state_u32)

void state_bool(struct state_io *io, bool *v)
{
	/* What is loaded into may hold anything. */
	uint8_t byte = io->save ? *v : 0;

	state_below8(io, &byte, 2);
	*v = byte;
}

void state_u64s(struct state_io *io, uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		state_u64(io, &v[i]);
}

bool state_embed_write(void *arg, const void *data, size_t n)
{
	struct state_io *io = arg;
	const uint8_t *from = data;
	size_t room;

	for (; n && !io->failed; n -= room, from += room) {
		if (io->p == io->end)
			flush(io, false);
		room = (size_t)(io->end - io->p);
		if (room > n)
			room = n;
		memcpy(io->p, from, room);
		io->p += room;
	}
	errno = io->error;
	return !io->failed;
}

size_t state_embed_read(void *arg, void *data, size_t n)
{
	struct state_io *io = arg;
	uint8_t *to = data;
	size_t left = n, there;

	while (left && state_more(io)) {
		there = (size_t)(io->end - io->p);
		if (there > left)
			there = left;
		memcpy(to, io->p, there);
		io->p += there;
		to += there;
		left -= there;
	}
	return n - left;
}
