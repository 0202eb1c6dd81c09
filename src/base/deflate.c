/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/deflate.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef CTREPLAY_WITHOUT_ARCHIVE

#include <dlfcn.h>

#define SONAME		"libz.so.1"
#define OUT_BYTES	(64u * 1024)

/* zlib's ABI, which the soname stands for. */
#define NO_FLUSH	0
#define FINISH		4
#define OK		0
#define STREAM_END	1

struct z_stream {
	const unsigned char *next_in;
	unsigned int avail_in;
	unsigned long total_in;
	unsigned char *next_out;
	unsigned int avail_out;
	unsigned long total_out;
	const char *msg;
	void *state, *zalloc, *zfree, *opaque;
	int data_type;
	unsigned long adler, reserved;
};

static struct {
	int (*init)(struct z_stream *, int, const char *, int);
	int (*deflate)(struct z_stream *, int);
	int (*end)(struct z_stream *);
} lib;

struct deflate {
	struct z_stream z;
	deflate_sink *sink;
	void *arg;
	unsigned char out[OUT_BYTES];
};

static bool find(void *handle, const char *name, void *fn)
{
	void *sym = dlsym(handle, name);

	/* dlsym(3) gives a function as an object pointer. */
	memcpy(fn, &sym, sizeof(sym));
	return sym != NULL;
}

bool deflate_prepare(const char **why)
{
	void *handle;

	if (lib.end)
		return true;
	*why = SONAME ", which compresses, is not installed (Debian: zlib1g)";
	handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	return handle && find(handle, "deflateInit_", &lib.init) &&
	       find(handle, "deflate", &lib.deflate) &&
	       find(handle, "deflateEnd", &lib.end);
}

struct deflate *deflate_open(int level, deflate_sink *sink, void *arg)
{
	struct deflate *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->sink = sink;
	d->arg = arg;
	d->z.next_out = d->out;
	d->z.avail_out = OUT_BYTES;
	/* Only the first number of the version counts. */
	if (lib.init(&d->z, level, "1.2.11", (int)sizeof(d->z)) == OK)
		return d;
	free(d);
	return NULL;
}

void deflate_free(struct deflate *d)
{
	if (d)
		lib.end(&d->z);
	free(d);
}

static int put_out(struct deflate *d)
{
	int error = d->sink(d->arg, d->out, OUT_BYTES - d->z.avail_out);

	d->z.next_out = d->out;
	d->z.avail_out = OUT_BYTES;
	return error;
}

int deflate_write(struct deflate *d, const void *bytes, size_t n)
{
	const unsigned char *from = bytes;
	int error = 0;

	while (n && !error) {
		unsigned int step = n < INT_MAX ? (unsigned int)n : INT_MAX;

		d->z.next_in = from;
		d->z.avail_in = step;
		from += step;
		n -= step;
		while (d->z.avail_in && !error) {
			lib.deflate(&d->z, NO_FLUSH);
			if (!d->z.avail_out)
				error = put_out(d);
		}
	}
	return error;
}

int deflate_end(struct deflate *d)
{
	int result, error;

	do {
		result = lib.deflate(&d->z, FINISH);
		error = put_out(d);
	} while (result == OK && !error);
	return error ? error : result == STREAM_END ? 0 : EIO;
}

#else

bool deflate_prepare(const char **why)
{
	*why = "this ctreplay was built without zlib (ARCHIVE=no)";
	return false;
}

struct deflate *deflate_open(int level, deflate_sink *sink, void *arg)
{
	(void)level;
	(void)sink;
	(void)arg;
	return NULL;
}

void deflate_free(struct deflate *d)
{
	(void)d;
}

int deflate_write(struct deflate *d, const void *bytes, size_t n)
{
	(void)d;
	(void)bytes;
	(void)n;
	return EIO;
}

int deflate_end(struct deflate *d)
{
	(void)d;
	return EIO;
}

#endif
