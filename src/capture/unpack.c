/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/unpack.h"

#ifndef CTREPLAY_WITHOUT_ARCHIVE

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture/codec.h"

#define CODECS	5u

static struct {
	const struct codec *codec;
	enum magic packing;
	bool tried, loaded;
} codecs[CODECS] = {
	{ &codec_gzip, MAGIC_GZIP, false, false },
	{ &codec_zstd, MAGIC_ZSTD, false, false },
	{ &codec_xz, MAGIC_XZ, false, false },
	{ &codec_lz4, MAGIC_LZ4, false, false },
	{ &codec_bzip2, MAGIC_BZIP2, false, false },
};

struct unpack {
	const struct codec *codec;
	void *state;
	unpack_more *more;
	void *arg;
	const uint8_t *in;	/* compressed bytes that are not taken yet */
	size_t in_left;
	bool in_ended;
	bool complete;		/* a stream has ended, and no other has begun */
	enum { GOES_ON, FAILED, CUT, UNREADABLE } outcome;
};

bool codec_find(void *handle, const char *name, void *fn)
{
	void *sym = dlsym(handle, name);

	/* dlsym(3) gives a function as an object pointer. */
	memcpy(fn, &sym, sizeof(sym));
	return sym != NULL;
}

static bool load(const struct codec *c)
{
	void *handle;

	if (!c->soname[0])
		return c->load(NULL);
	handle = dlopen(c->soname[0], RTLD_NOW | RTLD_LOCAL);
	if (!handle && c->soname[1])
		handle = dlopen(c->soname[1], RTLD_NOW | RTLD_LOCAL);
	return handle && c->load(handle);
}

static bool is_loaded(size_t i)
{
	if (!codecs[i].tried) {
		codecs[i].tried = true;
		codecs[i].loaded = load(codecs[i].codec);
	}
	return codecs[i].loaded;
}

void unpack_prepare(void)
{
	for (size_t i = 0; i < CODECS; i++)
		is_loaded(i);
}

struct unpack *unpack_open(enum magic packing, unpack_more *more, void *arg,
			   const char **why)
{
	static char missing[120];
	struct unpack *u;
	size_t i = 0;

	while (i < CODECS - 1 && codecs[i].packing != packing)
		i++;
	if (!is_loaded(i)) {
		snprintf(missing, sizeof(missing),
			 "%s, which decompresses it, is not installed (Debian: %s)",
			 codecs[i].codec->soname[0], codecs[i].codec->package);
		*why = missing;
		return NULL;
	}
	*why = "there is not enough memory to decompress it";
	u = calloc(1, sizeof(*u));
	if (!u)
		return NULL;
	u->codec = codecs[i].codec;
	u->more = more;
	u->arg = arg;
	u->state = u->codec->open();
	if (u->state)
		return u;
	free(u);
	return NULL;
}

/* Gets more input, if there is none; false if it cannot be read. */
static bool fill(struct unpack *u)
{
	ssize_t n;

	if (u->in_left || u->in_ended)
		return true;
	n = u->more(u->arg, &u->in);
	if (n < 0) {
		u->outcome = UNREADABLE;
		return false;
	}
	u->in_left = (size_t)n;
	u->in_ended = n == 0;
	return true;
}

/* Whether the data ends here: all streams are complete, and no other begins. */
static bool is_end(const struct unpack *u)
{
	return u->complete && (u->in_left ? !u->codec->begins(u->in[0]) : u->in_ended);
}

/* One step; false if no more can come. */
static bool go_on(struct unpack *u, struct codec_io *io)
{
	size_t in = io->in_left, out = io->out_left;
	enum codec_result result = u->codec->step(u->state, io, u->in_ended);

	if (result == CODEC_FAILED)
		u->outcome = FAILED;
	else if (result == CODEC_MORE && u->in_ended && io->in_left == in &&
		 io->out_left == out)
		u->outcome = CUT;
	u->complete = result == CODEC_END;
	return u->outcome == GOES_ON;
}

ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n)
{
	struct codec_io io = { .out = to, .out_left = n };

	/* What was decompressed before the end or the damage comes first. */
	while (u->outcome == GOES_ON && io.out_left == n) {
		if (!fill(u) || is_end(u))
			break;
		io.in = u->in;
		io.in_left = u->in_left;
		go_on(u, &io);
		u->in = io.in;
		u->in_left = io.in_left;
	}
	if (io.out_left < n)
		return (ssize_t)(n - io.out_left);
	return u->outcome == GOES_ON ? 0 : -1;
}

const char *unpack_error(const struct unpack *u)
{
	return u->outcome == FAILED ? u->codec->error(u->state) :
				      "the compressed data ends too early";
}

void unpack_close(struct unpack *u)
{
	if (!u)
		return;
	u->codec->close(u->state);
	free(u);
}

bool unpack_is_cut(const struct unpack *u)
{
	return u->outcome == CUT;
}

#else

#include "capture/codec.h"

bool codec_find(void *handle, const char *name, void *fn)
{
	(void)handle, (void)name, (void)fn;
	return false;
}

bool unpack_is_cut(const struct unpack *u)
{
	(void)u;
	return false;
}

void unpack_prepare(void)
{
}

struct unpack *unpack_open(enum magic packing, unpack_more *more, void *arg,
			   const char **why)
{
	(void)packing, (void)more, (void)arg;
	*why = "this ctreplay was built without decompression";
	return NULL;
}

ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n)
{
	(void)u, (void)to, (void)n;
	return -1;
}

const char *unpack_error(const struct unpack *u)
{
	(void)u;
	return "";
}

void unpack_close(struct unpack *u)
{
	(void)u;
}

#endif
