/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - the bytes of one FILE, decompressed if necessary.
 *
 * There are two ways to read them: peek at the next bytes and then take them, or
 * a stdio stream for libpcap.  Both count the offset, also on a pipe, so that
 * messages can tell where a damaged record begins.  Offsets count decompressed
 * bytes.
 */
#ifndef CAPTURE_INPUT_H
#define CAPTURE_INPUT_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "capture/magic.h"
#include "base/diag.h"
#include "base/stop.h"

struct input;

/* Why a file is not read, where that is no error. */
struct input_refusal {
	bool set;
	char why[240];		/* empty: it is no capture; else it begins like one, but:
				 * a clause */
};

/* The buffer of a file that was closed, for the next that is opened: its memory has been
 * used.  Zeros are an empty one. */
struct input_spare {
	uint8_t *buf;		/* or NULL; the caller frees it */
	size_t size;
};

struct input_request {
	const char *path;	/* "-": standard input; valid until the close */
	size_t bufsize;		/* bytes of the first buffer */
	struct input_spare *spare;	/* valid until the close; may be NULL */
	const struct stop *stop;	/* may be NULL */
	const struct diag *diag;
	/* Set, without a message, if the file is no capture, or one that cannot be
	 * used.  NULL: that is an error with a message. */
	struct input_refusal *refusal;
	/* Set after the message that too many files are open, which is not
	 * given if it is set already.  NULL: the message is always given. */
	bool *crowded;
};

/*
 * Opens the file and looks at its first bytes.  NULL after a message if it
 * cannot be read or is no capture; NULL without a message if 'stop' was set
 * meanwhile.
 */
struct input *input_open(const struct input_request *req);

/* Its name in messages: the path, or "standard input". */
const char *input_name(const struct input *in);

/*
 * MAGIC_PCAP or MAGIC_PCAPNG, after decompression.  MAGIC_OTHER if nothing of a
 * compressed file could be decompressed: then input_failed() tells the reason.
 */
enum magic input_magic(const struct input *in);

/* The offset of the next byte to be taken. */
uint64_t input_offset(const struct input *in);

/*
 * Returns the next bytes without taking them: '*have' bytes, at least 'n' unless
 * the end or a failure comes first.  Valid until the next call.  The buffer
 * grows only as bytes arrive.
 */
uint8_t *input_peek(struct input *in, size_t n, size_t *have);

/* The same without reading: the bytes that are in memory already. */
const uint8_t *input_here(const struct input *in, size_t *have);

/* Takes 'n' bytes, or fewer at the end; returns how many. */
size_t input_skip(struct input *in, size_t n);

/* Limits further reads to 'n' bytes at a time. */
void input_read_size(struct input *in, size_t n);

/*
 * Takes 'n' bytes and exchanges the buffer that holds them for '*buf' of '*size'
 * bytes, which may be NULL.  The bytes behind them are copied to the new buffer,
 * which is allocated if '*buf' is too small.  False without memory; then nothing
 * has changed.
 */
bool input_give(struct input *in, size_t n, uint8_t **buf, size_t *size);

/*
 * Makes the stream for libpcap, which closes it.  It takes no more bytes than
 * its reader asks for, so that peeking works in between.  NULL: no memory.
 */
FILE *input_stream(struct input *in);

bool input_can_wait(const struct input *in);	/* reading may wait for data */
bool input_ended(const struct input *in);	/* the end was reached */
bool input_stopped(const struct input *in);	/* 'stop' was set */

/*
 * The reason why a read failed, or NULL.  '*damaged' is set if the compressed
 * data is damaged, and not if the machine failed.
 */
const char *input_failed(const struct input *in, bool *damaged);

/* What a message says after an offset: "" unless the file is compressed. */
const char *input_offset_note(const struct input *in);

/* The bytes of the file that were read, compressed ones if it is compressed; and
 * the file's size, 0 if it is unknown, as on a pipe. */
uint64_t input_used(const struct input *in);
uint64_t input_size(const struct input *in);
bool input_regular(const struct input *in);
bool input_packed(const struct input *in);	/* compressed */

/* These identify the file. */
dev_t input_device(const struct input *in);
ino_t input_inode(const struct input *in);

void input_close(struct input *in);	/* after the stream; NULL is fine */

#endif
