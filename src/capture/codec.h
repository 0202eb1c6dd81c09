/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * codec.h - what decompresses: libzstd, liblzma, liblz4, libbz2, and codec_gzip.c,
 * which needs no library.
 *
 * A library is loaded when the first file needs it, so that it need not be
 * installed to build or to run this program, and no header of it is needed: its
 * functions and structures are those of its ABI, which its soname stands for.
 */
#ifndef CAPTURE_CODEC_H
#define CAPTURE_CODEC_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/magic.h"

/* What a step takes from 'in', and appends at 'out'. */
struct codec_io {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

enum codec_result {
	CODEC_MORE,	/* it needs more input, or more space */
	CODEC_END,	/* a stream is complete; another one may follow */
	CODEC_FAILED,	/* the data is damaged, or there is no memory */
};

struct codec {
	const char *soname[2];	/* the second is another system's name, or NULL; no
				 * name: it needs no library */
	const char *package;	/* Debian's */
	bool (*load)(void *handle);	/* finds the functions */
	void *(*open)(void);		/* NULL: no memory */
	void (*close)(void *state);	/* NULL is fine */
	/*
	 * Goes on for as long as there is input and space.  'last': no input follows.
	 * After CODEC_END the next step begins another stream.
	 */
	enum codec_result (*step)(void *state, struct codec_io *io, bool last);
	const char *(*error)(const void *state);	/* after CODEC_FAILED */
	/* Whether a stream can begin with this byte; what else follows a complete
	 * stream is ignored, as the programs of these formats do. */
	bool (*begins)(uint8_t first);
};

extern const struct codec codec_gzip, codec_zstd, codec_xz, codec_lz4, codec_bzip2;

/* Sets the function pointer at 'fn' to a library's function. */
bool codec_find(void *handle, const char *name, void *fn);

/* For the error texts of the libraries that have only numbers. */
#define CODEC_DAMAGED	"the compressed data is damaged"
#define CODEC_NO_MEMORY	"out of memory"

#endif
