/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			     "abcdefghijklmnopqrstuvwxyz0123456789+/";

static inline char *put_group(char *p, uint32_t group)
{
	p[0] = digits[group >> 18];
	p[1] = digits[group >> 12 & 63];
	p[2] = digits[group >> 6 & 63];
	p[3] = digits[group & 63];
	return p + 4;
}

char *put_base64(char *p, const uint8_t *from, size_t n)
{
	for (; n >= 3; n -= 3, from += 3)
		p = put_group(p, (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2]);
	if (!n)
		return p;
	p = put_group(p, (uint32_t)from[0] << 16 | (n == 2 ? (uint32_t)from[1] << 8 : 0));
	memcpy(p + n - 3, "==", 3 - n);
	return p;
}
