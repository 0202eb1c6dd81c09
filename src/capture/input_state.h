/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input_state.h - what the input's two files share: input_open.c opens files and finds out
 * what they are, input.c reads them.
 */
#ifndef CAPTURE_INPUT_STATE_H
#define CAPTURE_INPUT_STATE_H 1

#include <stdatomic.h>
#include <sys/stat.h>

#include "capture/input.h"
#include "capture/unpack.h"
#include "capture/unpack_ahead.h"

struct input {
	const char *path;	/* the caller's */
	int fd;
	struct stat st;
	bool file_ended;	/* read(2) returned 0 */
	bool ended;		/* and nothing is left to decompress */
	int error;		/* of read(2) */
	_Atomic uint64_t raw;	/* bytes that read(2) returned */
	enum magic magic;
	const struct stop *stop;

	enum magic packing;
	struct unpack *unpack;	/* NULL: the file is not compressed */
	struct unpack_ahead *ahead;	/* NULL: the caller's thread decompresses */
	bool ahead_tried;
	bool unpack_failed;
	/* What follows, and 'file_ended', is used by whoever decompresses. */
	int packed_error;	/* becomes 'error' when all before it is used */
	uint8_t *packed;	/* 'packed_size' bytes of the file */
	size_t packed_size;
	size_t packed_have;	/* of these, not yet given to 'unpack' */

	struct input_spare *spare;	/* may be NULL */
	uint64_t base;		/* offset of buf[0] */
	size_t size, have;
	size_t given;		/* bytes of 'buf' that were taken */
	size_t read_size;	/* most bytes to read at a time */
	uint8_t *buf;
};

/* An unpack_more function: bytes of the file 'arg'. */
ssize_t input_packed_bytes(void *arg, const uint8_t **p);

/* Appends to the buffer; false at the end and after a failure. */
bool input_read_more(struct input *in);

#endif
