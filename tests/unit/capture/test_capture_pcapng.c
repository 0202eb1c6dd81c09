/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <pcap/dlt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "capture/pcapng_time.h"

#define SEC		1000000000ull
#define ITEMS(a)	(sizeof(a) / sizeof((a)[0]))
#define STATISTICS	5
#define OLD_PACKET	2
#define SIMPLE		3

/* A section and an interface of microseconds: 60 bytes. */
static void put_start(struct image *im, bool be, uint16_t linktype)
{
	put_section(im, be);
	put_interface(im, be, linktype, 65535, 6);
}

static void pcapng_nanoseconds(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_section(&im, be);
		put_interface(&im, be, 1, 65535, 9);
		put_packet(&im, be, 1000000000123456789, 5);
		put_packet(&im, be, UINT64_MAX, 6);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(o.frames, 2);
		assert_int_equal(o.frame[0].time, 1000000000123456789);
		assert_int_equal(o.first[1], 6);
		assert_int_equal(t->sink.said, 1);	/* year 2554 */
		assert_true(o.frame[1].time < INT64_MAX);
	}
}

/* In units of seconds a stamp exceeds 64 bits of nanoseconds. */
static void pcapng_stamps_beyond_limit(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 0);
	put_packet(&im, false, UINT64_MAX, 5);
	put_packet(&im, false, INT64_MAX, 6);
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 2);
	for (int i = 0; i < 2; i++) {
		assert_true(o.frame[i].time > 9000000000000000000);
		assert_true(o.frame[i].time < INT64_MAX);
	}
	assert_int_equal(t->sink.said, 1);
	assert_said(t, "invalid time stamp in the record at byte 60;");
}

static void pcapng_time_table(void **state)
{
	static const struct {
		uint8_t tsresol;
		int64_t offset;
		uint64_t ticks;
		int64_t sec;
		uint32_t nsec;
	} cases[] = {
		{ 6, 0, 1000000123456, 1000000, 123456000 },
		{ 9, 0, 1000000123456789, 1000000, 123456789 },
		{ 0, 0, 77, 77, 0 },
		{ 3, 0, 77001, 77, 1000000 },
		{ 12, 0, 77000000000999, 77, 0 },	/* truncated, not rounded */
		{ 12, 0, 77000000001999, 77, 1 },
		{ 18, 0, 1500000000000000000, 1, 500000000 },
		{ 19, 0, UINT64_MAX, 1, 844674407 },
		{ 20, 0, UINT64_MAX, 0, 184467440 },
		{ 127, 0, UINT64_MAX, 0, 0 },
		/* powers of two */
		{ 0x80, 0, 77, 77, 0 },
		{ 0x81, 0, 3, 1, 500000000 },
		{ 0x80 | 10, 0, 1024 + 256, 1, 250000000 },
		{ 0x80 | 20, 0, (5ull << 20) + 1, 5, 953 },
		{ 0x80 | 32, 0, (5ull << 32) + (1ull << 31), 5, 500000000 },
		{ 0x80 | 63, 0, UINT64_MAX, 1, 999999999 },
		{ 0x80 | 64, 0, 1ull << 63, 0, 500000000 },
		{ 0x80 | 64, 0, UINT64_MAX, 0, 999999999 },
		{ 0x80 | 65, 0, UINT64_MAX, 0, 499999999 },
		{ 0xff, 0, UINT64_MAX, 0, 0 },
		/* offsets */
		{ 6, 1000, 5000000, 1005, 0 },
		{ 6, -6, 5500000, -1, 500000000 },
		{ 0, INT64_MIN, UINT64_MAX, -1, 0 },
		{ 0, INT64_MAX, UINT64_MAX, INT64_MAX, 0 },
		{ 0, 1, INT64_MAX, INT64_MAX, 0 },
	};
	(void)state;

	for (size_t i = 0; i < ITEMS(cases); i++) {
		int64_t sec;
		uint32_t nsec;

		pcapng_time(cases[i].tsresol, cases[i].offset, cases[i].ticks,
			    &sec, &nsec);
		if (sec != cases[i].sec || nsec != cases[i].nsec)
			fail_msg("case %zu: %lld.%09u", i, (long long)sec, nsec);
	}
	assert_false(pcapng_time_is_fine(6));
	assert_true(pcapng_time_is_fine(7));
	assert_false(pcapng_time_is_fine(0x80 | 6));
	assert_true(pcapng_time_is_fine(0x80 | 7));
}

/* Link types, snap lengths and resolutions may differ within a section, which
 * libpcap refuses. */
static void pcapng_interfaces_differ(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_section(&im, be);
		put_interface(&im, be, 1, 65535, 6);
		put_interface(&im, be, 101, 96, 9);
		put_packet_of(&im, be, 1, 2 * SEC, 5);
		put_packet_of(&im, be, 0, 3000000, 6);
		put_interface(&im, be, 0, 0, 3);
		put_packet_of(&im, be, 2, 4000, 7);
		put_packet_of(&im, be, 1, 5 * SEC, 8);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(t->sink.said, 0);
		assert_int_equal(o.frames, 4);
		for (unsigned i = 0; i < 4; i++) {
			static const int types[] = {
				DLT_RAW, DLT_EN10MB, DLT_NULL, DLT_RAW,
			};

			assert_int_equal(o.frame[i].number, i + 1);
			assert_int_equal(o.frame[i].time, (i + 2) * SEC);
			assert_int_equal(o.frame[i].linktype, types[i]);
			assert_int_equal(o.first[i], 5 + i);
		}
	}
}

/* Each section has its own byte order and its own interfaces. */
static void pcapng_sections(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_start(&im, false, 1);
	put_interface(&im, false, 101, 65535, 6);
	put_packet(&im, false, 1000000, 5);
	put_section(&im, true);
	put_interface(&im, true, 0, 65535, 9);
	put_packet(&im, true, 2 * SEC, 6);
	put_section(&im, true);
	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 3);
	put_packet(&im, false, 3000, 7);
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(t->sink.said, 0);
	assert_int_equal(o.frames, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(o.frame[i].time, (i + 1) * SEC);
		assert_int_equal(o.first[i], 5 + i);
	}
	assert_int_equal(o.frame[1].linktype, DLT_NULL);

	/* An interface of the first section does not exist in the second. */
	put_section(&im, false);
	put_packet(&im, false, 1000000, 5);
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 3);
	assert_int_equal(o.damaged, 1);
	assert_said(t, "frame 4: a packet of interface 0, but 0 interfaces are described");
}

static void pcapng_old_packets(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 }, body = { .len = 0 };
		struct outcome o;

		put_start(&im, be, 1);
		put_interface(&im, be, 101, 65535, 6);
		put16(&body, be, 1);		/* interface */
		put16(&body, be, 0xffff);	/* the number of drops is unknown */
		put32(&body, be, 0);
		put32(&body, be, 7000000);
		put32(&body, be, 3);
		put32(&body, be, 60);
		put(&body, "abc", 4);
		put_block(&im, be, OLD_PACKET, &body);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.frames, 1);
		assert_int_equal(o.frame[0].time, 7 * SEC);
		assert_int_equal(o.frame[0].caplen, 3);
		assert_int_equal(o.frame[0].wirelen, 60);
		assert_int_equal(o.frame[0].linktype, DLT_RAW);
		assert_int_equal(o.first[0], 'a');
	}
}

static void put_simple(struct image *im, bool be, uint32_t wirelen, uint32_t n)
{
	struct image body = { .len = 0 };

	put32(&body, be, wirelen);
	for (uint32_t i = 0; i < n; i++)
		put(&body, "s", 1);
	put_block(im, be, SIMPLE, &body);
}

/* Packets without a stamp get the time of the one before.  The snap length limits
 * their captured bytes, the rest of the block is padding. */
static void pcapng_simple_packets(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_section(&im, be);
		put_interface(&im, be, 1, 10, 6);
		put_packet(&im, be, 500000, 5);
		put_packet(&im, be, 1000000, 5);
		put_simple(&im, be, 60, 12);
		put_simple(&im, be, 7, 8);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.frames, 4);
		assert_int_equal(o.frame[2].time, SEC);
		assert_int_equal(o.frame[2].caplen, 10);
		assert_int_equal(o.frame[2].wirelen, 60);
		assert_int_equal(o.frame[3].caplen, 7);
		assert_int_equal(o.frame[3].wirelen, 7);
		assert_int_equal(t->sink.said, 1);
		assert_said(t, "packet at byte 244 has no time stamp");
	}
}

/* A custom block, and one that is larger than a single read. */
static void pcapng_skips_other_blocks(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 }, body = { .len = 0 };
	uint32_t len = 300000, zero = 0;
	struct outcome o;
	const char *path;
	FILE *fp;

	put(&body, "anything", 8);
	put_start(&im, false, 1);
	put_block(&im, false, 0x40000bad, &body);
	put_block(&im, false, 0xffffffff, &body);
	put_packet(&im, false, 1000000, 5);
	path = write_file(t, 0, &im);
	fp = fopen(path, "a");
	fwrite("\x0a\0\0\0", 1, 4, fp);
	fwrite(&len, 1, 4, fp);
	for (uint32_t i = 12; i < len; i += 4)
		fwrite(&zero, 1, 4, fp);
	fwrite(&len, 1, 4, fp);
	im.len = 0;
	put_packet(&im, false, 2000000, 6);
	fwrite(im.bytes, 1, im.len, fp);
	fclose(fp);
	o = run_one(t, path);
	assert_int_equal(o.frames, 2);
	assert_int_equal(o.first[1], 6);
	assert_int_equal(t->sink.said, 0);
}

/* Valid and invalid options of an interface. */
static void pcapng_interface_options(void **state)
{
	static const struct {
		const char *options;
		size_t len;
		uint64_t time;		/* of 5,000,000 ticks; 0: damaged */
		const char *said;
	} cases[] = {
		{ "", 0, 5 * SEC, "" },
		{ "\0\0\0\0", 4, 5 * SEC, "" },
		/* bytes after the end of the options */
		{ "\0\0\0\0\xff\xff\xff\xff", 8, 5 * SEC, "" },
		/* comments and others, padded */
		{ "\1\0\5\0hello\0\0\0\2\0\1\0e\0\0\0\x09\0\1\0\3\0\0\0", 28, 5000 * SEC, "" },
		/* without an end */
		{ "\x09\0\1\0\3\0\0\0", 8, 5000 * SEC, "" },
		{ "\x0e\0\x08\0\x0a\0\0\0\0\0\0\0", 12, 15 * SEC, "" },
		{ "\x0e\0\x08\0\xfc\xff\xff\xff\xff\xff\xff\xff", 12, 1 * SEC, "" },
		{ "\x09\0\1\0", 4, 0, "runs past the end of its block" },
		{ "\1\0\xff\xff", 4, 0, "runs past the end of its block" },
		{ "\1\0\5\0hell", 8, 0, "runs past the end of its block" },
		{ "\x09\0\0\0", 4, 0, "resolution has 0 bytes, not 1" },
		{ "\x09\0\2\0\6\0\0\0", 8, 0, "resolution has 2 bytes, not 1" },
		{ "\x0e\0\x04\0\0\0\0\0", 8, 0, "time offset has 4 bytes, not 8" },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct image im = { .len = 0 }, body = { .len = 0 };
		struct outcome o;

		put_section(&im, false);
		put(&body, "\1\0\0\0\0\0\0\0", 8);
		put(&body, cases[i].options, cases[i].len);
		put_block(&im, false, 1, &body);
		put_packet(&im, false, 5000000, 5);
		o = run_one(t, write_file(t, 0, &im));
		assert_said(t, cases[i].said);
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(o.frames, cases[i].time != 0);
		if (cases[i].time) {
			assert_int_equal(o.frame[0].time, cases[i].time);
			assert_int_equal(t->sink.said, 0);
		} else {
			assert_int_equal(o.damaged, 1);
			assert_said(t, "0.pcap: damaged at byte 28, frame 1: an ");
		}
	}
}

/* A file of two packets, of which a number in the second is overwritten. */
static void pcapng_reports_wrong_numbers(void **state)
{
	static const struct {
		size_t at;
		uint32_t number;
		const char *said;
	} cases[] = {
		{ 156, 0, "a block has an invalid length of 0 bytes" },
		{ 156, 8, "a block has an invalid length of 8 bytes" },
		{ 156, 90, "a block has an invalid length of 90 bytes" },
		{ 156, 88, "length is 88 bytes at its start and" },
		{ 156, 0x7ffffff0, "more than any reader accepts" },
		{ 156, 0xfffffffc, "more than any reader accepts" },
		{ 240, 96, "length is 92 bytes at its start and 96 at its end" },
		{ 160, 1, "a packet of interface 1, but 1 interfaces are described" },
		{ 160, UINT32_MAX, "a packet of interface 4294967295, but 1" },
		{ 172, 61, "a captured length of 61 bytes, but its block holds 60" },
		{ 172, UINT32_MAX, "a captured length of 4294967295 bytes" },
		{ 152, 0x0a0d0d0a, "without the byte-order magic number" },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put_start(&im, false, 1);
		put_packet(&im, false, 1000000, 5);
		put_packet(&im, false, 2000000, 6);
		memcpy(im.bytes + cases[i].at, &cases[i].number, 4);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.frames, 1);
		assert_int_equal(o.damaged, 1);
		assert_said(t, "damaged at byte 152, frame 2: ");
		assert_said(t, cases[i].said);
		assert_int_equal(t->sink.said, 1);
	}
}

/* Blocks that are too short for their type. */
static void pcapng_reports_short_blocks(void **state)
{
	static const struct { uint32_t type, len; const char *said; } cases[] = {
		{ 1, 0, "an interface block of 12 bytes, which is too short" },
		{ 1, 4, "an interface block of 16 bytes, which is too short" },
		{ 2, 16, "a packet block of 28 bytes, which is too short" },
		{ 6, 0, "a packet block of 12 bytes, which is too short" },
		{ 6, 16, "a packet block of 28 bytes, which is too short" },
		{ 3, 0, "a packet block of 12 bytes, which is too short" },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct image im = { .len = 0 }, body = { .len = cases[i].len };
		struct outcome o;

		put_start(&im, false, 1);
		put_block(&im, false, cases[i].type, &body);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.damaged, 1);
		assert_said(t, "damaged at byte 60, frame 1: ");
		assert_said(t, cases[i].said);
	}
}

/* The offset is that of the damaged block, not of the skipped ones before it. */
static void pcapng_damage_after_skipped_blocks(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 }, statistics = { .len = 0 };
	struct outcome o;

	put_start(&im, false, 1);			/* 60 bytes */
	put_packet(&im, false, 1, 5);			/* 92 */
	put(&statistics, (uint8_t[12]){ 0 }, 12);
	put_block(&im, false, STATISTICS, &statistics);	/* 24 */
	put_block(&im, false, STATISTICS, &statistics);	/* 24 */
	put_packet(&im, false, 2, 5);
	im.len -= 10;
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(t, "cut short at byte 200, frame 2: the file ends after 82 of 92");
}

/* Cut anywhere: whole packets are returned, and the loss is reported. */
static void pcapng_cut_anywhere(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	size_t ends[6], whole;

	put_section(&im, true);
	ends[0] = im.len;
	put_interface(&im, true, 1, 65535, 6);
	ends[1] = im.len;
	put_packet(&im, true, 1000000, 5);
	ends[2] = im.len;
	put_section(&im, false);
	ends[3] = im.len;
	put_interface(&im, false, 1, 65535, 6);
	ends[4] = im.len;
	put_packet(&im, false, 2000000, 6);
	ends[5] = whole = im.len;
	for (im.len = 4; im.len <= whole; im.len++) {
		struct outcome o = run_one(t, write_file(t, 0, &im));
		bool clean = false;

		for (size_t i = 0; i < 6; i++)
			clean |= im.len == ends[i];
		if (im.len < ends[0]) {
			assert_int_equal(o.open, CAPTURE_USAGE);
			assert_said(t, "its header is invalid");
			continue;
		}
		assert_int_equal(o.open, CAPTURE_OK);
		assert_int_equal(o.frames,
				 (im.len >= ends[2]) + (im.len >= ends[5]));
		assert_int_equal(o.damaged, !clean);
		assert_int_equal(t->sink.said, !clean);
	}
}

static void pcapng_refuses_headers(void **state)
{
	static const struct { const char *bytes; size_t len; const char *said; } cases[] = {
		{ "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1b", 12, "magic number" },
		{ "\x0a\x0d\x0d\x0a\x1c\0\0\0\x4d\x3c\x2b\x1a\2\0\0\0"
		  "\xff\xff\xff\xff\xff\xff\xff\xff\x1c\0\0\0", 28,
		  "version 2 of the format" },
		{ "\x0a\x0d\x0d\x0a\x10\0\0\0\x4d\x3c\x2b\x1a\x10\0\0\0", 16,
		  "a section header of 16 bytes, which is too short" },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < ITEMS(cases); i++) {
		struct image im = { .len = 0 };

		put(&im, cases[i].bytes, cases[i].len);
		assert_int_equal(run_one(t, write_file(t, 0, &im)).open,
				 CAPTURE_USAGE);
		assert_said(t, cases[i].said);
	}
}

/* Writes a file with 'n' interfaces and a packet of the last one. */
static const char *write_interfaces(struct testbed *t, uint32_t n)
{
	struct image im = { .len = 0 }, one = { .len = 0 };
	const char *path;
	FILE *fp;

	put_section(&im, false);
	path = write_file(t, 0, &im);
	put_interface(&one, false, 1, 65535, 6);
	fp = fopen(path, "a");
	assert_non_null(fp);
	for (uint32_t i = 0; i < n; i++)
		fwrite(one.bytes, 1, one.len, fp);
	one.len = 0;
	put_packet_of(&one, false, n - 1, 1000000, 5);
	fwrite(one.bytes, 1, one.len, fp);
	fclose(fp);
	return path;
}

static void pcapng_many_interfaces(void **state)
{
	struct testbed *t = *state;
	struct outcome o = run_one(t, write_interfaces(t, 1000));

	assert_int_equal(o.frames, 1);
	assert_int_equal(t->sink.said, 0);
	assert_int_equal(run_one(t, write_interfaces(t, 65536)).frames, 1);
	o = run_one(t, write_interfaces(t, 1000000));
	assert_int_equal(o.frames, 0);
	assert_int_equal(o.damaged, 1);
	assert_said(t, "damaged at byte 2097180, frame 1: a section has more than 65536 interfaces");
}

static void pcapng_unsupported_link_types(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	struct outcome o;

	put_start(&im, false, 187);
	put_packet(&im, false, 1000000, 5);
	assert_int_equal(run_one(t, write_file(t, 0, &im)).open, CAPTURE_USAGE);
	assert_said(t, "link type 187 (BLUETOOTH_HCI_H4, ");

	/* An unsupported interface beside a supported one does not stop the reader. */
	im.len = 0;
	put_start(&im, false, 187);
	put_interface(&im, false, 1, 65535, 6);
	put_packet_of(&im, false, 1, 1000000, 5);
	put_packet_of(&im, false, 0, 2000000, 6);
	put_packet_of(&im, false, 0, 3000000, 6);
	o = run_one(t, write_file(t, 0, &im));
	assert_int_equal(o.frames, 3);
	assert_int_equal(t->sink.said, 1);
	assert_said(t, "interface 0 has link type 187 (BLUETOOTH_HCI_H4, ");
}

/* The filter is compiled for each link type. */
static void pcapng_filters_by_link_type(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = {
		.files = &path, .nfiles = 1, .filter = "ip[0] = 0x45",
	};
	struct outcome o;

	put_start(&im, false, 1);
	put_interface(&im, false, 101, 65535, 6);
	put_packet_of(&im, false, 0, 1000000, 0x45);
	put_packet_of(&im, false, 1, 2000000, 0x45);
	path = write_file(t, 0, &im);
	o = run_options(t, &opt);
	assert_true(o.frame[0].filtered_out);	/* no EtherType of IP */
	assert_false(o.frame[1].filtered_out);

	/* The filter is invalid for one link type, known at the start or later. */
	opt.filter = "ether[0] = 0x45 and ether multicast";
	assert_int_equal(run_options(t, &opt).open, CAPTURE_USAGE);
	im.len = 0;
	put_start(&im, false, 1);
	put_packet(&im, false, 1000000, 0x45);
	put_interface(&im, false, 101, 65535, 6);
	put_packet_of(&im, false, 1, 2000000, 0x45);
	put_packet_of(&im, false, 1, 3000000, 0x45);
	path = write_file(t, 0, &im);
	o = run_options(t, &opt);
	assert_int_equal(o.frames, 3);
	assert_false(o.frame[0].filtered_out);
	assert_true(o.frame[1].filtered_out);
	assert_int_equal(t->sink.said, 1);
	assert_said(t, "-f: 'ether[0]");
}

/* The lengths in NFLOG's headers have the capturing machine's byte order. */
static void pcapng_swaps_nflog(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 }, body = { .len = 0 };
		const char *path;
		struct capture_options opt = { .files = &path, .nfiles = 1,
					       .diag = &t->sink.diag };
		struct frame_batch *b = frame_batch_create();
		struct capture *c;
		uint16_t tlv[2];

		put_start(&im, be, 239);
		put32(&body, be, 0);
		put32(&body, be, 0);
		put32(&body, be, 1);
		put32(&body, be, 16);
		put32(&body, be, 16);
		put(&body, "\2\0\0\0", 4);
		put16(&body, be, 5);
		put16(&body, be, 10);
		put(&body, "p\0\0\0", 4);
		put16(&body, be, 4);	/* empty, at the end */
		put16(&body, be, 9);
		put_block(&im, be, 6, &body);
		path = write_file(t, 0, &im);
		assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
		assert_int_equal(capture_next(c, b), CAPTURE_OK);
		memcpy(tlv, frame_batch_get(b, 0)->data + 4, 4);
		assert_int_equal(tlv[0], 5);
		assert_int_equal(tlv[1], 10);
		memcpy(tlv, frame_batch_get(b, 0)->data + 12, 4);
		assert_int_equal(tlv[1], 9);
		capture_close(c);
		frame_batch_free(b);
	}
}

/* The packets that a writer has written so far are returned while its pipe is
 * open. */
static void pcapng_live_pipe(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	char path[32];
	const char *file = path;
	struct capture_options opt = { .files = &file, .nfiles = 1,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	struct capture *c;
	size_t two;
	int writer, fd;

	put_start(&im, true, 1);
	put_packet(&im, true, 1, 5);
	put_packet(&im, true, 2, 5);
	two = im.len;
	put_packet(&im, true, 3, 5);
	im.len -= 20;		/* the third is incomplete */
	fd = pipe_with(&im, &writer);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	assert_int_equal(capture_next(c, b), CAPTURE_OK);
	assert_int_equal(frame_batch_count(b), 2);
	assert_int_equal(write(writer, im.bytes + im.len, 20), 20);
	assert_int_equal(capture_next(c, b), CAPTURE_OK);
	assert_int_equal(frame_batch_count(b), 1);
	close(writer);
	assert_int_equal(capture_next(c, b), CAPTURE_END);
	assert_true(two < im.len);
	capture_close(c);
	frame_batch_free(b);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(pcapng_nanoseconds),
		TEST(pcapng_stamps_beyond_limit),
		TEST(pcapng_time_table),
		TEST(pcapng_interfaces_differ),
		TEST(pcapng_sections),
		TEST(pcapng_old_packets),
		TEST(pcapng_simple_packets),
		TEST(pcapng_skips_other_blocks),
		TEST(pcapng_interface_options),
		TEST(pcapng_reports_wrong_numbers),
		TEST(pcapng_reports_short_blocks),
		TEST(pcapng_damage_after_skipped_blocks),
		TEST(pcapng_cut_anywhere),
		TEST(pcapng_refuses_headers),
		TEST(pcapng_many_interfaces),
		TEST(pcapng_unsupported_link_types),
		TEST(pcapng_filters_by_link_type),
		TEST(pcapng_swaps_nflog),
		TEST(pcapng_live_pipe),
	};

	return cmocka_run_group_tests_name("capture_pcapng", tests, NULL, NULL);
}
