/* SPDX-License-Identifier: GPL-2.0-only */
#include "compare.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctreplay/kernel.h"
#include "ctreplay/reason.h"

static const char *first_name = "kernel", *second_name = "ctreplay";

void compare_names(const char *first, const char *second)
{
	first_name = first;
	second_name = second;
}

/* The kernel that ctreplay is told to be: its log knows fewer or other reasons. */
static struct ct_kernel told;
static bool is_told;

void compare_kernel(const char *version)
{
	ct_kernel_default(&told);
	if (version)
		ct_kernel_find(&told, version);
	is_told = true;
}

const char *difference_name(enum difference_kind kind)
{
	static const char *const names[] = {
		[DIFF_STATE] = "state", [DIFF_DIRECTION] = "direction",
		[DIFF_REASON] = "reason", [DIFF_OUT] = "dropped or not",
		[DIFF_TABLE] = "table line", [DIFF_EXPECT] = "expectation",
		[DIFF_EVENT] = "event"
	};

	return names[kind];
}

bool is_silent_reason(const char *code)
{
	if (!is_told)
		compare_kernel(NULL);
	for (unsigned int i = 0; i < CT_REASON_COUNT; i++)
		if (!strcmp(ct_reason_code(i), code))
			return !ct_kernel_logs(&told, i);
	return false;
}

/* Appends a difference; 'd' owns 'text' from now on. */
static void add(struct differences *d, enum difference_kind kind, size_t frame,
		char *text)
{
	if (d->n == d->room) {
		d->room = d->room ? 2 * d->room : 16;
		d->v = xrealloc(d->v, d->room * sizeof(*d->v));
	}
	d->v[d->n].kind = kind;
	d->v[d->n].frame = frame;
	d->v[d->n++].text = text;
}

/*
 * No rule sees a held fragment or a packet that connection tracking drops, so
 * the kernel's side has no word for either.
 */
static enum word as_kernel_sees(enum word w)
{
	return w == WORD_FRAGMENT || w == WORD_DROP ? WORD_NONE : w;
}

static const char *or_none(const char *s)
{
	return s ? s : "(nothing)";
}

/*
 * The text behind the prefix of a helper's message, "helper ftp " since 7.1; in
 * older kernels that is "nf_ct_ftp: ", which is cut off like all prefixes.
 */
static const char *behind_helper(const char *reason)
{
	const char *text = strstr(reason, " dropping packet: ");
	const char *end = strstr(reason, "; ");

	return !strncmp(reason, "helper ", 7) && text && (!end || text < end) ?
	       text + 1 : reason;
}

/* Whether the reasons are the same; several have "; " between them. */
static bool same_texts(const char *kernel, const char *replay)
{
	for (;;) {
		size_t n;

		kernel = behind_helper(kernel);
		n = strcspn(kernel, ";");
		if (strncmp(kernel, replay, n) || strcspn(replay, ";") != n)
			return false;
		kernel += n;
		replay += n;
		if (strncmp(kernel, "; ", 2) || strncmp(replay, "; ", 2))
			return !strcmp(kernel, replay);
		kernel += 2;
		replay += 2;
	}
}

/*
 * The kernel reports a full table with printk(), not through nf_log, so the
 * harness has no reason for such a packet.
 */
static bool same_reason(const struct verdict *k, const struct verdict *r)
{
	/* The kernel gets zeros for what was not captured, and judges these. */
	if (k->reason && r->code && !strcmp(r->code, "cut-in-header"))
		return true;
	if (k->reason)
		return r->reason && same_texts(k->reason, r->reason);
	return !r->code || r->word == WORD_DROP || is_silent_reason(r->code);
}

/*
 * A packet that no rule saw must not leave the bridge: it would have bypassed
 * the hooks. Of the others only whole packets are compared, because the bridge
 * decides how it sends a reassembled datagram.
 */
static bool same_fate(const struct frame *f, const struct verdict *k,
		      const struct verdict *r)
{
	if (k->word == WORD_NONE)
		return !k->out;
	if (frame_is_fragment(f))
		return true;
	return r->dropped == (k->out == 0);
}

static void compare_one(const struct frame *f, size_t i,
			const struct verdict *k, const struct verdict *r,
			struct differences *d)
{
	if (k->word != as_kernel_sees(r->word) || k->words > 1) {
		add(d, DIFF_STATE, i,
		    xasprintf("%s %s%s %s (%s), %s %s %s (%s)", first_name,
			      word_name(k->word), k->words > 1 ? " twice" : "",
			      direction_name(k->dir), or_none(k->reason),
			      second_name, word_name(r->word), direction_name(r->dir),
			      or_none(r->reason)));
		return;
	}
	if (k->word != WORD_NONE && k->dir != r->dir)
		add(d, DIFF_DIRECTION, i,
		    xasprintf("%s %s, %s %s", first_name,
			      direction_name(k->dir), second_name,
			      direction_name(r->dir)));
	if (!same_reason(k, r))
		add(d, DIFF_REASON, i,
		    xasprintf("%s: %s \"%s\", %s \"%s\"",
			      word_name(k->word), first_name,
			      or_none(k->reason), second_name,
			      or_none(r->reason)));
	if (!same_fate(f, k, r))
		add(d, DIFF_OUT, i,
		    xasprintf("%s let %u out, %s says %s", first_name, k->out,
			      second_name, r->dropped ? "drop" : "accept"));
}

void compare_frames(const struct frames *fs, const struct verdict *kernel,
		    const struct verdict *replay, struct differences *d)
{
	for (size_t i = 0; i < fs->n; i++)
		compare_one(&fs->v[i], i, &kernel[i], &replay[i], d);
}

/* One table line: the seconds left, and the rest of the line as sort key. */
struct entry {
	char *key;
	const char *line;
	long seconds;
};

/* The seconds left follow after 'words' words. */
static struct entry entry_of(const char *line, unsigned int words)
{
	struct entry e = { .line = line };
	const char *p = line + strspn(line, " "), *end;

	for (unsigned int i = 0; i < words; i++) {
		p += strcspn(p, " ");
		p += strspn(p, " ");
	}
	/* An event has no number when the entry has less than a second left. */
	end = p + strspn(p, "0123456789");
	e.seconds = strtol(p, NULL, 10);
	end += end > p && *end == ' ';
	e.key = xasprintf("%.*s%s", (int)(p - line), line, end);
	return e;
}

static int by_key(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->key, y->key);
}

static struct entry *entries(const struct lines *ls, unsigned int words)
{
	struct entry *e = xmalloc((ls->n + 1) * sizeof(*e));

	for (size_t i = 0; i < ls->n; i++)
		e[i] = entry_of(ls->v[i], words);
	qsort(e, ls->n, sizeof(*e), by_key);
	return e;
}

static void entries_free(struct entry *e, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(e[i].key);
	free(e);
}

static bool same_seconds(long kernel, long replay, const uint64_t lag[2])
{
	return kernel + 1 + (long)lag[0] >= replay &&
	       replay + 1 + (long)lag[1] >= kernel;
}

/*
 * Whether an entry that showed 'seconds' after the last frame may have timed
 * out when the kernel's table had been read.  Both numbers are cut to whole
 * seconds: up to seconds + 1 were left, and the reading took up to lag + 1.
 * Every other entry must be in the kernel's table.
 */
static bool may_be_over(long seconds, uint64_t lag)
{
	return seconds <= (long)lag;
}

void compare_tables(const struct lines *kernel, const struct lines *replay,
		    enum difference_kind kind, const uint64_t lag[2],
		    size_t nframes, struct differences *d)
{
	unsigned int words = kind == DIFF_TABLE ? 4 : 0;
	struct entry *k = entries(kernel, words), *r = entries(replay, words);
	size_t i = 0, j = 0;

	while (i < kernel->n || j < replay->n) {
		int order = i == kernel->n ? 1 : j == replay->n ? -1
			  : by_key(&k[i], &r[j]);

		if (order < 0) {
			add(d, kind, nframes,
			    xasprintf("%s only: %s", first_name,
				      k[i++].line));
		} else if (order > 0) {
			if (!may_be_over(r[j].seconds, lag[0]))
				add(d, kind, nframes,
				    xasprintf("%s only: %s", second_name,
					      r[j].line));
			j++;
		} else {
			if (!same_seconds(k[i].seconds, r[j].seconds, lag))
				add(d, kind, nframes,
				    xasprintf("%s has %ld seconds, %s: %s",
					      second_name, r[j].seconds,
					      first_name, k[i].line));
			i++;
			j++;
		}
	}
	entries_free(k, kernel->n);
	entries_free(r, replay->n);
}

/*
 * The kernel's ids are hashes, and it reuses them: each [NEW] starts a new
 * connection number.
 */
struct ids {
	struct { unsigned long id; size_t number; } *v;
	size_t n, made;
};

static size_t id_number(struct ids *ids, const char *line, unsigned long id)
{
	size_t i = ids->n;

	while (i > 0 && ids->v[i - 1].id != id)
		i--;
	if (i > 0 && !strstr(line, "[NEW]"))
		return ids->v[i - 1].number;
	ids->v = xrealloc(ids->v, (ids->n + 1) * sizeof(*ids->v));
	ids->v[ids->n].id = id;
	ids->v[ids->n].number = ++ids->made;
	return ids->v[ids->n++].number;
}

/*
 * Returns the event with a connection number in place of its id. Events of
 * expectations have no id.
 */
static char *numbered(struct ids *ids, const char *line)
{
	const char *id = strstr(line, " id="), *later;

	/*
	 * An ICMP tuple has an "id=" of its own; the last one is the entry's.
	 */
	while (id && (later = strstr(id + 1, " id=")))
		id = later;
	if (!id || strstr(line, " class="))
		return xstrdup(line);
	return xasprintf("%.*s id=#%zu", (int)(id - line), line,
			 id_number(ids, line, strtoul(id + 4, NULL, 10)));
}

static bool same_event(const char *k, const char *r)
{
	unsigned int words = strstr(k, " class=") ? 1 : 3;
	struct entry a = entry_of(k, words), b = entry_of(r, words);
	bool same = !strcmp(a.key, b.key) && labs(a.seconds - b.seconds) <= 1;

	free(a.key);
	free(b.key);
	return same;
}

struct lines events_numbered(const struct lines *events)
{
	struct lines ls = { 0 };
	struct ids ids = { 0 };

	for (size_t i = 0; i < events->n; i++) {
		char *line = numbered(&ids, events->v[i]);

		lines_add(&ls, line);
		free(line);
	}
	free(ids.v);
	return ls;
}

/*
 * The end of an expectation that its helper may have withdrawn, in a kernel
 * that collects expectations: nf_ct_unexpect_related() only marks it there
 * (NF_CT_EXPECT_DEAD), and the event comes when somebody walks its hash chain,
 * which it shares with others by chance, or when gc_worker() finds it.  So these
 * events are not compared.  What they would tell is compared in another way:
 * the table of expectations, which does not show a marked one, and every NEW
 * event.  Kernels with timers run the same code of the engine, and there the
 * events are compared.  The other helpers withdraw nothing.
 */
static bool is_collected(const char *line)
{
	static const char *const helpers[] = {
		" helper=pptp", " helper=sip", " helper=RAS", " helper=Q.931",
		" helper=H.245"
	};

	if (!ct_kernel_has(&told, CT_HAS_EXPECT_LAZY) ||
	    !strstr(line, "[DESTROY]") || !strstr(line, " class="))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		if (strstr(line, helpers[i]))
			return true;
	return false;
}

/* Whether 'ls' has the end of the connection of 'line', which ends in "#N". */
static bool has_end_of(const struct lines *ls, const char *line)
{
	const char *id = strrchr(line, '#');

	for (size_t i = 0; id && i < ls->n; i++) {
		const char *other = strrchr(ls->v[i], '#');

		if (other && !strcmp(id, other) && strstr(ls->v[i], "[DESTROY]"))
			return true;
	}
	return false;
}

/*
 * The events that are compared, those from the place 'late' on of a table's
 * reading.  ctreplay's clock stops at the last frame, but the kernel removes
 * what times out until its table has been read: that such a connection was
 * about to end is for compare_tables() to say.
 */
static struct lines compared(const struct lines *events, size_t late,
			     const struct lines *others)
{
	struct lines ls = { 0 };

	for (size_t i = 0; i < events->n; i++) {
		const char *line = events->v[i];
		bool reading = i >= late && strstr(line, "[DESTROY]") &&
			       !strstr(line, " class=");

		if (!is_collected(line) &&
		    (!reading || has_end_of(others, line)))
			lines_add(&ls, line);
	}
	return ls;
}

/* Expectations that time out in the same jiffy go in any order. */
static bool is_timed_out(const char *line)
{
	return strstr(line, "[DESTROY] 0 proto=");
}

/* The connection's number; 0 for expectations, and those that time out last. */
static unsigned long connection_of(const char *line)
{
	const char *id = strrchr(line, '#');

	if (is_timed_out(line))
		return ULONG_MAX;
	return id ? strtoul(id + 1, NULL, 10) : 0;
}

static bool is_before(const char *a, const char *b)
{
	unsigned long x = connection_of(a), y = connection_of(b);

	return x < y || (x == y && is_timed_out(a) && strcmp(a, b) < 0);
}

/* A stable insertion sort by connection; there are few events. */
static void sort_by_connection(struct lines *ls)
{
	for (size_t i = 1; i < ls->n; i++)
		for (size_t j = i; j > 0 && is_before(ls->v[j], ls->v[j - 1]);
		     j--) {
			char *swap = ls->v[j];

			ls->v[j] = ls->v[j - 1];
			ls->v[j - 1] = swap;
		}
}

/* When a connection's end is noticed depends on who comes across it. */
static bool any_ends(const struct lines *ls)
{
	for (size_t i = 0; i < ls->n; i++)
		if (strstr(ls->v[i], "[DESTROY]"))
			return true;
	return false;
}

/* Adds the first event that differs. */
static void compare_lines(const struct lines *k, const struct lines *r,
			  size_t nframes, struct differences *d)
{
	for (size_t i = 0; i < k->n || i < r->n; i++) {
		const char *a = i < k->n ? k->v[i] : "(nothing)";
		const char *b = i < r->n ? r->v[i] : "(nothing)";

		if (same_event(a, b))
			continue;
		add(d, DIFF_EVENT, nframes,
		    xasprintf("number %zu: %s %s\n         %s %s", i + 1,
			      first_name, a, second_name, b));
		return;
	}
}

void compare_events(const struct lines *kernel, size_t late,
		    const struct lines *replay, bool expiry, size_t nframes,
		    struct differences *d)
{
	struct lines all[2] = { events_numbered(kernel),
				events_numbered(replay) };
	struct lines k = compared(&all[0], late, &all[1]);
	struct lines r = compared(&all[1], all[1].n, &all[0]);

	if (expiry || any_ends(&k) || any_ends(&r)) {
		sort_by_connection(&k);
		sort_by_connection(&r);
	}
	compare_lines(&k, &r, nframes, d);
	lines_free(&k);
	lines_free(&r);
	lines_free(&all[0]);
	lines_free(&all[1]);
}

void differences_free(struct differences *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].text);
	free(d->v);
	memset(d, 0, sizeof(*d));
}
