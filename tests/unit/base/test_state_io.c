/* SPDX-License-Identifier: GPL-2.0-only */
/* What state_io.h promises: fields of both ways, chunks, checksums, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/state_io.h"
#include "base/xxh64.h"
#include "support/bag.h"

#define TAG STATE_TAG('T', 'E', 'S', 'T')
#define SEED 7u
#define MANY 100000u	/* 8 bytes each: several chunks */

/* From libxxhash 0.8.1, of the bytes 7 i + i / 13. */
static void xxh64_is_that_of_the_library(void **state)
{
	static const struct { size_t n; uint64_t seed, sum; } cases[] = {
		{ 0, 0, 0xef46db3751d8e999u }, { 1, 12345, 0x18b81924b59e1047u }, { 3, 3 * 12345, 0xdd71162ecc57b3acu },
		{ 31, 31 * 12345, 0x5dc99be800f1d66bu }, { 32, 32 * 12345, 0xe4b3538184e381a7u },
		{ 33, 33 * 12345, 0xd87ec484372d17a8u }, { 199, 199 * 12345, 0xfa4f07dc364429bfu },
		{ 5000, 0, 0xf901950adc520a86u },
	};
	uint8_t bytes[5000];

	(void)state;
	for (unsigned int i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(7 * i + i / 13);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(xxh64(bytes, cases[i].n, cases[i].seed),
				 cases[i].sum);
	/* The specification's own. */
	assert_int_equal(xxh64("abc", 3, 0), 0x44bc2cf5ad770999u);
}

struct things {
	uint8_t a;
	uint16_t b;
	uint32_t c;
	uint64_t d;
	bool e;
	uint8_t text[5];
};

static void things_state(struct state_io *io, struct things *t)
{
	state_begin(io, TAG);
	state_u8(io, &t->a);
	state_u16(io, &t->b);
	state_u32(io, &t->c);
	state_u64(io, &t->d);
	state_bool(io, &t->e);
	state_bytes(io, t->text, sizeof(t->text));
	state_end(io);
}

static void save_things(struct bag *bag)
{
	struct things t = { 1, 2, 3, 4, true, "five" };
	struct state_io io;

	assert_true(state_save_begin(&io, bag_write, bag, SEED));
	things_state(&io, &t);
	assert_true(state_finish(&io));
}

/* The text of the failure, or "". */
static const char *load_things(struct bag *bag, struct things *t, uint64_t seed)
{
	static struct state_io io;

	bag->at = 0;
	assert_true(state_load_begin(&io, bag_read, bag, seed));
	things_state(&io, t);
	return state_finish(&io) ? "" : io.text;
}

static void what_is_saved_is_loaded(void **state)
{
	struct bag bag = { .n = 0 };
	struct things t;

	(void)state;
	save_things(&bag);
	memset(&t, 0xff, sizeof(t));
	assert_string_equal(load_things(&bag, &t, SEED), "");
	assert_int_equal(t.a, 1);
	assert_int_equal(t.b, 2);
	assert_int_equal(t.c, 3);
	assert_int_equal(t.d, 4);
	assert_true(t.e);
	assert_string_equal((const char *)t.text, "five");
	/* Two chunks with their headers. */
	assert_int_equal(bag.n, 2 * STATE_HEADER + 21);
	bag_free(&bag);
}

static void any_changed_byte_is_noticed(void **state)
{
	struct bag bag = { .n = 0 };
	struct things t;

	(void)state;
	save_things(&bag);
	for (size_t i = 0; i < bag.n; i++) {
		bag.p[i] ^= 0x10;
		assert_string_not_equal(load_things(&bag, &t, SEED), "");
		bag.p[i] ^= 0x10;
	}
	for (size_t n = bag.n; n-- > 0; ) {
		bag.n = n;
		assert_non_null(strstr(load_things(&bag, &t, SEED), "cut short"));
	}
	bag_free(&bag);
}

static void a_chunk_of_elsewhere_is_refused(void **state)
{
	struct bag bag = { .n = 0 };
	struct things t;

	(void)state;
	save_things(&bag);
	assert_string_equal(load_things(&bag, &t, SEED + 1), "it is damaged: the "
			    "checksum of the chunk at byte 0 does not fit");
	assert_int_equal(t.d, 0);
	bag_free(&bag);
}

static void numbers_state(struct state_io *io, uint64_t *n, uint32_t tag)
{
	state_begin(io, tag);
	if (io->save) {
		for (uint64_t i = 0; i < MANY; i++)
			state_u64(io, &i);
	} else {
		uint64_t i = 0;

		for (*n = 0; state_more(io); ++*n) {
			state_u64(io, &i);
			if (!state_failed(io))
				assert_int_equal(i, *n);
		}
	}
	state_end(io);
}

static void sections_may_be_long(void **state)
{
	struct bag bag = { .n = 0 };
	struct state_io io;
	uint64_t n;

	(void)state;
	assert_true(state_save_begin(&io, bag_write, &bag, SEED));
	numbers_state(&io, &n, TAG);
	assert_true(state_finish(&io));
	assert_int_equal(bag.n, MANY * 8 + STATE_HEADER *
			 (1 + (MANY * 8 + STATE_CHUNK - 1) / STATE_CHUNK));
	assert_true(state_load_begin(&io, bag_read, &bag, SEED));
	numbers_state(&io, &n, TAG);
	assert_true(state_finish(&io));
	assert_int_equal(n, MANY);
	bag.at = 0;
	assert_true(state_load_begin(&io, bag_read, &bag, SEED));
	numbers_state(&io, &n, STATE_TAG('E', 'L', 'S', 'E'));
	assert_false(state_finish(&io));
	assert_string_equal(io.text, "its chunk at byte 0 is of section TEST, not ELSE");
	assert_int_equal(n, 0);
	bag_free(&bag);
}

static void a_section_has_its_length(void **state)
{
	struct bag bag = { .n = 0 };
	struct state_io io;
	uint32_t n = 0;

	(void)state;
	save_things(&bag);
	assert_true(state_load_begin(&io, bag_read, &bag, SEED));
	state_begin(&io, TAG);
	state_u32(&io, &n);
	state_end(&io);
	assert_false(state_finish(&io));
	assert_string_equal(io.text, "its section TEST is longer than this program knows");
	bag.at = 0;
	assert_true(state_load_begin(&io, bag_read, &bag, SEED));
	state_begin(&io, TAG);
	for (int i = 0; i < 5; i++)
		state_u32(&io, &n);
	assert_false(state_failed(&io));
	state_u32(&io, &n);
	assert_int_equal(n, 0);
	assert_false(state_finish(&io));
	assert_string_equal(io.text, "it is damaged: a field crosses the end of a chunk");
	bag_free(&bag);
}

static void numbers_have_limits(void **state)
{
	struct bag bag = { .n = 0 };
	struct state_io io;
	uint8_t v = 0;

	(void)state;
	save_things(&bag);
	assert_true(state_load_begin(&io, bag_read, &bag, SEED));
	state_begin(&io, TAG);
	state_below8(&io, &v, 2);
	assert_int_equal(v, 1);
	state_below8(&io, &v, 2);
	assert_int_equal(v, 0);
	state_end(&io);
	assert_false(state_finish(&io));
	assert_string_equal(io.text,
			    "section TEST has 2 where less than 2 is possible");
	bag_free(&bag);
}

static void what_cannot_be_written_fails(void **state)
{
	struct bag bag = { .room = STATE_CHUNK };
	struct state_io io;
	uint64_t n;

	(void)state;
	assert_true(state_save_begin(&io, bag_write, &bag, SEED));
	numbers_state(&io, &n, TAG);
	assert_false(state_finish(&io));
	assert_string_equal(io.text, "No space left on device");
	assert_int_equal(state_code(&io), -28);
	bag_free(&bag);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xxh64_is_that_of_the_library),
		cmocka_unit_test(what_is_saved_is_loaded),
		cmocka_unit_test(any_changed_byte_is_noticed),
		cmocka_unit_test(a_chunk_of_elsewhere_is_refused),
		cmocka_unit_test(sections_may_be_long),
		cmocka_unit_test(a_section_has_its_length),
		cmocka_unit_test(numbers_have_limits),
		cmocka_unit_test(what_cannot_be_written_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
