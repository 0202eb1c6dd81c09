/* SPDX-License-Identifier: GPL-2.0-only */
/* sysctl.c - sysctls by name. */
#include "ctreplay/sysctl.h"

#include <ctype.h>
#include <string.h>

#include "base/edit_distance.h"

struct setting {
	const char *name, *legacy;
	size_t offset;
	uint32_t def, min, max;
};

static const struct setting settings[] = {
#define SYSCTL_ROW(member, name, legacy, def, min, max, help) \
	{ name, legacy, offsetof(struct ct_sysctl, member), def, min, max },
	CT_SYSCTLS(SYSCTL_ROW)
#undef SYSCTL_ROW
	{ "ipfrag_time", "ipfrag_time",
	  offsetof(struct ct_sysctl, ipfrag_time), 30, 0, CT_SECONDS_MAX },
	{ "ipfrag_high_thresh", "ipfrag_high_thresh",
	  offsetof(struct ct_sysctl, ipfrag_high_thresh), 4194304, 0, CT_INT_MAX },
	{ "ipfrag_low_thresh", "ipfrag_low_thresh",
	  offsetof(struct ct_sysctl, ipfrag_low_thresh), 3145728, 0, CT_INT_MAX },
	{ "ipfrag_max_dist", "ipfrag_max_dist",
	  offsetof(struct ct_sysctl, ipfrag_max_dist), 64, 0, CT_INT_MAX },
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))
#define NAME_MAX_LEN DISTANCE_WORD_MAX

static uint32_t *member(struct ct_sysctl *s, const struct setting *set)
{
	return (uint32_t *)(void *)((char *)s + set->offset);
}

void ct_sysctl_defaults(struct ct_sysctl *s)
{
	for (size_t i = 0; i < SETTINGS; i++)
		*member(s, &settings[i]) = settings[i].def;
}

/* Prefixes of full names; the kernel has some sysctls in several places. */
static const char *const paths[] = {
	"net.ipv4.netfilter.", "net.netfilter.", "net.ipv4.", "net.",
};

/* The name without its prefix into 'out', with dots for slashes; false: the
 * name belongs to another part of the kernel. */
static bool own_part(const char *name, char out[NAME_MAX_LEN])
{
	size_t len = strlen(name);

	if (len >= NAME_MAX_LEN)
		return false;
	for (size_t i = 0; i <= len; i++)
		out[i] = name[i] == '/' ? '.' : name[i];
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		size_t n = strlen(paths[i]);

		if (strncmp(out, paths[i], n) == 0) {
			memmove(out, out + n, len - n + 1);
			break;
		}
	}
	return !strchr(out, '.');
}

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

static const struct setting *find(const char *name)
{
	char own[NAME_MAX_LEN];

	if (!own_part(name, own))
		return NULL;
	for (size_t i = 0; i < SETTINGS; i++)
		if (strcmp(own, settings[i].name) == 0 ||
		    (settings[i].legacy[0] && strcmp(own, settings[i].legacy) == 0))
			return &settings[i];
	return NULL;
}

/* Names that 'sysctl -a' prints, but that cannot be set. */
static bool read_only(const char *own)
{
	return strcmp(own, "nf_conntrack_count") == 0 ||
	       strcmp(own, "ip_conntrack_count") == 0;
}

static bool parse(const char *value, uint32_t *out)
{
	uint64_t n = 0;

	while (isspace((unsigned char)*value))
		value++;
	if (!isdigit((unsigned char)*value))
		return false;
	for (; isdigit((unsigned char)*value); value++) {
		n = n * 10 + (uint64_t)(*value - '0');
		if (n > UINT32_MAX)
			return false;
	}
	while (isspace((unsigned char)*value))
		value++;
	*out = (uint32_t)n;
	return *value == '\0';
}

enum ct_sysctl_result ct_sysctl_set(struct ct_sysctl *s, const char *name,
				    const char *value)
{
	const struct setting *set = find(name);
	char own[NAME_MAX_LEN];
	uint32_t n;

	if (!set) {
		if (!own_part(name, own))
			return CT_SYSCTL_FOREIGN;
		if (read_only(own))
			return CT_SYSCTL_READONLY;
		if (starts(own, "nf_conntrack_") || starts(own, "ip_conntrack_") ||
		    starts(own, "nf_ct_"))
			return CT_SYSCTL_UNKNOWN;
		return CT_SYSCTL_FOREIGN;
	}
	if (!parse(value, &n) || n < set->min || n > set->max)
		return CT_SYSCTL_VALUE;
	*member(s, set) = n;
	return CT_SYSCTL_OK;
}

const char *ct_sysctl_nearest(const char *name)
{
	char own[NAME_MAX_LEN];
	const char *nearest = NULL;
	size_t best;

	if (strlen(name) >= NAME_MAX_LEN)
		return NULL;
	own_part(name, own);
	best = edit_distance_limit(own) + 1;
	for (size_t i = 0; i < SETTINGS; i++) {
		const char *known = settings[i].name;
		size_t d = edit_distance(own, known);
		const char *p = strstr(known, "nf_conntrack_");

		/* "udp_timeout" abbreviates the whole name. */
		if (p && strcmp(own, known + strlen("nf_conntrack_")) == 0)
			return known;
		if (d < best) {
			best = d;
			nearest = known;
		}
	}
	return nearest;
}

bool ct_sysctl_limits(const char *name, uint32_t *min, uint32_t *max)
{
	const struct setting *set = find(name);

	if (!set)
		return false;
	*min = set->min;
	*max = set->max;
	return true;
}
