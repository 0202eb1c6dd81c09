/* SPDX-License-Identifier: GPL-2.0-only */
/* Tests of folder.c, file_gaps.c and source.c: directories, sequences of files, and
 * more files than may be open. */
#include "support/captures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANY	300

/* Writes a file with frames at these seconds (0 ends). */
static void write_named(struct testbed *t, const char *name, const uint32_t *secs,
			uint8_t fill)
{
	struct image im = { .len = 0 };
	char path[200];
	FILE *fp;

	put_seconds(&im, secs, fill);
	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
	fp = fopen(path, "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(im.bytes, 1, im.len, fp), im.len);
	fclose(fp);
}

static void write_text(struct testbed *t, const char *name, const char *text)
{
	char path[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
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

static void folder_sorts_by_time(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	write_named(t, "dump.10", (uint32_t[]){ 1, 2, 0 }, 'a');
	write_named(t, "dump.9", (uint32_t[]){ 3, 4, 0 }, 'b');
	write_named(t, "a", (uint32_t[]){ 5, 0 }, 'c');
	o = run_one(t, t->dir);
	assert_order(&o, "aabbc");
	assert_int_equal(t->sink.said, 0);
}

/* tcpdump gives the newest of its rotated files the name without a number.  The
 * last stamp of a file may be the first of the next. */
static void folder_with_equal_stamps_at_ends(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	write_named(t, "x.pcap", (uint32_t[]){ 3, 4, 0 }, 'c');
	write_named(t, "x.pcap1", (uint32_t[]){ 2, 3, 3, 0 }, 'b');
	write_named(t, "x.pcap2", (uint32_t[]){ 1, 2, 0 }, 'a');
	o = run_one(t, t->dir);
	assert_order(&o, "aabbbcc");
	assert_int_equal(t->sink.said, 0);
}

/* Files with the same first stamp are in version order. */
static void folder_sorts_equal_times_by_name(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	write_named(t, "x10", (uint32_t[]){ 1, 0 }, 'b');
	write_named(t, "x9", (uint32_t[]){ 1, 0 }, 'a');
	o = run_one(t, t->dir);
	assert_order(&o, "ab");
}

static void folder_skips_other_files(void **state)
{
	struct testbed *t = *state;
	char sub[100];
	struct outcome o;

	write_named(t, "a.pcap", (uint32_t[]){ 1, 0 }, 'a');
	write_named(t, "headers-only.pcap", (uint32_t[]){ 0 }, 'x');
	write_named(t, ".hidden", (uint32_t[]){ 1, 0 }, 'x');
	write_text(t, "notes.txt", "a note");
	write_text(t, "empty.pcap", "");
	snprintf(sub, sizeof(sub), "%s/below", t->dir);
	assert_int_equal(mkdir(sub, 0700), 0);
	write_named(t, "below/b.pcap", (uint32_t[]){ 1, 0 }, 'x');
	snprintf(sub, sizeof(sub), "%s/fifo", t->dir);
	assert_int_equal(mkfifo(sub, 0600), 0);
	o = run_one(t, t->dir);
	assert_order(&o, "a");
	assert_int_equal(t->sink.said, 1);
	assert_said(t, ": 2 of 4 files skipped, not captures; the first is ");
}

static void folder_without_captures(void **state)
{
	struct testbed *t = *state;

	assert_int_equal(run_one(t, t->dir).open, CAPTURE_USAGE);
	assert_said(t, "this directory has no files");
	write_text(t, "notes.txt", "a note");
	assert_int_equal(run_one(t, t->dir).open, CAPTURE_USAGE);
	assert_said(t, "no file in this directory is a capture");
}

/* A stub, as a full disk leaves it, and a link type that is not supported are skipped,
 * with a note of their own. */
static void folder_with_unusable_captures(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	struct outcome o;
	char path[200];
	FILE *fp;

	write_named(t, "a", (uint32_t[]){ 1, 2, 0 }, 'a');
	write_text(t, "b", "\xd4\xc3\xb2\xa1");
	write_text(t, "n", "a note");
	put_header(&im, false, MICRO, 65535, 147);
	put_record(&im, false, 1, 0, 60, 60, 'x');
	snprintf(path, sizeof(path), "%s/c", t->dir);
	fp = fopen(path, "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(im.bytes, 1, im.len, fp), im.len);
	fclose(fp);
	o = run_one(t, t->dir);
	assert_order(&o, "aa");
	assert_int_equal(t->sink.said, 2);
	assert_said(t, ": 1 of 4 files skipped, not captures; the first is ");
	assert_said(t, ": 2 of 4 files skipped, which begin like captures but cannot be used; the first is ");
	assert_said(t, "/b: its header is invalid: ");
}

/* If there is nothing else, that is an error, and the note says why. */
static void folder_of_unusable_captures(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	write_text(t, "b", "\xd4\xc3\xb2\xa1");
	o = run_one(t, t->dir);
	assert_int_equal(o.open, CAPTURE_USAGE);
	assert_int_equal(t->sink.said, 2);
	assert_said(t, "/b: its header is invalid: ");
	assert_said(t, "no file in this directory is a capture");
}

/* With many files, which are opened twice, it is the same. */
static void folder_of_many_with_a_stub(void **state)
{
	struct testbed *t = *state;
	struct outcome o;
	char name[20];

	for (int i = 0; i < 40; i++) {
		snprintf(name, sizeof(name), "f%d", i);
		write_named(t, name, (uint32_t[]){ 1, 0 }, 'a');
	}
	write_text(t, "b", "\xd4\xc3\xb2\xa1");
	o = run_one(t, t->dir);
	assert_int_equal(o.frames, 40);
	assert_int_equal(t->sink.said, 1);
	assert_said(t, ": 1 of 41 files skipped, which begin like captures");
}

static void folder_with_damaged_files(void **state)
{
	struct testbed *t = *state;
	struct outcome o;
	char path[200];

	write_named(t, "a.pcap", (uint32_t[]){ 1, 5, 0 }, 'a');
	write_named(t, "b.pcap", (uint32_t[]){ 6, 0 }, 'b');
	write_named(t, "c.pcap", (uint32_t[]){ 7, 0 }, 'c');
	snprintf(path, sizeof(path), "%s/a.pcap", t->dir);
	assert_int_equal(truncate(path, 170), 0);
	snprintf(path, sizeof(path), "%s/c.pcap", t->dir);
	assert_int_equal(truncate(path, 30), 0);
	o = run_one(t, t->dir);
	assert_order(&o, "ab");
	assert_int_equal(o.damaged, 2);
	assert_said(t, "c.pcap: cut short at byte 24, frame 1 of this file:");
	assert_said(t, "a.pcap: cut short at byte 100, frame 2 of this file:");
}

static void file_gaps_are_noted(void **state)
{
	struct testbed *t = *state;
	struct outcome o;

	write_named(t, "1", (uint32_t[]){ 100, 101, 0 }, 'a');
	write_named(t, "2", (uint32_t[]){ 102, 103, 0 }, 'b');
	write_named(t, "3", (uint32_t[]){ 110, 0 }, 'c');
	write_named(t, "4", (uint32_t[]){ 170, 180, 0 }, 'd');
	write_named(t, "5", (uint32_t[]){ 176, 190, 0 }, 'e');
	o = run_one(t, t->dir);
	assert_order(&o, "aabbcdede");
	assert_int_equal(t->sink.said, 2);
	assert_said(t, "nothing was captured for 60.000 s between ");
	assert_said(t, "/3 and ");
	assert_said(t, "/4, the longest of 2 gaps; ");
	assert_said(t, "/5 begins 4.000 s before ");
	assert_said(t, "/4 ends; their frames are merged");
}

/* A gap is not noted if the link was quiet for longer within a file. */
static void file_gaps_of_quiet_link(void **state)
{
	struct testbed *t = *state;

	write_named(t, "1", (uint32_t[]){ 100, 160, 170, 0 }, 'a');
	write_named(t, "2", (uint32_t[]){ 220, 221, 0 }, 'b');
	run_one(t, t->dir);
	assert_int_equal(t->sink.said, 0);
}

/* FILEs that overlap are merged without a note. */
static void file_gaps_ignore_operands(void **state)
{
	struct testbed *t = *state;
	struct image im[2] = { { .len = 0 } };
	const char *files[2];
	struct capture_options opt = { .files = files, .nfiles = 2 };
	struct outcome o;

	put_seconds(&im[0], (uint32_t[]){ 1, 20, 30, 0 }, 'a');
	put_seconds(&im[1], (uint32_t[]){ 2, 40, 0 }, 'b');
	files[0] = write_file(t, 0, &im[0]);
	files[1] = write_file(t, 1, &im[1]);
	o = run_options(t, &opt);
	assert_order(&o, "abaab");
	assert_int_equal(t->sink.said, 0);
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

/* As a directory and as operands. */
static void source_opens_more_than_limit(void **state)
{
	struct testbed *t = *state;
	static char paths[MANY][200];
	const char *files[MANY];
	struct capture_options opt = { .files = files, .nfiles = MANY };
	struct rlimit old;
	struct outcome dir, operands;

	for (uint32_t i = 0; i < MANY; i++) {
		uint32_t time = 1000 + (i * 7 % MANY) * 2;
		char name[20];

		snprintf(name, sizeof(name), "f%u", i);
		write_named(t, name, (uint32_t[]){ time, time + 1, 0 }, 'a');
		snprintf(paths[i], sizeof(paths[i]), "%s/%s", t->dir, name);
		files[i] = paths[i];
	}
	old = limit_files(30);
	dir = run_one(t, t->dir);
	assert_int_equal(t->sink.said, 0);
	operands = run_options(t, &opt);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(t->sink.said, 0);
	assert_int_equal(dir.frames, 2 * MANY);
	assert_int_equal(operands.frames, 2 * MANY);
	for (unsigned i = 0; i < 64; i++) {
		assert_int_equal(dir.frame[i].time, (1000 + i) * 1000000000ull);
		assert_int_equal(operands.frame[i].time, dir.frame[i].time);
	}
}

/* Files with equal times must be open at once; else there is a message. */
static void source_reports_too_many_open(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *path, *files[40];
	struct capture_options opt = { .files = files, .nfiles = 40 };
	struct rlimit old;
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 1);
	path = write_file(t, 0, &im);
	for (size_t i = 0; i < 40; i++)
		files[i] = path;
	old = limit_files(20);
	o = run_options(t, &opt);
	setrlimit(RLIMIT_NOFILE, &old);
	assert_int_equal(o.open, CAPTURE_OK);
	assert_true(o.damaged > 0);
	assert_true(o.frames < 80);
	assert_said(t, "ulimit -n");
	assert_int_equal(t->sink.said, 1);
	o = run_options(t, &opt);
	assert_int_equal(o.frames, 80);
	assert_int_equal(o.damaged, 0);
}

/* A warning about a first frame is given once, although the file is opened twice. */
static void source_warns_once(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	char name[20], path[100];
	FILE *fp;

	for (uint32_t i = 1; i <= 20; i++) {
		snprintf(name, sizeof(name), "%u", i);
		write_named(t, name, (uint32_t[]){ i, 0 }, 'a');
	}
	put_header(&im, false, MICRO, 65535, 1);
	put_record(&im, false, 30, 2000000, 60, 60, 'b');
	snprintf(path, sizeof(path), "%s/odd", t->dir);
	fp = fopen(path, "w");
	fwrite(im.bytes, 1, im.len, fp);
	fclose(fp);
	assert_int_equal(run_one(t, t->dir).frames, 21);
	assert_said(t, "odd: invalid time stamp in the record at byte 24");
	assert_said(t, "nothing was captured for 12.000 s");
	assert_int_equal(t->sink.said, 2);
}

/* A file is removed between the first look and its first frame. */
static void source_reports_vanished_file(void **state)
{
	struct testbed *t = *state;
	const char *path = t->dir;
	struct capture_options opt = { .files = &path, .nfiles = 1,
				       .diag = &t->sink.diag };
	struct frame_batch *b = frame_batch_create();
	unsigned damaged = 0;
	enum capture_status status;
	uint64_t done, total;
	char name[200];
	struct capture *c;

	for (uint32_t i = 1; i <= 20; i++) {
		snprintf(name, sizeof(name), "%u", i);
		write_named(t, name, (uint32_t[]){ i, 0 }, 'a');
	}
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	capture_progress(c, &done, &total);
	assert_int_equal(done, 0);
	assert_int_equal(total, 20 * 100);
	snprintf(name, sizeof(name), "%s/12", t->dir);
	unlink(name);
	while ((status = capture_next(c, b)) != CAPTURE_END)
		damaged += status == CAPTURE_DAMAGED;
	assert_int_equal(damaged, 1);
	assert_int_equal(capture_frames(c), 19);
	assert_said(t, "/12: cannot be opened: No such file");
	capture_progress(c, &done, &total);
	assert_int_equal(done, total);
	capture_close(c);
	frame_batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(folder_sorts_by_time),
		TEST(folder_with_equal_stamps_at_ends),
		TEST(folder_sorts_equal_times_by_name),
		TEST(folder_skips_other_files),
		TEST(folder_without_captures),
		TEST(folder_with_unusable_captures),
		TEST(folder_of_unusable_captures),
		TEST(folder_of_many_with_a_stub),
		TEST(folder_with_damaged_files),
		TEST(file_gaps_are_noted),
		TEST(file_gaps_of_quiet_link),
		TEST(file_gaps_ignore_operands),
		TEST(source_opens_more_than_limit),
		TEST(source_reports_too_many_open),
		TEST(source_warns_once),
		TEST(source_reports_vanished_file),
	};

	return cmocka_run_group_tests_name("capture_folder", tests, NULL, NULL);
}
