/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gzip as this program decompresses it, against zlib: whole streams, cut ones and
 * damaged ones, in pieces of any size.  Output, what follows the stream, and the words
 * for what is wrong must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"
#include "capture/crc32.h"
#include "support/effort.h"

/* zlib's ABI. */
struct z_stream {
	const uint8_t *next_in;
	unsigned int avail_in;
	unsigned long total_in;
	uint8_t *next_out;
	unsigned int avail_out;
	unsigned long total_out;
	const char *msg;
	void *state, *zalloc, *zfree, *opaque;
	int data_type;
	unsigned long adler, reserved;
};

#define VERSION		"1.2.11"
#define GZIP		(15 + 16)
#define DEFLATED	8
#define FINISH		4
#define FULL_FLUSH	3
#define SYNC_FLUSH	2
#define STREAM_END	1
#define BUF_ERROR	(-5)

static struct {
	int (*inflate_init)(struct z_stream *, int, const char *, int);
	int (*inflate)(struct z_stream *, int);
	int (*inflate_end)(struct z_stream *);
	int (*deflate_init)(struct z_stream *, int, int, int, int, int, const char *, int);
	int (*deflate)(struct z_stream *, int);
	int (*deflate_end)(struct z_stream *);
	unsigned long (*crc32)(unsigned long, const uint8_t *, unsigned int);
} z;

static bool find(void *handle, const char *name, void *fn)
{
	void *sym = dlsym(handle, name);

	memcpy(fn, &sym, sizeof(sym));
	return sym != NULL;
}

/* Without zlib there is nothing to compare with. */
static bool load_zlib(void)
{
	void *h = dlopen("libz.so.1", RTLD_NOW | RTLD_LOCAL);

	return h && find(h, "inflateInit2_", &z.inflate_init) &&
	       find(h, "inflate", &z.inflate) && find(h, "inflateEnd", &z.inflate_end) &&
	       find(h, "deflateInit2_", &z.deflate_init) &&
	       find(h, "deflate", &z.deflate) && find(h, "deflateEnd", &z.deflate_end) &&
	       find(h, "crc32", &z.crc32);
}

static uint64_t seed = 1;

static uint32_t any(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return n ? (uint32_t)(seed >> 33) % n : 0;
}

#define PLAIN	(300u * 1024)
#define PACKED	(PLAIN + 4096)
#define OUTPUT	(2 * PLAIN)	/* of a damaged stream */

static uint8_t plain[PLAIN], packed[PACKED], other[PACKED];

/* Bytes of some kind: runs, copies of what was before, near and far, and noise. */
static size_t make_plain(void)
{
	size_t n = any(8) ? any(3000) : any(PLAIN), i = 0;
	uint32_t alphabet = 1 + any(any(2) ? 256 : 4), repeats = any(100);

	while (i < n) {
		size_t run = 1 + any(any(8) ? 20 : 400), back = 1 + any(any(2) ? 40 : 40000);

		for (; run && i < n; run--, i++)
			plain[i] = back <= i && any(100) < repeats ?
				   plain[i - back] : (uint8_t)any(alphabet);
	}
	return n;
}

/* As a gzip file with some level, strategy and flushes. */
static size_t pack(size_t n)
{
	struct z_stream s = { .next_in = plain, .next_out = packed, .avail_out = PACKED };
	int level = (int)any(10), strategy = any(3) ? 0 : (int)any(5);
	int memory = 1 + (int)any(9), window = any(2) ? 15 : 9 + (int)any(7);

	assert_int_equal(z.deflate_init(&s, level, DEFLATED, window + 16, memory,
					strategy, VERSION, sizeof(s)), 0);
	while (n) {
		unsigned int part = any(8) ? (unsigned int)n : 1 + any((uint32_t)n);

		s.avail_in = part;
		z.deflate(&s, any(2) ? FULL_FLUSH : 0);
		n -= part - s.avail_in;
		if (s.avail_in)
			break;
	}
	s.avail_in = 0;
	z.deflate(&s, FINISH);
	z.deflate_end(&s);
	return s.total_out;
}

struct outcome {
	size_t out, in;		/* bytes put out, and taken */
	enum { CUT, ENDED, DAMAGED } how;
	char why[64];
	uint8_t bytes[OUTPUT];
};

static void by_zlib(const uint8_t *p, size_t n, struct outcome *o)
{
	struct z_stream s = { .next_in = p, .avail_in = (unsigned int)n,
			      .next_out = o->bytes, .avail_out = OUTPUT };
	int res;

	assert_int_equal(z.inflate_init(&s, GZIP, VERSION, sizeof(s)), 0);
	res = z.inflate(&s, SYNC_FLUSH);
	o->how = res == STREAM_END ? ENDED : res == 0 || res == BUF_ERROR ? CUT : DAMAGED;
	snprintf(o->why, sizeof(o->why), "%s", o->how == DAMAGED && s.msg ? s.msg : "");
	o->out = s.total_out;
	o->in = s.total_in;
	z.inflate_end(&s);
}

static void by_codec(const uint8_t *p, size_t n, size_t piece, size_t room,
		     struct outcome *o)
{
	void *state = codec_gzip.open();
	struct codec_io io = { .out = o->bytes };
	enum codec_result res = CODEC_MORE;
	size_t given = 0, in = 1, out = 1;

	assert_non_null(state);
	*o = (struct outcome){ .how = CUT };
	while (res == CODEC_MORE && o->out < OUTPUT && (given < n || in || out)) {
		size_t more = n - given < piece ? n - given : piece;
		/* Memory of its own, so that reading beyond it is seen. */
		uint8_t *own = malloc(more + !more);

		memcpy(own, p + given, more);
		io.in = own;
		io.in_left = more;
		io.out = o->bytes + o->out;
		io.out_left = OUTPUT - o->out < room ? OUTPUT - o->out : room;
		out = io.out_left;
		res = codec_gzip.step(state, &io, given == n);
		in = more - io.in_left;
		out -= io.out_left;
		o->out += out;
		given += in;
		free(own);
	}
	o->in = given;
	if (res == CODEC_END)
		o->how = ENDED;
	if (res == CODEC_FAILED)
		o->how = DAMAGED;
	snprintf(o->why, sizeof(o->why), "%s",
		 res == CODEC_FAILED ? codec_gzip.error(state) : "");
	codec_gzip.close(state);
}

static struct outcome want, got;

static void compare(const uint8_t *p, size_t n)
{
	static const size_t pieces[] = { 1, 2, 7, 100, 4096, PACKED };
	size_t piece = n < 2000 || any(20) == 0 ? pieces[any(6)] : pieces[4 + any(2)];
	size_t room = n < 2000 && any(3) == 0 ? 1 + any(300) : OUTPUT;

	by_zlib(p, n, &want);
	by_codec(p, n, piece, room, &got);
	if (want.how != got.how || strcmp(want.why, got.why) != 0 ||
	    want.out != got.out || memcmp(want.bytes, got.bytes, want.out) != 0 ||
	    (want.how == ENDED && want.in != got.in))
		fail_msg("%zu bytes in pieces of %zu, room %zu: zlib %d '%s' %zu of %zu, here %d '%s' %zu of %zu",
			 n, piece, room, want.how, want.why, want.out, want.in, got.how,
			 got.why, got.out, got.in);
}

static void inflate_whole(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < effort(200); i++) {
		size_t n = make_plain(), len = pack(n);

		compare(packed, len);
		assert_int_equal(want.how, ENDED);
		assert_int_equal(want.out, n);
		/* What follows is not taken. */
		memcpy(packed + len, "\x1f\x8bmore", 6);
		compare(packed, len + 6);
	}
}

static void inflate_cut(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < effort(300); i++) {
		size_t len = pack(make_plain());

		compare(packed, any((uint32_t)len + 1));
	}
}

/* Wrong bits and bytes, mostly near the beginning of the file, where headers are. */
static void inflate_damaged(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < effort(6000); i++) {
		static size_t len;
		size_t at;

		if (i % 10 == 0)
			len = pack(make_plain());
		at = any(2) ? any((uint32_t)len) : any(len < 120 ? (uint32_t)len : 120);

		memcpy(other, packed, len);
		other[at] ^= (uint8_t)(1u << any(8));
		if (any(2))
			other[any((uint32_t)len)] = (uint8_t)any(256);
		compare(other, len);
	}
}

/* Noise behind a good header: each kind of block, and of damage. */
static void inflate_noise(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < effort(40000); i++) {
		size_t n = 10 + any(any(4) ? 60 : 2000);

		memcpy(other, "\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
		for (size_t k = 10; k < n; k++)
			other[k] = (uint8_t)any(256);
		/* A last block of dynamic codes, with the fewest codes wrong. */
		if (any(3) && n > 12) {
			other[10] = (uint8_t)(4 + any(2) + 8 * any(30));
			other[11] = (uint8_t)(any(30) + 32 * any(8));
		}
		compare(other, n);
	}
}

/* The fields of a header, present and absent, right and wrong. */
static void inflate_headers(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < effort(20000); i++) {
		size_t len = pack(any(50)), n = 10;
		uint8_t flags = (uint8_t)any(any(10) ? 32 : 256);
		uint16_t crc;

		memcpy(other, packed, 10);
		other[3] = flags;
		if (flags & 4) {
			uint32_t extra = any(any(9) ? 8 : 400);

			other[n++] = (uint8_t)extra;
			other[n++] = (uint8_t)(extra >> 8);
			memset(other + n, 'x', extra);
			n += extra;
		}
		for (unsigned int flag = 8; flag <= 16; flag *= 2)
			if (flags & flag)
				n += (size_t)sprintf((char *)other + n, "%u", any(9)) + 1;
		crc = (uint16_t)z.crc32(0, other, (unsigned int)n);
		if (any(9) == 0)
			crc ^= 1;
		if (flags & 2) {
			other[n++] = (uint8_t)crc;
			other[n++] = (uint8_t)(crc >> 8);
		}
		memcpy(other + n, packed + 10, len - 10);
		if (any(9) == 0)
			other[any(10)] ^= (uint8_t)(1u << any(8));
		compare(other, any(9) ? n + len - 10 : any((uint32_t)(n + len - 10)));
	}
}

static void crc32_agrees(void **state)
{
	(void)state;
	for (size_t n = 0; n < 2000; n++) {
		const uint8_t *p = plain + any(64);
		uint32_t before = any(~0u), right;

		for (size_t i = 0; i < 64; i++)
			plain[any(3000)] = (uint8_t)any(256);
		right = (uint32_t)z.crc32(before, p, (unsigned int)n);
		assert_int_equal(crc32_add(before, p, n), right);
		assert_int_equal(crc32_portable(before, p, n), right);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(inflate_whole),
		cmocka_unit_test(inflate_cut),
		cmocka_unit_test(inflate_damaged),
		cmocka_unit_test(inflate_noise),
		cmocka_unit_test(inflate_headers),
		cmocka_unit_test(crc32_agrees),
	};

	if (!load_zlib() || !codec_gzip.load(NULL)) {
		printf("1..0 # SKIP zlib cannot be loaded (Debian: zlib1g)\n");
		return 0;
	}
	return cmocka_run_group_tests_name("inflate", tests, NULL, NULL);
}
