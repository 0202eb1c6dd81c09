/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * write_buffer.h - the bytes of a capture file on their way out, and numbers in this
 * machine's byte order.
 */
#ifndef CAPTURE_WRITE_BUFFER_H
#define CAPTURE_WRITE_BUFFER_H 1

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/write_all.h"

#define WRITE_BUFFER	(64 * 1024)

struct write_buffer {
	int fd;
	int error;		/* errno of the first write that failed */
	size_t used;
	uint8_t bytes[WRITE_BUFFER];
};

/* Writes what is in the buffer; 0, or 'error'. */
static inline int write_buffer_flush(struct write_buffer *b)
{
	if (!b->error)
		b->error = write_all(b->fd, b->bytes, b->used);
	b->used = 0;
	return b->error;
}

static inline void write_bytes(struct write_buffer *b, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0 && !b->error) {
		size_t part = sizeof(b->bytes) - b->used;

		if (part > n)
			part = n;
		memcpy(b->bytes + b->used, from, part);
		b->used += part;
		from += part;
		n -= part;
		if (b->used == sizeof(b->bytes))
			write_buffer_flush(b);
	}
}

/* The same of many bytes, which are not copied. */
static inline void write_large(struct write_buffer *b, const void *p, size_t n)
{
	if (n < sizeof(b->bytes))
		write_bytes(b, p, n);
	else if (write_buffer_flush(b) == 0)
		b->error = write_all(b->fd, p, n);
}

/* Where 'n' bytes can be put at once, which counts them; NULL: write_bytes() puts them. */
static inline uint8_t *write_room(struct write_buffer *b, size_t n)
{
	uint8_t *to = b->bytes + b->used;

	if (n >= sizeof(b->bytes) - b->used || b->error)
		return NULL;
	b->used += n;
	return to;
}

static inline void write16(struct write_buffer *b, uint16_t v)
{
	write_bytes(b, &v, sizeof(v));
}

static inline void write32(struct write_buffer *b, uint32_t v)
{
	write_bytes(b, &v, sizeof(v));
}

#endif
