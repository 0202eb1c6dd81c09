/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * crash.h - says what a test was doing when it crashed or hung.
 */
#ifndef HOSTILE_CRASH_H
#define HOSTILE_CRASH_H 1

/* What the test is doing; the test keeps it up to date. */
extern char doing[512];

/* Installs the signal handlers; with alarm(2), a test that takes too long is
 * caught as well. */
void crash_tell(void);

#endif
