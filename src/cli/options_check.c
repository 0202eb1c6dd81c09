/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/options_check.h"

#include <string.h>

#include "cli/options_table.h"

unsigned int options_section_count(const struct options *o)
{
	return (unsigned int)o->packets + o->table + o->events + o->connections +
	       options_has_top(o) + o->expectations + o->stats + o->rule_counters;
}

/* Two engines: what is printed is their differences. */
static bool check_versus(const struct options *o, const struct diag *diag)
{
	const struct { bool given; const char *name; } others[] = {
		{ o->stats, "-s" }, { o->write, "-w" }, { o->annotate, "--annotate" },
		{ o->report, "--report" },
		{ o->connections, "-C" }, { options_has_top(o), "--top" },
		{ o->show, "--show" }, { o->conns.n, "--conn" },
		{ o->frames.n, "--frame" }, { o->fail_on, "--fail-on" },
		{ o->rule_counters, "-R" },
	};

	if (!o->versus)
		return true;
	if (o->format != REPORT_TEXT && o->format != REPORT_JSON) {
		diag_say(diag, DIAG_ERROR, "--versus has only the forms of -o text "
			 "and -o json");
		return false;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!others[i].given)
			continue;
		diag_say(diag, DIAG_ERROR, "--versus prints the differences of two "
			 "engines, and goes without %s", others[i].name);
		return false;
	}
	return true;
}

/* What says how a firewall works goes with its rules; with --versus the second
 * engine may have them. */
static bool check_firewall(const struct options *o, const struct diag *diag)
{
	const struct firewall_options *f = &o->firewall;
	const struct { bool given; const char *name; } others[] = {
		{ f->file[FIREWALL_IPSETS].name, "--ipsets" },
		{ f->file[FIREWALL_ROUTES].name, "--routes" },
		{ f->hook, "--hook" }, { f->in, "--in" }, { f->out, "--out" },
		{ f->nlocal, "--local" }, { f->unknown_ok, "--rules-unknown" },
		{ f->has_seed, "--rules-seed" }, { o->rule_counters, "-R" },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].given && !firewall_has_rules(f) && !o->versus) {
			diag_say(diag, DIAG_ERROR, "%s goes with the rules of a "
				 "firewall: --firewall DIR, or --rules FILE",
				 others[i].name);
			return false;
		}
	if (o->rule_counters && o->format != REPORT_TEXT &&
	    o->format != REPORT_JSON) {
		diag_say(diag, DIAG_ERROR, "-R has only the forms of -o text and "
			 "-o json");
		return false;
	}
	return true;
}

/* One story is all that is printed. */
static bool check_explain(const struct options *o, const struct diag *diag)
{
	const struct { bool given; const char *name; } others[] = {
		{ o->packets, "-p" }, { o->table, "-t" }, { o->events, "-e" },
		{ o->connections, "-C" }, { options_has_top(o), "--top" },
		{ o->expectations, "-x" }, { o->stats, "-s" }, { o->nat, "--at" },
		{ o->write, "-w" }, { o->annotate, "--annotate" },
		{ o->report, "--report" },
		{ o->show, "--show" }, { o->conns.n, "--conn" },
		{ o->frames.n, "--frame" }, { o->some_states, "--ctstate" },
		{ o->versus, "--versus" }, { o->fail_on, "--fail-on" },
		{ o->rule_counters, "-R" },
	};

	if (!o->explain)
		return true;
	if (o->format != REPORT_TEXT && o->format != REPORT_JSON) {
		diag_say(diag, DIAG_ERROR, "--explain has only the forms of -o text "
			 "and -o json");
		return false;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (!others[i].given)
			continue;
		diag_say(diag, DIAG_ERROR, "--explain tells about one frame, and goes "
			 "without %s", others[i].name);
		return false;
	}
	return true;
}

static bool is_standard_output(const char *path)
{
	return path && strcmp(path, "-") == 0;
}

/* What a state does not have, and where it cannot be. */
static bool check_states(const struct options *o, const struct diag *diag)
{
	const char *option = o->save_state ? "--save-state" : "--load-state";
	bool events = o->events || o->format == REPORT_TIMESKETCH;
	const struct { bool given; const char *name; } others[] = {
		{ o->versus, "--versus" }, { o->explain, "--explain" },
		{ o->report, "--report" },
		{ o->check || o->check_update, "--check" },
		{ events && (o->show || o->frames.n || o->some_states),
		  "events of what --show, --frame or --ctstate selects" },
	};

	if (!o->save_state && !o->load_state)
		return true;
	if (is_standard_output(o->save_state) || is_standard_output(o->load_state)) {
		diag_say(diag, DIAG_ERROR, "%s -: a state is a file, which the next run "
			 "replaces as a whole; name it",
			 is_standard_output(o->save_state) ? "--save-state" :
							     "--load-state");
		return false;
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].given) {
			diag_say(diag, DIAG_ERROR, "a state has nothing about %s: "
				 "%s goes without", others[i].name, option);
			return false;
		}
	return true;
}

static bool check_two_files(const char *a, const char *a_name, const char *b,
			    const char *b_name, const struct diag *diag)
{
	if (!a || !b || strcmp(a, b) != 0)
		return true;
	diag_say(diag, DIAG_ERROR, "%s and %s cannot both write %s; name two files",
		 a_name, b_name, a);
	return false;
}

/* -w, --annotate and --report. */
static bool check_files(const struct options *o, const struct diag *diag)
{
	const char *name = is_standard_output(o->write) ? "-w" :
			   is_standard_output(o->annotate) ? "--annotate" :
			   is_standard_output(o->report) ? "--report" : NULL;

	if (!check_two_files(o->write, "-w", o->annotate, "--annotate", diag) ||
	    !check_two_files(o->write, "-w", o->report, "--report", diag) ||
	    !check_two_files(o->annotate, "--annotate", o->report, "--report", diag) ||
	    !check_two_files(o->save_state, "--save-state", o->write, "-w", diag) ||
	    !check_two_files(o->save_state, "--save-state", o->annotate, "--annotate",
			     diag))
		return false;
	if (name && (options_section_count(o) || o->nat || o->format == REPORT_TIMESKETCH)) {
		diag_say(diag, DIAG_ERROR, "%s - writes the %s to standard "
			 "output, where nothing else can be printed; give %s a FILE",
			 name, strcmp(name, "--report") == 0 ? "page" : "capture", name);
		return false;
	}
	return true;
}

/* CSV has one header line, so one section; a timeline is a section of its own. */
static bool check_sections(const struct options *o, const struct diag *diag)
{
	if (!check_files(o, diag))
		return false;
	if (o->format == REPORT_CSV && options_section_count(o) + (o->nat && !o->table) > 1) {
		diag_say(diag, DIAG_ERROR, "-o csv prints one section; give only "
			 "one of -p, -t, -e, -C, -x and -s");
		return false;
	}
	if (o->format == REPORT_CSV && options_has_top(o)) {
		diag_say(diag, DIAG_ERROR, "--top has no CSV; use -o json, or text");
		return false;
	}
	if (o->format == REPORT_TIMESKETCH && (options_section_count(o) || o->nat)) {
		diag_say(diag, DIAG_ERROR, "-o timesketch chooses what it prints; "
			 "leave out -p, -t, -e, -C, --top, -x, -s and --at");
		return false;
	}
	return true;
}

bool options_goes_with_merge(const struct option_row *row)
{
	static const char *const names[] = {
		"merge", "read", "stats", "connections", "top", "output", "time",
		"color", "progress", "quiet", "verbose", "numeric", "sandbox", "help",
		"version",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(row->name, names[i]) == 0)
			return true;
	return false;
}

/* Nothing is replayed. */
static bool check_merge(const struct options *o, const struct diag *diag)
{
	if (!o->merge)
		return true;
	if (o->merge_misfit) {
		diag_say(diag, DIAG_ERROR, "--merge adds up what was printed, and goes "
			 "without --%s", o->merge_misfit);
		return false;
	}
	if (o->format != REPORT_TEXT && o->format != REPORT_JSON) {
		diag_say(diag, DIAG_ERROR, "--merge has only the forms of -o text and "
			 "-o json");
		return false;
	}
	if (o->time_given && o->time_style != TIME_ISO && o->time_style != TIME_EPOCH) {
		diag_say(diag, DIAG_ERROR, "--merge has only the times of -T iso and "
			 "-T epoch: several captures have no common start");
		return false;
	}
	return true;
}

bool options_check(const struct options *o, const struct diag *diag)
{
	return check_merge(o, diag) && check_firewall(o, diag) && check_sections(o, diag) &&
	       check_versus(o, diag) && check_explain(o, diag) && check_states(o, diag);
}
