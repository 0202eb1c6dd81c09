/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of write_pcapng.c and pcapng_options.c: what a pcapng file describes is the
 * same in a copy.  The images are made block by block as draft-ietf-opsawg-pcapng
 * says, in both byte orders; a copy has this machine's.
 */
#include "support/captures.h"

#include <endian.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/write.h"

#define HOST_BIG	(__BYTE_ORDER == __BIG_ENDIAN)

/* Sizes of a number in an option; 0: bytes. */
static void put_option(struct image *im, bool be, uint16_t code, const void *value,
		       uint16_t len, bool number)
{
	const uint8_t *p = value;

	put16(im, be, code);
	put16(im, be, len);
	for (uint16_t i = 0; i < len; i++)
		put(im, &p[number && be != HOST_BIG ? len - 1 - i : i], 1);
	put(im, "\0\0\0", -len & 3);
}

static void put_text(struct image *im, bool be, uint16_t code, const char *text)
{
	put_option(im, be, code, text, (uint16_t)strlen(text), false);
}

static void put_head(struct image *im, bool be, const char *comment)
{
	struct image body = { .len = 0 };

	put32(&body, be, 0x1a2b3c4d);
	put16(&body, be, 1);
	put16(&body, be, 0);
	put32(&body, be, UINT32_MAX);
	put32(&body, be, UINT32_MAX);
	if (comment) {
		put_text(&body, be, 1, comment);
		put_text(&body, be, 2, "a machine");
		put_text(&body, be, 3, "a system");
		put_text(&body, be, 4, "a program");
		put32(&body, be, 0);
	}
	put_block(im, be, 0x0a0d0d0a, &body);
}

/* An interface with all kinds of options. */
static void put_named(struct image *im, bool be, uint16_t linktype, const char *name,
		      uint8_t tsresol, int64_t tsoffset)
{
	const uint64_t speed = 1000000000;
	const uint32_t custom[2] = { 32473, 1 };
	struct image body = { .len = 0 };

	put16(&body, be, linktype);
	put16(&body, be, 0);
	put32(&body, be, 96);
	put_text(&body, be, 2, name);
	put_text(&body, be, 3, "an interface");
	put_option(&body, be, 4, "\xc0\0\2\1\xff\xff\xff\0", 8, false);
	put_option(&body, be, 8, &speed, 8, true);
	put_option(&body, be, 9, &tsresol, 1, false);
	put_text(&body, be, 11, "\1not port 22");
	put_option(&body, be, 14, &tsoffset, 8, true);
	put_option(&body, be, 2988, &custom[0], 4, true);
	put32(&body, be, 0);
	put_block(im, be, 1, &body);
}

static void put_commented(struct image *im, bool be, uint32_t interface,
			  uint64_t ticks, const char *comment)
{
	const uint32_t flags = 0x00000001;
	const uint64_t drops = 7;
	struct image body = { .len = 0 };

	put32(&body, be, interface);
	put32(&body, be, (uint32_t)(ticks >> 32));
	put32(&body, be, (uint32_t)ticks);
	put32(&body, be, 59);
	put32(&body, be, 1400);
	for (int i = 0; i < 59; i++)
		put(&body, comment ? comment : "x", 1);
	put(&body, "", 1);
	if (comment) {
		put_text(&body, be, 1, comment);
		put_option(&body, be, 2, &flags, 4, true);
		put_option(&body, be, 3, "\2abcd", 5, false);
		put_option(&body, be, 4, &drops, 8, true);
		put32(&body, be, 0);
	}
	put_block(im, be, 6, &body);
}

/* Copies files to a new one, and reads that as it is. */
static void copy(struct testbed *t, const char *const *from, size_t n,
		 struct image *to)
{
	struct capture_options opt = { .files = from, .nfiles = n,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	struct writer_file file;
	struct writer *w;
	struct capture *c;
	char path[100];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/out.pcapng", t->dir);
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	assert_true(writer_file_open(&file, path, NULL, &t->sink.diag));
	w = writer_open(&file, c, &t->sink.diag);
	assert_non_null(w);
	while (capture_next(c, b) != CAPTURE_END)
		for (size_t i = 0; i < frame_batch_count(b); i++)
			assert_int_equal(writer_frame(w, frame_batch_get(b, i)), 0);
	assert_int_equal(writer_close(w), 0);
	capture_close(c);
	frame_batch_free(b);
	fp = fopen(path, "r");
	assert_non_null(fp);
	to->len = fread(to->bytes, 1, sizeof(to->bytes), fp);
	fclose(fp);
}

static void assert_image(const struct image *is, const struct image *wanted)
{
	assert_int_equal(is->len, wanted->len);
	assert_memory_equal(is->bytes, wanted->bytes, wanted->len);
}

#define TIME	1000000000123ull	/* milliseconds */

/* Two sections, of which the second has other interfaces; in the first, frames of the
 * third of four interfaces only: in the copy the fourth stands 'behind' them. */
static void put_sections(struct image *im, bool be, bool behind)
{
	put_head(im, be, "a comment of the section");
	put_named(im, be, 1, "eth0", 6, 0);
	put_named(im, be, 101, "tun0", 9, 0);
	put_named(im, be, 1, "eth1", 3, -3600);
	if (!behind)
		put_named(im, be, 1, "eth2", 9, 1000);
	put_commented(im, be, 2, TIME + 3600000, "a");
	put_commented(im, be, 2, TIME + 3600001, NULL);
	if (behind)
		put_named(im, be, 1, "eth2", 9, 1000);
	put_head(im, be, NULL);
	put_named(im, be, 101, "tun1", 0, 0);
	put_commented(im, be, 0, 1000000001, "b");
}

/* A file in this machine's byte order is copied byte for byte; one in the other
 * becomes the same. */
static void pcapng_writer_keeps_everything(void **state)
{
	struct testbed *t = *state;
	struct image wanted = { .len = 0 };

	put_sections(&wanted, HOST_BIG, true);
	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 }, out;
		const char *path;

		put_sections(&im, be, false);
		path = write_file(t, 0, &im);
		copy(t, &path, 1, &out);
		assert_image(&out, &wanted);
	}
}

/* Powers of two and picoseconds become nanoseconds, without an offset. */
static void pcapng_writer_changes_odd_units(void **state)
{
	static const struct {
		uint8_t tsresol;
		uint64_t ticks, nanoseconds;
	} cases[] = {
		{ 0x8a, 1000000000ull * 1024 + 512, 1000000000500000000 },
		{ 12, 1000000000123456789ull, 1000000000123456 },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < 2; i++) {
		struct image im = { .len = 0 }, out;
		struct outcome o;
		const char *path;

		put_head(&im, HOST_BIG, "c");
		put_named(&im, HOST_BIG, 1, "eth0", cases[i].tsresol, 0);
		put_commented(&im, HOST_BIG, 0, cases[i].ticks, "a");
		path = write_file(t, 0, &im);
		copy(t, &path, 1, &out);
		/* The resolution moves to the end, the offset is gone. */
		assert_int_equal(out.len, im.len - 12);
		o = run_one(t, write_file(t, 1, &out));
		assert_int_equal(o.frames, 1);
		assert_int_equal(o.frame[0].time, cases[i].nanoseconds);
	}
}

/* Several files are one section, with the interfaces of all; those of pcap files are
 * one for each link type. */
static void pcapng_writer_joins_files(void **state)
{
	struct testbed *t = *state;
	struct image a = { .len = 0 }, b = { .len = 0 }, c = { .len = 0 };
	struct image wanted = { .len = 0 }, out;
	const char *paths[3];

	put_head(&a, HOST_BIG, "a");
	put_named(&a, HOST_BIG, 1, "eth0", 6, 0);
	put_named(&a, HOST_BIG, 1, "eth1", 6, 0);
	put_commented(&a, HOST_BIG, 0, 1000000000, "a");
	put_commented(&a, HOST_BIG, 0, 3000000000, "c");
	put_head(&b, HOST_BIG, "b");
	put_named(&b, HOST_BIG, 101, "tun0", 6, 0);
	put_commented(&b, HOST_BIG, 0, 2000000000, "b");
	put_header(&c, HOST_BIG, MICRO, 65535, 1);
	put_record(&c, HOST_BIG, 4000, 0, 60, 60, 'd');
	paths[0] = write_file(t, 0, &a);
	paths[1] = write_file(t, 1, &b);
	paths[2] = write_file(t, 2, &c);
	copy(t, paths, 3, &out);

	put_head(&wanted, HOST_BIG, "a");
	put_named(&wanted, HOST_BIG, 1, "eth0", 6, 0);
	put_commented(&wanted, HOST_BIG, 0, 1000000000, "a");
	put_named(&wanted, HOST_BIG, 101, "tun0", 6, 0);
	put_commented(&wanted, HOST_BIG, 1, 2000000000, "b");
	put_commented(&wanted, HOST_BIG, 0, 3000000000, "c");
	put_interface(&wanted, HOST_BIG, 1, 262144, 9);
	put_packet_of(&wanted, HOST_BIG, 2, 4000000000000, 'd');
	put_named(&wanted, HOST_BIG, 1, "eth1", 6, 0);
	assert_image(&out, &wanted);
}

/* Interfaces after the last frame, and frames with comments that are copied into a
 * batch one by one, as several files are. */
static void pcapng_writer_keeps_late_interfaces(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 }, out;
	const char *path;

	put_head(&im, HOST_BIG, "c");
	for (int i = 0; i < 12; i++) {
		char name[3] = { 'e', (char)('a' + i), '\0' };

		put_named(&im, HOST_BIG, 1, name, 6, 0);
	}
	put_commented(&im, HOST_BIG, 11, 1000000000, "a");
	put_named(&im, HOST_BIG, 1, "late", 6, 0);
	path = write_file(t, 0, &im);
	copy(t, &path, 1, &out);
	assert_image(&out, &im);
}

/* A section that repeats the one before it describes nothing new. */
static void pcapng_writer_joins_equal_sections(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 }, wanted = { .len = 0 }, out;
	const char *path;

	for (int i = 0; i < 4; i++) {
		put_head(&im, HOST_BIG, "c");
		put_named(&im, HOST_BIG, 1, "eth0", 6, 0);
		/* The last is another one from here on. */
		put_named(&im, HOST_BIG, 1, i < 3 ? "eth1" : "eth2", 6, 0);
		put_commented(&im, HOST_BIG, 1, 1000000000, "a");
	}
	path = write_file(t, 0, &im);
	copy(t, &path, 1, &out);
	for (int i = 0; i < 2; i++) {
		put_head(&wanted, HOST_BIG, "c");
		put_named(&wanted, HOST_BIG, 1, "eth0", 6, 0);
		put_named(&wanted, HOST_BIG, 1, i == 0 ? "eth1" : "eth2", 6, 0);
		for (int k = 0; k < (i == 0 ? 3 : 1); k++)
			put_commented(&wanted, HOST_BIG, 1, 1000000000, "a");
	}
	assert_image(&out, &wanted);
}

/* Options that run past their block are left out; the packet stays. */
static void pcapng_writer_with_broken_options(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 }, wanted = { .len = 0 }, out, body = { .len = 0 };
	const char *path;

	put_head(&im, HOST_BIG, "c");
	put_named(&im, HOST_BIG, 1, "eth0", 6, 0);
	wanted = im;
	for (int i = 0; i < 3; i++)
		put32(&body, HOST_BIG, 0);
	put32(&body, HOST_BIG, 4);
	put32(&body, HOST_BIG, 4);
	put(&body, "abcd", 4);
	put_block(&wanted, HOST_BIG, 6, &body);
	put16(&body, HOST_BIG, 1);
	put16(&body, HOST_BIG, 1000);
	put_block(&im, HOST_BIG, 6, &body);
	path = write_file(t, 0, &im);
	copy(t, &path, 1, &out);
	assert_image(&out, &wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pcapng_writer_keeps_everything),
		TEST(pcapng_writer_changes_odd_units),
		TEST(pcapng_writer_joins_files),
		TEST(pcapng_writer_keeps_late_interfaces),
		TEST(pcapng_writer_joins_equal_sections),
		TEST(pcapng_writer_with_broken_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
