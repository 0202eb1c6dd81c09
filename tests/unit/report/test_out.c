/* SPDX-License-Identifier: GPL-2.0-only */
/* The output buffer, and both ways to write text into it. */
#include "support/rig.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "report/format.h"
#include "report/out.h"

static struct out out;

/* What a file holds from its beginning; the caller frees it. */
static char *contents(int fd, size_t *size)
{
	off_t end = lseek(fd, 0, SEEK_END);
	char *data;

	assert_true(end >= 0);
	*size = (size_t)end;
	data = malloc(*size + 1);
	assert_non_null(data);
	assert_int_equal(pread(fd, data, *size, 0), end);
	data[*size] = '\0';
	return data;
}

static void out_flush_writes(void **state)
{
	int fd = memfd_create("out", 0);
	size_t size;
	char *data;

	(void)state;
	out_init(&out, fd);
	assert_true(out_flush(&out));
	out_str(&out, "one ");
	out_char(&out, '2');
	out_mem(&out, " three", 3);
	assert_true(out_flush(&out));
	assert_int_equal(out.len, 0);
	out_u64(&out, 4);
	assert_true(out_flush(&out));
	data = contents(fd, &size);
	assert_string_equal(data, "one 2 th4");
	free(data);
	close(fd);
}

/* More than the buffer holds arrives whole and in order. */
static void out_full_buffer(void **state)
{
	int fd = memfd_create("out", 0);
	size_t size, n = 3 * OUT_BUFFER / 16;
	char expected[32], *data;

	(void)state;
	out_init(&out, fd);
	for (size_t i = 0; i < n; i++) {
		snprintf(expected, sizeof(expected), "%015zu\n", i);
		if (i % 2)
			out_str(&out, expected);
		else
			out_end(&out, put_str(out_begin(&out), expected));
	}
	assert_true(out_flush(&out));
	data = contents(fd, &size);
	assert_int_equal(size, 16 * n);
	for (size_t i = 0; i < n; i++) {
		snprintf(expected, sizeof(expected), "%015zu\n", i);
		assert_memory_equal(data + 16 * i, expected, 16);
	}
	free(data);
	close(fd);
}

/* So does a text that is longer than the buffer. */
static void out_long_text(void **state)
{
	int fd = memfd_create("out", 0);
	size_t size, n = 2 * OUT_BUFFER + 7;
	char *text = malloc(n), *data;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)('a' + i % 23);
	out_init(&out, fd);
	out_char(&out, '(');
	out_long(&out, text, n);
	out_long(&out, text, 0);
	out_char(&out, ')');
	assert_true(out_flush(&out));
	data = contents(fd, &size);
	assert_int_equal(size, n + 2);
	assert_memory_equal(data + 1, text, n);
	assert_int_equal(data[n + 1], ')');
	free(data);
	free(text);
	close(fd);
}

/* The longest line fits at every place of the buffer, and is not torn. */
static void out_line_in_one_piece(void **state)
{
	int fd = memfd_create("out", 0);
	size_t start, before;

	(void)state;
	out_init(&out, fd);
	for (int i = 0; i < 200; i++) {
		start = out_line(&out);
		before = out.len;
		assert_int_equal(start, before);
		for (unsigned int n = 0; n < OUT_SLACK; n++)
			out_char(&out, 'x');
		assert_int_equal(out.len - start, OUT_SLACK);
		assert_true(out.len <= OUT_BUFFER);
		out_begin(&out);
		assert_true(out.len <= OUT_BUFFER - OUT_SLACK);
		out_reserve(&out);
		out.len += (size_t)(i * 37);	/* the next line starts elsewhere */
		if (out.len > OUT_BUFFER - OUT_SLACK)
			out.len = OUT_BUFFER - OUT_SLACK;
	}
	close(fd);
}

/* There is always space for one more piece, and no flush without need. */
static void out_reserve_flushes_in_time(void **state)
{
	int fd = memfd_create("out", 0);

	(void)state;
	out_init(&out, fd);
	memset(out.buf, 'x', sizeof(out.buf));
	out.len = OUT_BUFFER - OUT_SLACK;
	out_reserve(&out);
	assert_int_equal(out.len, OUT_BUFFER - OUT_SLACK);
	out.len++;
	out_reserve(&out);
	assert_int_equal(out.len, 0);
	close(fd);
}

/* The first error stays, and what comes later is discarded. */
static void out_error_is_kept(void **state)
{
	int fd = memfd_create("out", 0);
	size_t size;

	(void)state;
	out_init(&out, -1);
	out_str(&out, "lost");
	assert_false(out_flush(&out));
	assert_int_equal(out.error, EBADF);
	out.fd = fd;
	out_str(&out, "lost, too");
	assert_false(out_flush(&out));
	assert_int_equal(out.error, EBADF);
	assert_int_equal(out.len, 0);
	free(contents(fd, &size));
	assert_int_equal(size, 0);
	close(fd);
}

static int claims, claim_error;

static void count_claims(void *arg)
{
	struct out *o = arg;

	claims++;
	o->error = claim_error;
}

/* claim() is called before each write, not for an empty buffer, and can forbid
 * it. */
static void out_claim_before_writing(void **state)
{
	int fd = memfd_create("out", 0);
	size_t size;
	char *data;

	(void)state;
	claims = claim_error = 0;
	out_init(&out, fd);
	out.claim = count_claims;
	out.claim_arg = &out;
	assert_true(out_flush(&out));
	assert_int_equal(claims, 0);
	out_str(&out, "written");
	assert_int_equal(claims, 0);
	assert_true(out_flush(&out));
	assert_int_equal(claims, 1);
	claim_error = ENOSPC;
	out_str(&out, " lost");
	assert_false(out_flush(&out));
	assert_int_equal(claims, 2);
	assert_int_equal(out.error, ENOSPC);
	data = contents(fd, &size);
	assert_string_equal(data, "written");
	free(data);
	close(fd);
}

/* A place to write at, with bytes behind it that must stay. */
static char place[256];

static char *begin(void)
{
	memset(place, '\xee', sizeof(place));
	return place;
}

/* Checks the text, and that no byte from OUT_SPARE behind it on was touched. */
static void assert_put(char *end, const char *expected)
{
	for (const char *p = end + OUT_SPARE; p < place + sizeof(place); p++)
		assert_int_equal(*p, '\xee');
	assert_int_equal(end - place, strlen(expected));
	assert_memory_equal(place, expected, strlen(expected));
}

/* A number and what is behind it, and numbers of up to eight digits all over. */
static void put_numbers_agree(void **state)
{
	char expected[24];

	(void)state;
	for (unsigned int n = 0; n <= UINT16_MAX; n++) {
		snprintf(expected, sizeof(expected), "%u,", n);
		assert_put(put_u16_field(begin(), (uint16_t)n), expected);
	}
	for (unsigned int n = 0; n < 100000000; n += 997) {
		snprintf(expected, sizeof(expected), "%u", n);
		assert_put(put_u64(begin(), n), expected);
	}
}

static void put_u64_every_length(void **state)
{
	char expected[32];
	uint64_t power = 1;

	(void)state;
	for (int digits = 1; digits <= 20; digits++, power *= 10)
		for (int step = -2; step <= 11; step++) {
			uint64_t n = power + (uint64_t)step;

			snprintf(expected, sizeof(expected), "%" PRIu64, n);
			assert_put(put_u64(begin(), n), expected);
		}
	assert_put(put_u64(begin(), UINT64_MAX), "18446744073709551615");
	for (uint32_t n = 0; n < 10000; n++) {
		snprintf(expected, sizeof(expected), "%u", n);
		assert_put(put_small(begin(), n), expected);
	}
}

static void put_digits_of_all_widths(void **state)
{
	static const uint32_t numbers[] = {
		0, 1, 9, 10, 42, 99, 100, 999, 1000, 9999, 10000, 99999, 100000,
		123456, 999999, 1000000, 10203040, 999999999,
	};
	char expected[32];

	(void)state;
	for (size_t i = 0; i < ITEMS(numbers); i++) {
		uint32_t n = numbers[i];

		snprintf(expected, sizeof(expected), "%02u", n % 100);
		assert_put(put_2_digits(begin(), n % 100), expected);
		snprintf(expected, sizeof(expected), "%04u", n % 10000);
		assert_put(put_4_digits(begin(), n % 10000), expected);
		snprintf(expected, sizeof(expected), "%06u", n % 1000000);
		assert_put(put_6_digits(begin(), n % 1000000), expected);
		assert_put(put_six_digits(begin(), six_digits(n % 1000000)), expected);
		snprintf(expected, sizeof(expected), "%09u", n);
		assert_put(put_9_digits(begin(), n), expected);
		for (int width = 9; width < 15; width++) {
			snprintf(expected, sizeof(expected), "%0*u", width, n);
			assert_put(put_digits(begin(), n, (unsigned int)width),
				   expected);
		}
	}
}

static void put_hex_every_length(void **state)
{
	char expected[16];

	(void)state;
	for (uint32_t n = 0; n <= UINT16_MAX; n++) {
		snprintf(expected, sizeof(expected), "%x", n);
		assert_put(put_hex16(begin(), (uint16_t)n), expected);
	}
	for (unsigned int bit = 0; bit < 32; bit++) {
		uint32_t n = 0x89abcdefu >> bit;

		snprintf(expected, sizeof(expected), "%x", n);
		assert_put(put_hex(begin(), n), expected);
		snprintf(expected, sizeof(expected), "%x", ~n);
		assert_put(put_hex(begin(), ~n), expected);
	}
}

static void put_pad_fills_up(void **state)
{
	char *start = begin();

	(void)state;
	assert_put(put_pad(put_str(start, "ab"), start, 5), "ab   ");
	start = begin();
	assert_put(put_pad(put_str(start, "abcde"), start, 5), "abcde");
	start = begin();
	assert_put(put_pad(put_str(start, "abcdefgh"), start, 5), "abcdefgh");
}

static void text_is_padded_and_cut(void **state)
{
	static const char digits[] = "0123456789012345678901234567890123456789"
				     "0123456789012345678901234567890123456789"
				     "0123456789012345678901234567890123456789";
	struct out_text_64 longer;
	struct out_text_96 longest;
	char expected[96];
	struct out_text t;

	(void)state;
	out_text_64_set(&longer, digits);
	snprintf(expected, sizeof(expected), "%.63s", digits);
	assert_put(put_text_64(begin(), &longer), expected);
	out_text_64_set(&longer, "");
	assert_put(put_text_64(begin(), &longer), "");
	out_text_96_set(&longest, digits);
	snprintf(expected, sizeof(expected), "%.95s", digits);
	assert_put(put_text_96(begin(), &longest), expected);
	out_text_96_set(&longest, "NEW");
	assert_put(put_text_96(begin(), &longest), "NEW");
	out_text_set(&t, "NEW", 11);
	assert_put(put_text(begin(), &t), "NEW        ");
	out_text_set(&t, "ESTABLISHED", 3);
	assert_put(put_text(begin(), &t), "ESTABLISHED");
	out_text_set(&t, "", 0);
	assert_put(put_text(begin(), &t), "");
	out_text_set(&t, "0123456789012345678901234567890123456789", 0);
	assert_put(put_text(begin(), &t), "0123456789012345678901234567890");
	out_text_set(&t, "", 31);
	assert_put(put_text(begin(), &t), "                               ");
}

static void out_str_left_is_padded(void **state)
{
	(void)state;
	out_init(&out, -1);
	out_str_left(&out, "ab", 4);
	out_str_left(&out, "abcd", 4);
	out_str_left(&out, "abcdef", 4);
	out_pad(&out, 2, 4);
	out_pad(&out, 5, 4);
	out_char(&out, '|');
	out.buf[out.len] = '\0';
	assert_string_equal(out.buf, "ab  abcdabcdef  |");
}

#define assert_pair(slow, fast) do { \
	char *fast_end; \
	out_init(&out, -1); \
	slow; \
	fast_end = (fast); \
	*fast_end = '\0'; \
	out.buf[out.len] = '\0'; \
	assert_string_equal(out.buf, place); \
} while (0)

/* Where out_...() and put_...() both exist, their bytes are the same. */
static void pairs_agree(void **state)
{
	static const uint64_t numbers[] = {
		0, 7, 9999, 10000, 99999999, 100000000, UINT64_MAX,
		1000000000119804999,
	};
	union ct_addr a = craft_address("2001:db8::1:0:0:1");
	struct ct_verdict v = { .nwhy = 2 };
	struct second_cache last = { 0 }, micros = { 0 };

	(void)state;
	v.why[0].reason = CT_REASON_TCP_SEQ_OVER;
	v.why[1].reason = CT_REASON_TCP_INVALID_RST;
	for (size_t i = 0; i < ITEMS(numbers); i++) {
		uint64_t n = numbers[i];

		assert_pair(out_u64(&out, n), put_u64(begin(), n));
		assert_pair(out_time_iso(&out, n), put_time_iso(begin(), n, &last));
		assert_pair(out_seconds(&out, n, 6),
			    put_micros(begin(), n, &micros));
	}
	assert_pair(out_str(&out, "text"), put_str(begin(), "text"));
	assert_pair(out_char(&out, 'c'), put_char(begin(), 'c'));
	assert_pair(out_mem(&out, "text", 2), put_mem(begin(), "text", 2));
	assert_pair(out_address(&out, &a, CT_L3_IPV6),
		    put_address(begin(), &a, CT_L3_IPV6));
	assert_pair(out_address(&out, &a, CT_L3_IPV4),
		    put_address(begin(), &a, CT_L3_IPV4));
	assert_pair(out_endpoint(&out, &a, CT_L3_IPV6, true, 80),
		    put_endpoint(begin(), &a, CT_L3_IPV6, true, 80));
	assert_pair(out_reasons(&out, &v), put_reasons(begin(), &v));
}

static void out_foreign_hides_controls(void **state)
{
	static const char text[] = "a\033[31m\xc2\x9b\xc3\xa4\t\x7f.";

	(void)state;
	out.len = 0;
	out_foreign(&out, text, sizeof(text) - 1);
	assert_int_equal(out.len, 12);
	assert_memory_equal(out.buf, "a?[31m?\xc3\xa4??.", 12);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(out_flush_writes),
		cmocka_unit_test(out_full_buffer),
		cmocka_unit_test(out_long_text),
		cmocka_unit_test(out_line_in_one_piece),
		cmocka_unit_test(out_reserve_flushes_in_time),
		cmocka_unit_test(out_error_is_kept),
		cmocka_unit_test(out_claim_before_writing),
		cmocka_unit_test(put_numbers_agree),
		cmocka_unit_test(put_u64_every_length),
		cmocka_unit_test(put_digits_of_all_widths),
		cmocka_unit_test(put_hex_every_length),
		cmocka_unit_test(put_pad_fills_up),
		cmocka_unit_test(text_is_padded_and_cut),
		cmocka_unit_test(out_str_left_is_padded),
		cmocka_unit_test(pairs_agree),
		cmocka_unit_test(out_foreign_hides_controls),
	};

	return cmocka_run_group_tests_name("out", tests, NULL, NULL);
}
