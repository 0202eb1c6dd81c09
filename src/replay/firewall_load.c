/* SPDX-License-Identifier: GPL-2.0-only */
/* firewall_load.c - reads the files of a firewall, before the sandbox closes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/xxh64.h"
#include "capture/magic.h"
#include "replay/firewall.h"

/* A set of a million networks has 40 MB. */
#define FILE_MAX	(256u << 20)

static void say_file(const struct diag *diag, const char *path, const char *why,
		     const char *advice)
{
	diag_say(diag, DIAG_ERROR, "%.300s: cannot be read: %s%s", path, why, advice);
}

/* All of 'fd', with more memory as it comes: what is not there takes none. */
static char *read_all(int fd, size_t *len, const char **why)
{
	size_t capacity = 0, n = 0;
	char *text = NULL, *grown;
	ssize_t got = 1;

	*why = "out of memory";
	while (got > 0) {
		if (n == capacity) {
			capacity = capacity ? 2 * capacity : 65536;
			grown = capacity <= FILE_MAX ? realloc(text, capacity) : NULL;
			if (!grown) {
				if (capacity > FILE_MAX)
					*why = "it has more than 256 MiB";
				free(text);
				return NULL;
			}
			text = grown;
		}
		got = read(fd, text + n, capacity - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
	}
	if (got == 0) {
		*len = n;
		return text;
	}
	*why = strerror(errno);
	free(text);
	return NULL;
}

/* Whether it can be text; a reader of text would complain about its first bytes. */
static bool check_kind(const char *path, const char *text, size_t len,
		       const struct diag *diag)
{
	const uint8_t *begin = (const uint8_t *)text;
	const enum magic magic = magic_of(begin, len);
	const char *packing;
	char why[48];

	if (magic_unpacks(begin, len, &packing)) {
		snprintf(why, sizeof(why), "it is compressed with %s", packing);
		say_file(diag, path, why, "; unpack it first");
	} else if (magic == MAGIC_PCAP || magic == MAGIC_PCAPNG) {
		say_file(diag, path, "it is a capture",
			 "; name the file of the firewall here, and captures behind all options");
	} else {
		return true;
	}
	return false;
}

static char *read_file(const char *path, size_t *len, const struct diag *diag)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const char *why;
	char *text;

	if (fd < 0) {
		say_file(diag, path, strerror(errno),
			 strcmp(path, "-") == 0 ? "; standard input is /dev/stdin here" :
			 errno == ENOENT ? "; check its name" : "");
		return NULL;
	}
	text = read_all(fd, len, &why);
	close(fd);
	if (!text)
		say_file(diag, path, why, "");
	if (text && !check_kind(path, text, *len, diag)) {
		free(text);
		text = NULL;
	}
	return text;
}

bool firewall_files_read(struct firewall_files *files,
			 const struct firewall_options *opt, const struct diag *diag)
{
	char path[FIREWALL_PATH_SIZE];

	*files = (struct firewall_files){ .len = 0 };
	for (unsigned int i = 0; i < FIREWALL_PARTS; i++) {
		if (!opt->file[i].name)
			continue;
		files->part[i].text = read_file(firewall_path(&opt->file[i], path),
						&files->part[i].len, diag);
		if (!files->part[i].text)
			return false;
		files->len += files->part[i].len;
	}
	return true;
}

void firewall_files_free(struct firewall_files *files)
{
	for (unsigned int i = 0; i < FIREWALL_PARTS; i++)
		free(files->part[i].text);
	*files = (struct firewall_files){ .len = 0 };
}

static bool read_part(struct firewall *fw, const struct firewall_files *files,
		      enum firewall_part part)
{
	const char *text = files->part[part].text;
	size_t len = files->part[part].len;
	char path[FIREWALL_PATH_SIZE];

	if (!text)
		return true;
	firewall_path(&fw->opt->file[part], path);
	switch (part) {
	case FIREWALL_IPSETS:
		return rules_read_sets(fw->rules, path, text, len);
	case FIREWALL_ROUTES:
		return rules_read_routes(fw->rules, path, text, len);
	case FIREWALL_LINKS:
		return rules_read_links(fw->rules, path, text, len);
	default:
		return rules_read_save(fw->rules, path, text, len,
				       part == FIREWALL_RULES6 ? CT_L3_IPV6 :
								 CT_L3_IPV4);
	}
}

static bool name_interface(struct firewall *fw, const char *name,
			   const struct rules_iface **to)
{
	*to = name ? rules_iface(fw->rules, name) : NULL;
	return *to || !name;
}

static bool read_parts(struct firewall *fw, const struct firewall_files *files)
{
	const struct firewall_options *o = fw->opt;

	for (unsigned int i = 0; i < FIREWALL_PARTS; i++)
		if (!read_part(fw, files, (enum firewall_part)i))
			return false;
	for (size_t i = 0; i < o->nlocal; i++)
		if (!rules_add_local(fw->rules, o->local[i]))
			return false;
	return name_interface(fw, o->in, &fw->in) &&
	       name_interface(fw, o->out, &fw->out) && rules_ready(fw->rules);
}

static void note_needs(struct firewall *fw)
{
	static const enum ct_l3 family[2] = { CT_L3_IPV4, CT_L3_IPV6 };

	for (unsigned int i = 0; i < 2; i++) {
		uint32_t needs = rules_needs(fw->rules, family[i]);

		fw->has[i] = rules_has(fw->rules, family[i]);
		fw->tracks[i] = needs != 0;
		fw->quick[i] = rules_quick_table(fw->rules, family[i]);
		fw->acct |= needs & RULES_NEED_ACCT;
	}
}

struct firewall *firewall_make(const struct firewall_files *files,
			       const struct firewall_options *opt,
			       const struct diag *diag)
{
	static const enum rules_path paths[] = {
		[HOOK_BY_ROUTE] = RULES_PATH_ROUTES,
		[HOOK_FORWARD] = RULES_PATH_FORWARD,
		[HOOK_INPUT] = RULES_PATH_INPUT,
		[HOOK_OUTPUT] = RULES_PATH_OUTPUT,
	};
	const struct rules_options options = {
		.diag = diag, .unknown_ok = opt->unknown_ok, .answers = true,
		.path = paths[opt->hook], .has_seed = opt->has_seed,
		.seed = opt->seed,
	};
	struct firewall *fw = calloc(1, sizeof(*fw));

	if (fw)
		fw->rules = rules_create(&options);
	if (!fw || !fw->rules) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		firewall_free(fw);
		return NULL;
	}
	fw->opt = opt;
	if (!read_parts(fw, files)) {
		firewall_free(fw);
		return NULL;
	}
	fw->wants_mac = rules_want_mac(fw->rules);
	note_needs(fw);
	return fw;
}

static uint64_t sum_text(uint64_t sum, const char *text)
{
	return xxh64(text ? text : "", text ? strlen(text) : 0, sum);
}

/* Of all that decides what the rules say. */
static uint64_t sum_of(const struct firewall_files *files,
		       const struct firewall_options *o)
{
	const uint64_t numbers[] = { o->hook, o->unknown_ok, o->has_seed, o->seed };
	uint64_t sum = xxh64(numbers, sizeof(numbers), 0);

	for (unsigned int i = 0; i < FIREWALL_PARTS; i++)
		sum = xxh64(files->part[i].text ? files->part[i].text : "",
			    files->part[i].len, sum);
	sum = sum_text(sum_text(sum, o->in), o->out);
	for (size_t i = 0; i < o->nlocal; i++)
		sum = sum_text(sum, o->local[i]);
	return sum;
}

struct firewall *firewall_load(const struct firewall_options *opt,
			       const struct diag *diag)
{
	struct firewall_files files;
	struct firewall *fw = NULL;

	if (firewall_files_read(&files, opt, diag))
		fw = firewall_make(&files, opt, diag);
	if (fw)
		fw->sum = sum_of(&files, opt);
	firewall_files_free(&files);
	return fw;
}

void firewall_free(struct firewall *fw)
{
	if (!fw)
		return;
	rules_destroy(fw->rules);
	prevented_free(&fw->prevented);
	free(fw);
}
