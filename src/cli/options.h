/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - the command line, from one table.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/timestamp.h"
#include "ctreplay/conntrack.h"
#include "base/diag.h"
#include "report/style.h"

/*
 * X(letter, name, argument, group, help)
 *
 * letter    0 where there is no short form
 * argument  NULL where there is none
 *
 * --help, the manual page and the completions are held against this list by
 * tests/options.
 */
#define CLI_OPTIONS(X) \
X('r', "read",        "FILE",      INPUT,  "replay FILE, like an operand; - is standard input") \
X('f', "filter",      "BPF",       INPUT,  "replay only the frames that match a libpcap filter") \
X('c', "count",       "N",         INPUT,  "stop after N frames read") \
X('p', "packets",     NULL,        OUTPUT, "print a line a packet") \
X('t', "table",       NULL,        OUTPUT, "print the table at the end; default: -p -t") \
X('e', "events",      NULL,        OUTPUT, "print connections as they come, change and go") \
X('x', "expect",      NULL,        OUTPUT, "print the expectations at the end") \
X('s', "stats",       NULL,        OUTPUT, "print what was counted, at the end") \
X(0,   "at",          "TIME",      OUTPUT, "also print the table as of TIME; may be repeated") \
X('o', "output",      "FORMAT",    OUTPUT, "text (default), json, csv, timesketch") \
X(0,   "table-style", "STYLE",     OUTPUT, "ip_conntrack (default), nf_conntrack, conntrack") \
X('T', "time",        "STYLE",     OUTPUT, "relative (default), epoch, iso, delta") \
X(0,   "ctstate",     "LIST",      OUTPUT, "print only packets in these states, as NEW,INVALID") \
X(0,   "color",       "WHEN",      OUTPUT, "auto (default), always, never") \
X('w', "write",       "FILE",      OUTPUT, "write the frames let through as a capture") \
X(0,   "progress",    "WHEN",      OUTPUT, "auto (default), always, never") \
X('q', "quiet",       NULL,        OUTPUT, "no packet lines and no notes") \
X('v', "verbose",     NULL,        OUTPUT, "also frames without a state, and window bounds") \
X('n', "numeric",     NULL,        OUTPUT, "no effect: names are never looked up") \
X('N', "notrack",     "BPF",       ENGINE, "packets that match are UNTRACKED; may be repeated") \
X(0,   "sysctl",      "NAME=VALUE", ENGINE, "set one of the kernel's; may be repeated") \
X(0,   "sysctl-file", "FILE",      ENGINE, "settings as 'sysctl -a' prints them") \
X(0,   "hashsize",    "N",         ENGINE, "buckets; the most entries are 8 times as many") \
X(0,   "helper",      "NAME[:PORTS]", ENGINE, "where a helper listens; may be repeated") \
X(0,   "no-helpers",  NULL,        ENGINE, "only the helpers named by --helper after this") \
X('k', "checksum",    "MODE",      ENGINE, "auto (default), all, none: which checksums count") \
X(0,   "sandbox",     "MODE",      OTHER,  "auto (default), no: rights are given away first") \
X('h', "help",        NULL,        OTHER,  "print this text") \
X('V', "version",     NULL,        OTHER,  "print the version")

/* auto: whatever there is of it, in the kernel and in this build. */
enum sandbox_use { SANDBOX_AUTO, SANDBOX_NO };

/* auto: where a person looks on. */
enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct options {
	const char **files;	/* in the order given; the array is owned */
	size_t nfiles;
	const char *filter;
	uint64_t max_frames;	/* 0: all */
	const char **notrack;	/* owned array */
	size_t nnotrack;

	bool packets, table, events, expectations, stats;
	struct timestamp *at;	/* owned array, in the order given */
	size_t nat;
	bool quiet, verbose;
	enum report_format format;
	enum table_style table_style;
	enum time_style time_style;
	enum when color, progress;
	enum sandbox_use sandbox;
	bool states[CT_CTSTATES];	/* which to print */
	bool some_states;	/* --ctstate was given */
	const char *write;	/* a capture to write, or NULL */

	struct ct_config config;	/* sysctls, checksums, helpers */
};

enum options_result {
	OPTIONS_RUN,
	OPTIONS_HELP,		/* print help or version, and stop */
	OPTIONS_VERSION,
	OPTIONS_BAD,		/* after a message */
};

/* Reads the command line into 'o', which options_free() must be given after. */
enum options_result options_read(struct options *o, int argc, char **argv,
				 const struct diag *diag);
void options_free(struct options *o);

void options_print_help(FILE *to);
void options_print_version(FILE *to);

/* Whether 's' is more likely meant as a filter than as a file's name. */
bool options_looks_like_filter(const char *s);

#endif
