/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <fcntl.h>
#include <pcap/dlt.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

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

	put_seconds(&bad, (uint32_t[]){ 2, 4, 9, 0 }, 1);
	put_seconds(&good, (uint32_t[]){ 1, 3, 5, 0 }, 2);
	bad.len -= 5;
	files[0] = write_file(r, 0, &bad);
	files[1] = write_file(r, 1, &good);
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 5);
	assert_int_equal(o.damaged, 1);
	assert_int_equal(o.first[3], 1);	/* frame 4 of all */
	assert_said(r, "0.pcap: cut short at byte 176, frame 3 of this file:");
	assert_said(r, "what comes before is used up to frame 4 of all, ");
}

/* Nothing of the file was used: no frame of all is named. */
static void merge_with_a_file_without_a_whole_frame(void **state)
{
	struct room *r = *state;
	struct image bad = { .len = 0 }, good = { .len = 0 };
	const char *files[2];
	struct capture_options opt = { .files = files, .nfiles = 2 };
	struct outcome o;

	put_seconds(&bad, (uint32_t[]){ 2, 0 }, 1);
	put_seconds(&good, (uint32_t[]){ 1, 3, 0 }, 2);
	bad.len -= 5;
	files[0] = write_file(r, 0, &bad);
	files[1] = write_file(r, 1, &good);
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 2);
	assert_said(r, "0.pcap: cut short at byte 24, frame 1 of this file:");
	assert_said(r, "what comes before is used, the rest");
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

static void batches_are_kept(void **state)
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

		for (size_t k = 0; k < 41; k++)
			assert_int_equal(f->data[k], i);
	}
	assert_int_equal(capture_bytes(c), 20 * 41);
	assert_int_equal(capture_next(c, b), CAPTURE_END);
	assert_int_equal(frame_batch_count(b), 0);
	capture_close(c);
	frame_batch_free(b);
}

static void standard_input(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	struct capture_options twice = {
		.files = (const char *[]){ "-", "-" }, .nfiles = 2,
	};
	struct outcome o;

	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	im.len -= 7;
	o = run_piped(r, &im);
	assert_int_equal(o.frames, 1);
	assert_int_equal(o.damaged, 1);
	assert_said(r, "standard input: cut short at byte 100, frame 2:");

	assert_int_equal(run_options(r, &twice).open, CAPTURE_USAGE);
	assert_said(r, "only once");
}

static struct stop stop = { .fd = -1 };

static void on_alarm(int sig)
{
	(void)sig;
	stop.set = 1;
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

	stop.set = 0;
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(capture_next(c, b), CAPTURE_END);
	assert_true(stop.set);
	assert_int_equal(r->sink.said, 0);
	stop.set = 0;
	capture_close(c);
	frame_batch_free(b);
	close(writer);
	close(fd);
}

/* A pipe in the hands of a thread that gets no signals. */
struct waiting {
	struct capture *c;
	struct frame_batch *b;
	enum capture_status status;
	_Atomic pid_t thread;	/* 0: it does not run yet */
};

static void *wait_for_more(void *arg)
{
	struct waiting *w = arg;

	w->thread = gettid();
	w->status = capture_next(w->c, w->b);
	return NULL;
}

/* Returns when the thread sleeps. */
static void await_sleep(const struct waiting *w)
{
	char path[64], state = 0;
	FILE *f;

	while (state != 'S') {
		sched_yield();
		snprintf(path, sizeof(path), "/proc/self/task/%d/stat",
			 (int)w->thread);
		f = fopen(path, "r");
		if (!f)
			continue;
		if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = 0;
		fclose(f);
	}
}

/* The signal comes to one thread, while another waits for the pipe. */
static void a_wait_in_another_thread(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	char path[32];
	const char *file = path;
	int ends[2], writer, fd;
	struct stop wish = { .fd = -1 };
	struct capture_options opt = {
		.files = &file, .nfiles = 1, .diag = &r->sink.diag, .stop = &wish,
	};
	struct waiting w = { .b = frame_batch_create(), .status = CAPTURE_OK };
	pthread_t thread;

	assert_int_equal(pipe(ends), 0);
	wish.fd = ends[0];
	put_seconds(&im, (uint32_t[]){ 1, 2, 0 }, 4);
	fd = pipe_with(&im, &writer);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_int_equal(capture_open(&w.c, &opt), CAPTURE_OK);
	assert_int_equal(capture_next(w.c, w.b), CAPTURE_OK);
	assert_int_equal(frame_batch_count(w.b), 2);

	assert_int_equal(pthread_create(&thread, NULL, wait_for_more, &w), 0);
	alarm(10);	/* or it would never end */
	await_sleep(&w);
	wish.set = 1;
	assert_int_equal(write(ends[1], "", 1), 1);
	pthread_join(thread, NULL);
	alarm(0);
	assert_int_equal(w.status, CAPTURE_END);
	assert_int_equal(r->sink.said, 0);
	capture_close(w.c);
	frame_batch_free(w.b);
	close(ends[0]);
	close(ends[1]);
	close(writer);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_header),
		TEST(odd_records),
		TEST(absurd_stamps),
		TEST(cut_files),
		TEST(lying_lengths),
		TEST(merge),
		TEST(merge_with_a_damaged_file),
		TEST(merge_with_a_file_without_a_whole_frame),
		TEST(a_limit_of_frames),
		TEST(large_captures),
		TEST(batches_are_kept),
		TEST(standard_input),
		TEST(a_live_pipe),
		TEST(a_wait_in_another_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
