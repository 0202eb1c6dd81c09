/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/base64.h"

char *put_base64(char *p, const uint8_t *from, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t group = (uint32_t)from[i] << 16 |
				 (i + 1 < n ? (uint32_t)from[i + 1] << 8 : 0) |
				 (i + 2 < n ? from[i + 2] : 0u);

		*p++ = digits[group >> 18];
		*p++ = digits[group >> 12 & 63];
		*p++ = i + 1 < n ? digits[group >> 6 & 63] : '=';
		*p++ = i + 2 < n ? digits[group & 63] : '=';
	}
	return p;
}
