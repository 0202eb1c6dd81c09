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

const char out_pairs[201] =
	"0001020304050607080910111213141516171819"
	"2021222324252627282930313233343536373839"
	"4041424344454647484950515253545556575859"
	"6061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

char *put_zeros(char *p, uint32_t n, unsigned int width)
{
	unsigned int i = width;

	for (; i >= 2; i -= 2) {
		put_pair(p + i - 2, n % 100);
		n /= 100;
	}
	if (i)
		p[0] = (char)('0' + n);
	return p + width;
}

static char *put_four(char *p, uint32_t n)
{
	put_pair(p, n / 100);
	put_pair(p + 2, n % 100);
	return p + 4;
}

char *put_u64(char *p, uint64_t n)
{
	uint32_t low = (uint32_t)(n % 100000000);

	if (n < 10000)
		return put_small(p, low);
	if (n < 100000000)
		return put_four(put_small(p, low / 10000), low % 10000);
	p = put_u64(p, n / 100000000);
	return put_four(put_four(p, low / 10000), low % 10000);
}

char *put_hex(char *p, uint32_t n)
{
	int shift = n > 0xffff ? 28 : 12;

	while (shift && n >> shift == 0)
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[n >> shift & 15];
	return p;
}

void out_word_set(struct out_word *w, const char *s, size_t width)
{
	size_t len = strlen(s);

	if (len > sizeof(w->text))
		len = sizeof(w->text);
	memset(w->text, ' ', sizeof(w->text));
	memcpy(w->text, s, len);
	w->len = (uint8_t)(len > width ? len : width);
}

void out_u64(struct out *o, uint64_t n)
{
	out_room(o);
	out_end(o, put_u64(o->buf + o->len, n));
}

void out_hex(struct out *o, uint32_t n)
{
	out_room(o);
	out_end(o, put_hex(o->buf + o->len, n));
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
