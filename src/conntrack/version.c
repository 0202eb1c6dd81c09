/* SPDX-License-Identifier: GPL-2.0-only */
/* version.c - the version of the library that is linked. */
#include "ctreplay/version.h"

const char *ct_version(void)
{
	return CTREPLAY_VERSION;
}
