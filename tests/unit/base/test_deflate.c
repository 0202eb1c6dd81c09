/* SPDX-License-Identifier: GPL-2.0-only */
/* deflate.c: what zlib's own uncompress() gives back is what went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/deflate.h"

#define BYTES	(1u << 20)

struct taken {
	unsigned char *bytes;
	size_t n;
	unsigned int calls, fail_at;
};

static int take(void *arg, const unsigned char *bytes, size_t n)
{
	struct taken *t = arg;

	if (++t->calls == t->fail_at)
		return ENOSPC;
	assert_true(t->n + n <= 2 * BYTES);
	memcpy(t->bytes + t->n, bytes, n);
	t->n += n;
	return 0;
}

static int (*find_uncompress(void))(unsigned char *, unsigned long *,
				    const unsigned char *, unsigned long)
{
	void *handle = dlopen("libz.so.1", RTLD_NOW);
	int (*fn)(unsigned char *, unsigned long *, const unsigned char *, unsigned long);
	void *sym = handle ? dlsym(handle, "uncompress") : NULL;

	assert_non_null(sym);
	memcpy(&fn, &sym, sizeof(fn));
	return fn;
}

/* Nearly random bytes, and the same a few at a time, so that no buffer is of use twice. */
static void make(unsigned char *bytes, size_t n, unsigned int kinds)
{
	uint32_t x = 1;

	for (size_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		bytes[i] = (unsigned char)((x >> 24) % kinds);
	}
}

static bool is_there(void)
{
	const char *why;

	if (deflate_prepare(&why))
		return true;
	print_message("SKIP: %s\n", why);
	return false;
}

static void deflate_round_trip(void **state)
{
	static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, BYTES };
	unsigned char *in = malloc(BYTES), *out = malloc(BYTES + 1);
	struct taken t = { .bytes = malloc(2 * BYTES) };
	unsigned long n;

	(void)state;
	if (!is_there())
		skip();
	for (unsigned int kinds = 1; kinds <= 256; kinds += 85)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			struct deflate *d = deflate_open(3, take, &t);
			size_t half = sizes[i] / 3;

			t.n = 0;
			make(in, sizes[i], kinds);
			assert_non_null(d);
			assert_int_equal(deflate_write(d, in, half), 0);
			assert_int_equal(deflate_write(d, in + half, sizes[i] - half), 0);
			assert_int_equal(deflate_end(d), 0);
			deflate_free(d);
			n = BYTES + 1;
			assert_int_equal(find_uncompress()(out, &n, t.bytes, t.n), 0);
			assert_int_equal(n, sizes[i]);
			assert_memory_equal(in, out, n);
		}
	free(in);
	free(out);
	free(t.bytes);
}

/* An error of the sink comes back, and ends the work. */
static void deflate_failing_sink(void **state)
{
	unsigned char *in = malloc(BYTES);
	struct taken t = { .bytes = malloc(2 * BYTES), .fail_at = 2 };
	struct deflate *d;

	(void)state;
	if (!is_there())
		skip();
	make(in, BYTES, 256);
	d = deflate_open(3, take, &t);
	assert_int_equal(deflate_write(d, in, BYTES), ENOSPC);
	assert_int_equal(t.calls, 2);
	deflate_free(d);
	t.calls = 0;
	t.fail_at = 1;
	d = deflate_open(3, take, &t);
	assert_int_equal(deflate_write(d, in, 10), 0);
	assert_int_equal(deflate_end(d), ENOSPC);
	deflate_free(d);
	free(in);
	free(t.bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deflate_round_trip),
		cmocka_unit_test(deflate_failing_sink),
	};

	return cmocka_run_group_tests_name("deflate", tests, NULL, NULL);
}
