/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap/dlt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/write.h"

#define SEC	1000000000ull

/* Copies all frames of 'from' to 'to' that the filter lets through; what
 * writer_close() gave, or -1 where either cannot be opened. */
static int copy(struct room *r, const char *from, const char *to,
		const char *filter, uint64_t *left_out)
{
	struct capture_options opt = { .files = &from, .nfiles = 1,
				       .filter = filter,
				       .diag = &r->sink.diag };
	struct frame_batch *b = frame_batch_create();
	struct writer *w = NULL;
	struct writer_file file;
	struct capture *c;
	int error = -1;

	r->sink.said = 0;
	r->sink.text[0] = '\0';
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	if (writer_file_open(&file, to, NULL, &r->sink.diag))
		w = writer_open(&file, c, &r->sink.diag);
	while (w && capture_next(c, b) != CAPTURE_END)
		for (size_t i = 0; i < frame_batch_count(b); i++)
			if (!frame_batch_get(b, i)->filtered_out)
				writer_frame(w, frame_batch_get(b, i));
	if (w && left_out)
		*left_out = writer_left_out(w);
	if (w)
		error = writer_close(w);
	capture_close(c);
	frame_batch_free(b);
	return error;
}

static size_t slurp(const char *path, uint8_t *to, size_t size)
{
	FILE *fp = fopen(path, "r");
	size_t n;

	assert_non_null(fp);
	n = fread(to, 1, size, fp);
	fclose(fp);
	return n;
}

static const char *out_path(struct room *r, const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	return path;
}

static void assert_same(const struct outcome *a, const struct outcome *b)
{
	assert_int_equal(a->frames, b->frames);
	for (unsigned i = 0; i < a->frames; i++) {
		assert_int_equal(a->frame[i].time, b->frame[i].time);
		assert_int_equal(a->frame[i].caplen, b->frame[i].caplen);
		assert_int_equal(a->frame[i].wirelen, b->frame[i].wirelen);
		assert_int_equal(a->frame[i].linktype, b->frame[i].linktype);
		assert_int_equal(a->first[i], b->first[i]);
	}
}

static bool this_is_big_endian(void)
{
	uint16_t one = 1;

	return *(uint8_t *)&one == 0;
}

/* In this machine's order and with the usual snap length, a copy is the file. */
static void byte_for_byte(void **state)
{
	static const uint32_t magics[] = { MICRO, NANO };
	bool be = this_is_big_endian();
	struct room *r = *state;

	for (size_t i = 0; i < 2; i++) {
		struct image im = { .len = 0 };
		const char *to = out_path(r, "out");
		uint8_t got[4096];

		put_header(&im, be, magics[i], 262144, 101);
		put_record(&im, be, 1, 999999, 60, 1514, 1);
		put_record(&im, be, 2, 5, 0, 61, 1);
		put_record(&im, be, 0xfffffff0, 5, 61, 61, 1);
		assert_int_equal(copy(r, write_file(r, 0, &im), to, NULL, NULL), 0);
		assert_int_equal(slurp(to, got, sizeof(got)), im.len);
		assert_memory_equal(got, im.bytes, im.len);
		assert_int_equal(r->sink.said, 0);
	}
}

static void only_some(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *to = out_path(r, "out");
	struct outcome o;

	put_header(&im, false, MICRO, 65535, 1);
	for (uint8_t i = 1; i < 6; i++)
		put_record(&im, false, i, 0, 60, 60, i);
	assert_int_equal(copy(r, write_file(r, 0, &im), to,
			      "ether[0] = 2 or ether[0] = 5", NULL), 0);
	o = run_one(r, to);
	assert_int_equal(o.frames, 2);
	assert_int_equal(o.first[0], 2);
	assert_int_equal(o.first[1], 5);
}

/* No frame: a capture nevertheless, of the link type that was read. */
static void no_frames(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *to = out_path(r, "out");
	uint8_t got[100];

	put_header(&im, false, MICRO, 65535, 113);
	assert_int_equal(copy(r, write_file(r, 0, &im), to, NULL, NULL), 0);
	assert_int_equal(slurp(to, got, sizeof(got)), 24);
	assert_int_equal(got[this_is_big_endian() ? 23 : 20], 113);
	im.len = 0;
	put_section(&im, false);
	assert_int_equal(copy(r, write_file(r, 0, &im), to, NULL, NULL), 0);
	assert_int_equal(slurp(to, got, sizeof(got)), 24);
}

/* Of several link types: pcapng, each stamp as it was. */
static void several_link_types(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *from, *to = out_path(r, "out");
	struct outcome before, after;
	uint8_t got[4096];

	put_section(&im, true);
	put_interface(&im, true, 1, 65535, 9);
	put_interface(&im, true, 101, 65535, 6);
	put_packet_of(&im, true, 0, 123456789, 1);
	put_packet_of(&im, true, 1, 1000000, 2);
	put_packet_of(&im, true, 0, 2 * SEC, 3);
	from = write_file(r, 0, &im);
	before = run_one(r, from);
	assert_int_equal(copy(r, from, to, NULL, NULL), 0);
	assert_int_equal(r->sink.said, 1);
	assert_said(r, "have 2 link types, so it is written as pcapng");
	slurp(to, got, sizeof(got));
	assert_memory_equal(got, "\x0a\x0d\x0d\x0a", 4);
	after = run_one(r, to);
	assert_int_equal(r->sink.said, 0);
	assert_same(&before, &after);
}

/* A name may ask for pcapng; else the type in the header stays the only one. */
static void a_late_link_type(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *from, *to;
	struct outcome before, after;
	uint64_t left_out = 0;

	put_section(&im, false);
	put_interface(&im, false, 1, 65535, 6);
	put_packet_of(&im, false, 0, 1000000, 1);
	put_interface(&im, false, 101, 65535, 6);
	put_packet_of(&im, false, 1, 2000000, 2);
	put_packet_of(&im, false, 1, 3000000, 2);
	from = write_file(r, 0, &im);
	before = run_one(r, from);
	to = out_path(r, "out");
	assert_int_equal(copy(r, from, to, NULL, &left_out), 0);
	assert_int_equal(left_out, 2);
	assert_int_equal(r->sink.said, 1);
	assert_said(r, "out: frame 2 has link type 12, the file was begun as pcap with link type 1");
	assert_int_equal(run_one(r, to).frames, 1);

	to = out_path(r, "out.pcapng");
	assert_int_equal(copy(r, from, to, NULL, &left_out), 0);
	assert_int_equal(left_out, 0);
	assert_int_equal(r->sink.said, 0);
	after = run_one(r, to);
	assert_same(&before, &after);
}

static void files_that_are_there(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *from, *to;
	char linked[100];
	FILE *fp;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(r, 0, &im);
	/* One that is read stays, whatever its name. */
	assert_int_equal(copy(r, from, from, NULL, NULL), -1);
	assert_said(r, "it is one of the files that are read");
	snprintf(linked, sizeof(linked), "%s/link", r->dir);
	assert_int_equal(symlink(from, linked), 0);
	assert_int_equal(copy(r, from, linked, NULL, NULL), -1);
	assert_int_equal(run_one(r, from).frames, 2);
	/* Others are replaced, longer ones too. */
	to = out_path(r, "out");
	fp = fopen(to, "w");
	for (int i = 0; i < 1000; i++)
		fputs("a longer text", fp);
	fclose(fp);
	assert_int_equal(copy(r, from, to, NULL, NULL), 0);
	assert_int_equal(run_one(r, to).frames, 2);
	assert_int_equal(copy(r, from, out_path(r, "no/such"), NULL, NULL), -1);
	assert_said(r, "such: cannot be written: No such file");
}

static void failures_are_values(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *from;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(r, 0, &im);
	if (access("/dev/full", W_OK) == 0)
		assert_int_equal(copy(r, from, "/dev/full", NULL, NULL), ENOSPC);
	assert_int_equal(r->sink.said, 0);
}

static void standard_output(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	int saved = dup(STDOUT_FILENO), fds[2], error;
	const char *from;
	uint8_t got[4096];

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(r, 0, &im);
	assert_int_equal(pipe(fds), 0);
	fflush(stdout);
	dup2(fds[1], STDOUT_FILENO);
	error = copy(r, from, "-", NULL, NULL);
	dup2(saved, STDOUT_FILENO);
	close(fds[1]);
	assert_int_equal(error, 0);
	assert_int_equal(read(fds[0], got, sizeof(got)), im.len);
	close(fds[0]);

	/* Nobody reads. */
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	dup2(fds[1], STDOUT_FILENO);
	error = copy(r, from, "-", NULL, NULL);
	dup2(saved, STDOUT_FILENO);
	close(fds[1]);
	close(saved);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(error, EPIPE);
}

/* Larger than the buffer, in frames larger than it. */
static void large_frames(void **state)
{
	struct room *r = *state;
	uint8_t *data = malloc(262144);
	struct image im = { .len = 0 };
	const char *from, *to = out_path(r, "out");
	uint32_t len = 262144;
	struct outcome before, after;
	FILE *fp;

	assert_non_null(data);
	memset(data, 'd', len);
	put_header(&im, false, MICRO, len, 1);
	from = write_file(r, 0, &im);
	fp = fopen(from, "a");
	for (uint32_t i = 0; i < 5; i++) {
		im.len = 0;
		put_record(&im, false, i, 0, 0, 0, 0);
		memcpy(im.bytes + 8, &len, 4);
		memcpy(im.bytes + 12, &len, 4);
		fwrite(im.bytes, 1, im.len, fp);
		fwrite(data, 1, len, fp);
		len -= 65535;
		if (i == 3)
			len = 1;
	}
	fclose(fp);
	free(data);
	before = run_one(r, from);
	assert_int_equal(before.frames, 5);
	assert_int_equal(copy(r, from, to, NULL, NULL), 0);
	after = run_one(r, to);
	assert_same(&before, &after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(byte_for_byte),
		TEST(only_some),
		TEST(no_frames),
		TEST(several_link_types),
		TEST(a_late_link_type),
		TEST(files_that_are_there),
		TEST(failures_are_values),
		TEST(standard_output),
		TEST(large_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
