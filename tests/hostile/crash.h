/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crash.h - what was being tried is told where a test crashes, or hangs.
 */
#ifndef HOSTILE_CRASH_H
#define HOSTILE_CRASH_H 1

/* What is being tried, kept up to date by the test. */
extern char doing[512];

/* From now on; with alarm(2) also what takes too long. */
void crash_tell(void);

#endif
