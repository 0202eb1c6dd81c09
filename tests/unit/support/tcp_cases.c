/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/tcp_cases.h"

#include <stdio.h>
#include <string.h>

void tcp_send(struct rig *r, const struct segment *s)
{
	bool client = s->dir == ORIG;
	struct craft_tcp tcp = {
		.sport = client ? CLIENT_PORT : SERVER_PORT,
		.dport = client ? SERVER_PORT : CLIENT_PORT,
		.seq = s->seq, .ack = s->ack, .flags = s->flags, .win = s->win,
		.len = s->len, .opts = s->opts,
	};
	struct craft c;

	rig_wait(r, s->after);
	craft_tcp(&c, CT_L3_IPV4, client ? CLIENT : SERVER,
		  client ? SERVER : CLIENT, &tcp);
	rig_send(r, &c);
}

void tcp_check(struct rig *r, const char *what, const struct segment *s)
{
	enum ct_dir dir = s->ctstate == INV ? CT_DIR_NONE :
			  (enum ct_dir)(s->turned ? !s->dir : s->dir);

	rig_expect(r, what, s->ctstate, dir, s->reason);
	if (r->v.state != s->state)
		fail_msg("%s: state %s, expected %s", what,
			 ct_proto_state_name(CT_L4_TCP, r->v.state),
			 ct_proto_state_name(CT_L4_TCP, s->state));
	if (s->n && r->v.why[0].n[0] != s->n)
		fail_msg("%s: the reason says %u, expected %u", what,
			 r->v.why[0].n[0], s->n);
	if (s->second && (r->v.nwhy != 2 || r->v.why[1].reason != s->second))
		fail_msg("%s: no second reason %s", what,
			 ct_reason_code(s->second));
	if (!s->second && r->v.nwhy > 1)
		fail_msg("%s: a second reason %s", what,
			 ct_reason_code((enum ct_reason)r->v.why[1].reason));
	if (s->left == GONE)
		assert_int_equal(ct_count(r->ct), 0);
	else if (s->left && rig_left(r) != s->left)
		fail_msg("%s: %u seconds left, expected %u", what, rig_left(r),
			 s->left);
}

static void apply(struct ct_config *cfg, const struct setting *set)
{
	if (strcmp(set->name, "lacks") == 0)
		rig_kernel(cfg, set->value, NULL);
	else if (strcmp(set->name, "has") == 0)
		rig_kernel(cfg, NULL, set->value);
	else
		assert_int_equal(ct_kernel_sysctl_set(&cfg->kernel, &cfg->sysctl,
						      set->name, set->value),
				 CT_SYSCTL_OK);
}

void tcp_init(struct rig *r, const struct setting set[3])
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	for (int i = 0; i < 3 && set[i].name; i++)
		apply(&cfg, &set[i]);
	rig_init(r, &cfg);
}

void tcp_run_case(void **state)
{
	const struct tcp_case *tc = *state;
	struct rig r;

	tcp_init(&r, tc->set);
	for (size_t i = 0; i < ITEMS(tc->seg) && tc->seg[i].flags; i++) {
		const struct segment *s = &tc->seg[i];
		char what[100];

		snprintf(what, sizeof(what), "segment %zu (%s %s)", i + 1,
			 s->dir == ORIG ? "client" : "server", s->flags);
		tcp_send(&r, s);
		tcp_check(&r, what, s);
	}
	rig_free(&r);
}
