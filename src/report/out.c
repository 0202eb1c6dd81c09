/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/out.h"

#include "base/control.h"
#include "base/write_all.h"

void out_init(struct out *o, int fd)
{
	o->len = 0;
	o->fd = fd;
	o->error = 0;
	o->claim = NULL;
	o->sink = NULL;
}

bool out_flush(struct out *o)
{
	if (o->len && o->claim)
		o->claim(o->claim_arg);
	if (!o->error)
		o->error = o->sink ? o->sink(o->sink_arg, o->buf, o->len) :
				     write_all(o->fd, o->buf, o->len);
	o->len = 0;
	return !o->error;
}

const char out_pairs[201] =
	"0001020304050607080910111213141516171819"
	"2021222324252627282930313233343536373839"
	"4041424344454647484950515253545556575859"
	"6061626364656667686970717273747576777879"
	"8081828384858687888990919293949596979899";

const char out_hex_pairs[513] =
	"000102030405060708090a0b0c0d0e0f"
	"101112131415161718191a1b1c1d1e1f"
	"202122232425262728292a2b2c2d2e2f"
	"303132333435363738393a3b3c3d3e3f"
	"404142434445464748494a4b4c4d4e4f"
	"505152535455565758595a5b5c5d5e5f"
	"606162636465666768696a6b6c6d6e6f"
	"707172737475767778797a7b7c7d7e7f"
	"808182838485868788898a8b8c8d8e8f"
	"909192939495969798999a9b9c9d9e9f"
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"
	"b0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
	"c0c1c2c3c4c5c6c7c8c9cacbcccdcecf"
	"d0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
	"e0e1e2e3e4e5e6e7e8e9eaebecedeeef"
	"f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";

char *put_digits(char *p, uint32_t n, unsigned int width)
{
	unsigned int i = width;

	for (; i >= 2; i -= 2) {
		put_2_digits(p + i - 2, n % 100);
		n /= 100;
	}
	if (i)
		p[0] = (char)('0' + n);
	return p + width;
}

char *put_large(char *p, uint64_t n)
{
	uint64_t low = htole64(eight_digits((uint32_t)(n % 100000000)));

	p = put_u64(p, n / 100000000);
	memcpy(p, &low, sizeof(low));
	return p + sizeof(low);
}

char *put_hex(char *p, uint32_t n)
{
	if (n < 0x10000)
		return put_hex16(p, (uint16_t)n);
	p = put_hex16(p, (uint16_t)(n >> 16));
	p = put_mem(p, out_hex_pairs + 2 * (n >> 8 & 0xff), 2);
	return put_mem(p, out_hex_pairs + 2 * (n & 0xff), 2);
}

/* Returns the length; the space behind is blank. */
static uint8_t set_text(char *text, size_t size, const char *s, size_t width)
{
	size_t len = strlen(s);

	if (len > size)
		len = size;
	memset(text, ' ', size);
	memcpy(text, s, len);
	return (uint8_t)(len > width ? len : width);
}

void out_text_set(struct out_text *t, const char *s, size_t width)
{
	t->len = set_text(t->text, sizeof(t->text), s, width);
}

void out_text_64_set(struct out_text_64 *t, const char *s)
{
	t->len = set_text(t->text, sizeof(t->text), s, 0);
}

void out_text_96_set(struct out_text_96 *t, const char *s)
{
	t->len = set_text(t->text, sizeof(t->text), s, 0);
}

void out_long(struct out *o, const char *s, size_t n)
{
	for (size_t piece; n; s += piece, n -= piece) {
		piece = n < OUT_SLACK ? n : OUT_SLACK;
		out_mem(o, s, piece);
	}
}

void out_foreign(struct out *o, const char *s, size_t n)
{
	const char *end = s + n;

	while (s < end) {
		const char *from = s;

		while (s < end && !control_length(s))
			s++;
		out_long(o, from, (size_t)(s - from));
		if (s < end) {
			out_char(o, '?');
			s += control_length(s);
		}
	}
}

void out_u64(struct out *o, uint64_t n)
{
	out_reserve(o);
	out_end(o, put_u64(o->buf + o->len, n));
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
