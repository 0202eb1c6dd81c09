/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * debug.h - invariants that are checked in debug builds only, made with
 * -DCTREPLAY_DEBUG.
 */
#ifndef BASE_DEBUG_H
#define BASE_DEBUG_H 1

#ifdef CTREPLAY_DEBUG
#include <assert.h>
#define debug_assert(condition) assert(condition)
#else
/* The compiler checks the condition, but makes no code of it. */
#define debug_assert(condition) ((void)sizeof(!(condition)))
#endif

#endif
