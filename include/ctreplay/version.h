/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * version.h - the version of the library: of these headers, and of the library
 * that a program runs with.  Versions follow semver.org; before 1.0.0, another
 * MINOR may be another interface.
 */
#ifndef CTREPLAY_VERSION_H
#define CTREPLAY_VERSION_H 1

#define CTREPLAY_VERSION_MAJOR	0
#define CTREPLAY_VERSION_MINOR	2
#define CTREPLAY_VERSION_PATCH	0
#define CTREPLAY_VERSION	"0.2.0"

/* One number that grows with the version, for #if: 0.2.0 is 100. */
#define CTREPLAY_VERSION_NUMBER \
	(CTREPLAY_VERSION_MAJOR * 10000 + CTREPLAY_VERSION_MINOR * 100 + \
	 CTREPLAY_VERSION_PATCH)

#ifdef __cplusplus
extern "C" {
#endif

/*
 * CTREPLAY_VERSION of the library at hand, which may be another one than the
 * program was compiled with; static storage.
 */
const char *ct_version(void);

#ifdef __cplusplus
}
#endif

#endif
