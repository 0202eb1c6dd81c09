/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netdb.h>
#include <pcap/dlt.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>

#include "capture/filter.h"
#include "capture/resolver.h"

/* What the rooms said, one line after the other. */
struct sink {
	struct diag diag;
	unsigned said;
	char text[4000];
};

static void sink_say(void *arg, enum diag_level level, const char *text)
{
	struct sink *s = arg;
	size_t n = strlen(s->text);

	(void)level;
	s->said++;
	snprintf(s->text + n, sizeof(s->text) - n, "%s\n", text);
}

/* A folder for a test's files. */
struct room {
	char dir[64];
	struct sink sink;
};

static int setup(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	if (!r)
		return -1;
	strcpy(r->dir, "/tmp/ctreplay-test.XXXXXX");
	r->sink.diag = (struct diag){ .say = sink_say, .arg = &r->sink };
	*state = r;
	return mkdtemp(r->dir) ? 0 : -1;
}

static int teardown(void **state)
{
	struct room *r = *state;
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", r->dir);
	free(*state);
	return system(command);
}

/* A capture under construction. */
struct image {
	uint8_t bytes[4096];
	size_t len;
};

static void put(struct image *im, const void *p, size_t n)
{
	assert_true(im->len + n <= sizeof(im->bytes));
	memcpy(im->bytes + im->len, p, n);
	im->len += n;
}

static void put32(struct image *im, bool big_endian, uint32_t v)
{
	v = big_endian ? htonl(v) : htole32(v);
	put(im, &v, sizeof(v));
}

static void put16(struct image *im, bool big_endian, uint16_t v)
{
	v = big_endian ? htons(v) : htole16(v);
	put(im, &v, sizeof(v));
}

#define MICRO	0xa1b2c3d4u
#define NANO	0xa1b23c4du

static void put_header(struct image *im, bool be, uint32_t magic,
		       uint32_t snaplen, uint32_t linktype)
{
	put32(im, be, magic);
	put16(im, be, 2);
	put16(im, be, 4);
	put32(im, be, 0);
	put32(im, be, 0);
	put32(im, be, snaplen);
	put32(im, be, linktype);
}

/* A record whose bytes all hold 'fill'. */
static void put_record(struct image *im, bool be, uint32_t sec, uint32_t frac,
		       uint32_t caplen, uint32_t len, uint8_t fill)
{
	put32(im, be, sec);
	put32(im, be, frac);
	put32(im, be, caplen);
	put32(im, be, len);
	for (uint32_t i = 0; i < caplen; i++)
		put(im, &fill, 1);
}

/* An Ethernet capture of frames of 60 bytes, one for each second in 'secs'
 * (0 ends), each filled with 'fill'. */
static void put_seconds(struct image *im, const uint32_t *secs, uint8_t fill)
{
	put_header(im, false, MICRO, 65535, 1);
	for (; *secs; secs++)
		put_record(im, false, *secs, 0, 60, 60, fill);
}

/* Writes a file; its path is good until the next call with the same 'slot'. */
static const char *write_file(struct room *r, unsigned slot,
			      const struct image *im)
{
	static char paths[4][100];
	FILE *fp;

	snprintf(paths[slot], sizeof(paths[slot]), "%s/%u.pcap", r->dir, slot);
	fp = fopen(paths[slot], "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(im->bytes, 1, im->len, fp), im->len);
	fclose(fp);
	return paths[slot];
}

/* What a run over some files gave. */
struct outcome {
	enum capture_status open;
	unsigned damaged;	/* times CAPTURE_DAMAGED */
	unsigned frames;
	struct frame frame[64];	/* without data; 'data' is not to be used */
	uint8_t first[64];	/* the first byte of each frame */
};

static void collect(struct outcome *o, const struct frame_batch *b)
{
	for (size_t i = 0; i < frame_batch_count(b); i++) {
		const struct frame *f = frame_batch_get(b, i);

		if (o->frames < 64) {
			o->frame[o->frames] = *f;
			o->first[o->frames] = f->caplen ? f->data[0] : 0;
		}
		o->frames++;
	}
}

static struct outcome run_options(struct room *r, struct capture_options *opt)
{
	struct frame_batch *b = frame_batch_create();
	struct outcome o = { .frames = 0 };
	enum capture_status status;
	struct capture *c;

	assert_non_null(b);
	r->sink.said = 0;
	r->sink.text[0] = '\0';
	opt->diag = &r->sink.diag;
	o.open = capture_open(&c, opt);
	if (o.open == CAPTURE_OK) {
		while ((status = capture_next(c, b)) != CAPTURE_END) {
			o.damaged += status == CAPTURE_DAMAGED;
			collect(&o, b);
		}
		assert_int_equal(capture_frames(c), o.frames);
	} else {
		assert_null(c);
	}
	capture_close(c);
	frame_batch_free(b);
	return o;
}

static struct outcome run_one(struct room *r, const char *path)
{
	struct capture_options opt = { .files = &path, .nfiles = 1 };

	return run_options(r, &opt);
}

static void assert_said(const struct room *r, const char *part)
{
	if (!strstr(r->sink.text, part))
		fail_msg("'%s' is not in: %s", part, r->sink.text);
}

static void every_header(void **state)
{
	static const struct { bool be; uint32_t magic; uint64_t nsec; } heads[] = {
		{ false, MICRO, 123456000 }, { true, MICRO, 123456000 },
		{ false, NANO, 123456 }, { true, NANO, 123456 },
	};
	struct room *r = *state;

	for (size_t i = 0; i < 4; i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_header(&im, heads[i].be, heads[i].magic, 65535, 1);
		put_record(&im, heads[i].be, 1000, 123456, 60, 1514, 7);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(r->sink.said, 0);
		assert_int_equal(o.frames, 1);
		assert_int_equal(o.frame[0].number, 1);
		assert_int_equal(o.frame[0].time,
				 1000ull * 1000000000 + heads[i].nsec);
		assert_int_equal(o.frame[0].caplen, 60);
		assert_int_equal(o.frame[0].wirelen, 1514);
		assert_int_equal(o.frame[0].linktype, DLT_EN10MB);
		assert_false(o.frame[0].filtered_out);
		assert_int_equal(o.first[0], 7);
	}
}

/* The record header's oddities, each with what becomes of it. */
static void odd_records(void **state)
{
	static const struct {
		uint32_t snaplen, sec, frac, caplen, len;
		uint64_t time;
		uint32_t got_caplen, got_wirelen;
		unsigned said;
	} odd[] = {
		/* more captured than there was */
		{ 65535, 1, 0, 60, 20, 1000000000, 60, 60, 0 },
		/* nothing captured */
		{ 65535, 1, 0, 0, 60, 1000000000, 0, 60, 0 },
		/* longer than the snap length */
		{ 10, 1, 0, 60, 60, 1000000000, 10, 60, 0 },
		/* absurd snap lengths */
		{ 0, 1, 0, 60, 60, 1000000000, 60, 60, 0 },
		{ 0x7fffffff, 1, 0, 60, 60, 1000000000, 60, 60, 0 },
		{ 0xffffffff, 1, 0, 60, 60, 1000000000, 60, 60, 0 },
		/* after 2038 */
		{ 65535, 0xfffffff0, 0, 60, 60, 4294967280000000000, 60, 60, 0 },
		/* fractions of more than a second */
		{ 65535, 1, 1500000, 60, 60, 2500000000, 60, 60, 1 },
	};
	struct room *r = *state;

	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_header(&im, false, MICRO, odd[i].snaplen, 1);
		put_record(&im, false, odd[i].sec, odd[i].frac, odd[i].caplen,
			   odd[i].len, 1);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.frames, 1);
		assert_int_equal(o.damaged, 0);
		assert_int_equal(r->sink.said, odd[i].said);
		assert_int_equal(o.frame[0].time, odd[i].time);
		assert_int_equal(o.frame[0].caplen, odd[i].got_caplen);
		assert_int_equal(o.frame[0].wirelen, odd[i].got_wirelen);
	}
}

/* Fractions and 64-bit seconds that cannot be, in both byte orders. */
static void absurd_stamps(void **state)
{
	struct room *r = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_header(&im, be, MICRO, 65535, 1);
		put_record(&im, be, 0xffffffff, 0xffffffff, 60, 60, 1);
		put_record(&im, be, 0, 0xffffffff, 60, 60, 1);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.frames, 2);
		assert_int_equal(r->sink.said, 1);	/* once a file */
		assert_said(r, "at byte 24 has a time stamp that cannot be");
	}
}

static void put_block(struct image *im, bool be, uint32_t type,
		      const struct image *body)
{
	uint32_t len = (uint32_t)body->len + 12;

	put32(im, be, type);
	put32(im, be, len);
	put(im, body->bytes, body->len);
	put32(im, be, len);
}

static void put_section(struct image *im, bool be)
{
	struct image body = { .len = 0 };

	put32(&body, be, 0x1a2b3c4d);
	put16(&body, be, 1);
	put16(&body, be, 0);
	put32(&body, be, 0xffffffff);
	put32(&body, be, 0xffffffff);
	put_block(im, be, 0x0a0d0d0a, &body);
}

static void put_interface(struct image *im, bool be, uint16_t linktype,
			  uint32_t snaplen, uint8_t tsresol)
{
	struct image body = { .len = 0 };

	put16(&body, be, linktype);
	put16(&body, be, 0);
	put32(&body, be, snaplen);
	put16(&body, be, 9);	/* if_tsresol */
	put16(&body, be, 1);
	put(&body, (uint8_t[4]){ tsresol }, 4);
	put32(&body, be, 0);	/* opt_endofopt */
	put_block(im, be, 1, &body);
}

static void put_packet(struct image *im, bool be, uint64_t time, uint8_t fill)
{
	struct image body = { .len = 0 };

	put32(&body, be, 0);
	put32(&body, be, (uint32_t)(time >> 32));
	put32(&body, be, (uint32_t)time);
	put32(&body, be, 60);
	put32(&body, be, 60);
	for (int i = 0; i < 60; i++)
		put(&body, &fill, 1);
	put_block(im, be, 6, &body);
}

static void pcapng(void **state)
{
	struct room *r = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_section(&im, be);
		put_interface(&im, be, 1, 65535, 9);
		put_packet(&im, be, 1000000000123456789, 5);
		put_packet(&im, be, UINT64_MAX, 6);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(o.frames, 2);
		assert_int_equal(o.frame[0].time, 1000000000123456789);
		assert_int_equal(o.first[1], 6);
		assert_int_equal(r->sink.said, 1);
		assert_true(o.frame[1].time < INT64_MAX);
	}
}

/* With seconds for units, a stamp overflows what nanoseconds can tell. */
static void pcapng_far_future(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 0);
	put_packet(&im, false, UINT64_MAX, 5);		/* negative seconds */
	put_packet(&im, false, INT64_MAX, 6);
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.frames, 2);
	assert_int_equal(o.frame[0].time, 0);
	assert_true(o.frame[1].time > 9000000000000000000);
	assert_true(o.frame[1].time < INT64_MAX);
}

/* libpcap takes one link type and one snap length a file. */
static void pcapng_that_libpcap_refuses(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 6);
	put_interface(&im, false, 0, 65535, 6);
	put_packet(&im, false, 1, 5);
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_said(r, "different link types, split it");
	assert_said(r, "frame.interface_id==0");

	/* Known at the first frame, or later, with what can be read before. */
	im.len = 0;
	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 6);
	put_packet(&im, false, 1, 5);
	put_interface(&im, false, 1, 96, 6);
	put_packet(&im, false, 2, 5);
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.open, CAPTURE_OK);
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "at byte 152, frame 2");
	assert_said(r, "different snap lengths, convert it");

	im.len = 0;
	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 6);
	put_packet(&im, false, 1, 5);
	put_section(&im, true);
	put_interface(&im, true, 1, 65535, 6);
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "at byte 152, frame 2");
	assert_said(r, "different byte orders, convert it");
}

/* The offset is the damaged block's, not that of the ones skipped before. */
static void pcapng_damage_behind_other_blocks(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 }, statistics = { .len = 0 };
	struct outcome o;

	put_section(&im, false);			/* 28 bytes */
	put_interface(&im, false, 1, 65535, 6);		/* 32 */
	put_packet(&im, false, 1, 5);			/* 92 */
	put(&statistics, (uint8_t[12]){ 0 }, 12);
	put_block(&im, false, 5, &statistics);		/* 24 */
	put_block(&im, false, 5, &statistics);		/* 24 */
	put_packet(&im, false, 2, 5);
	im.len -= 10;
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "cut short at byte 200, frame 2");
}

/* Two frames of 60 bytes begin at 24 and 100; where the file is cut. */
static void cut_files(void **state)
{
	static const struct {
		size_t len;
		enum capture_status open;
		unsigned frames, damaged;
		const char *said;
	} cuts[] = {
		{ 0, CAPTURE_USAGE, 0, 0, "is empty" },
		{ 1, CAPTURE_USAGE, 0, 0, "begins with the bytes d4;" },
		{ 4, CAPTURE_USAGE, 0, 0, "header cannot be used" },
		{ 23, CAPTURE_USAGE, 0, 0, "header cannot be used" },
		{ 24, CAPTURE_OK, 0, 0, "" },
		{ 25, CAPTURE_OK, 0, 1, "cut short at byte 24, frame 1:" },
		{ 39, CAPTURE_OK, 0, 1, "cut short at byte 24, frame 1:" },
		{ 40, CAPTURE_OK, 0, 1, "cut short at byte 24, frame 1:" },
		{ 99, CAPTURE_OK, 0, 1, "cut short at byte 24, frame 1:" },
		{ 100, CAPTURE_OK, 1, 0, "" },
		{ 115, CAPTURE_OK, 1, 1, "cut short at byte 100, frame 2:" },
		{ 116, CAPTURE_OK, 1, 1, "cut short at byte 100, frame 2:" },
		{ 175, CAPTURE_OK, 1, 1, "cut short at byte 100, frame 2:" },
		{ 176, CAPTURE_OK, 2, 0, "" },
	};
	struct room *r = *state;

	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 9);
		im.len = cuts[i].len;
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.open, cuts[i].open);
		assert_int_equal(o.frames, cuts[i].frames);
		assert_int_equal(o.damaged, cuts[i].damaged);
		assert_said(r, cuts[i].said);
		assert_int_equal(r->sink.said, cuts[i].said[0] != '\0');
	}
}

static void lying_lengths(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 0 }, 9);
	put32(&im, false, 2);
	put32(&im, false, 0);
	put32(&im, false, 0x7fffffff);
	put32(&im, false, 60);
	put_record(&im, false, 3, 0, 60, 60, 1);
	o = run_one(r, write_file(r, 0, &im));
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "damaged at byte 100, frame 2:");
	assert_said(r, "2147483647");
}

static void no_captures(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} files[] = {
		{ "\x1f\x8b\x08\0", 4, "is compressed with gzip; try: zcat /" },
		{ "\x28\xb5\x2f\xfd", 4, "with zstd; try: zstdcat /" },
		{ "\xfd" "7zXZ\0", 6, "with xz; try: xzcat /" },
		{ "\x04\x22\x4d\x18", 4, "with lz4; try: lz4cat /" },
		{ "BZh91AY", 7, "with bzip2; try: bzcat /" },
		{ "snoop\0\0\0\0\0\0\2", 12, "snoop (RFC 1761) format" },
		{ "GMBU\0\2", 6, "Network Monitor 2 format" },
		{ "#!/bin/sh\n", 10, "begins with the bytes 23 21 2f 62" },
		{ "\n", 1, "begins with the bytes 0a;" },
		{ "\n\r\r\n text", 9, "header cannot be used" },
	};
	struct room *r = *state;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put(&im, files[i].bytes, files[i].len);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.open, CAPTURE_USAGE);
		assert_int_equal(r->sink.said, 1);
		assert_said(r, files[i].said);
	}
}

/* A suggested command quotes a name that a shell would take apart. */
static void odd_names(void **state)
{
	struct room *r = *state;
	char path[100], expected[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/a b.gz", r->dir);
	fp = fopen(path, "w");
	assert_non_null(fp);
	fputs("\x1f\x8b\x08", fp);
	fclose(fp);
	assert_int_equal(run_one(r, path).open, CAPTURE_USAGE);
	snprintf(expected, sizeof(expected), "zcat '%s' | ctreplay -", path);
	assert_said(r, expected);
}

static void no_files(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;

	assert_int_equal(run_one(r, "/nonexistent/x.pcap").open, CAPTURE_USAGE);
	assert_said(r, "/nonexistent/x.pcap: cannot be opened: No such file");
	assert_int_equal(run_one(r, r->dir).open, CAPTURE_USAGE);
	assert_said(r, "is a directory: ");

	put_seconds(&im, (uint32_t[]){ 1, 0 }, 1);
	path = write_file(r, 0, &im);
	chmod(path, 0);
	if (access(path, R_OK) != 0) {	/* root may read all */
		assert_int_equal(run_one(r, path).open, CAPTURE_USAGE);
		assert_said(r, "cannot be opened: Permission denied");
	}
}

static void too_many_files(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct rlimit old, few;
	const char *path, *files[40];
	struct capture_options opt = { .files = files, .nfiles = 40 };
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 0 }, 1);
	path = write_file(r, 0, &im);
	for (size_t i = 0; i < 40; i++)
		files[i] = path;
	getrlimit(RLIMIT_NOFILE, &old);
	few = old;
	few.rlim_cur = 20;
	setrlimit(RLIMIT_NOFILE, &few);
	o = run_options(r, &opt);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_said(r, "ulimit -n");
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 40);
}

static void link_types(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };

	put_header(&im, false, MICRO, 65535, 187);
	assert_int_equal(run_one(r, write_file(r, 0, &im)).open, CAPTURE_USAGE);
	assert_said(r, "link type 187 (BLUETOOTH_HCI_H4, ");
	im.len = 0;
	put_header(&im, false, MICRO, 65535, 64999);
	assert_int_equal(run_one(r, write_file(r, 0, &im)).open, CAPTURE_USAGE);
	assert_said(r, "link type 64999 (unknown to libpcap)");
}

static void merge(void **state)
{
	static const uint32_t secs[3][6] = {
		{ 10, 30, 30, 60, 0 },
		{ 20, 30, 50, 25, 70, 0 },	/* a step back, kept */
		{ 5, 30, 0 },
	};
	static const struct { uint64_t sec; uint8_t file; } expected[] = {
		{ 5, 3 }, { 10, 1 }, { 20, 2 }, { 30, 1 }, { 30, 1 },
		{ 30, 2 }, { 30, 3 }, { 50, 2 }, { 25, 2 }, { 60, 1 },
		{ 70, 2 },
	};
	struct room *r = *state;
	const char *files[3];
	struct capture_options opt = { .files = files, .nfiles = 3 };
	struct outcome o;

	for (unsigned i = 0; i < 3; i++) {
		struct image im = { .len = 0 };

		put_seconds(&im, secs[i], (uint8_t)(i + 1));
		files[i] = write_file(r, i, &im);
	}
	o = run_options(r, &opt);
	assert_int_equal(o.frames, sizeof(expected) / sizeof(expected[0]));
	for (unsigned i = 0; i < o.frames; i++) {
		assert_int_equal(o.frame[i].number, i + 1);
		assert_int_equal(o.frame[i].time, expected[i].sec * 1000000000);
		assert_int_equal(o.first[i], expected[i].file);
	}
}

/* The damage is told when its turn comes, and the other file goes on. */
static void merge_with_a_damaged_file(void **state)
{
	struct room *r = *state;
	struct image bad = { .len = 0 }, good = { .len = 0 };
	const char *files[2];
	struct capture_options opt = { .files = files, .nfiles = 2 };
	struct outcome o;

	put_seconds(&bad, (uint32_t[]){ 1, 3, 0 }, 1);
	put_seconds(&good, (uint32_t[]){ 2, 4, 5, 0 }, 2);
	bad.len -= 5;
	files[0] = write_file(r, 0, &bad);
	files[1] = write_file(r, 1, &good);
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 4);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "0.pcap: cut short at byte 100, frame 2:");
}

static void a_limit_of_frames(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1 };

	put_seconds(&im, (uint32_t[]){ 1, 2, 3, 0 }, 1);
	im.len -= 5;
	path = write_file(r, 0, &im);
	opt.max_frames = 1;
	assert_int_equal(run_options(r, &opt).frames, 1);
	/* The damage is behind the frames asked for. */
	opt.max_frames = 2;
	assert_int_equal(run_options(r, &opt).damaged, 0);
	assert_int_equal(r->sink.said, 0);
	opt.max_frames = 3;
	assert_int_equal(run_options(r, &opt).damaged, 1);
}

/* More frames than a batch holds, and frames as large as libpcap's largest. */
static void large_captures(void **state)
{
	static const struct { uint32_t len; unsigned count; } sizes[] = {
		{ 1, 1000 }, { 1500, 1000 }, { 65535, 20 }, { 262144, 5 },
	};
	struct room *r = *state;
	uint8_t *data = malloc(262144);
	char path[100];

	assert_non_null(data);
	memset(data, 0x5a, 262144);
	snprintf(path, sizeof(path), "%s/large.pcap", r->dir);
	for (size_t i = 0; i < 4; i++) {
		FILE *fp = fopen(path, "w");
		struct image im = { .len = 0 };

		assert_non_null(fp);
		put_header(&im, false, MICRO, 262144, 1);
		fwrite(im.bytes, 1, im.len, fp);
		for (unsigned n = 0; n < sizes[i].count; n++) {
			im.len = 0;
			put_record(&im, false, 1, n, 0, 0, 0);
			memcpy(im.bytes + 8, &sizes[i].len, 4);
			memcpy(im.bytes + 12, &sizes[i].len, 4);
			fwrite(im.bytes, 1, im.len, fp);
			fwrite(data, 1, sizes[i].len, fp);
		}
		fclose(fp);
		assert_int_equal(run_one(r, path).frames, sizes[i].count);
		assert_int_equal(r->sink.said, 0);
	}
	free(data);
}

static void batches_are_aligned_and_kept(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = {
		.files = &path, .nfiles = 1, .diag = &r->sink.diag,
	};
	struct frame_batch *b = frame_batch_create();
	struct capture *c;

	put_header(&im, false, MICRO, 65535, 1);
	for (uint8_t i = 0; i < 20; i++)
		put_record(&im, false, 1, i, 41, 41, i);
	path = write_file(r, 0, &im);
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	assert_int_equal(capture_next(c, b), CAPTURE_OK);
	assert_int_equal(frame_batch_count(b), 20);
	for (size_t i = 0; i < 20; i++) {
		const struct frame *f = frame_batch_get(b, i);

		assert_int_equal((uintptr_t)f->data % 8, 0);
		for (size_t k = 0; k < 41; k++)
			assert_int_equal(f->data[k], i);
	}
	assert_int_equal(capture_bytes(c), 20 * 41);
	assert_int_equal(capture_next(c, b), CAPTURE_END);
	assert_int_equal(frame_batch_count(b), 0);
	capture_close(c);
	frame_batch_free(b);
}

/* Puts the image into a pipe; the reading end. */
static int pipe_with(const struct image *im, int *writer)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], im->bytes, im->len), im->len);
	if (writer)
		*writer = fds[1];
	else
		close(fds[1]);
	return fds[0];
}

static void standard_input(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	int saved = dup(STDIN_FILENO), fd;
	struct capture_options twice = {
		.files = (const char *[]){ "-", "-" }, .nfiles = 2,
	};
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	im.len -= 7;
	fd = pipe_with(&im, NULL);
	dup2(fd, STDIN_FILENO);
	close(fd);
	o = run_one(r, "-");
	dup2(saved, STDIN_FILENO);
	close(saved);
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "standard input: cut short at byte 100, frame 2:");

	assert_int_equal(run_options(r, &twice).open, CAPTURE_USAGE);
	assert_said(r, "only once");
}

static volatile sig_atomic_t stop;

static void on_alarm(int sig)
{
	(void)sig;
	stop = 1;
}

/* A writer that is still there: what it wrote so far is not held back, and a
 * signal ends the wait for more. */
static void a_live_pipe(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	char path[32];
	const char *file = path;
	struct capture_options opt = {
		.files = &file, .nfiles = 1, .diag = &r->sink.diag, .stop = &stop,
	};
	struct sigaction act = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value = { .tv_usec = 50000 } };
	struct frame_batch *b = frame_batch_create();
	struct capture *c;
	int writer, fd;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	fd = pipe_with(&im, &writer);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	assert_int_equal(capture_next(c, b), CAPTURE_OK);
	assert_int_equal(frame_batch_count(b), 2);

	stop = 0;
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(capture_next(c, b), CAPTURE_END);
	assert_true(stop);
	assert_int_equal(r->sink.said, 0);
	stop = 0;
	capture_close(c);
	frame_batch_free(b);
	close(writer);
	close(fd);
}

static void filters(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1 };
	struct outcome o;

	put_header(&im, false, MICRO, 65535, 1);
	put_record(&im, false, 1, 0, 60, 60, 1);
	put_record(&im, false, 2, 0, 60, 60, 2);
	path = write_file(r, 0, &im);
	opt.filter = "ether[0] = 2";
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 2);
	assert_true(o.frame[0].filtered_out);
	assert_false(o.frame[1].filtered_out);
	opt.filter = "";
	o = run_options(r, &opt);
	assert_false(o.frame[0].filtered_out);
	opt.filter = "tcp prot 80";
	assert_int_equal(run_options(r, &opt).open, CAPTURE_USAGE);
	assert_said(r, "filter: 'tcp prot 80': ");
}

/* DLT_NULL's family is in the byte order of the machine that captured. */
static void filters_of_the_other_byte_order(void **state)
{
	struct room *r = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		const char *path;
		struct capture_options opt = {
			.files = &path, .nfiles = 1, .filter = "ip",
		};

		put_header(&im, be, MICRO, 65535, 0);
		put32(&im, be, 1);
		put32(&im, be, 0);
		put32(&im, be, 24);	/* captured, on the wire */
		put32(&im, be, 24);
		put32(&im, be, 2);
		put(&im, "\x45\0\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
		path = write_file(r, 0, &im);
		assert_false(run_options(r, &opt).frame[0].filtered_out);
		opt.filter = "ip6";
		assert_true(run_options(r, &opt).frame[0].filtered_out);
	}
}

static void packet_filters(void **state)
{
	static const uint8_t dns[] =
		"\x45\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"
		"\x30\x39\0\x35\0\x0c\0\0data";
	struct room *r = *state;
	struct bpf_set *set;

	r->sink.said = 0;
	set = bpf_compile("udp port domain and src 10.0.0.1", DLT_RAW,
			  "--notrack", &r->sink.diag);
	assert_non_null(set);
	assert_true(bpf_matches(set, dns, 32, 32));
	assert_false(bpf_matches(set, dns, 15, 32));	/* beyond: no match */
	bpf_set_free(set);
	assert_null(bpf_compile("ether host 1:2:3:4:5:6", DLT_RAW, "--notrack",
				&r->sink.diag));
	assert_said(r, "--notrack: 'ether host");
	bpf_set_free(NULL);
}

/* Even a name that every machine knows without a network is not looked up. */
static void names_are_not_looked_up(void **state)
{
	static const char *const names[] = {
		"host localhost", "host www.example.com", "src localhost",
		"net loopback", "dst net example.com",
	};
	struct room *r = *state;
	struct addrinfo *res = NULL;

	assert_true(resolver_is_ours());
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		r->sink.text[0] = '\0';
		assert_null(bpf_compile(names[i], DLT_RAW, "filter",
					&r->sink.diag));
		assert_said(r, "names are never looked up, write the address");
	}
	assert_int_equal(getaddrinfo("localhost", NULL, NULL, &res), EAI_NONAME);
	assert_int_equal(getaddrinfo("192.0.2.1", "80", NULL, &res), 0);
	freeaddrinfo(res);
}

#define TEST(f)	cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_header),
		TEST(odd_records),
		TEST(absurd_stamps),
		TEST(pcapng),
		TEST(pcapng_far_future),
		TEST(pcapng_that_libpcap_refuses),
		TEST(pcapng_damage_behind_other_blocks),
		TEST(cut_files),
		TEST(lying_lengths),
		TEST(no_captures),
		TEST(odd_names),
		TEST(no_files),
		TEST(too_many_files),
		TEST(link_types),
		TEST(merge),
		TEST(merge_with_a_damaged_file),
		TEST(a_limit_of_frames),
		TEST(large_captures),
		TEST(batches_are_aligned_and_kept),
		TEST(standard_input),
		TEST(a_live_pipe),
		TEST(filters),
		TEST(filters_of_the_other_byte_order),
		TEST(packet_filters),
		TEST(names_are_not_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
