/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sandbox.h - a program that parses untrusted captures needs few rights.
 *
 * It gives up the others for good before it parses the first capture.  Landlock refuses
 * to open any file but those named by sandbox_may_read().  seccomp refuses all system
 * calls but those for reading, for writing to open files, for threads and for memory: no
 * sockets, no programs, no new files, no executable memory.  A refused call fails with
 * an error, as for lack of permission.
 *
 * Either may be missing in the kernel or in the build; the other then works alone.
 * Open files stay open.
 *
 *	s = sandbox_create();
 *	sandbox_may_read(s, "/var/log/captures");
 *	sandbox_enter(s, diag);		(before any thread is created)
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H 1

#include "base/diag.h"

struct sandbox;

struct sandbox *sandbox_create(void);	/* NULL: no memory */

/*
 * Allows opening the file, or the files beneath the directory, for reading.  A path that
 * does not exist is ignored: opening it will fail anyway.
 */
void sandbox_may_read(struct sandbox *s, const char *path);

/*
 * Enters the sandbox and frees 's'.  Reports on 'notes', unless that is NULL, which
 * parts are on, and why the others are off.
 */
void sandbox_enter(struct sandbox *s, const struct diag *notes);

/* Frees 's' without entering the sandbox; NULL is fine. */
void sandbox_free(struct sandbox *s);

#endif
