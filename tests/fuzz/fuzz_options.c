/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_options.c - a command line of any kind (libFuzzer).
 *
 * The input's octets are the arguments, each ended by a 0; the first octet
 * chooses whether an option with a complex argument precedes each of them.  The
 * arguments must not make it read a file of settings.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cli/options.h"

#define WORDS	24

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned int errors;

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	errors += level == DIAG_ERROR;
	if (!*text)
		abort();
}

/* Whether the argument, or a word of it, would make it read a file. */
static bool reads_file(const char *arg)
{
	static struct words w;

	if (strstr(arg, "sysctl-"))
		return true;
	if (words_split(&w, arg) != WORDS_OK && strlen(arg) < WORDS_BYTES / 2 &&
	    w.n > WORDS_CAPACITY)
		abort();
	for (size_t i = 0; i < w.n; i++) {
		if (w.word[i] < w.text || w.word[i] > w.text + strlen(arg))
			abort();
		if (strstr(w.word[i], "sysctl-"))
			return true;
	}
	return false;
}

/* An engine must accept what the options say. */
static void look_at_config(const struct ct_config *cfg)
{
	struct ct_error error = { .code = 0 };
	struct ct *ct;

	if (cfg->netbios_prefix > 30 || cfg->snmp_prefix > 30)
		abort();
	if (ct_create(&ct, cfg, &error) != 0 && error.code == -EINVAL)
		abort();
	ct_destroy(ct);
}

/* The options must be within the limits that the other modules assume. */
static void look_at(const struct options *o, int argc)
{
	if (o->nfiles == 0 || o->nfiles > (size_t)argc ||
	    o->nnotrack > (size_t)argc || o->nat > (size_t)argc ||
	    o->format > REPORT_TIMESKETCH || o->table_style > TABLE_SHORT ||
	    o->time_style > TIME_DELTA || o->color > WHEN_NEVER ||
	    o->progress > WHEN_NEVER)
		abort();
	look_at_config(&o->config);
	if (!o->versus)
		return;
	if (o->second.nnotrack > WORDS_CAPACITY)
		abort();
	look_at_config(&o->second.config);
}

static void read_line(int argc, char **argv)
{
	static const struct diag diag = { say, NULL };
	struct options opt;

	errors = 0;
	switch (options_read(&opt, argc, argv, &diag)) {
	case OPTIONS_RUN:
		if (errors)
			abort();
		look_at(&opt, argc);
		break;
	case OPTIONS_BAD:
		if (!errors)
			abort();
		break;
	default:
		break;
	}
	options_free(&opt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const before[] = {
		"--at", "--sysctl", "--helper", "--ctstate", "--hashsize", "-c",
		"-o", "--versus", "--kernel",
	};
	char *argv[2 * WORDS + 3], *text, *p;
	const char *option;
	int argc = 0;

	if (size < 1)
		return 0;
	option = data[0] < sizeof(before) / sizeof(before[0]) ? before[data[0]] :
								NULL;
	text = calloc(1, size + 1);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	argv[argc++] = (char *)(uintptr_t)"ctreplay";
	for (p = text; p < text + size - 1 && argc < 2 * WORDS; p += strlen(p) + 1) {
		if (reads_file(p))
			break;
		if (option)
			argv[argc++] = (char *)(uintptr_t)option;
		argv[argc++] = p;
	}
	argv[argc++] = (char *)(uintptr_t)"file";
	argv[argc] = NULL;
	read_line(argc, argv);
	free(text);
	return 0;
}
