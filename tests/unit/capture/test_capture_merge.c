/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are merged, against the rule: the next frame is the earliest of those that
 * are next in their files, of equal times that of the first file.
 */
#include "support/captures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILES	5u
#define FRAMES	6000u	/* of a file; more than a batch has */

static uint64_t seed = 1;

static uint32_t any(uint32_t n)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(seed >> 33) % n;
}

struct file {
	char path[100];
	uint32_t n, next;
	uint64_t time[FRAMES];	/* microseconds */
	uint32_t size[FRAMES];
};

static struct file files[FILES];

/* Times that files take turns in, for long or for one frame each; some go back. */
static void make_times(struct file *f, unsigned int turns, unsigned int of)
{
	uint64_t time = 1000000000ull * 1000000 + turns * 100;
	uint32_t run = 1 + any(any(2) ? 3 : 5000), left = run;

	f->n = any(any(3) ? FRAMES : 40);
	f->next = 0;
	for (uint32_t i = 0; i < f->n; i++) {
		time += any(3);
		if (left-- == 0) {
			left = run;
			time += 2ull * run * (of - 1);
		}
		f->time[i] = any(50) ? time : time - any(5000);
		f->size[i] = 20 + any(any(20) ? 100 : 3000);
	}
}

static void write_frame(FILE *fp, const struct file *f, unsigned int number, uint32_t i,
			bool ng)
{
	static uint8_t bytes[4096];
	struct image im = { .len = 0 };
	uint32_t size = f->size[i], padded = (size + 3) & ~3u;
	uint32_t block[] = { 6, 32 + padded, 0, (uint32_t)(f->time[i] >> 32),
			     (uint32_t)f->time[i], size, size };
	uint32_t record[] = { (uint32_t)(f->time[i] / 1000000),
			      (uint32_t)(f->time[i] % 1000000), size, size };

	memset(bytes, (int)(number + i), sizeof(bytes));
	bytes[0] = (uint8_t)number;
	memcpy(bytes + 4, &i, sizeof(i));
	for (unsigned int k = 0; k < (ng ? 7 : 4); k++)
		put32(&im, false, ng ? block[k] : record[k]);
	fwrite(im.bytes, 1, im.len, fp);
	fwrite(bytes, 1, ng ? padded : size, fp);
	if (ng) {
		im.len = 0;
		put32(&im, false, block[1]);
		fwrite(im.bytes, 1, im.len, fp);
	}
}

static void write_frames(const struct testbed *t, struct file *f, unsigned int number)
{
	struct image im = { .len = 0 };
	bool ng = any(2);
	FILE *fp;

	snprintf(f->path, sizeof(f->path), "%s/%u", t->dir, number);
	fp = fopen(f->path, "w");
	assert_non_null(fp);
	if (ng) {
		put_section(&im, false);
		put_interface(&im, false, 1, 65535, 6);
	} else {
		put_header(&im, false, MICRO, 65535, 1);
	}
	fwrite(im.bytes, 1, im.len, fp);
	for (uint32_t i = 0; i < f->n; i++)
		write_frame(fp, f, number, i, ng);
	assert_int_equal(fclose(fp), 0);
}

/* The file of the next frame. */
static unsigned int next_file(unsigned int n)
{
	unsigned int best = n;

	for (unsigned int i = 0; i < n; i++)
		if (files[i].next < files[i].n &&
		    (best == n || files[i].time[files[i].next] <
				  files[best].time[files[best].next]))
			best = i;
	return best;
}

static void check_frame(const struct frame *f, uint64_t file_frame, unsigned int n,
			uint64_t number)
{
	unsigned int from = next_file(n);
	struct file *file = &files[from];
	uint32_t i = file->next++, index;

	assert_true(from < n);
	assert_int_equal(f->number, number);
	assert_int_equal(f->time, file->time[i] * 1000);
	assert_int_equal(f->caplen, file->size[i]);
	assert_int_equal(f->data[0], from);
	memcpy(&index, f->data + 4, sizeof(index));
	assert_int_equal(index, i);
	assert_int_equal(f->data[f->caplen - 1], (uint8_t)(from + i));
	if (n > 1)
		assert_int_equal(file_frame, i + 1);
}

static void merge_in_order(void **state)
{
	struct testbed *t = *state;
	struct frame_batch *b = frame_batch_create();

	assert_non_null(b);
	for (unsigned int round = 0; round < 60; round++) {
		unsigned int n = 1 + any(FILES);
		const char *paths[FILES];
		struct capture_options opt = { .files = paths, .nfiles = n,
					       .diag = &t->sink.diag };
		uint64_t number = 0, all = 0;
		struct capture *c;

		for (unsigned int i = 0; i < n; i++) {
			make_times(&files[i], i, n);
			write_frames(t, &files[i], i);
			paths[i] = files[i].path;
			all += files[i].n;
		}
		if (any(3) == 0 && all)
			opt.max_frames = 1 + any((uint32_t)all);
		frame_batch_limit(b, any(2) ? FRAME_BATCH_FRAMES : 1 + any(2000));
		assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
		while (capture_next(c, b) == CAPTURE_OK)
			for (size_t i = 0; i < frame_batch_count(b); i++)
				check_frame(frame_batch_get(b, i),
					    n > 1 ? frame_batch_file_frame(b, i) : 0,
					    n, ++number);
		assert_int_equal(number, opt.max_frames ? opt.max_frames : all);
		capture_close(c);
	}
	frame_batch_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(merge_in_order),
	};

	return cmocka_run_group_tests_name("capture_merge", tests, NULL, NULL);
}
