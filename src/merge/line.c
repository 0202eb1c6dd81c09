/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CAPACITY_USUAL	(32u * 1024)

void line_reader_init(struct line_reader *r, int fd, const struct stop *stop)
{
	*r = (struct line_reader){ .fd = fd, .stop = stop };
}

void line_reader_free(struct line_reader *r)
{
	free(r->buf);
	r->buf = NULL;
}

static bool resize(struct line_reader *r, size_t capacity)
{
	char *buf = realloc(r->buf, capacity);

	if (!buf)
		return false;
	r->buf = buf;
	r->capacity = capacity;
	return true;
}

/* Makes space behind what is there.  Many files may be open at a time, so a buffer that
 * grew for one long line becomes small again. */
static enum line_result make_space(struct line_reader *r)
{
	if (r->start) {
		memmove(r->buf, r->buf + r->start, r->used - r->start);
		r->used -= r->start;
		r->start = 0;
	}
	if (r->capacity > CAPACITY_USUAL && r->used < CAPACITY_USUAL / 2)
		return resize(r, CAPACITY_USUAL) ? LINE_READ : LINE_NO_MEMORY;
	if (r->used < r->capacity)
		return LINE_READ;
	if (r->used > LINE_MAX_BYTES)
		return LINE_LONG;
	return resize(r, r->capacity ? r->capacity * 2 : CAPACITY_USUAL) ?
	       LINE_READ : LINE_NO_MEMORY;
}

static enum line_result fill(struct line_reader *r)
{
	enum line_result result = make_space(r);
	ssize_t n;

	if (result != LINE_READ)
		return result;
	do {
		if (r->stop->set)
			return LINE_STOPPED;
		n = read(r->fd, r->buf + r->used, r->capacity - r->used);
	} while (n < 0 && errno == EINTR);
	if (n < 0) {
		r->error = errno;
		return LINE_ERROR;
	}
	r->used += (size_t)n;
	r->at_end = n == 0;
	return LINE_READ;
}

/* Takes 'len' bytes, of which the last one may be the newline. */
static enum line_result take(struct line_reader *r, size_t len, const char **text,
			     size_t *n)
{
	*text = r->buf + r->start;
	*n = len && (*text)[len - 1] == '\n' ? len - 1 : len;
	r->number++;
	r->offset = r->next;
	r->next += len;
	r->start += len;
	return *n > LINE_MAX_BYTES ? LINE_LONG : LINE_READ;
}

enum line_result line_next(struct line_reader *r, const char **text, size_t *len)
{
	enum line_result result = r->stop->set ? LINE_STOPPED : LINE_READ;
	size_t searched = 0;

	while (result == LINE_READ) {
		size_t n = r->used - r->start;
		const char *from = n ? r->buf + r->start : NULL;
		const char *newline = n > searched ?
			memchr(from + searched, '\n', n - searched) : NULL;

		if (newline)
			return take(r, (size_t)(newline - from) + 1, text, len);
		if (r->at_end)
			return n ? take(r, n, text, len) : LINE_END;
		searched = n;
		result = fill(r);
	}
	if (result == LINE_LONG) {
		r->number++;
		r->offset = r->next;
	}
	return result;
}
