/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/debug.h"
#include "ctreplay/state.h"
#include "support/bag.h"

#define RIG_STATES	500u	/* packets with a state before each */

static void on_event(void *arg, const struct ct_event *event)
{
	struct rig *r = arg;

	if (r->events < RIG_RECORDS)
		r->event[r->events] = *event;
	r->events++;
}

static void on_fast_event(void *arg, const struct ct_event *event)
{
	struct rig *r = arg;

	(void)event;
	r->fast_events++;
}

void rig_init(struct rig *r, const struct ct_config *cfg)
{
	memset(r, 0, sizeof(*r));
	if (cfg) {
		r->cfg = *cfg;
	} else {
		ct_config_defaults(&r->cfg);
		r->cfg.checksum = CT_CHECKSUM_ALL;
	}
	r->cfg.on_event = on_event;
	r->cfg.event_arg = r;
	assert_int_equal(ct_create(&r->ct, &r->cfg, NULL), 0);
	r->fast_cfg = r->cfg;
	r->fast_cfg.on_event = on_fast_event;
	r->fast_cfg.on_expect = NULL;
	assert_int_equal(ct_create(&r->fast, &r->fast_cfg, NULL), 0);
	r->now = RIG_START;
	ct_advance(r->ct, r->now);
	ct_advance(r->fast, r->now);
}

/* Sets or clears the behaviours with these names. */
static void change(struct ct_kernel *k, const char *names, bool has)
{
	char copy[200], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", names ? names : "");
	for (char *word = strtok_r(copy, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		unsigned int b = 0;

		while (b < CT_BEHAVIOUR_COUNT &&
		       strcmp(ct_behaviour_name((enum ct_behaviour)b), word) != 0)
			b++;
		if (b == CT_BEHAVIOUR_COUNT)
			fail_msg("no behaviour %s", word);
		/* Else the test would be one of the default kernel. */
		assert_true(ct_kernel_has(k, (enum ct_behaviour)b) != has);
		k->has[b / 64] ^= (uint64_t)1 << b % 64;
	}
}

void rig_kernel(struct ct_config *cfg, const char *lacks, const char *has)
{
	struct ct_kernel k = cfg->kernel;

	change(&k, lacks, false);
	change(&k, has, true);
	if (lacks || has)
		ct_config_set_kernel(cfg, &k);
}

void rig_free(struct rig *r)
{
	ct_destroy(r->ct);
	ct_destroy(r->fast);
	r->ct = r->fast = NULL;
}

void rig_wait(struct rig *r, uint64_t milliseconds)
{
	r->now += milliseconds * MSEC;
	ct_advance(r->ct, r->now);
	ct_advance(r->fast, r->now);
}

static void expect_same(const struct ct_verdict *a, const struct ct_verdict *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->ctstate, b->ctstate);
	assert_int_equal(a->dir, b->dir);
	assert_int_equal(a->proto, b->proto);
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->dropped, b->dropped);
	assert_int_equal(a->windowed, b->windowed);
	if (a->windowed) {
		/* The seven numbers in front of the frame. */
		assert_memory_equal(&a->window, &b->window, 7 * sizeof(uint32_t));
		assert_int_equal(a->window.frame, b->window.frame);
	}
	assert_int_equal(a->nwhy, b->nwhy);
	for (int i = 0; i < a->nwhy; i++) {
		assert_int_equal(a->why[i].reason, b->why[i].reason);
		assert_memory_equal(a->why[i].addr, b->why[i].addr,
				    sizeof(a->why[i].addr));
	}
}

/* The first records of a table; the others are not compared. */
struct few {
	size_t n;
	struct ct_record record[16];
};

static bool note_few(void *arg, const struct ct_record *record)
{
	struct few *few = arg;

	few->record[few->n++] = *record;
	return few->n < ITEMS(few->record);
}

static void expect_same_tables(const struct rig *r)
{
	struct few few[2] = { { .n = 0 }, { .n = 0 } };

	ct_table(r->ct, note_few, &few[0]);
	ct_table(r->fast, note_few, &few[1]);
	assert_int_equal(few[0].n, few[1].n);
	for (size_t i = 0; i < few[0].n; i++) {
		const struct ct_record *a = &few[0].record[i];
		const struct ct_record *b = &few[1].record[i];

		assert_int_equal(a->id, b->id);
		assert_int_equal(a->master, b->master);
		assert_ptr_equal(a->helper, b->helper);
		assert_int_equal(a->use, b->use);
		assert_int_equal(a->mark, b->mark);
		assert_int_equal(a->first_seen, b->first_seen);
		assert_memory_equal(a->tuple, b->tuple, sizeof(a->tuple));
		assert_int_equal(a->status, b->status);
		assert_int_equal(a->state, b->state);
		assert_int_equal(a->last_seen, b->last_seen);
		assert_int_equal(a->expires, b->expires);
		assert_memory_equal(a->counter, b->counter, sizeof(a->counter));
	}
}

struct expected {
	size_t n;
	struct ct_expect_record record[16];
};

static bool note_expected(void *arg, const struct ct_expect_record *record)
{
	struct expected *e = arg;

	e->record[e->n++] = *record;
	return e->n < ITEMS(e->record);
}

static void expect_same_expectations(const struct rig *r)
{
	struct expected e[2] = { { .n = 0 }, { .n = 0 } };

	ct_expectations(r->ct, note_expected, &e[0]);
	ct_expectations(r->fast, note_expected, &e[1]);
	assert_int_equal(e[0].n, e[1].n);
	for (size_t i = 0; i < e[0].n; i++) {
		const struct ct_expect_record *a = &e[0].record[i];
		const struct ct_expect_record *b = &e[1].record[i];

		assert_int_equal(a->id, b->id);
		assert_int_equal(a->master, b->master);
		assert_memory_equal(&a->tuple, &b->tuple, sizeof(a->tuple));
		assert_memory_equal(&a->mask, &b->mask, sizeof(a->mask));
		assert_ptr_equal(a->helper, b->helper);
		assert_ptr_equal(a->class_name, b->class_name);
		assert_int_equal(a->permanent, b->permanent);
		assert_int_equal(a->inactive, b->inactive);
		assert_int_equal(a->expires, b->expires);
	}
}

static void expect_same_segments(const struct ct_segment *a,
				 const struct ct_segment *b)
{
	assert_int_equal(a->seq, b->seq);
	assert_int_equal(a->ack, b->ack);
	assert_int_equal(a->sack, b->sack);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->win, b->win);
	assert_int_equal(a->flags, b->flags);
	assert_int_equal(a->header_len, b->header_len);
	assert_int_equal(a->index, b->index);
	assert_int_equal(a->offers, b->offers);
	assert_int_equal(a->scale, b->scale);
}

bool rig_prepare_fast(const struct ct *ct, const uint8_t *data, uint32_t caplen,
		      enum ct_l3 l3num, const struct ct_packet *expected)
{
	struct ct_packet pkt;

	memset(&pkt, 0xa5, sizeof(pkt));
	if (!ct_prepare_fast(ct, &pkt, data, caplen, l3num))
		return false;
	assert_non_null(expected);
	assert_ptr_equal(pkt.data, expected->data);
	assert_int_equal(pkt.caplen, expected->caplen);
	assert_int_equal(pkt.l4off, expected->l4off);
	assert_int_equal(pkt.len, expected->len);
	assert_int_equal(pkt.priv.hash, expected->priv.hash);
	assert_int_equal(pkt.priv.l4, expected->priv.l4);
	assert_int_equal(pkt.l3num, expected->l3num);
	assert_int_equal(pkt.protonum, expected->protonum);
	assert_int_equal(pkt.flags, expected->flags);
	assert_int_equal(pkt.priv.prepared, expected->priv.prepared);
	assert_memory_equal(&pkt.src, &expected->src, sizeof(pkt.src));
	assert_memory_equal(&pkt.dst, &expected->dst, sizeof(pkt.dst));
	assert_int_equal(pkt.priv.entry, expected->priv.entry);
	assert_true(pkt.priv.prepared & CT_PREPARED_SEGMENT);
	expect_same_segments(&pkt.priv.segment, &expected->priv.segment);
	return true;
}

/* With another hash key, on which nothing may depend. */
static void replace_fast(struct rig *r)
{
	struct ct_error error;
	struct bag bag = { .n = 0 };
	struct ct *ct;

	assert_int_equal(ct_save(r->fast, bag_write, &bag), 0);
	r->fast_cfg.hash_key[0]++;
	assert_int_equal(ct_create(&ct, &r->fast_cfg, NULL), 0);
	if (ct_load(ct, bag_read, &bag, &error) != 0)
		fail_msg("a state is refused: %s", error.text);
	assert_int_equal(bag.at, bag.n);
	assert_memory_equal(ct_stats(ct), ct_stats(r->fast), sizeof(struct ct_stats));
	assert_int_equal(ct_now(ct), ct_now(r->fast));
	ct_destroy(r->fast);
	r->fast = ct;
	bag_free(&bag);
}

/* Every second packet by ct_track_many(), which tells nothing of plain ones but their
 * number. */
static void track_fast(const struct rig *r, struct ct_timed_packet *p,
		       struct ct_verdict *v)
{
	uint64_t plain[256] = { 0 };
	struct ct_run run = { .stride = sizeof(*p), .there = 1, .until = UINT64_MAX, .plain = plain };

	if (r->number % 2 || !ct_track_many(r->fast, p, 1, &run, v)) {
		ct_track_at(r->fast, &p->pkt, v, p->time);
		return;
	}
	assert_int_equal(run.now, p->time);
	assert_int_equal(run.plain_sum, !run.told);
	if (run.told)
		return;
	assert_int_equal(plain[p->pkt.protonum], 1);
	assert_int_equal(r->v.ctstate, CT_ESTABLISHED);
	assert_int_equal(r->v.nwhy, 0);
	*v = r->v;
}

/* The same packet for the other engine, which takes the fast path if it can. */
static void send_fast(struct rig *r, bool drop)
{
	struct ct_timed_packet timed = { .pkt = r->pkt };
	struct ct_packet *pkt = &timed.pkt;
	struct ct_verdict v;

	if (r->number <= RIG_STATES || r->number % RIG_STATES == 0)
		replace_fast(r);
	ct_prepare(r->fast, pkt);
	if (!r->flags)
		rig_prepare_fast(r->fast, pkt->data, pkt->caplen, pkt->l3num, pkt);
	ct_prefetch_many(r->fast, pkt, sizeof(*pkt), 1);
	ct_prefetch_entry_many(r->fast, pkt, sizeof(*pkt), 1);
	timed.time = ct_now(r->fast);
	track_fast(r, &timed, &v);
	if (drop)
		ct_drop(r->fast);
	else
		ct_confirm(r->fast, &v);
	expect_same(&r->v, &v);
	assert_int_equal(ct_count(r->ct), ct_count(r->fast));
	assert_int_equal(r->events, r->fast_events);
	expect_same_tables(r);
	expect_same_expectations(r);
	engine_check(r->ct);
	engine_check(r->fast);
}

/* Tracks a copy in memory of its own, so that a sanitizer notices a read beyond
 * it. */
static uint8_t *track(struct rig *r, const struct craft *c, uint32_t caplen)
{
	uint8_t *copy = malloc(caplen ? caplen : 1);

	assert_non_null(copy);
	memcpy(copy, c->b, caplen);
	assert_int_equal(ct_packet_parse(&r->pkt, copy, caplen, c->n,
					 (enum ct_l3)c->l3num, 0), CT_PACKET_OK);
	r->pkt.number = ++r->number;
	r->pkt.flags |= r->flags;
	ct_track(r->ct, &r->pkt, &r->v);
	return copy;
}

void rig_send_cut(struct rig *r, const struct craft *c, uint32_t caplen)
{
	uint8_t *copy = track(r, c, caplen);

	ct_confirm(r->ct, &r->v);
	send_fast(r, false);
	free(copy);
}

void rig_send(struct rig *r, const struct craft *c)
{
	rig_send_cut(r, c, c->n);
}

void rig_drop(struct rig *r, const struct craft *c)
{
	uint8_t *copy = track(r, c, c->n);

	ct_drop(r->ct);
	send_fast(r, true);
	free(copy);
}

static bool note_record(void *arg, const struct ct_record *record)
{
	struct rig *r = arg;

	if (r->records < RIG_RECORDS)
		r->record[r->records] = *record;
	r->records++;
	return true;
}

size_t rig_table(struct rig *r)
{
	r->records = 0;
	assert_int_equal(ct_table(r->ct, note_record, r), 0);
	return r->records;
}

uint32_t rig_left(struct rig *r)
{
	assert_int_equal(rig_table(r), 1);
	return (uint32_t)((r->record[0].expires - r->record[0].now +
			   CT_NSEC_PER_SEC / 2) / CT_NSEC_PER_SEC);
}

enum ct_reason rig_reason(const struct rig *r)
{
	return r->v.nwhy ? (enum ct_reason)r->v.why[0].reason : CT_REASON_NONE;
}

void rig_expect_at(const struct rig *r, const char *what, enum ct_ctstate ctstate,
		   enum ct_dir dir, enum ct_reason reason, const char *file,
		   int line)
{
	static const char *const dirs[] = { "original", "reply", "-" };

	if (r->v.ctstate == ctstate && r->v.dir == dir && rig_reason(r) == reason)
		return;
	print_error("%s: expected %s %s %s\n", what, ct_ctstate_name(ctstate),
		    dirs[dir], ct_reason_code(reason));
	print_error("%s: got      %s %s %s\n", what,
		    ct_ctstate_name((enum ct_ctstate)r->v.ctstate),
		    dirs[r->v.dir], ct_reason_code(rig_reason(r)));
	_fail(file, line);
}

int rig_run_cases(const char *group, const void *cases, size_t size, size_t n,
		  void (*test)(void **state))
{
	struct CMUnitTest *tests = calloc(n, sizeof(*tests));
	int failed;

	if (!tests)
		return 1;
	for (size_t i = 0; i < n; i++) {
		const char *item = (const char *)cases + i * size;
		void *state;

		memcpy(&tests[i].name, item, sizeof(tests[i].name));
		tests[i].test_func = test;
		/* cmocka's states are not const; tests do not write to ours. */
		memcpy(&state, &item, sizeof(state));
		tests[i].initial_state = state;
	}
	failed = _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	free(tests);
	return failed;
}
