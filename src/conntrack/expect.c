/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect.c - expectations of connections: helpers make them, the first packet
 * that fits uses them up, or they expire.  nf_conntrack_expect.c.
 */
#include "conntrack/expect.h"

#include <stdlib.h>

#include "conntrack/helper/helper.h"
#include "conntrack/tuple.h"

#define BUCKETS 1024u	/* the number that the kernel has on a large machine */

struct ct_expect *expect_get(const struct ct *ct, uint32_t number)
{
	_Static_assert(offsetof(struct ct_expect, timed) == 0,
		       "a pointer to the timer is one to the expectation");
	return (struct ct_expect *)ct->table.expect[number & ~EXPECT_BIT];
}

/* Only the destination must be equal, so only that is hashed. */
static uint32_t bucket_of(const struct ct *ct, const struct ct_tuple *t)
{
	uint64_t m[3] = {
		t->dst.d[0], t->dst.d[1],
		(uint64_t)t->dport << 16 | (uint64_t)t->protonum << 8 | t->l3num,
	};

	return siphash_words(ct->cfg.hash_key, m, 3) & (BUCKETS - 1);
}

static bool fits(const struct ct_expect *x, const struct ct_tuple *t)
{
	return t->l3num == x->tuple.l3num && t->protonum == x->tuple.protonum &&
	       t->dport == x->tuple.dport && t->zero == x->tuple.zero &&
	       memcmp(&t->dst, &x->tuple.dst, sizeof(t->dst)) == 0 &&
	       !((t->sport ^ x->tuple.sport) & x->mask_sport) &&
	       !((t->src.d[0] ^ x->tuple.src.d[0]) & x->mask_src.d[0]) &&
	       !((t->src.d[1] ^ x->tuple.src.d[1]) & x->mask_src.d[1]);
}

static struct ct_expect *chain(const struct ct *ct, uint32_t number)
{
	return number ? expect_get(ct, number) : NULL;
}

/*
 * Whether a walk of the chain of 'tuple' finds the expectation dead.  Only those
 * with the same hash are in the chain of every kernel; others may be by chance.
 */
static bool is_dead(const struct ct_expect *x, const struct ct_tuple *tuple)
{
	return x->flags & EXPECT_DEAD && tuple->l3num == x->tuple.l3num &&
	       tuple->protonum == x->tuple.protonum &&
	       tuple->dport == x->tuple.dport &&
	       memcmp(&tuple->dst, &x->tuple.dst, sizeof(tuple->dst)) == 0;
}

struct ct_expect *expect_find(const struct ct *ct, const struct ct_tuple *tuple)
{
	struct ct_expect *x;

	if (!ct->expect.count)
		return NULL;
	for (x = chain(ct, ct->expect.bucket[bucket_of(ct, tuple)]); x;
	     x = chain(ct, x->next))
		if (!(x->flags & EXPECT_DEAD) && fits(x, tuple))
			return x;
	return NULL;
}

struct ct_expect *expect_first(const struct ct *ct, const struct ct_ext *ext)
{
	return ext ? chain(ct, ext->newest) : NULL;
}

struct ct_expect *expect_next(const struct ct *ct, const struct ct_expect *x)
{
	return chain(ct, x->older);
}

void expect_record(const struct ct *ct, const struct ct_expect *x,
		   struct ct_expect_record *r)
{
	const struct ct_entry *master = entry_get(ct, x->master);

	*r = (struct ct_expect_record){
		.id = x->timed.id,
		.master = master->id,
		.tuple = x->tuple,
		.master_tuple = entry_tuple(master),
		.helper = x->helper->name,
		.class_name = x->helper->policy[x->class].name,
		.class_number = x->class,
		.permanent = x->flags & EXPECT_PERMANENT,
		.inactive = x->flags & EXPECT_INACTIVE,
		.expires = x->timed.timer.expires,
		.now = ct->now,
	};
	/* Their zone is not shown. */
	r->tuple.zero = r->master_tuple.zero = 0;
	r->mask.l3num = x->tuple.l3num;
	r->mask.protonum = x->tuple.protonum;
	r->mask.src = x->mask_src;
	r->mask.sport = x->mask_sport;
	r->mask.dport = 0xffff;
	memset(&r->mask.dst, 0xff, x->tuple.l3num == CT_L3_IPV4 ? 4 : 16);
}

static void send_event(struct ct *ct, const struct ct_expect *x,
		       enum ct_event_type type)
{
	struct ct_expect_event ev = { .type = type, .when = ct->now };

	if (!ct->cfg.on_expect)
		return;
	expect_record(ct, x, &ev.record);
	ct->cfg.on_expect(ct->cfg.event_arg, &ev);
}

void expect_remove(struct ct *ct, struct ct_expect *x)
{
	struct ct_ext *ext = entry_ext(ct, x->master);
	uint32_t *link = &ct->expect.bucket[bucket_of(ct, &x->tuple)];

	send_event(ct, x, CT_EVENT_DESTROY);
	while (*link != x->number)
		link = &expect_get(ct, *link)->next;
	*link = x->next;

	if (x->newer)
		expect_get(ct, x->newer)->older = x->older;
	else
		ext->newest = x->older;
	if (x->older)
		expect_get(ct, x->older)->newer = x->newer;
	ext->expecting[x->class]--;

	timer_remove(&ct->table, x->number);
	x->next = ct->expect.free;
	ct->expect.free = x->number;
	ct->expect.count--;
}

/*
 * Kernels that collect expectations have no timer to stop, and only mark the
 * expectation: it counts, and its DESTROY event is due, until a walk of its
 * chain or its master's list comes across it.  Their garbage collection, which
 * does so within a minute at some time or other, comes here when the
 * expectation expires.
 */
void expect_withdraw(struct ct *ct, struct ct_expect *x)
{
	if (kernel_has(ct, CT_HAS_EXPECT_LAZY))
		x->flags |= EXPECT_DEAD;
	else
		expect_remove(ct, x);
}

void expect_remove_all(struct ct *ct, struct ct_ext *ext)
{
	while (ext && ext->newest)
		expect_remove(ct, expect_get(ct, ext->newest));
}

void expect_expire(struct ct *ct, uint32_t number)
{
	expect_remove(ct, expect_get(ct, number));
}

void expect_refresh(struct ct *ct, struct ct_expect *x, ct_time left)
{
	timer_remove(&ct->table, x->number);
	x->timed.timer.expires = ct->now + left;
	timer_add(&ct->table, x->number, ct->now);
}

bool expect_meet(struct ct *ct, const struct ct_tuple *tuple,
		 struct ct_expect *met)
{
	struct ct_expect *x, *next;

	if (!ct->expect.count)
		return false;
	for (x = chain(ct, ct->expect.bucket[bucket_of(ct, tuple)]); x; x = next) {
		next = chain(ct, x->next);
		if (is_dead(x, tuple))
			expect_remove(ct, x);
		else if (!(x->flags & (EXPECT_INACTIVE | EXPECT_DEAD)) &&
			 fits(x, tuple))
			break;
	}
	/* A master that was dropped before the confirmation expects nothing. */
	if (!x || !entry_confirmed(entry_get(ct, x->master)))
		return false;
	*met = *x;
	if (!(x->flags & EXPECT_PERMANENT))
		expect_remove(ct, x);
	return true;
}

/* Whether one packet could fit both; expect_clash(). */
static bool clashes(const struct ct_expect *a, const struct ct_expect *b)
{
	struct ct_expect both = *b;

	both.mask_sport &= a->mask_sport;
	both.mask_src.d[0] &= a->mask_src.d[0];
	both.mask_src.d[1] &= a->mask_src.d[1];
	return fits(&both, &a->tuple);
}

static bool same(const struct ct_expect *a, const struct ct_expect *b)
{
	return tuple_equal(&a->tuple, &b->tuple) &&
	       a->mask_sport == b->mask_sport &&
	       memcmp(&a->mask_src, &b->mask_src, sizeof(a->mask_src)) == 0;
}

/* evict_oldest_expect(), which removes all dead ones first. */
static void evict_oldest(struct ct *ct, const struct ct_expect *new, uint32_t max)
{
	const struct ct_ext *ext = entry_ext(ct, new->master);
	struct ct_expect *oldest = NULL, *x, *next;

	for (x = expect_first(ct, ext); x; x = next) {
		next = expect_next(ct, x);
		if (x->flags & EXPECT_DEAD)
			expect_remove(ct, x);
		else if (x->class == new->class)
			oldest = x;
	}
	if (oldest && ext->expecting[new->class] >= max)
		expect_remove(ct, oldest);
}

/* __nf_ct_expect_check() */
static enum expect_result check(struct ct *ct, const struct ct_expect *new,
				unsigned int flags)
{
	struct ct_ext *ext = entry_ext(ct, new->master);
	const struct expect_policy *policy = &ext->helper->policy[new->class];
	struct ct_expect *x, *next;

	for (x = chain(ct, ct->expect.bucket[bucket_of(ct, &new->tuple)]); x;
	     x = next) {
		next = chain(ct, x->next);
		if (is_dead(x, &new->tuple)) {
			expect_remove(ct, x);
			continue;
		}
		if (((flags & EXPECT_SKIP_MASTER) || x->master == new->master) &&
		    same(x, new)) {
			if (x->class != new->class || x->master != new->master)
				return EXPECT_ALREADY;
			expect_remove(ct, x);
			break;
		}
		if (clashes(x, new))
			return EXPECT_BUSY;
	}
	if (policy->max && ext->expecting[new->class] >= policy->max) {
		evict_oldest(ct, new, policy->max);
		if (ext->expecting[new->class] >= policy->max)
			return EXPECT_FULL;
	}
	if (ct->expect.count >= ct->cfg.sysctl.expect_max)
		return EXPECT_FULL;
	return EXPECT_OK;
}

/* Memory for one more; false: there is none. */
static bool expect_reserve(struct ct *ct)
{
	struct expect_table *e = &ct->expect;
	uint32_t capacity = e->capacity ? e->capacity * 2 : 64;
	struct expect_timer **place;

	if (!e->bucket)
		e->bucket = calloc(BUCKETS, sizeof(*e->bucket));
	if (!e->bucket)
		return false;
	if (e->made < e->capacity)
		return true;
	place = realloc(ct->table.expect, capacity * sizeof(*place));
	if (!place)
		return false;
	ct->table.expect = place;
	e->capacity = capacity;
	return true;
}

struct ct_expect *expect_alloc(struct ct *ct)
{
	struct ct_expect *x;

	if (!expect_reserve(ct) || !timer_reserve(&ct->table))
		return NULL;
	if (ct->expect.free) {
		x = expect_get(ct, ct->expect.free);
		ct->expect.free = x->next;
		return x;
	}
	x = calloc(1, sizeof(*x));
	if (x) {
		x->number = ct->expect.made | EXPECT_BIT;
		ct->table.expect[ct->expect.made++] = &x->timed;
	}
	return x;
}

void expect_link(struct ct *ct, struct ct_expect *x)
{
	struct ct_ext *ext = entry_ext(ct, x->master);
	uint32_t *head = &ct->expect.bucket[bucket_of(ct, &x->tuple)];

	x->next = *head;
	*head = x->number;
	x->newer = 0;
	x->older = ext->newest;
	if (x->older)
		expect_get(ct, x->older)->newer = x->number;
	ext->newest = x->number;
	ext->expecting[x->class]++;
	ct->expect.count++;
	timer_add(&ct->table, x->number, ct->now);
}

static void expect_insert(struct ct *ct, struct ct_expect *x)
{
	const struct ct_ext *ext = entry_ext(ct, x->master);

	x->timed.id = ++ct->expect.last_id;
	x->timed.timer.expires = ct->now +
		     ext->helper->policy[x->class].timeout * CT_NSEC_PER_SEC;
	expect_link(ct, x);
	ct->stats.expected++;
	send_event(ct, x, CT_EVENT_NEW);
}

/* nf_ct_expect_init() */
static void expect_fill(struct ct_expect *x, const struct help *h,
			const struct expect_want *want)
{
	size_t n = want->l3num == CT_L3_IPV4 ? 4 : 16;

	memset(&x->tuple, 0, sizeof(x->tuple));
	memset(&x->mask_src, 0, sizeof(x->mask_src));
	x->tuple.l3num = want->l3num;
	x->tuple.protonum = want->protonum;
	x->tuple.zero = entry_get(h->ct, h->number)->zone;
	if (want->src) {
		memcpy(&x->tuple.src, want->src, n);
		memset(&x->mask_src, 0xff, n);
	}
	if (want->src_mask)
		x->mask_src = *want->src_mask;
	memcpy(&x->tuple.dst, want->dst, n);
	x->tuple.sport = want->sport ? *want->sport : 0;
	x->mask_sport = want->sport ? 0xffff : 0;
	x->tuple.dport = want->dport;
	x->flags = want->flags;
	x->class = want->class;
	x->helper = h->ext->helper;
	x->assign = want->assign;
	if (kernel_has(h->ct, CT_HAS_EXPECT_INHERITS_HELPER)) {
		x->assign = want->assign ? want->assign : h->ext->helper;
		x->helper = x->assign;
	}
	x->expectfn = want->expectfn;
	x->master = h->number;
}

enum expect_result expect_related(struct help *h, const struct expect_want *want,
				  unsigned int flags, struct ct_expect **made)
{
	struct ct *ct = h->ct;
	struct ct_expect *x = expect_alloc(ct);
	enum expect_result result = EXPECT_FULL;

	if (!x) {
		ct->stats.no_memory++;
		return EXPECT_FULL;
	}
	expect_fill(x, h, want);
	result = check(ct, x, flags);
	if (result != EXPECT_OK) {
		x->next = ct->expect.free;
		ct->expect.free = x->number;
		return result;
	}
	expect_insert(ct, x);
	if (made)
		*made = x;
	return EXPECT_OK;
}

void expect_free_all(struct ct *ct)
{
	for (uint32_t i = 0; i < ct->expect.made; i++)
		free(expect_get(ct, i));
	free(ct->table.expect);
	free(ct->expect.bucket);
}

static int by_id(const void *a, const void *b)
{
	const struct ct_expect *x = *(const struct ct_expect *const *)a;
	const struct ct_expect *y = *(const struct ct_expect *const *)b;

	return (x->timed.id > y->timed.id) - (x->timed.id < y->timed.id);
}

struct ct_expect **expect_sorted(const struct ct *ct, size_t *n)
{
	struct ct_expect **x = malloc((ct->expect.count + (size_t)1) * sizeof(*x));

	*n = 0;
	for (uint32_t i = 0; x && i < ct->expect.made; i++)
		if (ct->table.expect[i]->timer.slot != TIMER_NOT_SET)
			x[(*n)++] = expect_get(ct, i);
	if (x)
		qsort(x, *n, sizeof(*x), by_id);
	return x;
}

int ct_expectations(struct ct *ct,
		    bool (*fn)(void *arg, const struct ct_expect_record *r),
		    void *arg)
{
	struct ct_expect_record r;
	size_t n;
	struct ct_expect **x = expect_sorted(ct, &n);

	if (!x)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (x[i]->flags & EXPECT_DEAD)
			continue;
		expect_record(ct, x[i], &r);
		if (!fn(arg, &r))
			break;
	}
	free(x);
	return 0;
}
