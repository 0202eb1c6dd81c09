/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_merge.c - --merge of any files; for libFuzzer.
 *
 * The input is up to three files, divided by lines of "%".  What can be merged must give
 * the same bytes in two steps, whichever they are, and as one file itself.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "merge/merge.h"
#include "report/report.h"

#define FILES	3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct report report;
static const struct stop stop = { .fd = -1 };

/* A file in memory, by its name. */
struct file {
	int fd;
	char name[40];
};

static void open_file(struct file *f, const uint8_t *data, size_t size)
{
	f->fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (f->fd < 0 || write(f->fd, data, size) != (ssize_t)size)
		abort();
	snprintf(f->name, sizeof(f->name), "/proc/self/fd/%d", f->fd);
}

static size_t part(const uint8_t *data, size_t size)
{
	const uint8_t *end = size ? memmem(data, size, "\n%\n", 3) : NULL;

	return end ? (size_t)(end - data) + 1 : size;
}

/* Merges files into a new one. */
static bool merge_into(struct file *to, const char *const *names, size_t n,
		       enum report_format format)
{
	const char *files[FILES];
	struct options o = { .files = files, .nfiles = n, .format = format };

	memcpy(files, names, n * sizeof(*names));
	open_file(to, (const uint8_t *)"", 0);
	memset(&report, 0, offsetof(struct report, out.buf));
	out_init(&report.out, to->fd);
	report.format = format;
	report.time_style = TIME_ISO;
	report.time_given = true;
	return merge_files(&o, &report, &diag_silent, &stop) == MERGE_DONE &&
	       out_flush(&report.out);
}

static void demand_same(const struct file *a, const struct file *b)
{
	off_t n = lseek(a->fd, 0, SEEK_END), m = lseek(b->fd, 0, SEEK_END);
	void *x, *y;

	assert(n == m);
	if (n == 0)
		return;
	x = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, a->fd, 0);
	y = mmap(NULL, (size_t)n, PROT_READ, MAP_PRIVATE, b->fd, 0);
	assert(x != MAP_FAILED && y != MAP_FAILED && memcmp(x, y, (size_t)n) == 0);
	munmap(x, (size_t)n);
	munmap(y, (size_t)n);
}

/* The result is a file that can be merged, and merging it changes nothing. */
static void demand_stable(const struct file *whole)
{
	const char *names[] = { whole->name };
	struct file again;

	assert(merge_into(&again, names, 1, REPORT_JSON));
	demand_same(whole, &again);
	close(again.fd);
	assert(merge_into(&again, names, 1, REPORT_TEXT));
	close(again.fd);
}

/* (a b) c and a (b c) are a b c. */
static void demand_steps(const struct file *whole, const struct file *f)
{
	const char *const first[] = { f[0].name, f[1].name };
	const char *const last[] = { f[1].name, f[2].name };
	struct file pair, all;

	assert(merge_into(&pair, first, 2, REPORT_JSON));
	assert(merge_into(&all, (const char *[]){ pair.name, f[2].name }, 2,
			  REPORT_JSON));
	demand_same(whole, &all);
	close(pair.fd);
	close(all.fd);
	assert(merge_into(&pair, last, 2, REPORT_JSON));
	assert(merge_into(&all, (const char *[]){ f[0].name, pair.name }, 2,
			  REPORT_JSON));
	demand_same(whole, &all);
	close(pair.fd);
	close(all.fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct file f[FILES], whole;
	const char *names[FILES];
	size_t n = 0;

	while (n < FILES && (n == 0 || size > 0)) {
		size_t len = part(data, size);

		open_file(&f[n], data, len);
		names[n] = f[n].name;
		n++;
		len = len + 2 < size ? len + 2 : size;
		data += len;
		size -= len;
	}
	if (merge_into(&whole, names, n, REPORT_JSON)) {
		demand_stable(&whole);
		if (n == FILES)
			demand_steps(&whole, f);
	}
	close(whole.fd);
	for (size_t i = 0; i < n; i++)
		close(f[i].fd);
	return 0;
}
