/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/firewall_setters.h"

#include <string.h>

#include "cli/kernel_option.h"
#include "cli/options_say.h"
#include "cli/options_value.h"
#include "cli/sysctl_file.h"

/* The sysctls of the directory 'dir', in the file 'path'.  With --kernel they may be
 * another kernel's: what the kernel in force does not take is left out, with a note. */
static bool read_sysctls(struct options *o, const char *dir, const char *path,
			 const struct diag *diag)
{
	char kernel_path[FIREWALL_PATH_SIZE], version[64];
	struct ct_config own = o->config;

	if (!o->kernel_given ||
	    !firewall_dir_kernel(dir, kernel_path, version, diag) || !version[0] ||
	    !kernel_option_read(&own, kernel_path, version, &diag_silent))
		return sysctl_read_file(&o->config, &o->given, path, diag);
	if (!sysctl_read_file(&own, &o->given, path, diag))
		return false;
	sysctl_give(&o->given, &o->config, "--firewall", diag);
	return true;
}

/* Its kernel and its sysctls give way to those of the command line, wherever these
 * are, so each has its turn. */
enum options_result firewall_set_firewall(struct options *o,
					const struct option_use *use)
{
	char path[FIREWALL_PATH_SIZE], version[64];

	switch (use->turn) {
	case OPTION_FIRST:
		return OPTIONS_RUN;
	case OPTION_DIRECTORY:
		if (!firewall_dir_kernel(use->arg, path, version, use->diag))
			return OPTIONS_BAD;
		return run_if(!version[0] || o->kernel_given ||
			      kernel_option_read(&o->config, path, version,
						 use->diag));
	case OPTION_SECOND:
		return run_if(!firewall_dir_has(use->arg, "sysctls", path) ||
			      read_sysctls(o, use->arg, path, use->diag));
	default:
		return run_if(firewall_use_dir(&o->firewall, use->arg, use->diag));
	}
}

#define SET_PART(name, part) \
enum options_result firewall_set_##name(struct options *o, \
				      const struct option_use *use) \
{ \
	o->firewall.file[part] = (struct firewall_file){ NULL, use->arg }; \
	return OPTIONS_RUN; \
}

SET_PART(rules, FIREWALL_RULES)
SET_PART(rules6, FIREWALL_RULES6)
SET_PART(ipsets, FIREWALL_IPSETS)
SET_PART(routes, FIREWALL_ROUTES)

enum options_result firewall_set_rules_unknown(struct options *o,
					     const struct option_use *use)
{
	(void)use;
	o->firewall.unknown_ok = true;
	return OPTIONS_RUN;
}

enum options_result firewall_set_rules_seed(struct options *o,
					  const struct option_use *use)
{
	o->firewall.has_seed = true;
	return run_if(value_number(use, UINT64_MAX / 16, &o->firewall.seed));
}

enum options_result firewall_set_hook(struct options *o,
				    const struct option_use *use)
{
	static const char *const words[] = { "forward", "input", "output" };
	int i = VALUE_CHOICE(use, words);

	o->firewall.hook = (enum firewall_hook)(HOOK_FORWARD + i);
	return run_if(i >= 0);
}

/* Names of interfaces have 15 characters at most: IFNAMSIZ. */
static enum options_result set_if(const char **to, const struct option_use *use)
{
	if (!use->arg[0] || strlen(use->arg) > 15 || strpbrk(use->arg, "/ \t")) {
		options_say_invalid(use, "interface", "its name, such as eth0");
		return OPTIONS_BAD;
	}
	*to = use->arg;
	return OPTIONS_RUN;
}

enum options_result firewall_set_in(struct options *o, const struct option_use *use)
{
	return set_if(&o->firewall.in, use);
}

enum options_result firewall_set_out(struct options *o, const struct option_use *use)
{
	return set_if(&o->firewall.out, use);
}

enum options_result firewall_set_local(struct options *o,
				     const struct option_use *use)
{
	o->firewall.local[o->firewall.nlocal++] = use->arg;
	return OPTIONS_RUN;
}
