/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * match.h - what a match and a target are.
 *
 * Each is a table of functions in a file of its own group, and a line of the
 * list in match.c.  'info' is 'size' zeroed bytes that 'init' and 'option'
 * fill in as the rule is read; 'match' must not allocate but for state that
 * its own tables keep.
 */
#ifndef RULES_MATCH_H
#define RULES_MATCH_H 1

#include "rules/context.h"

struct rule_index_asks;
struct reader;
struct state_io;

/* A match's answer. */
enum answer { ANSWER_NO, ANSWER_YES, ANSWER_UNKNOWN };

static inline enum answer answer(bool yes)
{
	return yes ? ANSWER_YES : ANSWER_NO;
}

/* What an option handler says of the option that it was shown. */
enum took { NOT_MINE, TOOK, TOOK_FAILED };

#define HOOK_BIT(h)	(1u << (h))
#define TABLE_BIT(t)	(1u << (t))

struct match_ops {
	const char *name;
	uint8_t  family;	/* enum ct_l3, or 0: both */
	uint8_t  proto;		/* -p must say it, or 0 */
	uint32_t size;
	uint32_t needs;		/* RULES_NEED_... */
	uint32_t hooks;		/* HOOK_BIT() where it may be; 0: anywhere */
	void (*init)(void *info);
	enum took (*option)(struct reader *r, void *info, const char *opt);
	bool (*finish)(struct reader *r, void *info);
	/* Finds or makes what rules share by name (bind.c); false: no memory. */
	bool (*bind)(struct rules *r, unsigned int family, void *info);
	enum answer (*match)(void *info, struct rules_context *c);
	/* Whether it asks for nothing but a connection and one of its directions, so
	 * that it says the same of all packets in mid-stream; NULL: it does not. */
	bool (*of_flow)(const void *info);
	/* Whether it asks for nothing but the packet's state; NULL: it does not. */
	bool (*of_state)(const void *info);
	/* For rule_index.c: what it asks of a packet whose TCP or UDP header, if it has one, is
	 * there.  It then neither drops it nor remembers that it was asked; false: it may,
	 * so that what stands behind it in a rule counts only when it says yes.  NULL:
	 * likewise, and it asks nothing that an index could tell. */
	bool (*narrow)(const void *info, struct rule_index_asks *to);
	/* What a rule's 'info' remembers, as bytes (rules_state.c); NULL: nothing. */
	void (*state)(void *info, struct state_io *io);
};

/* A target's verdict. */
enum target_verdict { TARGET_CONTINUE, TARGET_ACCEPT, TARGET_DROP };

struct target_ops {
	const char *name;
	uint8_t  family;
	uint32_t size;
	uint32_t needs;
	uint32_t tables;	/* TABLE_BIT() where it may be; 0: any */
	uint32_t hooks;
	void (*init)(void *info);
	enum took (*option)(struct reader *r, void *info, const char *opt);
	bool (*finish)(struct reader *r, void *info);
	enum target_verdict (*act)(void *info, struct rules_context *c);
	bool	 may_drop;	/* its verdict matters, where it is in doubt */
	bool	 of_flow;	/* it does the same to all packets in mid-stream, and to
				 * nothing but the packet's mark */
};

/* For of_flow, where no option matters. */
bool match_is_of_flow(const void *info);
/* For narrow, where nothing can be told. */
bool match_asks_nothing(const void *info, struct rule_index_asks *to);

const struct match_ops *match_find(const char *name, unsigned int family);
const struct target_ops *target_find(const char *name, unsigned int family);
/* Known to the kernel, and refused here: why; NULL: not known at all. */
const char *match_refused(const char *name);
const char *target_refused(const char *name);
/* The name that is nearest to one that is not known, for "did you mean"; NULL. */
const char *match_nearest(const char *name, unsigned int family);
const char *target_nearest(const char *name, unsigned int family);

/* The match that "-p PROTO" brings options of; NULL. */
const struct match_ops *match_of_proto(uint8_t proto, unsigned int family);

static inline enum answer hotdrop(struct rules_context *c)
{
	c->hotdrop = true;
	return ANSWER_NO;
}

/*
 * Reads 'n' bytes at 'off' of the packet.  ANSWER_NO: beyond its end;
 * ANSWER_UNKNOWN: it had them, and the capture does not.
 */
enum answer context_read(struct rules_context *c, uint32_t off, void *to,
			 uint32_t n);

#endif
