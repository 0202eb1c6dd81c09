/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - the bytes of one FILE, unpacked if it is compressed.
 *
 * Two ways to read them: a look at what comes next, which is taken then, or a
 * stdio stream for libpcap.  In both the offset is known, on a pipe too, so
 * that messages can say where a damaged record begins.  Offsets are those of
 * the unpacked bytes.
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

struct input_request {
	const char *path;	/* "-": standard input; kept until the close */
	size_t bufsize;		/* bytes to read at a time */
	const struct stop *stop;	/* may be NULL */
	const struct diag *diag;
	/* Set, without a message, where the file is no capture.  NULL: that
	 * is an error with a message, as others are. */
	bool *no_capture;
	/* Set where too many files are open, which is told only where it was
	 * not set yet.  NULL: told each time. */
	bool *crowded;
};

/*
 * Opens the file and looks at its first bytes.  NULL after a message where it
 * cannot be read or is no capture; NULL without one where 'stop' was set
 * meanwhile.
 */
struct input *input_open(const struct input_request *req);

/* How messages call it: the path, or "standard input". */
const char *input_name(const struct input *in);

/*
 * MAGIC_PCAP or MAGIC_PCAPNG, as unpacked.  MAGIC_OTHER where it is
 * compressed and nothing of it could be unpacked: input_failed() is set.
 */
enum magic input_magic(const struct input *in);

/* Where the next byte to be taken is. */
uint64_t input_offset(const struct input *in);

/*
 * What comes next, all together: '*have' bytes, which are at least 'n' but at
 * the end and after a failure.  Good until the next call; memory is taken only
 * as bytes come.
 */
uint8_t *input_peek(struct input *in, size_t n, size_t *have);

/* What of that is in memory already, without reading. */
const uint8_t *input_here(const struct input *in, size_t *have);

/* Takes 'n' bytes, or as many as there are: how many. */
size_t input_skip(struct input *in, size_t n);

/* From now on, at most 'n' bytes are read at a time. */
void input_read_size(struct input *in, size_t n);

/*
 * Takes 'n' bytes that were looked at, and gives them away with the buffer that
 * they are in, for another of '*size' bytes, which may be NULL: the bytes behind
 * them are copied to it.  False where there is no memory for one: then all is
 * as it was.
 */
bool input_give(struct input *in, size_t n, uint8_t **buf, size_t *size);

/*
 * Makes the stream for libpcap, which closes it.  It takes what it is asked
 * for and no more, so that the other ways to read can be used in between.
 * NULL: no memory.
 */
FILE *input_stream(struct input *in);

bool input_can_wait(const struct input *in);	/* reading may have to wait */
bool input_ended(const struct input *in);	/* nothing follows */
bool input_stopped(const struct input *in);	/* 'stop' was set */

/*
 * What a read failed for, or NULL.  '*damaged' tells whether the compressed
 * data is at fault, and not the machine.
 *
 * libarchive unpacks 64 or 128 kB at a time, and gives none of them where the
 * data ends or is damaged in between.  Programs that give what they have can
 * get some more: input_by_hand() writes a command with one.
 */
const char *input_failed(const struct input *in, bool *damaged);

void input_by_hand(const struct input *in, char *to, size_t size);

/* "" or, of a compressed file, what to say after an offset. */
const char *input_offset_note(const struct input *in);

/* Bytes of the file that were used, packed if it is, and of how many: 0 where
 * that is not known, as on a pipe. */
uint64_t input_used(const struct input *in);
uint64_t input_size(const struct input *in);
bool input_regular(const struct input *in);

/* Which file it is. */
dev_t input_device(const struct input *in);
ino_t input_inode(const struct input *in);

void input_close(struct input *in);	/* after the stream; NULL is fine */

#endif
