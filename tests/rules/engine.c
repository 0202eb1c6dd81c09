/* SPDX-License-Identifier: GPL-2.0-only */
#include "engine.h"

bool engine_open(struct firewall *fw, uint32_t needs)
{
	struct ct_config cfg;
	struct ct *ct = NULL;

	*fw = (struct firewall){ 0 };
	ct_config_defaults(&cfg);
	cfg.checksum = CT_CHECKSUM_ALL;
	cfg.sysctl.acct = !!(needs & RULES_NEED_ACCT);
	if (ct_create(&ct, &cfg, NULL) != 0)
		ct = NULL;
	firewall_attach(fw, ct, ct_reassembly_create(&cfg.sysctl));
	return ct && fw->reassembly;
}

void engine_close(struct firewall *fw)
{
	ct_destroy(fw->ct);
	ct_reassembly_free(fw->reassembly);
}

void engine_packet(struct firewall *fw, struct rules *r, struct rules_frame *f)
{
	struct rules_outcome *o = &fw->outcome;

	fw->judged = fw->forgotten = fw->marked = false;
	f->on = f->in;
	if (f->pkttype != RULES_PKT_HOST ||
	    !rules_quick(r, &fw->engine, f->pkt, f->on, &f->tracked, o))
		rules_run(r, &fw->engine, f, o);
	if (o->tracked && o->verdict == RULES_ACCEPT && fw->marked)
		ct_confirm(fw->ct, &o->ct);
}
