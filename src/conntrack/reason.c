/* SPDX-License-Identifier: GPL-2.0-only */
/* reason.c - code, text and origin of each reason. */
#include "ctreplay/reason.h"

#include "conntrack/track.h"

enum origin { OWN, KERNEL };
enum condition { WITH, WITHOUT };

static const struct {
	const char *code, *text;
	enum origin origin;
} reasons[CT_REASON_COUNT] = {
#define REASON_ROW(sym, c, o, t) [CT_REASON_##sym] = { c, t, o },
	CT_REASONS(REASON_ROW)
#undef REASON_ROW
};

static const struct variant {
	enum ct_reason reason;
	uint8_t number;
	enum condition condition;
	enum ct_behaviour behaviour;
	enum origin origin;
	const char *text;
} variants[] = {
#define VARIANT_ROW(sym, n, c, b, o, t) \
	{ CT_REASON_##sym, n, c, CT_HAS_##b, o, t },
	CT_REASON_VARIANTS(VARIANT_ROW)
#undef VARIANT_ROW
};

#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

static const struct variant *find_variant(enum ct_reason reason, uint8_t number)
{
	for (size_t i = 0; number && i < VARIANTS; i++)
		if (variants[i].reason == reason && variants[i].number == number)
			return &variants[i];
	return NULL;
}

void reason_variants(uint8_t variant[CT_REASON_COUNT], const struct ct_kernel *k)
{
	memset(variant, 0, CT_REASON_COUNT);
	for (size_t i = 0; i < VARIANTS; i++)
		if (ct_kernel_has(k, variants[i].behaviour) ==
		    (variants[i].condition == WITH))
			variant[variants[i].reason] = variants[i].number;
}

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

const char *ct_why_text(const struct ct_why *why)
{
	const struct variant *v = find_variant(why->reason, why->variant);

	return v ? v->text : reasons[why->reason].text;
}

bool ct_kernel_logs(const struct ct_kernel *k, enum ct_reason reason)
{
	uint8_t variant[CT_REASON_COUNT];
	const struct variant *v;

	reason_variants(variant, k);
	v = find_variant(reason, variant[reason]);
	return (v ? v->origin : reasons[reason].origin) == KERNEL;
}
