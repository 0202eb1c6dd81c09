/* SPDX-License-Identifier: GPL-2.0-only */
#include "ctreplay/version.h"

const char *ct_version(void)
{
	return CTREPLAY_VERSION;
}
