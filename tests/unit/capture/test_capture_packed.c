/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <endian.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * One Ethernet capture of three frames of 60 bytes at 1, 2 and 3 s, each filled
 * with its number, as gzip, zstd, xz, lz4 and bzip2 compress it.
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

static const char *write_packed(struct testbed *t, const struct packed *p,
				size_t len)
{
	struct image im = { .len = 0 };

	put(&im, p->bytes, len);
	return write_file(t, 0, &im);
}

/* Where decompression is left out a message says what to do, and the other tests are
 * skipped. */
static void need_library(struct testbed *t)
{
	if (run_one(t, write_packed(t, &packed[0], packed[0].len)).open ==
	    CAPTURE_OK)
		return;
	assert_said(t, "is compressed with gzip, and ");
	assert_said(t, "; try: zcat /");
	/* The summary of all tests lists these lines. */
	printf("SKIP: built without decompression\n");
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

static void unpack_every_format(void **state)
{
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++) {
		struct outcome o;

		o = run_one(t, write_packed(t, &packed[i], packed[i].len));
		assert_int_equal(t->sink.said, 0);
		assert_three_frames(&o);
	}
}

static void unpack_standard_input(void **state)
{
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put(&im, packed[i].bytes, packed[i].len);
		o = run_piped(t, &im);
		assert_three_frames(&o);
	}
}

/* Cut anywhere: no frame is wrong, and the loss is reported. */
static void unpack_cut_anywhere(void **state)
{
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t n = 6; n < packed[i].len; n++) {
			struct outcome o;

			o = run_one(t, write_packed(t, &packed[i], n));
			if (o.open == CAPTURE_OK && o.frames < 3)
				assert_int_equal(o.damaged, 1);
			if (o.open != CAPTURE_OK || o.frames < 3)
				assert_int_equal(t->sink.said, 1);
			for (unsigned k = 0; k < o.frames; k++)
				assert_int_equal(o.first[k], k + 1);
		}
}

/* A file without a decompressed byte is reported as cut short, not as another
 * kind of file. */
static void unpack_cut_before_first_byte(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++) {
		o = run_one(t, write_packed(t, &packed[i], 11));
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(o.damaged, 1);
		assert_said(t, "0.pcap: cut short at byte 0 of the decompressed data, frame 1: the compressed data ends too early; ");
	}
}

/* A file that lacks its last byte lacks no frame, and one that ends in the middle has
 * those before that: gzip and xz give them to the byte, the others by blocks. */
static void unpack_gives_all_before_the_end(void **state)
{
	/* Sizes with which the first frame, two and all three are whole: by the
	 * programs of these formats, gzip 1.12, zstd 1.5.4, xz 5.4.1, lz4 1.9.4; but
	 * bzip2 1.0.8 discards a block that libbz2 has decompressed, if the end behind
	 * it is missing. */
	static const size_t least[KINDS][3] = { 
		{ 35, 42, 48 },	/* gzip */
		{ 57, 57, 57 },	/* zstd */
		{ 56, 63, 67 },	/* xz */
		{ 67, 67, 67 },	/* lz4 */
		{ 67, 67, 67 },	/* bzip2 */
	 };
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t n = 11; n < packed[i].len; n++) {
			unsigned wanted = 0;
			struct outcome o;

			while (wanted < 3 && n >= least[i][wanted])
				wanted++;
			o = run_one(t, write_packed(t, &packed[i], n));
			if (o.frames != wanted)
				fail_msg("%s: %u frames in %zu bytes, not %u",
					 packed[i].name, o.frames, n, wanted);
			/* The file's header may be cut, too. */
			if (o.damaged != 1 && o.open == CAPTURE_OK)
				fail_msg("%s: no loss in %zu bytes",
					 packed[i].name, n);
		}
}

/* Streams one after another are one; something else behind the last is ignored, but
 * xz permits nothing. */
static void unpack_more_streams(void **state)
{
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++) {
		struct image im = { .len = 0 };
		bool xz = strcmp(packed[i].name, "xz") == 0;
		struct outcome o;

		put(&im, packed[i].bytes, packed[i].len);
		put(&im, "other", 5);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.frames, 3);
		assert_int_equal(o.damaged, xz);
		im.len -= 5;
		put(&im, packed[i].bytes, packed[i].len);
		/* The second header is read as frames. */
		assert_true(run_one(t, write_file(t, 0, &im)).frames > 3);
	}
}

/* The older format of lz4: a magic number, and blocks with their size in front. */
static void unpack_legacy_lz4(void **state)
{
	struct testbed *t = *state;
	struct image plain = { .len = 0 }, im = { .len = 0 };
	struct outcome o;

	need_library(t);
	put_header(&plain, false, MICRO, 65535, 1);
	for (uint8_t i = 1; i <= 3; i++)
		put_record(&plain, false, i, 0, 60, 60, i);
	put(&im, "\x02\x21\x4c\x18", 4);
	for (size_t at = 0; at < plain.len; at += 126) {
		/* A block of 126 literals, and one after it. */
		put32(&im, false, 128);
		put(&im, (uint8_t[2]){ 0xf0, 126 - 15 }, 2);
		put(&im, plain.bytes + at, 126);
	}
	o = run_one(t, write_file(t, 0, &im));
	assert_three_frames(&o);
	assert_int_equal(t->sink.said, 0);
	assert_int_equal(run_piped(t, &im).frames, 3);
	im.len -= 1;
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 1);
	assert_said(t, "cut short at byte ");
	im.bytes[4] = im.bytes[7] = 0xff;
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 0);
	assert_said(t, "damaged at byte 0 of the decompressed data");
}

static void put_random(struct image *im, const struct packed *p, size_t at,
		       uint8_t flip)
{
	put(im, p->bytes, p->len);
	im->bytes[at] ^= flip;
}

/* One wrong bit: whether it is found depends on the format, but reading ends. */
static void unpack_damaged_anywhere(void **state)
{
	struct testbed *t = *state;

	need_library(t);
	for (size_t i = 0; i < KINDS; i++)
		for (size_t n = 0; n < packed[i].len; n++) {
			struct image im = { .len = 0 };

			put_random(&im, &packed[i], n, 1 << n % 8);
			run_one(t, write_file(t, 0, &im));
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

/* A gzip member (RFC 1952) with 'n' bytes in stored blocks. */
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

/* Creates a file in the testbed; its name is in 'path'. */
static FILE *create(const struct testbed *t, const char *name, char path[100])
{
	FILE *fp;

	snprintf(path, 100, "%s/%s", t->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	return fp;
}

/* A capture of 'n' frames of 1000 bytes, compressed; another thread decompresses it. */
static FILE *create_large(const struct testbed *t, uint32_t n, char path[100])
{
	size_t len = 24;
	uint8_t *all = calloc(1, len + n * 1016);
	struct image im = { .len = 0 };
	FILE *fp;

	assert_non_null(all);
	put_header(&im, false, MICRO, 65535, 1);
	memcpy(all, im.bytes, 24);
	for (uint32_t i = 0; i < n; i++) {
		im.len = 0;
		put_record(&im, false, i, 0, 1000, 1000, 7);
		memcpy(all + len, im.bytes, im.len);
		len += im.len;
	}
	fp = create(t, "large.gz", path);
	write_member(fp, all, len);
	assert_int_equal(fflush(fp), 0);
	free(all);
	return fp;
}

/* All of it, a part, and all but what the checksum says. */
static void unpack_large(void **state)
{
	struct testbed *t = *state;
	const char *path_of[1];
	struct capture_options opt = { .files = path_of, .nfiles = 1,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	struct outcome o;
	struct capture *c;
	char path[100];
	FILE *fp;

	need_library(t);
	fp = create_large(t, 5000, path);
	o = run_one(t, path);
	assert_int_equal(o.frames, 5000);
	assert_int_equal(o.damaged, 0);
	path_of[0] = path;
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	for (unsigned i = 0; i < 4; i++)
		assert_int_equal(capture_next(c, b), CAPTURE_OK);
	capture_close(c);
	frame_batch_free(b);
	assert_int_equal(fseek(fp, -8, SEEK_END), 0);
	fputc(0, fp);
	fclose(fp);
	o = run_one(t, path);
	assert_int_equal(o.frames, 5000);
	assert_int_equal(o.damaged, 1);
	assert_said(t, ": incorrect data check; the frames before it are used");
}

/* The frames that were decompressed before the end are used. */
static void unpack_large_cut_short(void **state)
{
	struct testbed *t = *state;
	struct outcome o;
	char path[100];
	FILE *fp;

	need_library(t);
	fp = create_large(t, 1000, path);
	assert_int_equal(ftruncate(fileno(fp), 600000), 0);
	fclose(fp);
	o = run_one(t, path);
	/* A header of 10 bytes, and 5 in front of each block of 60,000. */
	assert_int_equal(o.frames, (600000 - 10 - 10 * 5 - 24) / 1016);
	assert_int_equal(o.damaged, 1);
	assert_said(t, "large.gz: cut short at byte ");
}

/* Bytes in a frame of the capture below, some more than what a block keeps. */
static uint32_t size_of(uint32_t i)
{
	return i % 16 == 15 ? 200000 : i % 8 == 7 ? 66000 : 60 + i * 7 % 1440;
}

static void write_sizes(const struct testbed *t, uint32_t n, char path[100])
{
	uint8_t *all = malloc(n / 16 * 400000 + 200000);
	struct image im = { .len = 0 };
	size_t len = 24;
	FILE *fp;

	assert_non_null(all);
	put_header(&im, false, MICRO, 262144, 1);
	memcpy(all, im.bytes, 24);
	for (uint32_t i = 0; i < n; i++) {
		im.len = 0;
		put32(&im, false, i);
		put32(&im, false, 0);
		put32(&im, false, size_of(i));
		put32(&im, false, size_of(i));
		memcpy(all + len, im.bytes, 16);
		memset(all + len + 16, (int)i % 251, size_of(i));
		len += 16 + size_of(i);
	}
	fp = create(t, "sizes.gz", path);
	write_member(fp, all, len);
	fclose(fp);
	free(all);
}

static void assert_sizes(const struct frame_batch *b, uint32_t n)
{
	for (size_t i = 0; i < frame_batch_count(b); i++, n++) {
		const struct frame *f = frame_batch_get(b, i);

		assert_int_equal(f->caplen, size_of(n));
		assert_int_equal(f->time, n * 1000000000ull);
		for (uint32_t k = 0; k < f->caplen; k++)
			assert_true(f->data[k] == n % 251);
	}
}

/* Frames that begin in one block and end in another, and frames that are longer. */
static void unpack_frames_across_blocks(void **state)
{
	struct testbed *t = *state;
	const char *path_of[1];
	struct capture_options opt = { .files = path_of, .nfiles = 1,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	uint32_t n = 0;
	struct capture *c;
	char path[100];

	need_library(t);
	write_sizes(t, 1000, path);
	path_of[0] = path;
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	for (; capture_next(c, b) == CAPTURE_OK; n += (uint32_t)frame_batch_count(b))
		assert_sizes(b, n);
	assert_int_equal(n, 1000);
	capture_close(c);
	frame_batch_free(b);
}

/* Several gzip members are one stream, as for zcat. */
static void unpack_gzip_members(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	struct outcome o;
	char path[100];
	FILE *fp;

	need_library(t);
	put_seconds(&im, (uint32_t[]){ 1, 2, 3, 0 }, 4);
	fp = create(t, "members.gz", path);
	write_member(fp, im.bytes, 50);
	write_member(fp, im.bytes + 50, 0);
	write_member(fp, im.bytes + 50, im.len - 50);
	fclose(fp);
	o = run_one(t, path);
	assert_int_equal(o.frames, 3);
	assert_int_equal(o.damaged, 0);
}

/* Reads a gzip member with these bytes. */
static struct outcome run_inside(struct testbed *t, const uint8_t *p, size_t n)
{
	char path[100];
	FILE *fp = create(t, "inside.gz", path);

	write_member(fp, p, n);
	fclose(fp);
	return run_one(t, path);
}

static void assert_no_capture_inside(struct testbed *t, const char *text)
{
	struct outcome o = run_inside(t, (const uint8_t *)text, strlen(text));

	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_said(t, "is compressed with gzip, but contains no capture");
}

static void unpack_content(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };

	need_library(t);
	put_section(&im, true);
	put_interface(&im, true, 1, 65535, 6);
	put_packet(&im, true, 5000000, 5);
	put_packet(&im, true, 6000000, 5);
	im.len -= 4;
	assert_int_equal(run_inside(t, im.bytes, im.len).frames, 1);
	assert_said(t, "inside.gz: cut short at byte 152 of the decompressed data, frame 2: ");

	assert_no_capture_inside(t, "a letter, not a capture");
	assert_no_capture_inside(t, "");
}

static void unpack_progress(void **state)
{
	struct testbed *t = *state;
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	uint64_t done, total;
	struct capture *c;

	need_library(t);
	path = write_packed(t, &packed[1], packed[1].len);
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
		TEST(unpack_every_format),
		TEST(unpack_standard_input),
		TEST(unpack_cut_anywhere),
		TEST(unpack_cut_before_first_byte),
		TEST(unpack_gives_all_before_the_end),
		TEST(unpack_more_streams),
		TEST(unpack_legacy_lz4),
		TEST(unpack_damaged_anywhere),
		TEST(unpack_large),
		TEST(unpack_large_cut_short),
		TEST(unpack_frames_across_blocks),
		TEST(unpack_gzip_members),
		TEST(unpack_content),
		TEST(unpack_progress),
	};

	return cmocka_run_group_tests_name("capture_packed", tests, NULL, NULL);
}
