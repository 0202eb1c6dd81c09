/* SPDX-License-Identifier: GPL-2.0-only */
/* codec_zstd.c - Zstandard (RFC 8878), with libzstd. */
#include <stdlib.h>

#include "capture/codec.h"

struct in_buffer {
	const void *src;
	size_t size, pos;
};

struct out_buffer {
	void *dst;
	size_t size, pos;
};

static struct {
	void *(*create)(void);
	size_t (*free)(void *);
	size_t (*decompress)(void *, struct out_buffer *, struct in_buffer *);
	unsigned int (*is_error)(size_t);
	const char *(*error_name)(size_t);
} lib;

struct zstd {
	void *stream;
	size_t result;
};

static bool load(void *handle)
{
	return codec_find(handle, "ZSTD_createDStream", &lib.create) &&
	       codec_find(handle, "ZSTD_freeDStream", &lib.free) &&
	       codec_find(handle, "ZSTD_decompressStream", &lib.decompress) &&
	       codec_find(handle, "ZSTD_isError", &lib.is_error) &&
	       codec_find(handle, "ZSTD_getErrorName", &lib.error_name);
}

static void *open_zstd(void)
{
	struct zstd *z = calloc(1, sizeof(*z));

	if (z)
		z->stream = lib.create();
	if (z && z->stream)
		return z;
	free(z);
	return NULL;
}

static void close_zstd(void *state)
{
	struct zstd *z = state;

	if (z)
		lib.free(z->stream);
	free(z);
}

static enum codec_result step(void *state, struct codec_io *io, bool last)
{
	struct zstd *z = state;
	struct in_buffer in = { io->in, io->in_left, 0 };
	struct out_buffer out = { io->out, io->out_left, 0 };

	(void)last;
	z->result = lib.decompress(z->stream, &out, &in);
	io->in += in.pos;
	io->in_left -= in.pos;
	io->out += out.pos;
	io->out_left -= out.pos;
	if (lib.is_error(z->result))
		return CODEC_FAILED;
	return z->result == 0 ? CODEC_END : CODEC_MORE;
}

static const char *error(const void *state)
{
	return lib.error_name(((const struct zstd *)state)->result);
}

/* A frame, or one that is to be skipped. */
static bool begins(uint8_t first)
{
	return first == 0x28 || (first & 0xf0) == 0x50;
}

const struct codec codec_zstd = {
	{ "libzstd.so.1", NULL }, "libzstd1", load, open_zstd, close_zstd, step,
	error, begins,
};
