/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel.c - from a version to the behaviours that it has. */
#include "conntrack/kernel/history.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/*
 * The releases that were compared with the engine, oldest first.  'abi' is the
 * number by which Debian's uname -r tells it from others of its branch, as in
 * "6.1.0-50-amd64"; 0: there uname -r has the release.
 */
static const struct judged {
	uint16_t version[3];
	uint16_t abi;
} judged[] = {
	{ { 5, 10, 223 }, 32 }, { { 5, 10, 262 }, 46 },
	{ { 6, 1, 176 }, 50 }, { { 6, 1, 192 }, 57 },
	{ { 6, 12, 117 }, 0 }, { { 6, 12, 118 }, 0 },
	{ { 6, 18, 44 }, 0 },
	{ { 7, 3, 4 }, 0 },
};

#define JUDGED		(sizeof(judged) / sizeof(judged[0]))
#define DEFAULT_BRANCH	"6.18"
#define PATCH_MAX	9999u

/* The branches that kernel_history knows release by release. */
static const uint16_t known_branches[] = {
	BRANCH(5, 10), BRANCH(6, 1), BRANCH(6, 12), BRANCH(6, 18), BRANCH(7, 2),
	BRANCH(7, 3),
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

static void fill(struct ct_kernel *k, const uint16_t v[3])
{
	*k = (struct ct_kernel){ .version = { v[0], v[1], v[2] } };
	for (unsigned int b = 0; b < CT_BEHAVIOUR_COUNT; b++)
		if (has(&kernel_history[b], BRANCH(v[0], v[1]), v[2]))
			k->has[b / 64] |= (uint64_t)1 << b % 64;
}

size_t ct_kernel_count(void)
{
	return JUDGED;
}

void ct_kernel_judged(struct ct_kernel *k, size_t i)
{
	fill(k, judged[i].version);
}

void ct_kernel_default(struct ct_kernel *k)
{
	ct_kernel_find(k, DEFAULT_BRANCH);
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

/* A version as it was asked for. */
struct asked {
	uint16_t v[3];
	bool has_patch;
	bool has_abi;		/* "6.1.0-50-amd64": its third number is no release */
	uint16_t abi;		/* 50 */
};

/* Reads "6.12", "6.12.40", "6.12.40-1", "6.12.117+deb13-amd64". */
static bool parse(const char *s, struct asked *a)
{
	uint16_t *v = a->v;

	*a = (struct asked){ .has_patch = false };
	if (!read_number(&s, UINT8_MAX, &v[0]) || *s++ != '.' ||
	    !read_number(&s, UINT8_MAX, &v[1]))
		return false;
	v[2] = 0;
	if (*s == '.') {
		s++;
		if (!read_number(&s, PATCH_MAX, &v[2]))
			return false;
		a->has_patch = true;
	}
	if (a->has_patch && v[2] == 0 && *s == '-') {
		const char *abi = s + 1;

		a->has_abi = true;
		read_number(&abi, PATCH_MAX, &a->abi);
	}
	return *s == '\0' || *s == '-' || *s == '+' || *s == '~';
}

static bool in_range(uint16_t branch)
{
	const uint16_t *first = judged[0].version;
	const uint16_t *last = judged[JUDGED - 1].version;

	return branch >= BRANCH(first[0], first[1]) &&
	       branch <= BRANCH(last[0], last[1]);
}

static bool is_known(uint16_t branch)
{
	for (size_t i = 0; i < sizeof(known_branches) / sizeof(known_branches[0]); i++)
		if (known_branches[i] == branch)
			return true;
	return false;
}

/* The judged release of that branch and patch level, or NULL. */
static const struct judged *find_judged(const uint16_t v[3])
{
	for (size_t i = 0; i < JUDGED; i++)
		if (memcmp(judged[i].version, v, sizeof(judged[i].version)) == 0)
			return &judged[i];
	return NULL;
}

/* The judged release of the branch with that number in Debian's uname -r, else
 * the newest one; or NULL. */
static const struct judged *judged_of(const struct asked *a)
{
	const struct judged *newest = NULL;

	for (size_t i = 0; i < JUDGED; i++) {
		const struct judged *j = &judged[i];

		if (memcmp(j->version, a->v, 2 * sizeof(a->v[0])) != 0)
			continue;
		newest = j;
		if (a->has_abi && j->abi && j->abi == a->abi)
			break;
	}
	return newest;
}

enum ct_kernel_result ct_kernel_find(struct ct_kernel *k, const char *version)
{
	const struct judged *of_branch;
	struct asked a;

	if (!parse(version, &a))
		return CT_KERNEL_SYNTAX;
	if (!in_range(BRANCH(a.v[0], a.v[1])))
		return CT_KERNEL_RANGE;
	of_branch = judged_of(&a);
	if (of_branch && (!a.has_patch || a.has_abi)) {
		fill(k, of_branch->version);
		return a.has_abi && !(a.abi && of_branch->abi == a.abi) ?
		       CT_KERNEL_ABI : CT_KERNEL_JUDGED;
	}
	fill(k, a.v);
	if (find_judged(a.v))
		return CT_KERNEL_JUDGED;
	return is_known(BRANCH(a.v[0], a.v[1])) ? CT_KERNEL_HISTORY :
						 CT_KERNEL_MAINLINE;
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
