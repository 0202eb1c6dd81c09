/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/input_state.h"

#include <errno.h>
#include <poll.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char *input_name(const struct input *in)
{
	return strcmp(in->path, "-") == 0 ? "standard input" : in->path;
}

enum magic input_magic(const struct input *in)
{
	return in->magic;
}

uint64_t input_offset(const struct input *in)
{
	return in->base + in->given;
}

const uint8_t *input_here(const struct input *in, size_t *have)
{
	*have = in->have - in->given;
	return in->buf + in->given;
}

bool input_can_wait(const struct input *in)
{
	return !S_ISREG(in->st.st_mode) && !in->ended && !in->error &&
	       !in->unpack_failed;
}

bool input_ended(const struct input *in)
{
	return in->ended || (in->unpack_failed && unpack_is_cut(in->unpack));
}

bool input_stopped(const struct input *in)
{
	return in->error == EINTR;
}

const char *input_failed(const struct input *in, bool *damaged)
{
	*damaged = !in->error && in->unpack_failed;
	if (in->error)
		return strerror(in->error);
	return in->unpack_failed ? unpack_error(in->unpack) : NULL;
}

const char *input_offset_note(const struct input *in)
{
	return in->unpack ? " of the decompressed data" : "";
}

uint64_t input_used(const struct input *in)
{
	return in->unpack ? in->raw : input_offset(in);
}

uint64_t input_size(const struct input *in)
{
	return S_ISREG(in->st.st_mode) ? (uint64_t)in->st.st_size : 0;
}

bool input_regular(const struct input *in)
{
	return S_ISREG(in->st.st_mode);
}

bool input_packed(const struct input *in)
{
	return in->unpack != NULL;
}

dev_t input_device(const struct input *in)
{
	return in->st.st_dev;
}

ino_t input_inode(const struct input *in)
{
	return in->st.st_ino;
}

/* Waits until there is something to read, or 'stop' is set. */
static void wait_for_data(const struct input *in)
{
	struct pollfd p[] = {
		{ .fd = in->fd, .events = POLLIN },
		{ .fd = in->stop ? in->stop->fd : -1, .events = POLLIN },
	};

	if (S_ISREG(in->st.st_mode) || p[1].fd < 0)
		return;
	/* After an error of poll(2), read(2) tells what is wrong. */
	while (poll(p, 2, -1) < 0 && errno == EINTR && !in->stop->set)
		;
}

/* Reads the file once, 'n' bytes at most; 0 at the end, -1 with '*error' set. */
static ssize_t read_file(struct input *in, uint8_t *to, size_t n, int *error)
{
	while (!in->file_ended && !*error) {
		ssize_t got;

		wait_for_data(in);
		/* A signal before read(2) is seen here; read(2) returns EINTR
		 * for a later one. */
		if (in->stop && in->stop->set) {
			*error = EINTR;
			break;
		}
		got = read(in->fd, to, n);
		if (got > 0) {
			atomic_fetch_add_explicit(&in->raw, (uint64_t)got,
						  memory_order_relaxed);
			return got;
		}
		if (got == 0)
			in->file_ended = true;
		else if (errno != EINTR)
			*error = errno;
	}
	return *error ? -1 : 0;
}

ssize_t input_packed_bytes(void *arg, const uint8_t **p)
{
	struct input *in = arg;
	ssize_t n = (ssize_t)in->packed_have;

	if (n == 0)
		n = read_file(in, in->packed, in->packed_size, &in->packed_error);
	in->packed_have = 0;
	*p = in->packed;
	return n;
}

/* Small files need no thread, and a pipe's bytes are shown as they come. */
static bool is_ahead(struct input *in)
{
	if (!in->ahead_tried && in->base + in->have >= UNPACK_AHEAD_AFTER &&
	    S_ISREG(in->st.st_mode)) {
		in->ahead_tried = true;
		in->ahead = unpack_ahead_start(in->unpack);
	}
	return in->ahead;
}

/* What decompression returned. */
static ssize_t note_unpacked(struct input *in, ssize_t got)
{
	if (got < 0) {
		in->unpack_failed = true;
		in->error = in->packed_error;
	}
	return got;
}

static ssize_t read_unpacked(struct input *in, uint8_t *to, size_t n)
{
	if (in->unpack_failed)
		return -1;
	return note_unpacked(in, is_ahead(in) ? unpack_ahead_read(in->ahead, to, n) :
						unpack_read(in->unpack, to, n));
}

/* Reads the file, or decompressed bytes of it. */
static ssize_t read_some(struct input *in, uint8_t *to, size_t n)
{
	ssize_t got = in->unpack ? read_unpacked(in, to, n) :
				   read_file(in, to, n, &in->error);

	if (got == 0)
		in->ended = true;
	return got;
}

bool input_read_more(struct input *in)
{
	size_t n = in->size - in->have;
	ssize_t got = read_some(in, in->buf + in->have,
				n < in->read_size ? n : in->read_size);

	if (got > 0)
		in->have += (size_t)got;
	return got > 0;
}

/* Makes space for 'n' bytes from 'given' on.  The buffer's size doubles only when
 * it is full, so that a length in a damaged file cannot make it huge. */
static bool make_space(struct input *in, size_t n)
{
	if (in->given == in->have || in->size - in->given < n) {
		memmove(in->buf, in->buf + in->given, in->have - in->given);
		in->base += in->given;
		in->have -= in->given;
		in->given = 0;
	}
	if (in->have == in->size) {
		uint8_t *more = realloc(in->buf, in->size * 2);

		if (!more) {
			in->error = ENOMEM;
			return false;
		}
		in->buf = more;
		in->size *= 2;
	}
	return true;
}

/* True if the next block that was decompressed can become the buffer. */
static bool takes_blocks(struct input *in)
{
	return in->unpack && !in->unpack_failed && in->size >= UNPACK_BUFFER_SIZE &&
	       in->have - in->given <= UNPACK_BUFFER_USED && is_ahead(in);
}

static bool take_block(struct input *in)
{
	struct unpack_buffer b = { in->buf, in->size, in->given, in->have };
	uint64_t offset = input_offset(in);
	ssize_t got = note_unpacked(in, unpack_ahead_append(in->ahead, &b));

	if (got == 0)
		in->ended = true;
	in->buf = b.bytes;
	in->size = b.size;
	in->given = b.at;
	in->have = b.end;
	in->base = offset - b.at;
	return got > 0;
}

uint8_t *input_peek(struct input *in, size_t n, size_t *have)
{
	while (in->have - in->given < n)
		if (takes_blocks(in) ? !take_block(in) :
				       !make_space(in, n) || !input_read_more(in))
			break;
	*have = in->have - in->given;
	return in->buf + in->given;
}

size_t input_skip(struct input *in, size_t n)
{
	size_t left = n, have;

	while (left > 0) {
		input_peek(in, 1, &have);
		if (have == 0)
			break;
		if (have > left)
			have = left;
		in->given += have;
		left -= have;
	}
	return n - left;
}

void input_read_size(struct input *in, size_t n)
{
	in->read_size = n;
}

bool input_give(struct input *in, size_t n, uint8_t **buf, size_t *size)
{
	uint8_t *full = in->buf, *other = *buf;
	size_t full_size = in->size;

	if (*size < in->size) {
		other = malloc(in->size);
		if (!other)
			return false;
		free(*buf);
		*size = in->size;
	}
	in->given += n;
	in->have -= in->given;
	memcpy(other, full + in->given, in->have);
	in->base += in->given;
	in->given = 0;
	in->buf = other;
	in->size = *size;
	*buf = full;
	*size = full_size;
	return true;
}

/* A function of fopencookie(3). */
static ssize_t cookie_read(void *arg, char *to, size_t n)
{
	struct input *in = arg;
	size_t have;
	const uint8_t *from = input_peek(in, 1, &have);

	if (have == 0 && (in->error || in->unpack_failed)) {
		errno = in->error ? in->error : EIO;
		return -1;
	}
	if (n > have)
		n = have;
	memcpy(to, from, n);
	in->given += n;
	return (ssize_t)n;
}

FILE *input_stream(struct input *in)
{
	FILE *stream = fopencookie(in, "r", (cookie_io_functions_t){
					.read = cookie_read });

	if (!stream)
		return NULL;
	setvbuf(stream, NULL, _IONBF, 0);
	/* One thread at a time reads a capture. */
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	return stream;
}
