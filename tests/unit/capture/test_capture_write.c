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

/* Writes the frames of a batch that are not filtered out. */
typedef void write_batch(struct writer *w, const struct frame_batch *b);

static void write_one_by_one(struct writer *w, const struct frame_batch *b)
{
	for (size_t i = 0; i < frame_batch_count(b); i++)
		if (!frame_batch_get(b, i)->filtered_out)
			writer_frame(w, frame_batch_get(b, i));
}

static void write_ranges(struct writer *w, const struct frame_batch *b)
{
	const size_t n = frame_batch_count(b);

	for (size_t from = 0, to; from < n; from = to + 1) {
		to = from;
		while (to < n && !frame_batch_get(b, to)->filtered_out)
			to++;
		writer_frames(w, b, from, to);
	}
}

/* Copies the frames of 'from' that match the filter to 'to'.  Returns the result
 * of writer_close(), or -1 if a file cannot be opened. */
static int copy_by(write_batch *write, struct testbed *t, const char *const *from,
		   size_t n, const char *to, const char *filter, uint64_t *left_out)
{
	struct capture_options opt = { .files = from, .nfiles = n,
				       .filter = filter,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	struct writer *w = NULL;
	struct writer_file file;
	struct capture *c;
	int error = -1;

	t->sink.said = 0;
	t->sink.text[0] = '\0';
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	if (writer_file_open(&file, to, NULL, &t->sink.diag))
		w = writer_open(&file, c, &t->sink.diag);
	while (w && capture_next(c, b) != CAPTURE_END)
		write(w, b);
	if (w && left_out)
		*left_out = writer_left_out(w);
	if (w)
		error = writer_close(w);
	capture_close(c);
	frame_batch_free(b);
	return error;
}

static int copy(struct testbed *t, const char *from, const char *to,
		const char *filter, uint64_t *left_out)
{
	return copy_by(write_one_by_one, t, &from, 1, to, filter, left_out);
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

static const char *out_path(struct testbed *t, const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
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

/* With this machine's byte order and the same snap length, the copy is equal. */
static void writer_copies_bytes(void **state)
{
	static const uint32_t magics[] = { MICRO, NANO };
	bool be = this_is_big_endian();
	struct testbed *t = *state;

	for (size_t i = 0; i < 2; i++) {
		struct image im = { .len = 0 };
		const char *to = out_path(t, "out");
		uint8_t got[4096];

		put_header(&im, be, magics[i], 262144, 101);
		put_record(&im, be, 1, 999999, 60, 1514, 1);
		put_record(&im, be, 2, 5, 0, 61, 1);
		put_record(&im, be, 0xfffffff0, 5, 61, 61, 1);
		assert_int_equal(copy(t, write_file(t, 0, &im), to, NULL, NULL), 0);
		assert_int_equal(slurp(to, got, sizeof(got)), im.len);
		assert_memory_equal(got, im.bytes, im.len);
		assert_int_equal(t->sink.said, 0);
	}
}

static void writer_writes_selected_frames(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *to = out_path(t, "out");
	struct outcome o;

	put_header(&im, false, MICRO, 65535, 1);
	for (uint8_t i = 1; i < 6; i++)
		put_record(&im, false, i, 0, 60, 60, i);
	assert_int_equal(copy(t, write_file(t, 0, &im), to,
			      "ether[0] = 2 or ether[0] = 5", NULL), 0);
	o = run_one(t, to);
	assert_int_equal(o.frames, 2);
	assert_int_equal(o.first[0], 2);
	assert_int_equal(o.first[1], 5);
}

/* Without frames the output is a capture of the link type of the input. */
static void writer_writes_no_frames(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *to = out_path(t, "out");
	uint8_t got[100];

	put_header(&im, false, MICRO, 65535, 113);
	assert_int_equal(copy(t, write_file(t, 0, &im), to, NULL, NULL), 0);
	assert_int_equal(slurp(to, got, sizeof(got)), 24);
	assert_int_equal(got[this_is_big_endian() ? 23 : 20], 113);
	im.len = 0;
	put_section(&im, false);
	assert_int_equal(copy(t, write_file(t, 0, &im), to, NULL, NULL), 0);
	assert_int_equal(slurp(to, got, sizeof(got)), 24);
}

/* Frames of several link types become pcapng with unchanged stamps. */
static void writer_writes_link_types_as_pcapng(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *from, *to = out_path(t, "out");
	struct outcome before, after;
	uint8_t got[4096];

	put_section(&im, true);
	put_interface(&im, true, 1, 65535, 9);
	put_interface(&im, true, 101, 65535, 6);
	put_packet_of(&im, true, 0, 123456789, 1);
	put_packet_of(&im, true, 1, 1000000, 2);
	put_packet_of(&im, true, 0, 2 * SEC, 3);
	from = write_file(t, 0, &im);
	before = run_one(t, from);
	assert_int_equal(copy(t, from, to, NULL, NULL), 0);
	assert_int_equal(t->sink.said, 1);
	assert_said(t, "have 2 link types, so it is written as pcapng");
	slurp(to, got, sizeof(got));
	assert_memory_equal(got, "\x0a\x0d\x0d\x0a", 4);
	after = run_one(t, to);
	assert_int_equal(t->sink.said, 0);
	assert_same(&before, &after);
}

/* Frames of a link type that appears late are left out of a pcap file, but not if
 * the name asks for pcapng. */
static void writer_with_late_link_type(void **state)
{
	struct testbed *t = *state;
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
	from = write_file(t, 0, &im);
	before = run_one(t, from);
	to = out_path(t, "out");
	assert_int_equal(copy(t, from, to, NULL, &left_out), 0);
	assert_int_equal(left_out, 2);
	assert_int_equal(t->sink.said, 1);
	assert_said(t, "out: frame 2 has link type 12, but this is a pcap file of link type 1");
	assert_int_equal(run_one(t, to).frames, 1);

	to = out_path(t, "out.pcapng");
	assert_int_equal(copy(t, from, to, NULL, &left_out), 0);
	assert_int_equal(left_out, 0);
	assert_int_equal(t->sink.said, 0);
	after = run_one(t, to);
	assert_same(&before, &after);
}

static void writer_replaces_files(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *from, *to;
	char linked[100];
	FILE *fp;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(t, 0, &im);
	/* An input file is not touched, whatever its name. */
	assert_int_equal(copy(t, from, from, NULL, NULL), -1);
	assert_said(t, "it is one of the input files");
	snprintf(linked, sizeof(linked), "%s/link", t->dir);
	assert_int_equal(symlink(from, linked), 0);
	assert_int_equal(copy(t, from, linked, NULL, NULL), -1);
	assert_int_equal(run_one(t, from).frames, 2);
	/* Other files are replaced, also longer ones. */
	to = out_path(t, "out");
	fp = fopen(to, "w");
	for (int i = 0; i < 1000; i++)
		fputs("a longer text", fp);
	fclose(fp);
	assert_int_equal(copy(t, from, to, NULL, NULL), 0);
	assert_int_equal(run_one(t, to).frames, 2);
	assert_int_equal(copy(t, from, out_path(t, "no/such"), NULL, NULL), -1);
	assert_said(t, "such: cannot be written: No such file");
}

static void writer_returns_errors(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *from;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(t, 0, &im);
	if (access("/dev/full", W_OK) == 0)
		assert_int_equal(copy(t, from, "/dev/full", NULL, NULL), ENOSPC);
	assert_int_equal(t->sink.said, 0);
}

static void writer_to_standard_output(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	int saved = dup(STDOUT_FILENO), fds[2], error;
	const char *from;
	uint8_t got[4096];

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	from = write_file(t, 0, &im);
	assert_int_equal(pipe(fds), 0);
	fflush(stdout);
	dup2(fds[1], STDOUT_FILENO);
	error = copy(t, from, "-", NULL, NULL);
	dup2(saved, STDOUT_FILENO);
	close(fds[1]);
	assert_int_equal(error, 0);
	assert_int_equal(read(fds[0], got, sizeof(got)), im.len);
	close(fds[0]);

	/* The pipe has no reader. */
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe(fds), 0);
	close(fds[0]);
	dup2(fds[1], STDOUT_FILENO);
	error = copy(t, from, "-", NULL, NULL);
	dup2(saved, STDOUT_FILENO);
	close(fds[1]);
	close(saved);
	signal(SIGPIPE, SIG_DFL);
	assert_int_equal(error, EPIPE);
}

/* Four frames in a second, one of them longer than it was on the wire. */
static const char *write_second(struct testbed *t, unsigned slot, bool be, uint32_t magic)
{
	struct image im = { .len = 0 };

	put_header(&im, be, magic, 65535, 1);
	put_record(&im, be, slot, 1000, 60, 1514, 1);
	put_record(&im, be, slot, 2000, 61, 61, 2);
	put_record(&im, be, slot, 3000, 62, 20, 3);
	put_record(&im, be, slot, 4000, 63, 63, 1);
	return write_file(t, slot, &im);
}

/* Records that are written together are those that are written one by one. */
static void writer_frames_agrees(void **state)
{
	static const char *const filters[] = { NULL, "ether[0] != 2" };
	struct testbed *t = *state;
	const char *from[] = {
		write_second(t, 0, this_is_big_endian(), MICRO),
		write_second(t, 1, !this_is_big_endian(), MICRO),
		write_second(t, 2, this_is_big_endian(), NANO),
		write_second(t, 3, this_is_big_endian(), MICRO),
	};
	uint8_t a[4096], b[4096];

	/* Files alone and files in a row: these have the resolution of the finest. */
	for (size_t i = 0; i < 4; i++)
		for (size_t n = 1; i + n <= 4; n++)
			for (size_t k = 0; k < 2; k++) {
				const char *to = out_path(t, "out");
				size_t size;

				assert_int_equal(copy_by(write_one_by_one, t, from + i, n, to,
							 filters[k], NULL), 0);
				size = slurp(to, a, sizeof(a));
				assert_int_equal(size, 24 + n * (k ? 3 * 16 + 185 :
								     4 * 16 + 246));
				assert_int_equal(copy_by(write_ranges, t, from + i, n, to,
							 filters[k], NULL), 0);
				assert_int_equal(slurp(to, b, sizeof(b)), size);
				assert_memory_equal(a, b, size);
			}
}

/* Frames that are larger than the writer's buffer. */
static void writer_writes_large_frames(void **state)
{
	struct testbed *t = *state;
	uint8_t *data = malloc(262144);
	struct image im = { .len = 0 };
	const char *from, *to = out_path(t, "out");
	uint32_t len = 262144;
	struct outcome before, after;
	FILE *fp;

	assert_non_null(data);
	memset(data, 'd', len);
	put_header(&im, false, MICRO, len, 1);
	from = write_file(t, 0, &im);
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
	before = run_one(t, from);
	assert_int_equal(before.frames, 5);
	assert_int_equal(copy(t, from, to, NULL, NULL), 0);
	after = run_one(t, to);
	assert_same(&before, &after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(writer_copies_bytes),
		TEST(writer_writes_selected_frames),
		TEST(writer_writes_no_frames),
		TEST(writer_writes_link_types_as_pcapng),
		TEST(writer_with_late_link_type),
		TEST(writer_replaces_files),
		TEST(writer_returns_errors),
		TEST(writer_to_standard_output),
		TEST(writer_writes_large_frames),
		TEST(writer_frames_agrees),
	};

	return cmocka_run_group_tests_name("capture_write", tests, NULL, NULL);
}
