/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capfile.h - reads a capture file into frames for both sides, and counts the
 * frames that it has to leave out, by cause.
 */
#ifndef CHECK_KERNEL_CAPFILE_H
#define CHECK_KERNEL_CAPFILE_H 1

#include <stdint.h>

#include "frames.h"

enum left_out {
	LEFT_FILE,		/* files, not frames: libpcap refused them */
	LEFT_DAMAGED,		/* files whose end cannot be read */
	LEFT_LINKTYPE,
	LEFT_NOT_IP,
	LEFT_COMPRESSED,
	LEFT_ENCRYPTED,
	LEFT_LINK_CUT,
	LEFT_EMPTY,		/* nothing behind the link layer */
	LEFT_TOO_LARGE,		/* for the tap */
	LEFT_FRAGMENT,		/* where fragments are not wanted */
	LEFT_NOT_HOSTS,		/* not UDP of the host in the lab */
	LEFT_CAUSES
};

const char *left_out_name(enum left_out cause);

/*
 * Reads 'path', with or without its fragments, and adds to the counts in
 * 'left'. Of a damaged file the frames before the damage are kept.
 */
void capfile_read(const char *path, bool fragments, struct frames *fs,
		  uint64_t left[LEFT_CAUSES]);

#endif
