/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/options_check.h"
#include "cli/options_say.h"
#include "cli/options_table.h"

/* What getopt_long(3) returns: an operand is 1 and a letter is itself.  A long
 * name is its row's number from LONG_NAME on, also for an option with a letter,
 * so that a message can tell the two forms apart. */
enum { OPERAND = 1, LONG_NAME = 256 };

/* A reading of the command line; getopt_long(3) has it in global variables. */
struct reading {
	int argc;
	char **argv;
	const struct diag *diag;
	bool second;	/* the words of --versus: options of the engine alone */
	char letters[2 * OPTIONS_MAX + 3];
	struct option names[OPTIONS_MAX + 1];
};

/* Makes getopt_long(3)'s tables from the table of options. */
static void make_tables(struct reading *r)
{
	char *letters = r->letters;

	*letters++ = '-';	/* operands come in order with the options */
	*letters++ = ':';	/* a missing argument is told from a bad option */
	for (size_t i = 0; i < option_count; i++) {
		const struct option_row *row = &option_rows[i];

		r->names[i] = (struct option){
			.name = row->name,
			.has_arg = !row->arg ? no_argument :
				   row->arg[0] == '[' ? optional_argument :
							required_argument,
			.val = LONG_NAME + (int)i,
		};
		if (row->letter) {
			*letters++ = row->letter;
			if (row->arg)
				*letters++ = ':';
		}
	}
	*letters = '\0';
	r->names[option_count] = (struct option){ 0 };
}

static const struct option_row *row_of(int opt)
{
	if (opt == OPERAND)
		return option_operand;
	if (opt >= LONG_NAME)
		return &option_rows[opt - LONG_NAME];
	for (size_t i = 0; i < option_count; i++)
		if (option_rows[i].letter == opt)
			return &option_rows[i];
	return NULL;
}

/* After '?' optopt is the letter or the long name that is wrong, or 0 if the
 * name is unknown or ambiguous. */
static void say_bad_option(const struct reading *r)
{
	if (optopt >= LONG_NAME)
		options_say_needless_argument(row_of(optopt), r->diag);
	else if (optopt)
		options_say_unknown_letter(optopt, r->diag);
	else
		options_say_unknown(r->argv[optind - 1], r->diag);
}

static void say_no_option(const struct diag *diag, const char *word)
{
	diag_say(diag, DIAG_ERROR, "'%.60s' is no option; expected such as "
		 "'--kernel 7.3'", word);
}

/* Whether the option may be among the words of --versus. */
static bool is_allowed(const struct reading *r, const struct option_row *row, int opt)
{
	if (!r->second || row->group == GROUP_ENGINE ||
	    row->group == GROUP_FIREWALL)
		return true;
	if (opt == OPERAND)
		say_no_option(r->diag, optarg);
	else
		diag_say(r->diag, DIAG_ERROR, "--%s does not concern connection "
			 "tracking; give it to ctreplay itself", row->name);
	return false;
}

static enum options_result read_next(struct options *o, const struct reading *r,
				     int opt, enum option_turn turn)
{
	struct option_use use = { .arg = optarg, .diag = r->diag, .turn = turn };

	if (opt == '?' || opt == ':') {
		if (turn != OPTION_ANYWHERE)
			return OPTIONS_RUN;	/* reported in the last turn */
		if (opt == '?')
			say_bad_option(r);
		else
			options_say_no_argument(row_of(optopt), r->diag);
		return OPTIONS_BAD;
	}
	/* Refused in the last turn: an unknown option before it comes first. */
	if (r->second && opt == OPERAND && turn != OPTION_ANYWHERE)
		return OPTIONS_RUN;
	use.row = row_of(opt);
	if (!is_allowed(r, use.row, opt) || !options_has_name(&use))
		return OPTIONS_BAD;
	if (!o->merge_misfit && !options_goes_with_merge(use.row))
		o->merge_misfit = use.row->name;
	return use.row->turn == turn || use.row->turn == OPTION_EACH ?
	       use.row->set(o, &use) : OPTIONS_RUN;
}

/* Sets the options whose turn it is. */
static enum options_result read_all(struct options *o, const struct reading *r,
				    enum option_turn turn)
{
	enum options_result result = OPTIONS_RUN;
	int opt;

	/* 0, not 1: an earlier reading may have stopped within a word. */
	optind = 0;
	opterr = 0;
	while (result == OPTIONS_RUN &&
	       (opt = getopt_long(r->argc, r->argv, r->letters, r->names,
				  NULL)) != -1)
		result = read_next(o, r, opt, turn);
	return result;
}

/* Puts "--versus: " in front of messages about its words. */
static void say_versus(void *arg, enum diag_level level, const char *text)
{
	diag_say(arg, level, "--versus: %s", text);
}

static bool split_versus(struct words *w, const char *text, const struct diag *diag)
{
	static const char *const faults[] = {
		[WORDS_QUOTE] = "a quotation mark has no partner",
		[WORDS_BACKSLASH] = "nothing follows the last backslash",
		[WORDS_MANY] = "too many words",
		[WORDS_LONG] = "too long",
	};
	static char program[] = "ctreplay";
	enum words_result result = words_split(w, text);

	if (result == WORDS_OK && w->n == WORDS_CAPACITY)
		result = WORDS_MANY;
	if (result != WORDS_OK) {
		diag_say(diag, DIAG_ERROR, "--versus: '%.100s': %s", text,
			 faults[result]);
		return false;
	}
	if (w->n == 0) {
		diag_say(diag, DIAG_ERROR, "--versus: no option; expected one that "
			 "the second engine has besides, such as '--kernel 7.3'");
		return false;
	}
	/* What getopt_long(3) takes for the program's name. */
	memmove(w->word + 1, w->word, (w->n + 1) * sizeof(*w->word));
	w->word[0] = program;
	return true;
}

/* 'second' has read its kernel, and 'first' is complete. */
static void take_sysctls(struct options *second, const struct options *first,
			 const struct diag *diag)
{
	const struct ct_kernel *k = &second->config.kernel;

	second->config.sysctl = first->config.sysctl;
	if (memcmp(k, &first->config.kernel, sizeof(*k)) == 0)
		return;
	ct_kernel_sysctl_defaults(k, &second->config.sysctl);
	sysctl_give(&first->given, &second->config, "--versus", diag);
}

/* Reads OPTIONS, the words of 'r', on top of those of 'first'. */
static enum options_result read_on_top(struct options *second,
				       const struct options *first, struct reading *r,
				       struct words *words, const char *text,
				       const struct diag *diag)
{
	enum options_result result;

	if (!split_versus(words, text, diag))
		return OPTIONS_BAD;
	r->argc = (int)words->n + 1;
	r->argv = words->word;
	make_tables(r);
	result = read_all(second, r, OPTION_FIRST);
	if (result == OPTIONS_RUN)
		result = read_all(second, r, OPTION_DIRECTORY);
	take_sysctls(second, first, diag);
	for (int turn = OPTION_SECOND; turn <= OPTION_ANYWHERE; turn++)
		if (result == OPTIONS_RUN)
			result = read_all(second, r, (enum option_turn)turn);
	return result;
}

/* The second engine's configuration: that of the first and OPTIONS on top. */
static enum options_result read_second(struct options *o, const struct diag *diag)
{
	struct diag said = { say_versus, (void *)(uintptr_t)diag };
	struct reading r = { .diag = &said, .second = true };
	struct options second = { .config = o->config,
				  .kernel_given = o->kernel_given };
	enum options_result result;

	o->words = malloc(sizeof(*o->words));
	o->second.notrack = calloc(WORDS_CAPACITY, sizeof(*o->second.notrack));
	if (!firewall_copy(&o->second.firewall, &o->firewall, WORDS_CAPACITY) ||
	    !o->words || !o->second.notrack) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return OPTIONS_BAD;
	}
	second.notrack = o->second.notrack;
	second.firewall = o->second.firewall;
	result = read_on_top(&second, o, &r, o->words, o->versus, diag);
	if (result == OPTIONS_RUN && optind < r.argc) {
		say_no_option(&said, r.argv[optind]);
		result = OPTIONS_BAD;
	}
	if (result == OPTIONS_KERNELS)
		diag_say(&said, DIAG_ERROR, "--kernel list prints kernels; give it "
			 "to ctreplay itself");
	o->second.config = second.config;
	o->second.nnotrack = second.nnotrack;
	o->second.firewall = second.firewall;
	o->second.helpers_chosen = second.helpers_chosen;
	return result == OPTIONS_RUN ? OPTIONS_RUN : OPTIONS_BAD;
}

bool options_on_top(struct ct_config *cfg, const struct options *o, const char *text)
{
	struct reading r = { .diag = &diag_silent, .second = true };
	struct options second = { .config = o->config,
				  .kernel_given = o->kernel_given };
	struct words words;

	if (read_on_top(&second, o, &r, &words, text, &diag_silent) != OPTIONS_RUN)
		return false;
	*cfg = second.config;
	return true;
}

bool options_color(const struct options *o)
{
	const char *no_color = getenv("NO_COLOR");

	return o->color == WHEN_ALWAYS ||
	       (o->color == WHEN_AUTO && isatty(STDOUT_FILENO) &&
		!(no_color && *no_color));
}

bool options_has_top(const struct options *o)
{
	for (int i = 0; i < TOP_KINDS; i++)
		if (o->top[i])
			return true;
	return false;
}

static void apply_defaults(struct options *o)
{
	const bool writes = o->write || o->annotate || o->report;

	/* With -w only the sections that were asked for are printed. */
	if (options_section_count(o) == 0 && !writes) {
		bool both = o->format == REPORT_TEXT || o->format == REPORT_JSON;

		o->table = both || (o->format == REPORT_CSV && o->nat);
		o->packets = both || !o->table;
	}
	o->compare_packets = o->packets;
	if (!o->quiet || o->format == REPORT_TIMESKETCH)
		return;
	/* -q keeps the sections at the end; the table, if none was asked for. */
	o->packets = false;
	if (options_section_count(o) == 0 && !writes)
		o->table = true;
}

static bool begin(struct options *o, int argc)
{
	*o = (struct options){ 0 };
	ct_config_defaults(&o->config);
	ct_config_all_helpers(&o->config);
	sysctl_given_none(&o->given);
	memset(o->states, true, sizeof(o->states));
	o->files = calloc((size_t)argc + 1, sizeof(*o->files));
	o->notrack = calloc((size_t)argc + 1, sizeof(*o->notrack));
	o->at = calloc((size_t)argc + 1, sizeof(*o->at));
	o->interfaces = calloc((size_t)argc + 1, sizeof(*o->interfaces));
	o->firewall.local = calloc((size_t)argc + 1, sizeof(*o->firewall.local));
	return o->files && o->notrack && o->at && o->interfaces &&
	       o->firewall.local;
}

/* "--" ends the options, and getopt_long(3): operands follow. */
static bool take_operands(struct options *o, const struct reading *r)
{
	while (optind < r->argc)
		o->files[o->nfiles++] = r->argv[optind++];
	if (o->nfiles > 0 || o->check || o->check_update || o->load_state)
		return true;
	if (o->merge)
		diag_say(r->diag, DIAG_ERROR, "no FILE to merge; name what -s, -C and "
			 "--top printed with -o json");
	else
		diag_say(r->diag, DIAG_ERROR, "no FILE to replay; name a capture, or - "
			 "for standard input; ctreplay --help lists all options");
	return false;
}

enum options_result options_read(struct options *o, int argc, char **argv,
				 const struct diag *diag)
{
	struct reading r = { .argc = argc, .argv = argv, .diag = diag };
	enum options_result result = OPTIONS_RUN;

	if (!begin(o, argc)) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return OPTIONS_BAD;
	}
	make_tables(&r);
	for (int turn = OPTION_FIRST; turn <= OPTION_ANYWHERE; turn++)
		if (result == OPTIONS_RUN)
			result = read_all(o, &r, (enum option_turn)turn);
	if (result != OPTIONS_RUN)
		return result;
	if (!take_operands(o, &r) || !options_check(o, diag))
		return OPTIONS_BAD;
	if (o->explain || o->merge)
		return OPTIONS_RUN;
	apply_defaults(o);
	return o->versus ? read_second(o, diag) : OPTIONS_RUN;
}

void options_free(struct options *o)
{
	free(o->files);
	free(o->notrack);
	free(o->at);
	free(o->words);
	free(o->second.notrack);
	ranges_free(&o->conns);
	ranges_free(&o->frames);
	free(o->interfaces);
	free(o->firewall.local);
	free(o->second.firewall.local);
}

bool options_looks_like_filter(const char *s)
{
	static const char *const words[] = {
		"tcp", "udp", "icmp", "icmp6", "ip", "ip6", "arp", "host", "net",
		"port", "src", "dst", "not", "and", "or", "ether", "vlan", "proto",
		"portrange", "less", "greater", "sctp", "igmp", "broadcast",
		"multicast",
	};
	size_t n = strcspn(s, " \t[(!");

	if (s[0] == '(' || s[0] == '!')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i]) == n && strncmp(s, words[i], n) == 0)
			return true;
	return false;
}
