/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel.c - from a version to the behaviours that it has. */
#include "conntrack/kernel/history.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* The releases that were compared with the engine, oldest first; a branch has
 * one. */
static const uint16_t judged[][3] = {
	{ 5, 10, 223 }, { 6, 1, 176 }, { 6, 12, 117 }, { 6, 18, 44 }, { 7, 3, 4 },
};

#define JUDGED		(sizeof(judged) / sizeof(judged[0]))
#define DEFAULT_JUDGED	3u
#define PATCH_MAX	9999u

/* The branches that kernel_history knows release by release. */
static const uint16_t known_branches[] = {
	BRANCH(5, 10), BRANCH(6, 1), BRANCH(6, 12), BRANCH(6, 18), BRANCH(7, 3),
};

static bool has(const struct history *h, uint16_t branch, uint16_t patch)
{
	bool listed = false;

	for (const struct backport *b = h->backport; b->branch; b++) {
		if (b->branch != branch)
			continue;
		listed = true;
		if (patch >= b->since && (!b->until || patch < b->until))
			return true;
	}
	return !listed && h->mainline && branch >= h->mainline;
}

static void fill(struct ct_kernel *k, uint16_t major, uint16_t minor,
		 uint16_t patch)
{
	*k = (struct ct_kernel){ .version = { major, minor, patch } };
	for (unsigned int b = 0; b < CT_BEHAVIOUR_COUNT; b++)
		if (has(&kernel_history[b], BRANCH(major, minor), patch))
			k->has[b / 64] |= (uint64_t)1 << b % 64;
}

size_t ct_kernel_count(void)
{
	return JUDGED;
}

void ct_kernel_judged(struct ct_kernel *k, size_t i)
{
	fill(k, judged[i][0], judged[i][1], judged[i][2]);
}

void ct_kernel_default(struct ct_kernel *k)
{
	ct_kernel_judged(k, DEFAULT_JUDGED);
}

/* Reads a decimal number up to 'max' and moves '*s' behind it. */
static bool read_number(const char **s, unsigned int max, uint16_t *n)
{
	unsigned int value = 0;
	const char *p = *s;

	if (!isdigit((unsigned char)*p))
		return false;
	for (; isdigit((unsigned char)*p); p++) {
		value = value * 10 + (unsigned int)(*p - '0');
		if (value > max)
			return false;
	}
	*s = p;
	*n = (uint16_t)value;
	return true;
}

/* Reads "6.12", "6.12.40", "6.12.40-1", "6.12.117+deb13-amd64"; sets '*abi' for
 * "6.1.0-50-amd64", whose third number is no release. */
static bool parse(const char *s, uint16_t v[3], bool *has_patch, bool *abi)
{
	*has_patch = *abi = false;
	if (!read_number(&s, UINT8_MAX, &v[0]) || *s++ != '.' ||
	    !read_number(&s, UINT8_MAX, &v[1]))
		return false;
	v[2] = 0;
	if (*s == '.') {
		s++;
		if (!read_number(&s, PATCH_MAX, &v[2]))
			return false;
		*has_patch = true;
	}
	*abi = *has_patch && v[2] == 0 && *s == '-';
	return *s == '\0' || *s == '-' || *s == '+' || *s == '~';
}

static bool in_range(uint16_t branch)
{
	return branch >= BRANCH(judged[0][0], judged[0][1]) &&
	       branch <= BRANCH(judged[JUDGED - 1][0], judged[JUDGED - 1][1]);
}

static bool is_known(uint16_t branch)
{
	for (size_t i = 0; i < sizeof(known_branches) / sizeof(known_branches[0]); i++)
		if (known_branches[i] == branch)
			return true;
	return false;
}

/* The judged release of the branch of 'v', or NULL. */
static const uint16_t *judged_of(const uint16_t v[3])
{
	for (size_t i = 0; i < JUDGED; i++)
		if (judged[i][0] == v[0] && judged[i][1] == v[1])
			return judged[i];
	return NULL;
}

enum ct_kernel_result ct_kernel_find(struct ct_kernel *k, const char *version)
{
	const uint16_t *of_branch;
	bool has_patch, abi;
	uint16_t v[3];

	if (!parse(version, v, &has_patch, &abi))
		return CT_KERNEL_SYNTAX;
	if (!in_range(BRANCH(v[0], v[1])))
		return CT_KERNEL_RANGE;
	of_branch = judged_of(v);
	if (of_branch && (!has_patch || abi)) {
		fill(k, v[0], v[1], of_branch[2]);
		return abi ? CT_KERNEL_ABI : CT_KERNEL_JUDGED;
	}
	fill(k, v[0], v[1], v[2]);
	if (of_branch && v[2] == of_branch[2])
		return CT_KERNEL_JUDGED;
	return is_known(BRANCH(v[0], v[1])) ? CT_KERNEL_HISTORY : CT_KERNEL_MAINLINE;
}

void ct_kernel_name(const struct ct_kernel *k, char text[CT_KERNEL_NAME_SIZE])
{
	int n = snprintf(text, CT_KERNEL_NAME_SIZE, "%u.%u.%u", k->version[0],
			 k->version[1], k->version[2]);

	(void)n;
}

static const struct { const char *name, *text; } behaviours[CT_BEHAVIOUR_COUNT] = {
#define BEHAVIOUR_ROW(sym, name, text) [CT_HAS_##sym] = { name, text },
	CT_BEHAVIOURS(BEHAVIOUR_ROW)
#undef BEHAVIOUR_ROW
};

const char *ct_behaviour_name(enum ct_behaviour b)
{
	return behaviours[b].name;
}

const char *ct_behaviour_text(enum ct_behaviour b)
{
	return behaviours[b].text;
}

/* Appends to 'text' what fits. */
static void append(char *text, size_t size, const char *more)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? ", " : "", more);
}

void ct_behaviour_releases(enum ct_behaviour b, char *text, size_t size)
{
	const struct history *h = &kernel_history[b];
	char one[48];

	text[0] = '\0';
	if (h->mainline) {
		snprintf(one, sizeof(one), "%u.%u", h->mainline >> 8,
			 h->mainline & 0xff);
		append(text, size, one);
	}
	for (const struct backport *p = h->backport; p->branch; p++) {
		int n = snprintf(one, sizeof(one), "%u.%u.%u", p->branch >> 8,
				 p->branch & 0xffu, p->since);

		if (p->until)
			snprintf(one + n, sizeof(one) - (size_t)n, " to %u.%u.%u",
				 p->branch >> 8, p->branch & 0xffu, p->until - 1u);
		append(text, size, one);
	}
}
