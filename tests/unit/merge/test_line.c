/* SPDX-License-Identifier: GPL-2.0-only */
/* test_line.c - lines of any length, wherever they end in the buffer. */
#include "support/rig.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "merge/line.h"

static const struct stop go_on = { .fd = -1 };

static int file_of(const void *data, size_t n)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

/* A line of 'n' letters that tell its number. */
static size_t put_line(char *to, unsigned int number, size_t n)
{
	memset(to, 'a' + (int)(number % 26), n);
	to[n] = '\n';
	return n + 1;
}

static const size_t lengths[] = {
	0, 1, 100, 16383, 16384, 32766, 32767, 32768, 32769, 100000, 3, 0, 65535, 65536,
	LINE_MAX_BYTES, 5, LINE_MAX_BYTES - 1, 7,
};

#define LINES	ITEMS(lengths)

static void lines_of_any_length(void **state)
{
	char *data = malloc(4u << 20), *wanted = malloc(LINE_MAX_BYTES + 1);
	size_t n = 0, len, offset = 0;
	struct line_reader r;
	const char *text;

	(void)state;
	for (unsigned int i = 0; i < LINES; i++)
		n += put_line(data + n, i, lengths[i]);
	line_reader_init(&r, file_of(data, n), &go_on);
	for (unsigned int i = 0; i < LINES; i++) {
		assert_int_equal(line_next(&r, &text, &len), LINE_READ);
		put_line(wanted, i, lengths[i]);
		assert_int_equal(len, lengths[i]);
		assert_memory_equal(text, wanted, len);
		assert_int_equal(r.number, i + 1);
		assert_int_equal(r.offset, offset);
		offset += len + 1;
	}
	assert_int_equal(line_next(&r, &text, &len), LINE_END);
	/* The buffer of the long lines is given back. */
	assert_true(r.capacity < 65536);
	assert_int_equal(line_next(&r, &text, &len), LINE_END);
	close(r.fd);
	line_reader_free(&r);
	free(data);
	free(wanted);
}

static void last_line_without_newline(void **state)
{
	struct line_reader r;
	const char *text;
	size_t len;

	(void)state;
	line_reader_init(&r, file_of("a\n\nbc", 5), &go_on);
	assert_int_equal(line_next(&r, &text, &len), LINE_READ);
	assert_int_equal(line_next(&r, &text, &len), LINE_READ);
	assert_int_equal(len, 0);
	assert_int_equal(line_next(&r, &text, &len), LINE_READ);
	assert_int_equal(len, 2);
	assert_memory_equal(text, "bc", 2);
	assert_int_equal(r.offset, 3);
	assert_int_equal(line_next(&r, &text, &len), LINE_END);
	close(r.fd);
	line_reader_free(&r);
}

static void line_that_is_too_long(void **state)
{
	char *data = malloc(LINE_MAX_BYTES + 4);
	struct line_reader r;
	const char *text;
	size_t len;

	(void)state;
	memset(data, 'x', LINE_MAX_BYTES + 4);
	memcpy(data, "a\n", 2);
	/* One byte too many, with a newline behind it and without. */
	for (int newline = 0; newline < 2; newline++) {
		data[LINE_MAX_BYTES + 3] = newline ? '\n' : 'x';
		line_reader_init(&r, file_of(data, LINE_MAX_BYTES + 4), &go_on);
		assert_int_equal(line_next(&r, &text, &len), LINE_READ);
		assert_int_equal(line_next(&r, &text, &len), LINE_LONG);
		assert_int_equal(r.number, 2);
		assert_int_equal(r.offset, 2);
		close(r.fd);
		line_reader_free(&r);
	}
	free(data);
}

static void reading_fails_or_stops(void **state)
{
	const struct stop stopped = { .set = 1, .fd = -1 };
	struct line_reader r;
	const char *text;
	size_t len;

	(void)state;
	line_reader_init(&r, -1, &go_on);
	assert_int_equal(line_next(&r, &text, &len), LINE_ERROR);
	assert_int_not_equal(r.error, 0);
	line_reader_free(&r);
	line_reader_init(&r, file_of("a\n", 2), &stopped);
	assert_int_equal(line_next(&r, &text, &len), LINE_STOPPED);
	close(r.fd);
	line_reader_free(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_of_any_length),
		cmocka_unit_test(last_line_without_newline),
		cmocka_unit_test(line_that_is_too_long),
		cmocka_unit_test(reading_fails_or_stops),
	};

	return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}
