/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control.h - control characters in text that may be printed on a terminal, which
 * obeys them.
 */
#ifndef BASE_CONTROL_H
#define BASE_CONTROL_H 1

/*
 * How many bytes the control character at 's' has: one in ASCII; two, in UTF-8, from
 * U+0080 to U+009F, of which U+009B begins an escape sequence as ESC [ does.  0: there is
 * none.
 */
static inline unsigned int control_length(const char *s)
{
	const unsigned char *c = (const unsigned char *)s;

	if (c[0] == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
		return 2;
	return c[0] && (c[0] < ' ' || c[0] == 0x7f);
}

#endif
