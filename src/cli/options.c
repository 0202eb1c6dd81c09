/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options.h"

#include <ctype.h>
#include <getopt.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "cli/helper_option.h"
#include "cli/nearest.h"
#include "cli/sysctl_file.h"
#include "ctreplay/version.h"

enum group { INPUT, OUTPUT, ENGINE, OTHER, GROUPS };

/* Options without a letter get a number beyond the letters; getopt_long(3)
 * calls an operand 1. */
enum { OPERAND = 1 };
enum { OPT_TABLE_STYLE = 256, OPT_CTSTATE, OPT_COLOR, OPT_SYSCTL,
       OPT_SYSCTL_FILE, OPT_HASHSIZE, OPT_AT, OPT_HELPER, OPT_NO_HELPERS,
       OPT_PROGRESS, OPT_SANDBOX };

static const struct option_row {
	int letter;
	const char *name, *arg;
	enum group group;
	const char *help;
} rows[] = {
#define OPTION_ROW(letter, name, arg, group, help) \
	{ letter, name, arg, group, help },
	CLI_OPTIONS(OPTION_ROW)
#undef OPTION_ROW
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const struct { const char *name; int value; } long_only[] = {
	{ "table-style", OPT_TABLE_STYLE }, { "ctstate", OPT_CTSTATE },
	{ "color", OPT_COLOR }, { "sysctl", OPT_SYSCTL },
	{ "sysctl-file", OPT_SYSCTL_FILE }, { "hashsize", OPT_HASHSIZE },
	{ "at", OPT_AT }, { "helper", OPT_HELPER },
	{ "no-helpers", OPT_NO_HELPERS }, { "progress", OPT_PROGRESS },
	{ "sandbox", OPT_SANDBOX },
};

static int value_of(const struct option_row *row)
{
	if (row->letter)
		return row->letter;
	for (size_t i = 0; i < sizeof(long_only) / sizeof(long_only[0]); i++)
		if (strcmp(row->name, long_only[i].name) == 0)
			return long_only[i].value;
	abort();	/* a row of the table that nothing handles */
}

/* getopt_long(3)'s tables out of ours. */
static void make_tables(char *shorts, struct option *longs)
{
	*shorts++ = '-';	/* FILEs come in order with the options */
	*shorts++ = ':';	/* a missing argument is told from a bad option */
	for (size_t i = 0; i < ROWS; i++) {
		longs[i] = (struct option){
			.name = rows[i].name,
			.has_arg = rows[i].arg ? required_argument : no_argument,
			.val = value_of(&rows[i]),
		};
		if (rows[i].letter) {
			*shorts++ = (char)rows[i].letter;
			if (rows[i].arg)
				*shorts++ = ':';
		}
	}
	*shorts = '\0';
	longs[ROWS] = (struct option){ 0 };
}

/* "; did you mean X?" after a message, or nothing. */
static void say_bad_value(const struct diag *diag, const char *option,
			  const char *value, const char *const *words, size_t n)
{
	const char *near = nearest_word(value, words, n);
	char list[256] = "";

	for (size_t i = 0; i < n; i++) {
		strncat(list, i ? ", " : "", sizeof(list) - strlen(list) - 1);
		strncat(list, words[i], sizeof(list) - strlen(list) - 1);
	}
	diag_say(diag, DIAG_ERROR, "%s: '%s' is none of %s%s%s%s", option, value,
		 list, near ? "; did you mean '" : "", near ? near : "",
		 near ? "'?" : "");
}

/* The place of 'value' in 'words', or -1 after a message. */
static int word_of(const struct diag *diag, const char *option,
		   const char *value, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(value, words[i]) == 0)
			return (int)i;
	say_bad_value(diag, option, value, words, n);
	return -1;
}

#define WORD_OF(diag, option, value, words) \
	word_of(diag, option, value, words, sizeof(words) / sizeof((words)[0]))

static bool read_number(const struct diag *diag, const char *option,
			const char *s, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;
	const char *p;

	for (p = s; isdigit((unsigned char)*p) && n <= max; p++)
		n = n * 10 + (uint64_t)(*p - '0');
	if (*p || p == s || n == 0 || n > max) {
		if (max > UINT32_MAX)
			diag_say(diag, DIAG_ERROR, "%s: '%s' will not do; give "
				 "a number from 1 on", option, s);
		else
			diag_say(diag, DIAG_ERROR, "%s: '%s' is no number from "
				 "1 to %llu", option, s, (unsigned long long)max);
		return false;
	}
	*out = n;
	return true;
}

/* One state's name, in any case: iptables writes NEW, nftables new. */
static bool read_state(const struct diag *diag, const char *word,
		       bool states[CT_CTSTATES])
{
	const char *names[CT_CTSTATES];

	for (int i = 0; i < CT_CTSTATES; i++) {
		names[i] = ct_ctstate_name((enum ct_ctstate)i);
		if (strcasecmp(word, names[i]) == 0) {
			states[i] = true;
			return true;
		}
	}
	say_bad_value(diag, "--ctstate", word, names, CT_CTSTATES);
	return false;
}

static bool read_states(const struct diag *diag, const char *list,
			bool states[CT_CTSTATES])
{
	char word[32];

	memset(states, 0, CT_CTSTATES * sizeof(*states));
	for (;;) {
		size_t n = strcspn(list, ",");

		if (n >= sizeof(word))
			n = sizeof(word) - 1;
		memcpy(word, list, n);
		word[n] = '\0';
		if (!read_state(diag, word, states))
			return false;
		list += strcspn(list, ",");
		if (!*list)
			return true;
		list++;
	}
}

static bool read_moment(struct options *o, const struct diag *diag,
			const char *arg)
{
	if (timestamp_read(arg, &o->at[o->nat])) {
		o->nat++;
		return true;
	}
	diag_say(diag, DIAG_ERROR, "--at: '%s' is no time; give +SECONDS from the "
		 "first frame, seconds since 1970, or 2001-09-09T01:46:40Z", arg);
	return false;
}

/* The module's option of that name: eight entries a bucket. */
static bool read_hashsize(struct options *o, const struct diag *diag,
			  const char *arg)
{
	uint64_t n;

	if (!read_number(diag, "--hashsize", arg, CT_INT_MAX / 8, &n))
		return false;
	o->config.sysctl.buckets = (uint32_t)n;
	o->config.sysctl.max = (uint32_t)n * 8;
	return true;
}

static bool read_words(struct options *o, const struct diag *diag, int opt,
		       const char *arg)
{
	static const char *const formats[] = { "text", "json", "csv",
					       "timesketch" };
	static const char *const times[] = { "relative", "epoch", "iso",
					     "delta" };
	static const char *const styles[] = { "ip_conntrack", "nf_conntrack",
					      "conntrack" };
	static const char *const whens[] = { "auto", "always", "never" };
	static const char *const modes[] = { "auto", "all", "none" };
	static const char *const uses[] = { "auto", "no" };
	int i = -1;

	switch (opt) {
	case 'o':
		i = WORD_OF(diag, "-o", arg, formats);
		o->format = (enum report_format)i;
		break;
	case 'T':
		i = WORD_OF(diag, "-T", arg, times);
		o->time_style = (enum time_style)i;
		break;
	case OPT_TABLE_STYLE:
		i = WORD_OF(diag, "--table-style", arg, styles);
		o->table_style = (enum table_style)i;
		break;
	case OPT_COLOR:
		i = WORD_OF(diag, "--color", arg, whens);
		o->color = (enum when)i;
		break;
	case OPT_PROGRESS:
		i = WORD_OF(diag, "--progress", arg, whens);
		o->progress = (enum when)i;
		break;
	case OPT_SANDBOX:
		i = WORD_OF(diag, "--sandbox", arg, uses);
		o->sandbox = (enum sandbox_use)i;
		break;
	case 'k':
		i = WORD_OF(diag, "-k", arg, modes);
		o->config.checksum = (enum ct_checksum_mode)i;
		break;
	}
	return i >= 0;
}

static enum options_result read_one(struct options *o, const struct diag *diag,
				    int opt, const char *arg)
{
	bool good = true;

	switch (opt) {
	case OPERAND:
	case 'r':
		o->files[o->nfiles++] = arg;
		break;
	case 'f':
		o->filter = arg;
		break;
	case 'c':
		good = read_number(diag, "-c", arg, UINT64_MAX / 16,
				   &o->max_frames);
		break;
	case 'p':
		o->packets = true;
		break;
	case 't':
		o->table = true;
		break;
	case 'e':
		o->events = true;
		break;
	case 'x':
		o->expectations = true;
		break;
	case 's':
		o->stats = true;
		break;
	case 'w':
		o->write = arg;
		break;
	case 'q':
		o->quiet = true;
		break;
	case 'v':
		o->verbose = true;
		break;
	case 'n':
		break;
	case 'N':
		o->notrack[o->nnotrack++] = arg;
		break;
	case OPT_CTSTATE:
		o->some_states = true;
		good = read_states(diag, arg, o->states);
		break;
	case OPT_AT:
		good = read_moment(o, diag, arg);
		break;
	case OPT_SYSCTL:
		good = sysctl_read_setting(&o->config.sysctl, arg, diag);
		break;
	case OPT_SYSCTL_FILE:	/* read beforehand: the command line wins */
		break;
	case OPT_HELPER:
		good = helper_option_read(&o->config, arg, diag);
		break;
	case OPT_NO_HELPERS:
		o->config.nhelpers = 0;
		break;
	case OPT_HASHSIZE:
		good = read_hashsize(o, diag, arg);
		break;
	case 'h':
		return OPTIONS_HELP;
	case 'V':
		return OPTIONS_VERSION;
	default:
		good = read_words(o, diag, opt, arg);
	}
	return good ? OPTIONS_RUN : OPTIONS_BAD;
}

/* The options that begin so, where there are any: getopt_long(3) takes such a
 * word only where there is one. */
static bool say_beginnings(const struct diag *diag, const char *word)
{
	size_t len = strlen(word), n = 0;
	char list[256] = "";

	for (size_t i = 0; len && i < ROWS; i++) {
		if (strncmp(rows[i].name, word, len) != 0)
			continue;
		strncat(list, n++ ? ", --" : "--", sizeof(list) - strlen(list) - 1);
		strncat(list, rows[i].name, sizeof(list) - strlen(list) - 1);
	}
	if (n < 2)
		return false;
	diag_say(diag, DIAG_ERROR, "--%s is not enough to tell; it may be %s", word,
		 list);
	return true;
}

/* getopt_long(3) says by 'optopt' which it was. */
static void say_no_argument(const struct diag *diag)
{
	for (size_t i = 0; i < ROWS; i++)
		if (value_of(&rows[i]) == optopt) {
			diag_say(diag, DIAG_ERROR, "--%s needs an argument: "
				 "--%s %s", rows[i].name, rows[i].name,
				 rows[i].arg);
			return;
		}
}

static void say_unknown(const struct diag *diag, const char *arg)
{
	const char *names[ROWS], *near;
	char word[64];

	for (size_t i = 0; i < ROWS; i++)
		names[i] = rows[i].name;
	if (strncmp(arg, "--", 2) != 0) {
		diag_say(diag, DIAG_ERROR, "unknown option -%c; ctreplay --help "
			 "lists them", optopt);
		return;
	}
	strncpy(word, arg + 2, sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	word[strcspn(word, "=")] = '\0';
	for (size_t i = 0; i < ROWS; i++)
		if (!rows[i].arg && strcmp(word, names[i]) == 0) {
			diag_say(diag, DIAG_ERROR, "--%s takes no argument", word);
			return;
		}
	if (say_beginnings(diag, word))
		return;
	near = nearest_word(word, names, ROWS);
	diag_say(diag, DIAG_ERROR, "unknown option --%s%s%s%s", word,
		 near ? "; did you mean --" : "; ctreplay --help lists them",
		 near ? near : "", near ? "?" : "");
}

static unsigned int section_count(const struct options *o)
{
	return (unsigned int)o->packets + o->table + o->events +
	       o->expectations + o->stats;
}

/* CSV has columns for one kind of thing, a timeline is what it is. */
static bool check_sections(const struct options *o, const struct diag *diag)
{
	if (o->write && strcmp(o->write, "-") == 0 &&
	    (section_count(o) || o->nat || o->format == REPORT_TIMESKETCH)) {
		diag_say(diag, DIAG_ERROR, "-w - writes the capture to standard "
			 "output: nothing else can be printed there, give a FILE");
		return false;
	}
	if (o->format == REPORT_CSV && section_count(o) + (o->nat && !o->table) > 1) {
		diag_say(diag, DIAG_ERROR, "-o csv prints one section: give one of "
			 "-p, -t, -e, -x and -s");
		return false;
	}
	if (o->format == REPORT_TIMESKETCH && (section_count(o) || o->nat)) {
		diag_say(diag, DIAG_ERROR, "-o timesketch has sections of its own: "
			 "leave out -p, -t, -e, -x, -s and --at");
		return false;
	}
	return true;
}

static void apply_defaults(struct options *o)
{
	/* Who writes a capture wants nothing printed that is not asked for. */
	if (section_count(o) == 0 && !o->write) {
		bool both = o->format == REPORT_TEXT || o->format == REPORT_JSON;

		o->table = both || (o->format == REPORT_CSV && o->nat);
		o->packets = both || !o->table;
	}
	if (!o->quiet || o->format == REPORT_TIMESKETCH)
		return;
	/* -q leaves what comes at the end; the table, where nothing else was
	 * asked for. */
	o->packets = false;
	if (!o->events && !o->expectations && !o->stats && !o->write)
		o->table = true;
}

/* Settings from files come first, wherever they stand on the command line. */
static bool read_files(struct options *o, int argc, char **argv,
		       const char *shorts, const struct option *longs,
		       const struct diag *diag)
{
	int opt;

	/* 0, not 1: a reader before may have stopped within a word. */
	optind = 0;
	while ((opt = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		if (opt == OPT_SYSCTL_FILE &&
		    !sysctl_read_file(&o->config.sysctl, optarg, diag))
			return false;
	optind = 0;
	return true;
}

enum options_result options_read(struct options *o, int argc, char **argv,
				 const struct diag *diag)
{
	char shorts[2 * ROWS + 3];
	struct option longs[ROWS + 1];
	enum options_result result;
	int opt;

	*o = (struct options){ 0 };
	ct_config_defaults(&o->config);
	ct_config_all_helpers(&o->config);
	memset(o->states, true, sizeof(o->states));
	o->files = calloc((size_t)argc + 1, sizeof(*o->files));
	o->notrack = calloc((size_t)argc + 1, sizeof(*o->notrack));
	o->at = calloc((size_t)argc + 1, sizeof(*o->at));
	if (!o->files || !o->notrack || !o->at) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return OPTIONS_BAD;
	}

	make_tables(shorts, longs);
	opterr = 0;
	if (!read_files(o, argc, argv, shorts, longs, diag))
		return OPTIONS_BAD;
	while ((opt = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (opt == ':') {
			say_no_argument(diag);
			return OPTIONS_BAD;
		}
		if (opt == '?') {
			say_unknown(diag, argv[optind - 1]);
			return OPTIONS_BAD;
		}
		result = read_one(o, diag, opt, optarg);
		if (result != OPTIONS_RUN)
			return result;
	}
	while (optind < argc)
		o->files[o->nfiles++] = argv[optind++];
	if (o->nfiles == 0) {
		diag_say(diag, DIAG_ERROR,
			 "no FILE to replay; ctreplay --help says more");
		return OPTIONS_BAD;
	}
	if (!check_sections(o, diag))
		return OPTIONS_BAD;
	apply_defaults(o);
	return OPTIONS_RUN;
}

void options_free(struct options *o)
{
	free(o->files);
	free(o->notrack);
	free(o->at);
}

void options_print_help(FILE *to)
{
	static const char *const titles[GROUPS] = {
		[INPUT] = "Input:", [OUTPUT] = "Output:",
		[ENGINE] = "Connection tracking:", [OTHER] = "Other:",
	};

	fputs("Usage: ctreplay [OPTION]... FILE...\n"
	      "Replay captures through connection tracking as Linux 6.18 does it.\n",
	      to);
	for (int g = 0; g < GROUPS; g++) {
		fprintf(to, "%s\n", titles[g]);
		for (size_t i = 0; i < ROWS; i++) {
			char names[40];

			if ((int)rows[i].group != g)
				continue;
			snprintf(names, sizeof(names), "--%s%s%s", rows[i].name,
				 rows[i].arg ? " " : "",
				 rows[i].arg ? rows[i].arg : "");
			if (rows[i].letter)
				fprintf(to, "  -%c, ", rows[i].letter);
			else
				fputs("      ", to);
			fprintf(to, "%-22s %s\n", names, rows[i].help);
		}
	}
	fputs("Exit status: 0 all read, 2 usage or no capture, 3 damaged input or\n"
	      "failed output, 130 interrupted.  The manual is ctreplay(1).\n", to);
}

void options_print_version(FILE *to)
{
	fprintf(to, "ctreplay %s (connection tracking of Linux 6.18)\n%s\n",
		CTREPLAY_VERSION, pcap_lib_version());
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
