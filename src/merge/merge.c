/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/merge.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "merge/part.h"
#include "report/formats.h"
#include "report/json.h"
#include "sandbox/sandbox.h"

struct merge {
	const struct options *opt;
	const struct diag *diag;
	const struct stop *stop;
	struct report *report;
	struct part *part;		/* owned, one for each file */
	struct part **waiting;		/* owned: a heap of those at a connection */
	size_t nwaiting;
	bool stats, connections, tops;	/* what is printed */
	struct merged all;
};

/* A line as it was read, so that nothing is lost; with the file that it is from. */
static void print_json(struct out *o, const char *line, size_t len, const char *file)
{
	out_line(o);
	while (len && strchr(" \t\r\n", line[len - 1]))
		len--;
	if (!file) {
		out_long(o, line, len);
	} else {
		out_long(o, line, len - 1);	/* all but the brace */
		json_text(o, "file", file);
		out_char(o, '}');
	}
	out_char(o, '\n');
}

static void print_connection(struct merge *m, const struct part *p)
{
	const char *file = part_file(p, &p->record);
	struct report *r = m->report;

	if (r->format == REPORT_JSON) {
		print_json(&r->out, p->line, p->len, file);
		return;
	}
	report_connection(r, &p->connection.view);
	if (!file)
		file = p->connection.file;
	if (!file)
		return;
	out_drop_newline(&r->out);
	out_str(&r->out, " file=");
	out_foreign(&r->out, file, strlen(file));
	out_char(&r->out, '\n');
}

static void print_notes(struct merge *m)
{
	struct merged_notes *notes = &m->all.notes;

	merged_notes_sort(notes);
	for (size_t i = 0; i < notes->n; i++) {
		const struct merged_note *n = &notes->note[i];
		const char *text = notes->text + n->at;

		if (m->report->format == REPORT_JSON)
			print_json(&m->report->out, text, n->len, n->file);
		else
			diag_say(m->diag, DIAG_NOTE, "%.300s%s%s", n->file ? n->file : "",
				 n->file ? ": " : "", text);
	}
}

/* What a list of --top has lost cannot be seen in it. */
static void note_tops(const struct merge *m)
{
	if (m->all.tops.joined)
		diag_say(m->diag, DIAG_NOTE, "lists of --top were joined: what one of "
			 "them has left out, below its N, is missing in the sums; the "
			 "numbers of entries are right above the least of each list's "
			 "last line");
}

/* What was asked for and cannot be there: the runs were not asked for it. */
static void note_missing(const struct merge *m)
{
	const struct options *opt = m->opt;
	const struct merged *all = &m->all;

	if (opt->stats && !all->statistics.records)
		diag_say(m->diag, DIAG_NOTE, "no FILE has a record of statistics; give "
			 "-s to the runs that are merged");
	if (opt->connections && !all->connections)
		diag_say(m->diag, DIAG_NOTE, "no FILE has a record of a connection; "
			 "unless there was none, give -C to the runs that are merged");
	for (int by = 0; by < TOP_KINDS; by++)
		if (opt->top[by] && !all->tops.top[by].n)
			diag_say(m->diag, DIAG_NOTE, "no FILE has a list by %s; unless "
				 "there was no connection, give --top %s to the runs "
				 "that are merged", top_by_name((enum top_by)by),
				 top_by_name((enum top_by)by));
	if (!all->statistics.records && !all->connections &&
	    !merged_tops_any(&all->tops) && !all->notes.n && !opt->stats &&
	    !opt->connections && !options_has_top(opt))
		diag_say(m->diag, DIAG_NOTE, "no FILE has a record that can be merged; "
			 "give -s, -C or --top with -o json to the runs");
}

static void print_end(struct merge *m)
{
	struct report *r = m->report;
	struct merged *all = &m->all;
	const bool connections = m->connections && all->connections;
	const bool tops = m->tops && merged_tops_any(&all->tops);
	const bool stats = m->stats && all->statistics.records;

	r->headings = connections + tops + stats > 1;
	if (tops)
		merged_tops_print(&all->tops, r, m->opt->top);
	if (stats)
		merged_statistics_print(&all->statistics, r);
	print_notes(m);
	if (tops)
		note_tops(m);
	note_missing(m);
}

/* A heap: none comes before the one in the middle of those below it. */
static void sift_up(struct merge *m, size_t i)
{
	struct part *p = m->waiting[i];

	for (; i && part_before(p, m->waiting[(i - 1) / 2]); i = (i - 1) / 2)
		m->waiting[i] = m->waiting[(i - 1) / 2];
	m->waiting[i] = p;
}

static void sift_down(struct merge *m, struct part *p)
{
	size_t i = 0, child;

	while ((child = 2 * i + 1) < m->nwaiting) {
		if (child + 1 < m->nwaiting &&
		    part_before(m->waiting[child + 1], m->waiting[child]))
			child++;
		if (!part_before(m->waiting[child], p))
			break;
		m->waiting[i] = m->waiting[child];
		i = child;
	}
	m->waiting[i] = p;
}

static enum merge_result failed(enum part_result result)
{
	return result == PART_STOPPED ? MERGE_STOPPED :
	       result == PART_ABSENT ? MERGE_USAGE : MERGE_DAMAGED;
}

/* Opens each file, and reads it up to its first connection. */
static enum merge_result begin_parts(struct merge *m)
{
	enum part_result result;

	for (size_t i = 0; i < m->opt->nfiles; i++) {
		struct part *p = &m->part[i];

		if (!part_open(p, m->stop, m->diag))
			return MERGE_USAGE;
		result = part_next(p, &m->all, m->diag);
		if (result != PART_CONNECTION && result != PART_END)
			return failed(result);
		if (result == PART_CONNECTION) {
			m->waiting[m->nwaiting] = p;
			sift_up(m, m->nwaiting++);
		}
	}
	return MERGE_DONE;
}

static enum merge_result merge_connections(struct merge *m)
{
	enum part_result result;

	while (m->nwaiting && !m->report->out.error) {
		struct part *p = m->waiting[0];

		if (m->connections)
			print_connection(m, p);
		result = part_next(p, &m->all, m->diag);
		if (result != PART_CONNECTION && result != PART_END)
			return failed(result);
		if (result == PART_END)
			p = m->waiting[--m->nwaiting];
		sift_down(m, p);
	}
	return MERGE_DONE;
}

/* An interrupted run prints no statistics, and without them a sum would be too low. */
static bool check_statistics(const struct merge *m)
{
	const char *with = NULL;

	for (size_t i = 0; i < m->opt->nfiles; i++)
		if (m->part[i].has_statistics)
			with = m->part[i].name;
	for (size_t i = 0; with && i < m->opt->nfiles; i++)
		if (!m->part[i].has_statistics) {
			diag_say(m->diag, DIAG_ERROR, "%.300s has no record of "
				 "statistics, and %.300s has one: give -s to all runs, "
				 "and repeat those that were interrupted",
				 m->part[i].name, with);
			return false;
		}
	return true;
}

static enum merge_result merge_all(struct merge *m)
{
	enum merge_result result = begin_parts(m);

	if (result == MERGE_DONE)
		result = merge_connections(m);
	if (result == MERGE_DONE && (!check_statistics(m) ||
				     !merged_tops_finish(&m->all.tops, m->diag)))
		result = MERGE_DAMAGED;
	if (result == MERGE_DONE && !m->report->out.error)
		print_end(m);
	return result;
}

static bool create_parts(struct merge *m)
{
	size_t n = m->opt->nfiles;

	m->part = calloc(n, sizeof(*m->part));
	m->waiting = calloc(n, sizeof(struct part *));
	if (!m->part || !m->waiting)
		return false;
	for (size_t i = 0; i < n; i++) {
		m->part[i].name = m->opt->files[i];
		m->part[i].number = i + 1;
		m->part[i].several = n > 1;
		m->part[i].text = m->report->format == REPORT_TEXT;
		m->part[i].fd = -1;
	}
	return true;
}

static void free_merge(struct merge *m)
{
	for (size_t i = 0; m->part && i < m->opt->nfiles; i++)
		part_close(&m->part[i]);
	merged_statistics_free(&m->all.statistics);
	merged_tops_free(&m->all.tops);
	merged_notes_free(&m->all.notes);
	free(m->part);
	free(m->waiting);
	free(m);
}

/* False. */
static bool say_no_memory(const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "out of memory");
	return false;
}

enum merge_result merge_files(const struct options *opt, struct report *r,
			      const struct diag *diag, const struct stop *stop)
{
	const bool top = options_has_top(opt);
	const bool all = !opt->stats && !opt->connections && !top;
	struct merge *m = calloc(1, sizeof(*m));
	enum merge_result result = MERGE_DAMAGED;

	if (!m) {
		say_no_memory(diag);
		return result;
	}
	*m = (struct merge){
		.opt = opt, .diag = diag, .stop = stop, .report = r,
		.stats = all || opt->stats, .tops = all || top,
		.connections = all || opt->connections,
	};
	if (create_parts(m))
		result = merge_all(m);
	else
		say_no_memory(diag);
	free_merge(m);
	return result;
}

/* A file that is given twice would count twice. */
static bool check_twice(const struct options *o, const struct diag *diag)
{
	struct stat *st = calloc(o->nfiles, sizeof(*st));
	bool ok = st || say_no_memory(diag);

	for (size_t i = 0; ok && i < o->nfiles; i++) {
		if (stat(o->files[i], &st[i]) < 0 || !S_ISREG(st[i].st_mode))
			continue;
		for (size_t j = 0; ok && j < i; j++) {
			ok = st[j].st_ino != st[i].st_ino || st[j].st_dev != st[i].st_dev;
			if (!ok)
				diag_say(diag, DIAG_ERROR, "%.300s and %.300s are the "
					 "same file, which would count twice",
					 o->files[j], o->files[i]);
		}
	}
	free(st);
	return ok;
}

static bool confine(const struct options *o, const struct diag *diag)
{
	struct sandbox *s;

	/* The library would open /dev/urandom when it makes its first object. */
	json_object_seed(0);
	if (o->sandbox != SANDBOX_AUTO) {
		if (o->verbose)
			diag_say(diag, DIAG_NOTE, "sandbox: off, by --sandbox=no");
		return true;
	}
	s = sandbox_create();
	if (!s)
		return say_no_memory(diag);
	for (size_t i = 0; i < o->nfiles; i++)
		sandbox_may_read(s, o->files[i]);
	sandbox_enter(s, o->verbose ? diag : NULL);
	return true;
}

/* A file with connections stays open until the last of them. */
static void allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static void init_report(struct report *r, const struct options *o)
{
	memset(r, 0, offsetof(struct report, out.buf));
	out_init(&r->out, STDOUT_FILENO);
	r->format = o->format;
	r->verbose = o->verbose;
	r->color = options_color(o);
	/* Captures have no common start from which seconds could count. */
	r->time_style = o->time_given ? o->time_style : TIME_ISO;
	r->time_given = true;
}

/* What was written may be less than all; that is so after any other failure, too. */
static enum merge_result finish(struct report *r, enum merge_result result,
				const struct diag *diag)
{
	if (out_flush(&r->out))
		return result;
	if (r->out.error != EPIPE)
		diag_say(diag, DIAG_ERROR, "cannot write standard output: %s; the output "
			 "is incomplete", strerror(r->out.error));
	return MERGE_DAMAGED;
}

enum merge_result merge(const struct options *opt, const struct diag *diag,
			const struct stop *stop)
{
	enum merge_result result = MERGE_USAGE;
	struct report *r = malloc(sizeof(*r));

	if (!r) {
		say_no_memory(diag);
		return result;
	}
	init_report(r, opt);
	allow_files();
	if (check_twice(opt, diag) && confine(opt, diag)) {
		result = merge_files(opt, r, diag, stop);
		result = finish(r, result, diag);
	}
	free(r);
	return result;
}
