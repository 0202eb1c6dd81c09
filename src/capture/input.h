/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - the bytes of one FILE, on their way to libpcap.
 *
 * libpcap reads from a stdio stream and does not say how far it came.  The
 * stream made here knows its offset, on a pipe too, so that messages can say
 * where a damaged record begins.
 */
#ifndef CAPTURE_INPUT_H
#define CAPTURE_INPUT_H 1

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "capture/magic.h"
#include "diag.h"

struct input;

/*
 * Opens 'path' ("-": standard input) and looks at its first bytes.  NULL after
 * a message where it is not to be opened or no capture; NULL without one where
 * '*stop' was set meanwhile.  'bufsize' bytes are read at a time; 'stop' may be
 * NULL.
 */
struct input *input_open(const char *path, size_t bufsize,
			 const volatile sig_atomic_t *stop,
			 const struct diag *diag);

/* How messages call it: the path, or "standard input". */
const char *input_name(const struct input *in);
enum magic input_magic(const struct input *in);

/* Makes the stream for libpcap, which closes it.  NULL: no memory. */
FILE *input_stream(struct input *in);

/* How many bytes libpcap took; only as long as the stream is open. */
uint64_t input_offset(const struct input *in);

/*
 * The bytes from 'offset' to where libpcap is now; NULL where they are not in
 * memory any more.  '*n' says how many.
 */
const uint8_t *input_recent(const struct input *in, uint64_t offset, size_t *n);

bool input_waits(const struct input *in);	/* a read may have to wait */
bool input_ended(const struct input *in);	/* nothing follows */
int input_error(const struct input *in);	/* errno of a failed read, or 0;
						   EINTR: '*stop' was set */

void input_close(struct input *in);	/* after the stream; NULL is fine */

#endif
