/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * config.c - ct_create(): checks the configuration before the engine uses it.
 *
 * The program may have been compiled with an older or a newer header than this
 * library, so its struct ct_config may be shorter or longer.  Members that it
 * does not have get their defaults; members that the library does not have must
 * be zero, which is what ct_config_init() sets them to.
 */
#include "conntrack/config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "conntrack/core.h"

#define PREFIX_MAX	32u	/* of an IPv4 address */

_Static_assert(offsetof(struct ct_config, sysctl) + sizeof(struct ct_sysctl) ==
	       sizeof(struct ct_config),
	       "no padding, which a longer structure would use, at the end");

void ct_config_init(struct ct_config *cfg, size_t size)
{
	struct ct_config full = { .checksum = CT_CHECKSUM_AUTO };

	ct_kernel_default(&full.kernel);
	ct_kernel_sysctl_defaults(&full.kernel, &full.sysctl);
	memset(cfg, 0, size);
	memcpy(cfg, &full, size < sizeof(full) ? size : sizeof(full));
	cfg->size = size;
}

void ct_config_set_kernel(struct ct_config *cfg, const struct ct_kernel *k)
{
	cfg->kernel = *k;
	ct_kernel_sysctl_init(k, &cfg->sysctl,
			      cfg->size - offsetof(struct ct_config, sysctl));
}

static int invalid(struct ct_error *error, const char *member, uint64_t value,
		   uint64_t min, uint64_t max)
{
	error->code = -EINVAL;
	error->member = member;
	snprintf(error->text, sizeof(error->text),
		 "%s is %" PRIu64 ", and must be from %" PRIu64 " to %" PRIu64,
		 member, value, min, max);
	return -EINVAL;
}

/* Copies '*cfg' of any valid size to '*full'. */
static int read_config(struct ct_config *full, const struct ct_config *cfg,
		       struct ct_error *error)
{
	const char *end = (const char *)cfg + sizeof(*cfg);

	if (cfg->size < offsetof(struct ct_config, sysctl) ||
	    cfg->size > CT_CONFIG_SIZE_MAX)
		return invalid(error, "size", cfg->size,
			       offsetof(struct ct_config, sysctl),
			       CT_CONFIG_SIZE_MAX);
	for (size_t i = sizeof(*cfg); i < cfg->size; i++)
		if (*end++)
			return invalid(error, "size", cfg->size,
				       offsetof(struct ct_config, sysctl),
				       sizeof(*cfg));
	/* Sysctls that the program does not have get its kernel's defaults. */
	ct_config_defaults(full);
	ct_config_set_kernel(full, &cfg->kernel);
	memcpy(full, cfg, cfg->size < sizeof(*cfg) ? cfg->size : sizeof(*cfg));
	full->size = sizeof(*full);
	return 0;
}

static int check_helpers(const struct ct_config *cfg, struct ct_error *error)
{
	if (cfg->nhelpers > CT_HELPER_RULES)
		return invalid(error, "nhelpers", cfg->nhelpers, 0,
			       CT_HELPER_RULES);
	for (uint32_t i = 0; i < cfg->nhelpers; i++)
		if (cfg->helper[i].helper >= CT_HELPERS)
			return invalid(error, "helper", cfg->helper[i].helper,
				       0, CT_HELPERS - 1);
	if (cfg->netbios_prefix > PREFIX_MAX)
		return invalid(error, "netbios_prefix", cfg->netbios_prefix, 0,
			       PREFIX_MAX);
	if (cfg->snmp_prefix > PREFIX_MAX)
		return invalid(error, "snmp_prefix", cfg->snmp_prefix, 0,
			       PREFIX_MAX);
	return 0;
}

static int check(const struct ct_config *cfg, struct ct_error *error)
{
	struct sysctl_fault fault;

	if ((unsigned int)cfg->checksum > CT_CHECKSUM_NONE)
		return invalid(error, "checksum", (unsigned int)cfg->checksum,
			       0, CT_CHECKSUM_NONE);
	for (size_t i = 0; i < CT_CONFIG_RESERVED; i++)
		if (cfg->reserved[i])
			return invalid(error, "reserved", cfg->reserved[i], 0, 0);
	if (!sysctl_check(&cfg->kernel, &cfg->sysctl, &fault))
		return invalid(error, fault.name, fault.value, fault.min,
			       fault.max);
	return check_helpers(cfg, error);
}

int ct_create(struct ct **ct, const struct ct_config *cfg,
	      struct ct_error *error)
{
	struct ct_error ignored;
	struct ct_config full;

	*ct = NULL;
	if (!error)
		error = &ignored;
	if (read_config(&full, cfg, error) != 0 || check(&full, error) != 0)
		return error->code;
	*ct = core_create(&full);
	if (*ct)
		return 0;
	*error = (struct ct_error){ .code = -ENOMEM, .text = "out of memory" };
	return -ENOMEM;
}
