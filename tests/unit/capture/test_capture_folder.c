/* SPDX-License-Identifier: GPL-2.0-only */
/* Directories, and more files than can be open at once. */
#include "support/captures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY	300

/* A file in the room with frames at these seconds (0 ends). */
static void write_named(struct room *r, const char *name, const uint32_t *secs,
			uint8_t fill)
{
	struct image im = { .len = 0 };
	char path[200];
	FILE *fp;

	put_seconds(&im, secs, fill);
	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(im.bytes, 1, im.len, fp), im.len);
	fclose(fp);
}

static void write_text(struct room *r, const char *name, const char *text)
{
	char path[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/%s", r->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	fputs(text, fp);
	fclose(fp);
}

static void assert_order(const struct outcome *o, const char *fills)
{
	assert_int_equal(o->frames, strlen(fills));
	for (unsigned i = 0; i < o->frames; i++) {
		assert_int_equal(o->frame[i].number, i + 1);
		assert_int_equal(o->first[i], fills[i]);
	}
}

static void in_order_of_time(void **state)
{
	struct room *r = *state;
	struct outcome o;

	write_named(r, "dump.10", (uint32_t[]){ 1, 2, 0 }, 'a');
	write_named(r, "dump.9", (uint32_t[]){ 3, 4, 0 }, 'b');
	write_named(r, "a", (uint32_t[]){ 5, 0 }, 'c');
	o = run_one(r, r->dir);
	assert_order(&o, "aabbc");
	assert_int_equal(r->sink.said, 0);
}

/* tcpdump names rotated files so that the newest has the plain name; the last
 * stamp of one may be the first of the next. */
static void stamps_that_meet(void **state)
{
	struct room *r = *state;
	struct outcome o;

	write_named(r, "x.pcap", (uint32_t[]){ 3, 4, 0 }, 'c');
	write_named(r, "x.pcap1", (uint32_t[]){ 2, 3, 3, 0 }, 'b');
	write_named(r, "x.pcap2", (uint32_t[]){ 1, 2, 0 }, 'a');
	o = run_one(r, r->dir);
	assert_order(&o, "aabbbcc");
	assert_int_equal(r->sink.said, 0);
}

/* The same first stamp: as numbers in names go. */
static void the_same_time(void **state)
{
	struct room *r = *state;
	struct outcome o;

	write_named(r, "x10", (uint32_t[]){ 1, 0 }, 'b');
	write_named(r, "x9", (uint32_t[]){ 1, 0 }, 'a');
	o = run_one(r, r->dir);
	assert_order(&o, "ab");
}

static void other_files(void **state)
{
	struct room *r = *state;
	char sub[100];
	struct outcome o;

	write_named(r, "a.pcap", (uint32_t[]){ 1, 0 }, 'a');
	write_named(r, "headers-only.pcap", (uint32_t[]){ 0 }, 'x');
	write_named(r, ".hidden", (uint32_t[]){ 1, 0 }, 'x');
	write_text(r, "notes.txt", "a note");
	write_text(r, "empty.pcap", "");
	snprintf(sub, sizeof(sub), "%s/below", r->dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	write_named(r, "below/b.pcap", (uint32_t[]){ 1, 0 }, 'x');
	snprintf(sub, sizeof(sub), "%s/fifo", r->dir);
	assert_int_equal(mkfifo(sub, 0600), 0);
	o = run_one(r, r->dir);
	assert_order(&o, "a");
	assert_int_equal(r->sink.said, 1);
	assert_said(r, ": 2 of 4 files are no captures and passed over, ");
}

static void nothing_to_read(void **state)
{
	struct room *r = *state;

	assert_int_equal(run_one(r, r->dir).open, CAPTURE_USAGE);
	assert_said(r, "there is no file in this directory");
	write_text(r, "notes.txt", "a note");
	assert_int_equal(run_one(r, r->dir).open, CAPTURE_USAGE);
	assert_said(r, "no file in this directory is a capture");
}

/* A capture that cannot be used is no reason to leave it out silently. */
static void a_bad_one(void **state)
{
	struct room *r = *state;
	struct outcome o;

	write_named(r, "a.pcap", (uint32_t[]){ 1, 0 }, 'a');
	write_text(r, "b.pcap", "\xd4\xc3\xb2\xa1");
	o = run_one(r, r->dir);
	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_said(r, "b.pcap: begins like a capture");
}

static void damaged_ones(void **state)
{
	struct room *r = *state;
	struct outcome o;
	char path[200];

	write_named(r, "a.pcap", (uint32_t[]){ 1, 5, 0 }, 'a');
	write_named(r, "b.pcap", (uint32_t[]){ 6, 0 }, 'b');
	write_named(r, "c.pcap", (uint32_t[]){ 7, 0 }, 'c');
	snprintf(path, sizeof(path), "%s/a.pcap", r->dir);
	assert_int_equal(truncate(path, 170), 0);
	snprintf(path, sizeof(path), "%s/c.pcap", r->dir);
	assert_int_equal(truncate(path, 30), 0);
	o = run_one(r, r->dir);
	assert_order(&o, "ab");
	assert_int_equal(o.damaged, 2);
	assert_said(r, "c.pcap: cut short at byte 24, frame 1 of this file:");
	assert_said(r, "a.pcap: cut short at byte 100, frame 2 of this file:");
}

static void notes_at_joins(void **state)
{
	struct room *r = *state;
	struct outcome o;

	write_named(r, "1", (uint32_t[]){ 100, 101, 0 }, 'a');
	write_named(r, "2", (uint32_t[]){ 102, 103, 0 }, 'b');
	write_named(r, "3", (uint32_t[]){ 110, 0 }, 'c');
	write_named(r, "4", (uint32_t[]){ 170, 180, 0 }, 'd');
	write_named(r, "5", (uint32_t[]){ 176, 190, 0 }, 'e');
	o = run_one(r, r->dir);
	assert_order(&o, "aabbcdede");
	assert_int_equal(r->sink.said, 2);
	assert_said(r, "nothing was captured for 60.000 s between ");
	assert_said(r, "/3 and ");
	assert_said(r, "/4, the longest of 2 gaps; ");
	assert_said(r, "/5 begins 4.000 s before ");
	assert_said(r, "/4 ends; their frames are merged");
}

/* As long as a link is quiet, a file may end. */
static void quiet_links(void **state)
{
	struct room *r = *state;

	write_named(r, "1", (uint32_t[]){ 100, 160, 170, 0 }, 'a');
	write_named(r, "2", (uint32_t[]){ 220, 221, 0 }, 'b');
	run_one(r, r->dir);
	assert_int_equal(r->sink.said, 0);
}

/* FILEs that overlap are to be merged, and that is all. */
static void files_that_overlap(void **state)
{
	struct room *r = *state;
	struct image im[2] = { { .len = 0 } };
	const char *files[2];
	struct capture_options opt = { .files = files, .nfiles = 2 };
	struct outcome o;

	put_seconds(&im[0], (uint32_t[]){ 1, 20, 30, 0 }, 'a');
	put_seconds(&im[1], (uint32_t[]){ 2, 40, 0 }, 'b');
	files[0] = write_file(r, 0, &im[0]);
	files[1] = write_file(r, 1, &im[1]);
	o = run_options(r, &opt);
	assert_order(&o, "abaab");
	assert_int_equal(r->sink.said, 0);
}

static struct rlimit limit_files(rlim_t n)
{
	struct rlimit old, few;

	getrlimit(RLIMIT_NOFILE, &old);
	few = old;
	few.rlim_cur = n;
	setrlimit(RLIMIT_NOFILE, &few);
	return old;
}

/* Each second file is a FILE of its own, too: names that a shell gives. */
static void more_than_can_be_open(void **state)
{
	struct room *r = *state;
	static char paths[MANY][200];
	const char *files[MANY];
	struct capture_options opt = { .files = files, .nfiles = MANY };
	struct rlimit old;
	struct outcome dir, operands;

	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t time = 1000 + (i * 7 % MANY) * 2;
		char name[20];

		snprintf(name, sizeof(name), "f%u", i);
		write_named(r, name, (uint32_t[]){ time, time + 1, 0 }, 'a');
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", r->dir, name);
		files[i] = paths[i];
	}
	old = limit_files(30);
	dir = run_one(r, r->dir);
	assert_int_equal(r->sink.said, 0);
	operands = run_options(r, &opt);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(r->sink.said, 0);
	assert_int_equal(dir.frames, 2 * MANY);
	assert_int_equal(operands.frames, 2 * MANY);
	for (unsigned i = 0; i < 64; i++) {
		assert_int_equal(dir.frame[i].time, (1000 + i) * 1000000000ull);
		assert_int_equal(operands.frame[i].time, dir.frame[i].time);
	}
}

/* All at the same time: they must be open at once, or it is told. */
static void too_many_at_once(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path, *files[40];
	struct capture_options opt = { .files = files, .nfiles = 40 };
	struct rlimit old;
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 1);
	path = write_file(r, 0, &im);
	for (size_t i = 0; i < 40; i++)
		files[i] = path;
	old = limit_files(20);
	o = run_options(r, &opt);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(o.open, CAPTURE_OK);
	assert_true(o.damaged > 0);
	assert_true(o.frames < 80);
	assert_said(r, "ulimit -n");
	assert_int_equal(r->sink.said, 1);
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 80);
	assert_int_equal(o.damaged, 0);
}

/* What there is to warn of in a first frame is told once, not twice. */
static void told_once(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	char name[20], path[100];
	FILE *fp;

	for (uint32_t i = 1; i <= 20; i++) {
		snprintf(name, sizeof(name), "%u", i);
		write_named(r, name, (uint32_t[]){ i, 0 }, 'a');
	}
	put_header(&im, false, MICRO, 65535, 1);
	put_record(&im, false, 30, 2000000, 60, 60, 'b');
	snprintf(path, sizeof(path), "%s/odd", r->dir);
	fp = fopen(path, "w");
	fwrite(im.bytes, 1, im.len, fp);
	fclose(fp);
	assert_int_equal(run_one(r, r->dir).frames, 21);
	assert_said(r, "odd: the record at byte 24 has a time stamp");
	assert_said(r, "nothing was captured for 12.000 s");
	assert_int_equal(r->sink.said, 2);
}

/* A file that goes away between the first look and its turn. */
static void gone_meanwhile(void **state)
{
	struct room *r = *state;
	const char *path = r->dir;
	struct capture_options opt = { .files = &path, .nfiles = 1,
				       .diag = &r->sink.diag };
	struct frame_batch *b = frame_batch_create();
	unsigned damaged = 0;
	enum capture_status status;
	uint64_t done, total;
	char name[200];
	struct capture *c;

	for (uint32_t i = 1; i <= 20; i++) {
		snprintf(name, sizeof(name), "%u", i);
		write_named(r, name, (uint32_t[]){ i, 0 }, 'a');
	}
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	capture_progress(c, &done, &total);
	assert_int_equal(done, 0);
	assert_int_equal(total, 20 * 100);
	snprintf(name, sizeof(name), "%s/12", r->dir);
	unlink(name);
	while ((status = capture_next(c, b)) != CAPTURE_END)
		damaged += status == CAPTURE_DAMAGED;
	assert_int_equal(damaged, 1);
	assert_int_equal(capture_frames(c), 19);
	assert_said(r, "/12: cannot be opened: No such file");
	capture_progress(c, &done, &total);
	assert_int_equal(done, total);
	capture_close(c);
	frame_batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_order_of_time),
		TEST(stamps_that_meet),
		TEST(the_same_time),
		TEST(other_files),
		TEST(nothing_to_read),
		TEST(a_bad_one),
		TEST(damaged_ones),
		TEST(notes_at_joins),
		TEST(quiet_links),
		TEST(files_that_overlap),
		TEST(more_than_can_be_open),
		TEST(too_many_at_once),
		TEST(told_once),
		TEST(gone_meanwhile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
