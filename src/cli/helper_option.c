/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/helper_option.h"

#include <ctype.h>
#include <string.h>

#include "cli/nearest.h"

static bool bad(const struct diag *diag, const char *arg, const char *why)
{
	diag_say(diag, DIAG_ERROR, "--helper: '%s': %s", arg, why);
	return false;
}

/* Reads a decimal number up to 'max' at '*s', and moves '*s' behind it. */
static bool read_number(const char **s, uint32_t max, uint32_t *out)
{
	uint32_t n = 0;

	if (!isdigit((unsigned char)**s))
		return false;
	for (; isdigit((unsigned char)**s) && n <= max; ++*s)
		n = n * 10 + (uint32_t)(**s - '0');
	*out = n;
	return n <= max;
}

/* Returns the helper that 'arg' begins with, and the name's length in '*len'. */
static int find_helper(const char *arg, size_t *len, const struct diag *diag)
{
	const char *names[CT_HELPERS], *near;
	char word[32];

	*len = strcspn(arg, ":/");
	for (unsigned int i = 0; i < CT_HELPERS; i++) {
		names[i] = ct_helper_name(i);
		if (strlen(names[i]) == *len && strncmp(arg, names[i], *len) == 0)
			return (int)i;
	}
	memcpy(word, arg, *len < sizeof(word) ? *len : sizeof(word) - 1);
	word[*len < sizeof(word) ? *len : sizeof(word) - 1] = '\0';
	near = nearest_word(word, names, CT_HELPERS);
	diag_say(diag, DIAG_ERROR, "--helper: unknown helper '%s'%s%s%s", word,
		 near ? "; did you mean " : "; expected ftp, irc, tftp, sip, h323, "
		 "pptp, amanda, netbios-ns, snmp or sane", near ? near : "",
		 near ? "?" : "");
	return -1;
}

static void stop_listening(struct ct_config *cfg, unsigned int helper)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < cfg->nhelpers; i++)
		if (cfg->helper[i].helper != helper)
			cfg->helper[n++] = cfg->helper[i];
	cfg->nhelpers = n;
}

/* "/24": the prefix length of the subnet that broadcasts are sent to. */
static bool read_prefix(struct ct_config *cfg, unsigned int helper,
			const char **s)
{
	const char *name = ct_helper_name(helper);
	uint32_t prefix;

	++*s;
	if (!read_number(s, 30, &prefix) || prefix == 0)
		return false;
	if (strcmp(name, "netbios-ns") == 0)
		cfg->netbios_prefix = (uint8_t)prefix;
	else if (strcmp(name, "snmp") == 0)
		cfg->snmp_prefix = (uint8_t)prefix;
	else
		return false;
	return true;
}

bool helper_option_read(struct ct_config *cfg, const char *arg,
			const struct diag *diag)
{
	uint16_t defaults[4];
	uint32_t port;
	size_t len;
	int helper = find_helper(arg, &len, diag);
	const char *s = arg + len;

	if (helper < 0)
		return false;
	stop_listening(cfg, (unsigned int)helper);
	if (*s == '/' && !read_prefix(cfg, (unsigned int)helper, &s))
		return bad(diag, arg, "only netbios-ns and snmp take a subnet's "
			   "prefix length, from 1 to 30");
	if (*s == '\0') {
		unsigned int n = ct_helper_ports((unsigned int)helper, defaults);

		for (unsigned int i = 0; i < n; i++)
			if (!ct_config_add_helper(cfg, (unsigned int)helper, defaults[i]))
				return bad(diag, arg, "too many ports in total");
		return true;
	}
	while (*s++) {
		if (!read_number(&s, 65535, &port) || port == 0 || (*s && *s != ','))
			return bad(diag, arg, "invalid port; expected 1 to 65535");
		if (!ct_config_add_helper(cfg, (unsigned int)helper, (uint16_t)port))
			return bad(diag, arg, "too many ports in total");
	}
	return true;
}
