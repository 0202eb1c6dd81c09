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
			/* It may have timed out before the kernel's was read. */
			if (!lag[0] || r[j].seconds > (long)lag[0])
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

/*
 * PPTP withdraws expectations. A kernel that collects expectations removes
 * those when somebody walks their hash chain, which they share by chance, or
 * when its garbage collection comes.
 */
static bool is_collected(const char *line)
{
	return ct_kernel_has(&told, CT_HAS_EXPECT_LAZY) &&
	       strstr(line, "[DESTROY]") && strstr(line, " proto=47 ") &&
	       strstr(line, " class=");
}

struct lines events_numbered(const struct lines *events)
{
	struct lines ls = { 0 };
	struct ids ids = { 0 };

	for (size_t i = 0; i < events->n; i++) {
		char *line;

		if (is_collected(events->v[i]))
			continue;
		line = numbered(&ids, events->v[i]);

		lines_add(&ls, line);
		free(line);
	}
	free(ids.v);
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

void compare_events(const struct lines *kernel, const struct lines *replay,
		    bool expiry, size_t nframes, struct differences *d)
{
	struct lines k = events_numbered(kernel), r = events_numbered(replay);
	bool same = true;

	if (expiry || any_ends(&k) || any_ends(&r)) {
		sort_by_connection(&k);
		sort_by_connection(&r);
	}
	for (size_t i = 0; same && (i < k.n || i < r.n); i++) {
		const char *a = i < k.n ? k.v[i] : "(nothing)";
		const char *b = i < r.n ? r.v[i] : "(nothing)";

		same = same_event(a, b);
		if (!same)
			add(d, DIFF_EVENT, nframes,
			    xasprintf("number %zu: %s %s\n         %s %s",
				      i + 1, first_name, a, second_name, b));
	}
	lines_free(&k);
	lines_free(&r);
}

void differences_free(struct differences *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->v[i].text);
	free(d->v);
	memset(d, 0, sizeof(*d));
}
