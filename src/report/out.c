/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/out.h"

#include <errno.h>
#include <unistd.h>

void out_init(struct out *o, int fd)
{
	o->len = 0;
	o->fd = fd;
	o->error = 0;
}

bool out_flush(struct out *o)
{
	size_t done = 0;

	while (done < o->len && !o->error) {
		ssize_t n = write(o->fd, o->buf + done, o->len - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			o->error = errno;
	}
	o->len = 0;
	return !o->error;
}

static size_t digits(char out[20], uint64_t n)
{
	char reverse[20];
	size_t len = 0;

	do {
		reverse[len++] = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	for (size_t i = 0; i < len; i++)
		out[i] = reverse[len - 1 - i];
	return len;
}

void out_u64(struct out *o, uint64_t n)
{
	out_room(o);
	o->len += digits(o->buf + o->len, n);
}

void out_u64_zeros(struct out *o, uint64_t n, unsigned int width)
{
	char d[20];
	size_t len = digits(d, n);

	for (size_t i = len; i < width; i++)
		out_char(o, '0');
	out_mem(o, d, len);
}

void out_u64_right(struct out *o, uint64_t n, unsigned int width)
{
	char d[20];
	size_t len = digits(d, n);

	out_pad(o, len, width);
	out_mem(o, d, len);
}

void out_hex(struct out *o, uint32_t n)
{
	char d[8];
	size_t len = 0;

	do {
		d[len++] = "0123456789abcdef"[n & 15];
		n >>= 4;
	} while (n);
	while (len)
		out_char(o, d[--len]);
}

void out_pad(struct out *o, size_t written, size_t width)
{
	for (; written < width; written++)
		out_char(o, ' ');
}

void out_str_left(struct out *o, const char *s, unsigned int width)
{
	size_t len = strlen(s);

	out_mem(o, s, len);
	out_pad(o, len, width);
}
