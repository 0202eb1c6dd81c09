/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the command line as a structure.
 *
 * The options themselves are the rows of one table, see options_table.h.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/diag.h"
#include "base/ranges.h"
#include "cli/firewall_options.h"
#include "cli/sysctl_file.h"
#include "cli/timestamp.h"
#include "cli/words.h"
#include "ctreplay/conntrack.h"
#include "report/style.h"

/* auto: every restriction that the kernel and this build support. */
enum sandbox_use { SANDBOX_AUTO, SANDBOX_NO };

/* auto: if the output is a terminal. */
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

/* The second engine of --versus. */
struct second {
	struct ct_config config;
	const char **notrack;	/* owned array, beside those of the first */
	size_t nnotrack;
	struct firewall_options firewall;	/* that of the first, and what differs */
	bool helpers_chosen;
};

struct options {
	const char **files;	/* in the order given; the array is owned */
	size_t nfiles;
	const char *filter;
	const char **interfaces;	/* owned array */
	size_t ninterfaces;
	uint64_t max_frames;	/* 0: all */
	uint64_t dedup;		/* leave out copies within this time, in nanoseconds; 0: not */
	unsigned int decap;	/* a set of tunnels (base/tunnel.h) to look into */
	const char **notrack;	/* owned array */
	size_t nnotrack;

	bool packets, table, events, connections, expectations, stats;
	bool rule_counters;
	struct timestamp *at;	/* owned array, in the order given */
	size_t nat;
	bool quiet, verbose;
	enum report_format format;
	enum table_style table_style;
	enum time_style time_style;
	bool time_given;	/* -T: events and headings follow it, too */
	enum when color, progress;
	enum sandbox_use sandbox;
	/* What is shown; see replay/selection.h. */
	bool states[CT_CTSTATES];	/* packets of these states */
	bool some_states;	/* --ctstate was given */
	unsigned int top[TOP_KINDS];	/* --top: how many; 0: not asked for */
	const char *show;	/* a filter on packets, or NULL */
	struct ranges conns;	/* connections, by id; empty: all */
	struct ranges frames;	/* by number; empty: all */
	uint64_t explain;	/* the frame to explain; 0: none */
	bool show_ids;		/* text lines have the connection's id */
	const char *write;	/* the capture file to write, or NULL */
	const char *annotate;	/* the file of --annotate, or NULL */
	const char *report;	/* the file of --report, or NULL */
	const char *save_state, *load_state;	/* files, or NULL */

	/* What makes the exit status 1. */
	bool fail_states[CT_CTSTATES];	/* a packet in these states ... */
	bool fail_accept, fail_drop;	/* ... or with these verdicts */
	const char *fail_on;	/* the list as given, or NULL */
	bool merge;		/* FILEs are results, which are added up */
	const char *merge_misfit;	/* an option given that does not go with it */
	const char *check;	/* the directory of golden tests, or NULL */
	bool check_update;

	struct ct_config config;	/* sysctls, checksums, helpers */
	struct sysctl_given given;	/* the sysctls among them that were set */
	bool kernel_given;	/* --kernel */
	struct firewall_options firewall;

	/* --versus: what the second engine does differently. */
	const char *versus;	/* OPTIONS, or NULL */
	struct words *words;	/* owned: their words, to which 'second' points */
	struct second second;
	bool compare_packets;	/* as 'packets', but also true with -q */
	bool helpers_chosen;	/* --helper or --no-helpers was given */
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_HELP,		/* print the help, and stop */
	OPTIONS_VERSION,	/* print the version, and stop */
	OPTIONS_KERNELS,	/* print the kernels, and stop */
	OPTIONS_BAD,		/* a message was given */
};

/*
 * Reads the command line into 'o'.  The caller calls options_free() afterwards,
 * whatever the result.
 */
enum options_result options_read(struct options *o, int argc, char **argv,
				 const struct diag *diag);
void options_free(struct options *o);

/* Whether text is to be coloured. */
bool options_color(const struct options *o);

/* Whether --top was given. */
bool options_has_top(const struct options *o);

/* Whether lines of packets have a Community ID each; those of Timesketch's events
 * have one, too. */
static inline bool options_show_community(const struct options *o)
{
	return !o->versus && (o->format == REPORT_TIMESKETCH ||
			      (o->packets && (o->format == REPORT_JSON ||
					      o->format == REPORT_CSV)));
}

/*
 * The configuration of 'o' with more options on top, as --versus takes them; 'text'
 * has options of the engine alone, without -N.  False, without a message, where they
 * cannot be: another kernel's sysctl, for example.
 */
bool options_on_top(struct ct_config *cfg, const struct options *o, const char *text);

void options_print_help(FILE *to);
/* The version, and the kernel in force. */
void options_print_version(FILE *to, const struct ct_kernel *k);
/* --kernel list: the judged kernels, each with how it differs from the one
 * before. */
void options_print_kernels(FILE *to);

/* True if an operand that is no file looks like a libpcap filter, for a hint
 * at -f. */
bool options_looks_like_filter(const char *s);

#endif
