/* SPDX-License-Identifier: GPL-2.0-only */
/* reason.c - code, text and origin of each reason. */
#include "ctreplay/reason.h"

enum origin { OWN, KERNEL };

static const struct {
	const char *code, *text;
	enum origin origin;
} reasons[CT_REASON_COUNT] = {
#define REASON_ROW(sym, c, o, t) [CT_REASON_##sym] = { c, t, o },
	CT_REASONS(REASON_ROW)
#undef REASON_ROW
};

const char *ct_reason_code(enum ct_reason reason)
{
	return reasons[reason].code;
}

const char *ct_reason_text(enum ct_reason reason)
{
	return reasons[reason].text;
}

bool ct_reason_is_kernel(enum ct_reason reason)
{
	return reasons[reason].origin == KERNEL;
}
