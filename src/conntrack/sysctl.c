/* SPDX-License-Identifier: GPL-2.0-only */
/* sysctl.c - sysctls by name. */
#include "ctreplay/kernel.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/edit_distance.h"
#include "conntrack/config.h"

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

/*
 * What is different in the kernels that have a behaviour, or, with 'without',
 * in those that have not.
 */
static const struct variant {
	size_t offset;
	enum ct_behaviour behaviour;
	bool without;
	enum { ABSENT, DEFAULT, LIMITS } what;	/* what is different */
	uint32_t def, min, max;
} variants[] = {
#define MEMBER(member) offsetof(struct ct_sysctl, member)
#define ABSENT_WITH(member, sym) \
	{ MEMBER(member), CT_HAS_##sym, false, ABSENT, 0, 0, 0 }
#define ABSENT_WITHOUT(member, sym) \
	{ MEMBER(member), CT_HAS_##sym, true, ABSENT, 0, 0, 0 }
#define LIMITS_WITH(member, sym, min, max) \
	{ MEMBER(member), CT_HAS_##sym, false, LIMITS, 0, min, max }
#define LIMITS_WITHOUT(member, sym, min, max) \
	{ MEMBER(member), CT_HAS_##sym, true, LIMITS, 0, min, max }
#define DEFAULT_WITHOUT(member, sym, def) \
	{ MEMBER(member), CT_HAS_##sym, true, DEFAULT, def, 0, 0 }
	DEFAULT_WITHOUT(buckets, LARGE_DEFAULTS, 65536),
	DEFAULT_WITHOUT(expect_max, LARGE_DEFAULTS, 1024),
	LIMITS_WITHOUT(expect_max, LIMITS_CHECKED, 0, CT_INT_MAX),
	LIMITS_WITH(max, MAX_NOT_ZERO, 1, CT_INT_MAX),
	DEFAULT_WITHOUT(events, EVENTS_ON_DEMAND, 1),
	LIMITS_WITHOUT(events, EVENTS_ON_DEMAND, 0, 1),
	LIMITS_WITHOUT(tcp_max_retrans, MAX_RETRANS_8BIT, 0, CT_INT_MAX),
	DEFAULT_WITHOUT(sctp_timeout_established, SCTP_ONE_ESTABLISHED, 432000),
	/* 0.3 s, of which the setting shows the whole seconds. */
	DEFAULT_WITHOUT(sctp_timeout_shutdown_sent, SCTP_SHUTDOWN_3S, 0),
	DEFAULT_WITHOUT(sctp_timeout_shutdown_recd, SCTP_SHUTDOWN_3S, 0),
	ABSENT_WITH(sctp_timeout_heartbeat_acked, SCTP_ONE_ESTABLISHED),
	ABSENT_WITHOUT(tcp_ignore_invalid_rst, TCP_IGNORE_INVALID_RST),
	ABSENT_WITH(helper, HELPER_BY_RULE),
	ABSENT_WITH(dccp_loose, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_request, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_respond, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_partopen, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_open, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_closereq, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_closing, DCCP_GENERIC),
	ABSENT_WITH(dccp_timeout_timewait, DCCP_GENERIC),
};

#define VARIANTS (sizeof(variants) / sizeof(variants[0]))

/* 'set' as kernel 'k' has it; '*absent': it has not. */
static struct setting as_in(const struct ct_kernel *k, const struct setting *set,
			    bool *absent)
{
	struct setting s = *set;

	*absent = false;
	for (size_t i = 0; i < VARIANTS; i++) {
		const struct variant *v = &variants[i];

		if (v->offset != set->offset ||
		    ct_kernel_has(k, v->behaviour) == v->without)
			continue;
		switch (v->what) {
		case ABSENT:
			*absent = true;
			break;
		case DEFAULT:
			s.def = v->def;
			break;
		case LIMITS:
			s.min = v->min;
			s.max = v->max;
		}
	}
	return s;
}

static uint32_t *member(struct ct_sysctl *s, const struct setting *set)
{
	return (uint32_t *)(void *)((char *)s + set->offset);
}

static bool has_member(size_t size, const struct setting *set)
{
	return set->offset + sizeof(uint32_t) <= size;
}

void ct_kernel_sysctl_init(const struct ct_kernel *k, struct ct_sysctl *s,
			   size_t size)
{
	memset(s, 0, size);
	for (size_t i = 0; i < SETTINGS; i++) {
		bool absent;

		if (has_member(size, &settings[i]))
			*member(s, &settings[i]) =
				as_in(k, &settings[i], &absent).def;
	}
}

void ct_sysctl_init(struct ct_sysctl *s, size_t size)
{
	struct ct_kernel k;

	ct_kernel_default(&k);
	ct_kernel_sysctl_init(&k, s, size);
}

bool sysctl_check(const struct ct_kernel *k, const struct ct_sysctl *s,
		  struct sysctl_fault *fault)
{
	struct ct_sysctl copy = *s;

	for (size_t i = 0; i < SETTINGS; i++) {
		bool absent;
		const struct setting set = as_in(k, &settings[i], &absent);
		uint32_t value = *member(&copy, &set);

		if (value < set.min || value > set.max) {
			*fault = (struct sysctl_fault){ set.name, value,
							set.min, set.max };
			return false;
		}
	}
	return true;
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

/* What kind of name it is that no setting has. */
static enum ct_sysctl_result other_name(const char *name)
{
	char own[NAME_MAX_LEN];

	if (!own_part(name, own))
		return CT_SYSCTL_FOREIGN;
	if (read_only(own))
		return CT_SYSCTL_READONLY;
	if (starts(own, "nf_conntrack_") || starts(own, "ip_conntrack_") ||
	    starts(own, "nf_ct_"))
		return CT_SYSCTL_UNKNOWN;
	return CT_SYSCTL_FOREIGN;
}

enum ct_sysctl_result ct_kernel_sysctl_set_sized(const struct ct_kernel *k,
						 struct ct_sysctl *s, size_t size,
						 const char *name,
						 const char *value)
{
	const struct setting *found = find(name);
	struct setting set;
	bool absent;
	uint32_t n;

	if (!found || !has_member(size, found))
		return other_name(name);
	set = as_in(k, found, &absent);
	if (absent)
		return CT_SYSCTL_ABSENT;
	if (!parse(value, &n) || n < set.min || n > set.max)
		return CT_SYSCTL_VALUE;
	*member(s, found) = n;
	return CT_SYSCTL_OK;
}

enum ct_sysctl_result ct_sysctl_set_sized(struct ct_sysctl *s, size_t size,
					  const char *name, const char *value)
{
	struct ct_kernel k;

	ct_kernel_default(&k);
	return ct_kernel_sysctl_set_sized(&k, s, size, name, value);
}

void ct_sysctl_releases(const char *name, char *text, size_t size)
{
	const struct setting *set = find(name);

	text[0] = '\0';
	for (size_t i = 0; set && i < VARIANTS; i++) {
		const struct variant *v = &variants[i];
		char releases[128];

		if (v->offset != set->offset || v->what != ABSENT)
			continue;
		ct_behaviour_releases(v->behaviour, releases, sizeof(releases));
		snprintf(text, size, "%s %s", v->without ? "since" : "before",
			 releases);
	}
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

bool ct_kernel_sysctl_limits(const struct ct_kernel *k, const char *name,
			     uint32_t *min, uint32_t *max)
{
	const struct setting *found = find(name);
	struct setting set;
	bool absent;

	if (!found)
		return false;
	set = as_in(k, found, &absent);
	*min = set.min;
	*max = set.max;
	return !absent;
}

bool ct_sysctl_limits(const char *name, uint32_t *min, uint32_t *max)
{
	struct ct_kernel k;

	ct_kernel_default(&k);
	return ct_kernel_sysctl_limits(&k, name, min, max);
}
