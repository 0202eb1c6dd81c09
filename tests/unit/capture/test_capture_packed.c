/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * One capture, an Ethernet one of three frames of 60 bytes at 1, 2 and 3 s,
 * each filled with its number, as gzip, zstd, xz, lz4 and bzip2 make it.
 */
static const char gzip_file[] =
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xbb\x72\x78\xd3\x42\x26"
	"\x06\x16\x06\x18\xf8\xff\x9f\x81\x81\x91\x01\x82\x41\xc0\x06\x8a"
	"\x19\x29\x00\x4c\x68\x66\x31\x51\x00\x98\xd1\xcc\x62\xa6\x00\x00"
	"\x00\xce\x10\x12\x11\xfc\x00\x00\x00";

static const char zstd_file[] =
	"\x28\xb5\x2f\xfd\x20\xfc\x85\x01\x00\xe2\x81\x06\x0e\xe0\xe9\x30"
	"\xab\x02\x02\x02\x00\x0c\x60\x66\x6f\x29\x53\x00\x2d\xe5\xff\xe7"
	"\xcf\xbf\x3b\xee\x50\x59\x07\x20\x60\x74\xe6\x20\x89\xdd\xc1\x12"
	"\x7b\x74\x02\xf2\x86\xbc\x08\xc7\x05";

static const char xz_file[] =
	"\xfd\x37\x7a\x58\x5a\x00\x00\x01\x69\x22\xde\x36\x02\x00\x21\x01"
	"\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x00\xfb\x00\x24\x5d\x00\x6a"
	"\x30\xd1\xc8\x7d\x8b\xf8\x09\x9b\xad\x94\x4b\x8a\xf2\xff\xfa\x2a"
	"\x5a\x6e\xdc\x86\x4d\x3b\x8c\x9b\x4a\x36\xad\xd5\x96\x24\xf9\xb5"
	"\xb0\xe6\xda\x00\xce\x10\x12\x11\x00\x01\x3c\xfc\x01\x00\x00\x00"
	"\x32\xc9\x95\x85\x3e\x30\x0d\x8b\x02\x00\x00\x00\x00\x01\x59\x5a";

static const char lz4_file[] =
	"\x04\x22\x4d\x18\x64\x40\xa7\x38\x00\x00\x00\x84\xd4\xc3\xb2\xa1"
	"\x02\x00\x04\x00\x01\x00\x62\xff\xff\x00\x00\x01\x00\x04\x00\x00"
	"\x10\x00\x13\x3c\x04\x00\x1f\x01\x01\x00\x28\x1b\x02\x4c\x00\x1f"
	"\x02\x01\x00\x28\x1b\x03\x4c\x00\x1f\x03\x01\x00\x23\x50\x03\x03"
	"\x03\x03\x03\x00\x00\x00\x00\x09\xd3\x32\x68";

static const char bzip2_file[] =
	"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\x7b\x77\xf1\x4d\x00\x00"
	"\x25\x48\x1e\xfe\x00\x00\x44\x20\x00\x10\x00\x08\x00\x04\x00\x00"
	"\x00\xa0\x00\x54\x40\x34\x00\x36\x94\xf4\x80\x9e\xa3\xc4\xa9\xb3"
	"\x29\x31\xdb\x42\x5a\x61\x47\x3b\x28\x98\xe0\xc5\x9a\x90\x67\xbe"
	"\xbd\xf6\xfc\x5d\xc9\x14\xe1\x42\x41\xed\xdf\xc5\x34";

#define FILE_OF(s)	s, sizeof(s) - 1

static const struct packed {
	const char *name;
	const char *bytes;
	size_t len;
	const char *cat;
} packed[] = {
	{ "gzip", FILE_OF(gzip_file), "zcat" },
	{ "zstd", FILE_OF(zstd_file), "zstdcat" },
	{ "xz", FILE_OF(xz_file), "xzcat" },
	{ "lz4", FILE_OF(lz4_file), "lz4cat" },
	{ "bzip2", FILE_OF(bzip2_file), "bzcat" },
};

#define KINDS	(sizeof(packed) / sizeof(packed[0]))

static const char *write_packed(struct room *r, const struct packed *p,
				size_t len)
{
	struct image im = { .len = 0 };

	put(&im, p->bytes, len);
	return write_file(r, 0, &im);
}

/* Where libarchive is not to be had, what to do instead is told, and the other
 * tests have nothing to test. */
static void need_library(struct room *r)
{
	if (run_one(r, write_packed(r, &packed[0], packed[0].len)).open ==
	    CAPTURE_OK)
		return;
	assert_said(r, "is compressed with gzip, and ");
	assert_said(r, "; try: zcat /");
	/* A line that whoever runs all tests looks for. */
	printf("SKIP: libarchive cannot be loaded (Debian: libarchive13)\n");
	fflush(stdout);
	skip();
}

static void assert_three_frames(const struct outcome *o)
{
	assert_int_equal(o->open, CAPTURE_OK);
	assert_int_equal(o->frames, 3);
	assert_int_equal(o->damaged, 0);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(o->frame[i].time, (i + 1) * 1000000000ull);
		assert_int_equal(o->frame[i].caplen, 60);
		assert_int_equal(o->first[i], i + 1);
	}
}

static void every_kind(void **state)
{
	struct room *r = *state;

	need_library(r);
	for (size_t i = 0; i < KINDS; i++) {
		struct outcome o;

		o = run_one(r, write_packed(r, &packed[i], packed[i].len));
		assert_int_equal(r->sink.said, 0);
		assert_three_frames(&o);
	}
}

static void standard_input(void **state)
{
	struct room *r = *state;

	need_library(r);
	for (size_t i = 0; i < KINDS; i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put(&im, packed[i].bytes, packed[i].len);
		o = run_piped(r, &im);
		assert_three_frames(&o);
	}
}

/* Cut anywhere: no frame is wrong, and the loss is told. */
static void cut_anywhere(void **state)
{
	struct room *r = *state;

	need_library(r);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t n = 6; n < packed[i].len; n++) {
			struct outcome o;

			o = run_one(r, write_packed(r, &packed[i], n));
			if (o.open == CAPTURE_OK && o.frames < 3)
				assert_int_equal(o.damaged, 1);
			if (o.open != CAPTURE_OK || o.frames < 3)
				assert_int_equal(r->sink.said, 1);
			for (unsigned k = 0; k < o.frames; k++)
				assert_int_equal(o.first[k], k + 1);
		}
}

/* Nothing of a file is not "no capture": it is one that is cut short. */
static void cut_at_once(void **state)
{
	struct room *r = *state;
	struct outcome o;

	need_library(r);
	o = run_one(r, write_packed(r, &packed[0], 30));
	assert_int_equal(o.open, CAPTURE_OK);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "0.pcap: cut short at byte 0 of what it unpacks to, frame 1: ");
	assert_said(r, "; to get some more, try: zcat /");
}

static void put_random(struct image *im, const struct packed *p, size_t at,
		       uint8_t flip)
{
	put(im, p->bytes, p->len);
	im->bytes[at] ^= flip;
}

/* A bit wrong: there may be a checksum against it or not, but it ends. */
static void damaged_anywhere(void **state)
{
	struct room *r = *state;

	need_library(r);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t n = 0; n < packed[i].len; n++) {
			struct image im = { .len = 0 };

			put_random(&im, &packed[i], n, 1 << n % 8);
			run_one(r, write_file(r, 0, &im));
		}
}

static uint32_t crc32(const uint8_t *p, size_t n)
{
	uint32_t crc = ~0u;

	while (n--) {
		crc ^= *p++;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

/* A gzip member (RFC 1952) that stores 'n' bytes as they are. */
static void write_member(FILE *fp, const uint8_t *p, size_t n)
{
	uint32_t crc = htole32(crc32(p, n)), len = htole32((uint32_t)n);

	fwrite("\x1f\x8b\x08\0\0\0\0\0\0\xff", 1, 10, fp);
	for (size_t done = 0, part; done < n || n == 0; done += part) {
		uint16_t words[2];

		part = n - done < 60000 ? n - done : 60000;
		words[0] = htole16((uint16_t)part);
		words[1] = (uint16_t)~words[0];
		fputc(done + part == n, fp);	/* the last block? */
		fwrite(words, 2, 2, fp);
		fwrite(p + done, 1, part, fp);
		if (n == 0)
			break;
	}
	fwrite(&crc, 4, 1, fp);
	fwrite(&len, 4, 1, fp);
}

/* A file of the room, its name into 'path'. */
static FILE *create(const struct room *r, const char *name, char path[100])
{
	FILE *fp;

	snprintf(path, 100, "%s/%s", r->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	return fp;
}

/* What was unpacked before the end counts. */
static void a_large_one_cut_short(void **state)
{
	struct room *r = *state;
	size_t room = 24 + 1000 * 1016, len = 24;
	uint8_t *all = calloc(1, room);
	struct image im = { .len = 0 };
	struct outcome o;
	char path[100];
	FILE *fp;

	need_library(r);
	assert_non_null(all);
	put_header(&im, false, MICRO, 65535, 1);
	memcpy(all, im.bytes, 24);
	for (uint32_t i = 0; i < 1000; i++) {
		im.len = 0;
		put_record(&im, false, i, 0, 1000, 1000, 7);
		memcpy(all + len, im.bytes, im.len);
		len += im.len;
	}
	fp = create(r, "large.gz", path);
	write_member(fp, all, len);
	assert_int_equal(fflush(fp), 0);
	assert_int_equal(ftruncate(fileno(fp), 600000), 0);
	fclose(fp);
	o = run_one(r, path);
	assert_in_range(o.frames, (600000 - 2 * 65536) / 1016, 600000 / 1016);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "large.gz: cut short at byte ");
	free(all);
}

/* Several gzip members are one stream, as with zcat. */
static void members(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct outcome o;
	char path[100];
	FILE *fp;

	need_library(r);
	put_seconds(&im, (uint32_t[]){ 1, 2, 3, 0 }, 4);
	fp = create(r, "members.gz", path);
	write_member(fp, im.bytes, 50);
	write_member(fp, im.bytes + 50, 0);
	write_member(fp, im.bytes + 50, im.len - 50);
	fclose(fp);
	o = run_one(r, path);
	assert_int_equal(o.frames, 3);
	assert_int_equal(o.damaged, 0);
}

/* One gzip member with this in it. */
static struct outcome run_inside(struct room *r, const uint8_t *p, size_t n)
{
	char path[100];
	FILE *fp = create(r, "inside.gz", path);

	write_member(fp, p, n);
	fclose(fp);
	return run_one(r, path);
}

static void assert_no_capture_inside(struct room *r, const char *text)
{
	struct outcome o = run_inside(r, (const uint8_t *)text, strlen(text));

	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_said(r, "is compressed with gzip, but what it unpacks to is not");
}

static void what_is_inside(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };

	need_library(r);
	put_section(&im, true);
	put_interface(&im, true, 1, 65535, 6);
	put_packet(&im, true, 5000000, 5);
	put_packet(&im, true, 6000000, 5);
	im.len -= 4;
	assert_int_equal(run_inside(r, im.bytes, im.len).frames, 1);
	assert_said(r, "inside.gz: cut short at byte 152 of what it unpacks to, frame 2: ");

	assert_no_capture_inside(r, "a letter, not a capture");
	assert_no_capture_inside(r, "");
}

static void progress(void **state)
{
	struct room *r = *state;
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1,
				       .diag = &r->sink.diag };
	struct frame_batch *b = frame_batch_create();
	uint64_t done, total;
	struct capture *c;

	need_library(r);
	path = write_packed(r, &packed[1], packed[1].len);
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	capture_progress(c, &done, &total);
	assert_int_equal(total, packed[1].len);
	while (capture_next(c, b) != CAPTURE_END)
		;
	capture_progress(c, &done, &total);
	assert_int_equal(done, packed[1].len);
	assert_int_equal(total, packed[1].len);
	capture_close(c);
	frame_batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_kind),
		TEST(standard_input),
		TEST(cut_anywhere),
		TEST(cut_at_once),
		TEST(damaged_anywhere),
		TEST(a_large_one_cut_short),
		TEST(members),
		TEST(what_is_inside),
		TEST(progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
