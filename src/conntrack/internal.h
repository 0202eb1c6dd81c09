/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - what the files of the engine share; nobody else includes it.
 *
 * An entry is found by number, not by address: numbers take half the room in
 * chains, heap and lists, and slabs never move, so a pointer to an entry stays
 * good until the entry is freed.  Number 0 is no entry.
 */
#ifndef CONNTRACK_INTERNAL_H
#define CONNTRACK_INTERNAL_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/table/hash.h"
#include "ctreplay/conntrack.h"
#include "base/bytes.h"

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define always_inline	inline __attribute__((always_inline))
#define noinline	__attribute__((noinline))

#define CACHE_LINE 64u

/*
 * What a condition is, as a number that the compiler knows nothing of: it
 * computes with it, where it would perhaps make a branch.  For what a packet's
 * direction decides, and the like: such branches are foreseen as often as not.
 */
static inline uint32_t opaque(bool condition)
{
	uint32_t n = condition;

	__asm__("" : "+r"(n));
	return n;
}

#define ENTRY_NONE 0u

/* Marks the number of an expectation where entries' numbers are expected. */
#define EXPECT_BIT 0x80000000u

/* /proc and the kernel's messages count some times in jiffies; Debian's are
 * 1/250 of a second. */
#define KERNEL_HZ 250u

/* What one side of a TCP connection has sent; names as in struct ip_ct_tcp_state. */
struct tcp_side {
	uint32_t td_end;	/* highest sequence number sent, plus one */
	uint32_t td_maxend;	/* highest it may send, plus one */
	uint32_t td_maxwin;	/* largest window it offered; 0: nothing seen */
	uint32_t td_maxack;	/* highest it acknowledged */
	uint8_t  td_scale;	/* window scale (RFC 7323) */
	uint8_t  flags;		/* TCP_SIDE_... */
} __attribute__((packed, aligned(2)));	/* 18 bytes: two of them stand in a row */

struct tcp_info {
	uint8_t  state;		/* enum ct_tcp_state */
	uint8_t  retrans;	/* times the last packet was seen again */
	uint8_t  last_index, last_dir;
	struct tcp_side seen[2];
	uint32_t last_seq, last_ack, last_end;
	uint16_t last_win;
	uint8_t  last_wscale, last_flags;
};

struct sctp_info {
	uint8_t  state;		/* enum ct_sctp_state */
	uint8_t  last_dir, flags;
	uint8_t  init[2];	/* an INIT was seen in that direction */
	uint32_t vtag[2];	/* tag that packets of that direction carry; network order */
};

struct gre_info {
	uint32_t timeout, stream_timeout;	/* seconds */
};

/* A time that may lie on a multiple of four bytes. */
typedef ct_time ct_time_packed __attribute__((aligned(4)));

/* What every packet of a connection looks at: two cache lines, no more. */
struct ct_entry {
	struct ct_tuple tuple;	/* original direction; the reply's is its inverse */
	ct_time  expires;
	ct_time  last_seen;
	uint32_t timer_place;	/* where its timer is; timer.c's, as is ... */
	uint16_t slot;
	uint8_t  status;	/* CT_STATUS_..., ENTRY_EXT */
	uint8_t  changed;	/* CT_CHANGED_..., not yet told */

	uint64_t id;
	union {
		uint8_t state;	/* of TCP and SCTP */
		struct tcp_info tcp;
		struct sctp_info sctp;
		struct gre_info gre;
		ct_time_packed udp_stream;	/* past this a reply makes a stream */
	} proto;
};

_Static_assert(sizeof(struct ct_entry) == 128 &&
	       offsetof(struct ct_entry, id) == CACHE_LINE,
	       "two cache lines; the first is all that timers look at");

/* status: entry_rest has an ext */
#define ENTRY_EXT	0x80u
#define ENTRY_PUBLIC	0x7fu

/* What few packets look at: two of them fill a cache line. */
struct entry_rest {
	ct_time  first_seen;
	struct ct_ext *ext;	/* helper and master; NULL for most */
	uint32_t hash;		/* of a free one: the next */
	uint32_t turn;		/* newcomers.c's */
	bool	 indexed;	/* in the table */
};

_Static_assert(sizeof(struct entry_rest) <= CACHE_LINE / 2, "half a line");

/* Frames that set the bounds of each side, for config.track_bounds. */
struct tcp_bounds {
	uint64_t end[2], maxend[2], maxwin[2];
};

struct slab {
	struct ct_entry *entry;
	struct entry_rest *rest;
	struct ct_counter (*acct)[2];	/* with nf_conntrack_acct, else NULL */
	struct tcp_bounds *bounds;	/* with config.track_bounds, else NULL */
};

struct timer_node {
	ct_time  when;		/* never later than the entry's expiry */
	uint32_t number;
};

struct timer_block;

#define TIMER_SLOTS	2048u

/* timer.c */
struct timers {
	ct_time  due;		/* nothing ends before this */
	uint64_t tick;		/* all that is not in the heap comes later */
	uint32_t set;		/* how many there are */
	struct timer_node *heap;	/* from 1 */
	uint32_t heap_len, heap_room;
	struct timer_block *block;	/* from 1 */
	uint32_t blocks_made;	/* how many have been in use */
	uint32_t block_free;	/* chain of those that are not any more */
	uint64_t used[TIMER_SLOTS / 64];	/* slots that are not empty */
	uint32_t slot[TIMER_SLOTS];	/* first block, or 0 */
	uint8_t  fill[TIMER_SLOTS];	/* how many are in that */
};

/* Connections that were not ASSURED when they came into the table, in order of
 * creation: all that still are there and not ASSURED, and some that are not. */
struct early_drop_queue {
	bool kept;		/* the table was full once */
	uint32_t *number;
	uint32_t first, end, room;
	uint32_t turn;		/* of number[0]; the next has the next */
};

#define HELPER_PORT_WORDS 16u

/* index.c */
struct index {
	struct index_line *line;
	uint32_t mask;		/* lines, less one */
};

struct ct {
	struct ct_config cfg;	/* never changes: another thread may read it */
	struct hash_key hash_key;	/* from cfg */
	bool check_sums;	/* transport checksums are judged; neither does this */
	bool fast_path;		/* neither counters nor bounds are kept, so that usual
				 * packets may take it; neither does this */
	uint32_t tcp_timeout[CT_TCP_STATES];	/* seconds; from cfg */
	ct_time tcp_fast_life[2];	/* nanoseconds; tcp_usual.h's, from these */
	uint64_t helper_ports[HELPER_PORT_WORDS];	/* helper.c: a bit for each
				 * that a rule has; some share theirs */

	/* From here on it does: not in a line that another thread reads. */
	_Alignas(CACHE_LINE) ct_time now;

	/* The packet between ct_track() and ct_confirm(). */
	const struct ct_packet *pkt;
	uint32_t current;	/* its entry, or ENTRY_NONE */
	enum ct_dir dir;
	enum ct_ctstate word;

	struct index index;
	uint32_t count;		/* entries in the table */

	/* table.c */
	struct slab *slab;
	uint32_t nslabs, slabs_room;
	uint32_t made;		/* numbers below have been used */
	uint32_t free;		/* chain of free entries, by 'hash' */
	struct early_drop_queue early_drop;

	struct timers timers;

	/* expect.c */
	struct ct_expect **expect;
	uint32_t expects_room, expects_made;	/* places, and how many were used */
	uint32_t expect_free;
	uint32_t expect_count;
	uint32_t *expect_bucket;	/* NULL until the first */
	uint64_t last_expect_id;
	struct gre_keys *gre_keys;	/* gre_key.c: call ids; NULL until the first */

	uint64_t last_id;
	struct ct_stats stats;
};

/* One packet on its way through the trackers. */
struct track {
	struct ct *ct;
	const struct ct_packet *pkt;
	struct bytes bytes;	/* the packet, from the IP header */
	struct ct_segment segment;	/* if ct_prepare() did not read it */
	struct ct_entry *entry;	/* from here on set when it is found or made */
	uint32_t number;	/* the entry's */
	uint32_t hash;		/* of the packet's flow */
	struct ct_verdict *v;
	enum ct_dir dir;
	bool killed;		/* the entry has left the table */
};

enum track_result {
	TRACK_ACCEPT,
	TRACK_INVALID,
	TRACK_REPEAT,		/* the entry was removed: look up again (NF_REPEAT) */
};

/* What the core asks of a protocol's tracker (struct nf_conntrack_l4proto). */
struct ct_proto {
	/* Runs the tracker over a packet of t->entry in direction t->dir. */
	enum track_result (*packet)(struct track *t);
	/* Names of internal states; NULL for protocols without. */
	const char *(*state_name)(uint8_t state);
};

enum track_result tcp_packet(struct track *t);
void tcp_timeouts(struct ct *ct);	/* what its configuration makes of timeouts */
extern const struct ct_proto ct_proto_tcp, ct_proto_udp, ct_proto_udplite,
			     ct_proto_icmp, ct_proto_icmpv6, ct_proto_sctp,
			     ct_proto_gre, ct_proto_generic;

struct ct_ext;
struct ct_expect;
struct gre_keys;

/* expect.c, used by timer.c */
struct ct_expect *expect_get(const struct ct *ct, uint32_t number);

/* nf_ct_l4proto_find() */
const struct ct_proto *ct_proto_find(uint8_t protonum);

/* table.c: entries */
/* Memory for what is looked at here and there, aligned to a cache line; in large
 * pages if it is much, so that finding the pages costs less.  For free(). */
void *memory_get(size_t size);
void table_free(struct ct *ct);
uint32_t table_alloc(struct ct *ct);	/* ENTRY_NONE: no memory; zeroed */
void table_release(struct ct *ct, uint32_t number);

/* index.c: the hash table that finds them */
bool index_init(struct ct *ct);
void index_free(struct ct *ct);
/* Room for one more; false: there is neither room nor memory. */
bool index_reserve(struct ct *ct);
void index_insert(struct ct *ct, uint32_t number);
void index_remove(struct ct *ct, uint32_t number);
/*
 * The entry of which 'tuple' is one direction, and which one.  'inverse_l4' is
 * the inverted tuple's l4, 'hash' what both have.  A connection from an address
 * and port to itself has one tuple for both: it is found as the reply, as in the
 * kernel, where the reply's hash node is the last inserted.  '*entry' and '*dir'
 * are set if there is one.
 */
uint32_t index_find(const struct ct *ct, const struct ct_tuple *tuple,
		    uint32_t inverse_l4, uint32_t hash, struct ct_entry **entry,
		    enum ct_dir *dir);
/* Asks memory for the line in which the search for 'hash' begins. */
void index_fetch(const struct ct *ct, uint32_t hash);

/* list.c: the connections in order of creation, until 'fn' returns false; false:
 * no memory. */
bool entries_each(struct ct *ct, bool (*fn)(void *arg, uint32_t number),
		  void *arg);

/* newcomers.c: which connection goes when the table is full */
bool early_drop_reserve(struct ct *ct);	/* room for one more; false: no memory */
void early_drop_add(struct ct *ct, uint32_t number);
/* The oldest that is not ASSURED, or ENTRY_NONE. */
uint32_t early_drop_oldest(struct ct *ct);
void early_drop_free(struct ct *ct);

/* timer.c: who expires next */
bool timer_init(struct ct *ct);
bool timer_reserve(struct ct *ct);	/* room for one more; false: no memory */
void timer_add(struct ct *ct, uint32_t number);
void timer_remove(struct ct *ct, uint32_t number);
/* For timer_set(): the expiry comes nearer. */
void timer_nearer(struct ct *ct, uint32_t number, struct ct_entry *e,
		  ct_time expires);
/* The next entry that is due at 'now', or ENTRY_NONE. */
uint32_t timer_due(struct ct *ct, ct_time now);
void timer_free(struct ct *ct);

/* tuple.c */
/* Reads the identity of the packet whose headers are at 'ipoff' and 'l4off';
 * nf_ct_get_tuple().  CT_REASON_NONE, or why it has none.  'ct' knows the call
 * ids of PPTP. */
enum ct_reason tuple_read(const struct ct *ct, const struct bytes *b,
			  uint32_t ipoff, uint32_t l4off, uint8_t l3num,
			  uint8_t protonum, struct ct_tuple *t);
/* The same of a whole packet, from what ct_prepare() found if it did. */
enum ct_reason tuple_of_packet(const struct ct *ct, const struct ct_packet *pkt,
			       struct ct_tuple *t);
/* nf_ct_invert_tuple(): false where the other direction cannot be. */
bool tuple_invert(struct ct_tuple *inverse, const struct ct_tuple *t);
/* The same for the l4 member, all that is not just exchanged. */
bool tuple_invert_l4(uint32_t *inverse, const struct ct_tuple *t);
/* The l4 member where it is two ports. */
static inline uint32_t tuple_ports(uint16_t sport, uint16_t dport)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (uint32_t)dport << 16 | sport;
#else
	return (uint32_t)sport << 16 | dport;
#endif
}

static inline bool tuple_equal(const struct ct_tuple *a, const struct ct_tuple *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* conntrack.c: for the trackers */
/* Adds a reason with its numbers; the third and later are lost. */
void track_why(struct track *t, enum ct_reason reason, uint32_t a, uint32_t b,
	       uint32_t c, uint32_t d);
/* The same with addresses. */
void track_why_addr(struct track *t, enum ct_reason reason,
		    const union ct_addr *a, const union ct_addr *b);
enum track_result track_invalid(struct track *t, enum ct_reason reason);
/* prepare.c: whether the transport checksum is wrong, by the rules in force. */
bool track_judge_checksum(const struct track *t, uint8_t protonum,
			  uint32_t field);
bool track_bad_checksum_udplite(const struct track *t, uint32_t coverage);
bool track_bad_checksum_sctp(const struct track *t);
static inline void track_set_assured(struct track *t)
{
	if (likely(t->entry->status & CT_STATUS_ASSURED))
		return;
	t->entry->status |= CT_STATUS_ASSURED;
	t->entry->changed |= CT_CHANGED_ASSURED;
}


/* entry.c: the life of an entry */
/* An entry for the packet of 't' that is not in the table yet; false where the
 * table is full or there is no memory.  init_conntrack(). */
bool entry_create(struct track *t, const struct ct_tuple *tuple);
/* Puts it into the table; __nf_conntrack_confirm(). */
void entry_insert(struct ct *ct, uint32_t number);
void entry_event(struct ct *ct, uint32_t number, enum ct_event_type type,
		 uint32_t changed, ct_time when);
/* The packet's connection ends with it: out of the table, with its event.
 * The entry itself stays readable until the packet is done. */
void track_kill(struct track *t);
/* Removes and frees an entry, with its event; nf_ct_delete(). */
void entry_delete(struct ct *ct, uint32_t number, ct_time when);
/* An entry that is in no table any more, or never was. */
void entry_free(struct ct *ct, uint32_t number);
void entry_record(const struct ct *ct, uint32_t number, ct_time now,
		  struct ct_record *r);

#define SLAB_SHIFT	14	/* of entries, exactly a large page */
#define SLAB_ENTRIES	(1u << SLAB_SHIFT)
#define SLAB_MASK	(SLAB_ENTRIES - 1)

static inline struct ct_entry *table_entry(const struct ct *ct, uint32_t number)
{
	return &ct->slab[number >> SLAB_SHIFT].entry[number & SLAB_MASK];
}

static inline struct entry_rest *entry_rest(const struct ct *ct, uint32_t number)
{
	return &ct->slab[number >> SLAB_SHIFT].rest[number & SLAB_MASK];
}

/* Asks memory for the line at 'p'.  gcc takes a function that does no more than
 * this for one without effect, and drops it; so there is an assembler
 * instruction too, of no bytes. */
static inline void fetch(const void *p)
{
	__builtin_prefetch(p);
	__asm__ volatile("");
}

/* The same for a line that is going to be written to: another processor, that
 * has written to it last, need not be asked a second time. */
static inline void fetch_to_write(const void *p)
{
#ifdef __x86_64__
	/* The compiler knows no processor that has it, and all have. */
	__asm__ volatile("prefetchw %0" : : "m"(*(const char *)p));
#else
	__builtin_prefetch(p, 1);
	__asm__ volatile("");
#endif
}

static inline void entry_fetch(const struct ct *ct, uint32_t number)
{
	const char *entry = (const char *)table_entry(ct, number);

	fetch(entry);
	fetch(entry + CACHE_LINE);
	fetch(entry_rest(ct, number));
}

static inline struct ct_ext *entry_ext(const struct ct *ct, uint32_t number)
{
	return entry_rest(ct, number)->ext;
}

static inline struct ct_counter *entry_counters(const struct ct *ct,
						uint32_t number)
{
	if (likely(!ct->cfg.sysctl.acct))
		return NULL;
	return ct->slab[number >> SLAB_SHIFT].acct[number & SLAB_MASK];
}

static inline struct tcp_bounds *entry_bounds(const struct ct *ct,
					      uint32_t number)
{
	if (likely(!ct->cfg.track_bounds))
		return NULL;
	return &ct->slab[number >> SLAB_SHIFT].bounds[number & SLAB_MASK];
}

/* Sets the expiry; cheap when it moves away. */
static inline void timer_set(struct ct *ct, uint32_t number, struct ct_entry *e,
			     ct_time expires)
{
	if (expires < e->expires)
		timer_nearer(ct, number, e, expires);
	else
		e->expires = expires;
}

static inline void track_account(struct track *t)
{
	struct ct_counter *acct = entry_counters(t->ct, t->number);

	if (acct) {
		acct[t->dir].packets++;
		acct[t->dir].bytes += t->pkt->len;
	}
}

/* nf_ct_refresh_acct(): counts the packet, 'seconds' to live from now. */
static inline void track_refresh(struct track *t, uint32_t seconds)
{
	timer_set(t->ct, t->number, t->entry,
		  t->ct->now + seconds * CT_NSEC_PER_SEC);
	track_account(t);
}

/* Whether ct_prepare() found out if the transport checksum is right. */
static inline bool packet_judged(const struct ct_packet *pkt)
{
	return pkt->priv.prepared & CT_PREPARED_CHECKSUM;
}

static inline bool track_bad_checksum(const struct track *t, uint8_t protonum,
				      uint32_t field)
{
	if (likely(packet_judged(t->pkt)))
		return t->pkt->priv.prepared & CT_PREPARED_BAD;
	return track_judge_checksum(t, protonum, field);
}

static inline bool entry_confirmed(const struct ct_entry *e)
{
	return e->status & CT_STATUS_CONFIRMED;
}

/* proto_icmp.c, proto_icmpv6.c: errors and what is never tracked, before any
 * lookup.  True when the packet's word is said. */
bool icmp_error(struct track *t);
bool icmpv6_error(struct track *t);
/* The connection that the packet quoted at 'off' belongs to becomes RELATED. */
void icmp_related(struct track *t, uint32_t off, enum ct_reason outer);
/* Type of the answer to 'type', or -1: nf_conntrack_invert_icmp_tuple(). */
int icmp_invert(uint8_t type);
int icmpv6_invert(uint8_t type);

#endif
