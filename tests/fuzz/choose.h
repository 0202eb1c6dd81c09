/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * choose.h - octets of an input as settings and times that have an effect.
 */
#ifndef CHOOSE_H
#define CHOOSE_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "ctreplay/sysctl.h"

/* Hundredths of a second, half minutes, about thirds of a day. */
static inline uint64_t choose_step(uint8_t v)
{
	if (v < 200)
		return v * 10000000ull;
	if (v < 240)
		return (v - 199) * 30000000000ull;
	return (v - 239) * 30000000000000ull;
}

/*
 * Sets the sysctl with this number to this value, reduced to its limits, and
 * writes "NAME=VALUE"; false if there is no such sysctl.
 */
static inline bool choose_sysctl(struct ct_sysctl *s, uint8_t which,
				 uint8_t value, char text[80])
{
	static const char *const names[] = {
#define CHOOSE_NAME(member, name, legacy, def, min, max, help) name,
		CT_SYSCTLS(CHOOSE_NAME)
#undef CHOOSE_NAME
	};
	char digits[16];

	if (which >= sizeof(names) / sizeof(names[0]))
		return false;
	snprintf(digits, sizeof(digits), "%u", value);
	if (ct_sysctl_set(s, names[which], digits) != CT_SYSCTL_OK) {
		snprintf(digits, sizeof(digits), "%u", value & 1u);
		if (ct_sysctl_set(s, names[which], digits) != CT_SYSCTL_OK)
			return false;
	}
	snprintf(text, 80, "%s=%s", names[which], digits);
	return true;
}

/* Whether every setting is within its limits. */
static inline bool choose_within_limits(const struct ct_sysctl *s)
{
	const struct { uint64_t value, min, max; } all[] = {
#define CHOOSE_ROW(member, name, legacy, def, min, max, help) \
		{ s->member, min, max },
		CT_SYSCTLS(CHOOSE_ROW)
#undef CHOOSE_ROW
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].value < all[i].min || all[i].value > all[i].max)
			return false;
	return true;
}

#endif
