/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sandbox.h - whoever reads other people's bytes needs few rights.
 *
 * The rest is given away for good before the first capture is parsed: Landlock
 * refuses to open any file but those named by sandbox_may_read(), seccomp
 * refuses whatever else reading, writing to what is open, threads and memory
 * do not take: no socket, no program, no file to write to, no memory that is
 * made executable.  What is refused fails with an error, as it would for lack
 * of permission.
 *
 * Either may be missing, in the kernel or in the build, and then the other
 * does alone what it can.  Files that are open stay open.
 *
 *	s = sandbox_create();
 *	sandbox_may_read(s, "/var/log/captures");
 *	sandbox_enter(s, diag);		(before threads are made)
 */
#ifndef SANDBOX_H
#define SANDBOX_H 1

#include "base/diag.h"

struct sandbox;

struct sandbox *sandbox_create(void);	/* NULL: no memory */

/*
 * The file, or what is beneath the directory, may be opened for reading.  One
 * that cannot be found is passed over: whoever opens it will say so.
 */
void sandbox_may_read(struct sandbox *s, const char *path);

/*
 * Goes in, and frees 's'.  Tells on 'notes', unless that is NULL, which parts
 * are on, and why the others are not.
 */
void sandbox_enter(struct sandbox *s, const struct diag *notes);

/* Instead of that, without going in; NULL is fine. */
void sandbox_free(struct sandbox *s);

#endif
