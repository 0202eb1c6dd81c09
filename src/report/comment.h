/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * comment.h - what --annotate says of a frame, as the comment of a pcapng file:
 *
 *	ct=INVALID state=ESTABLISHED id=3 reason=tcp-seq-over bound=101502 set-by=13
 *	ct=none why=arp
 *
 * Words of the form key=value with blanks between, in this order: ct, dir, state, id,
 * reason, bound, set-by, verdict, rule-verdict, rule, rule-why, rule-unknown.  A key
 * without a value is left out.  They are the members of a packet's JSON: ctstate, ctdir,
 * state, id, reason_code, the bound in the reason, bound_frame, verdict where it is
 * "drop", rule_verdict and so on.  wireshark/ctreplay.lua makes fields of them.
 */
#ifndef REPORT_COMMENT_H
#define REPORT_COMMENT_H 1

#include <stdbool.h>
#include <stddef.h>

#include "ctreplay/conntrack.h"
#include "report/out.h"
#include "report/rule_view.h"

#define COMMENT_SIZE	(512u + OUT_SPARE)	/* no comment is longer */

/* The comment on a packet; 'rule' is NULL without a firewall. */
char *put_comment(char *p, const struct ct_verdict *v, const struct rule_view *rule);

/* On a frame without a state; 'why' is a word. */
char *put_comment_without(char *p, const char *why);

/* Whether the text is such a comment. */
bool comment_is_one(const char *text, size_t len);

#endif
