/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firewall.h - the rules of a firewall, and the engine as they use it: rules_run()
 * takes the place of ct_track(), ct_confirm() and ct_drop().
 *
 * Belongs to the tracker, or to a side of --versus.
 */
#ifndef REPLAY_FIREWALL_H
#define REPLAY_FIREWALL_H 1

#include <pcap/dlt.h>

#include "capture/capture.h"
#include "cli/firewall_options.h"
#include "ctreplay/reassembly.h"
#include "replay/prevented.h"
#include "report/rule_view.h"
#include "rules/quick.h"

struct report;

/* How many packets, and the first one's frame. */
struct firewall_count { uint64_t packets, first; };

struct firewall {
	const struct firewall_options *opt;
	struct rules *rules;
	bool has[2];		/* rules, of IPv4 and IPv6 */
	bool tracks[2];		/* rules that make the kernel track, and reassemble */
	bool acct;		/* ... and count */
	bool wants_mac;		/* rules ask for Ethernet addresses */
	struct quick *quick[2];	/* of packets in mid-stream; NULL: there is none */
	uint64_t sum;		/* of the files' text and the options, for a state */
	const struct rules_iface *in, *out;	/* --in, --out; or NULL */
	const struct rules_iface *last_on;	/* that a frame named; or NULL */
	struct prevented prevented;
	struct firewall_count nat, unknown, follow;
	uint64_t verdict[RULE_VERDICTS];	/* packets by what the rules say */

	struct ct *ct;
	struct ct_reassembly *reassembly;
	struct rules_engine engine;

	/* Called once a packet, when connection tracking has judged it and before it
	 * is confirmed; or NULL. */
	void (*on_judged)(void *arg, const struct ct_packet *pkt,
			  const struct ct_verdict *v);
	void *arg;

	/* The packet at hand. */
	const struct ct_packet *pkt;	/* the last that was tracked ... */
	const struct ct_verdict *v;	/* ... with its verdict */
	bool judged;		/* on_judged() was called */
	bool forgotten;		/* its connection never was in the table ... */
	struct ct_record lost;	/* ... and would have been this */
	bool marked;		/* its connection got a mark */
	struct rules_outcome outcome;
};

/* The text of its files, from which any number of firewalls can be made. */
struct firewall_files {
	struct { char *text; size_t len; } part[FIREWALL_PARTS];
	size_t len;		/* of all of them */
};

/*
 * Reads all files; false after a message, and firewall_files_free() must still be
 * called.  The sandbox may close afterwards: nothing is opened later.
 */
bool firewall_files_read(struct firewall_files *files,
			 const struct firewall_options *opt, const struct diag *diag);
void firewall_files_free(struct firewall_files *files);

/* NULL after a message. */
struct firewall *firewall_make(const struct firewall_files *files,
			       const struct firewall_options *opt,
			       const struct diag *diag);

/* Both: reads the files, and makes the only firewall that is made of them. */
struct firewall *firewall_load(const struct firewall_options *opt,
			       const struct diag *diag);
void firewall_free(struct firewall *fw);	/* NULL is fine */

/* What the rules ask of the engine.  Without a firewall, NULL, they ask nothing;
 * helpers that the user chose stay as they are. */
static inline void firewall_configure(const struct firewall *fw, bool helpers_chosen,
				      struct ct_config *cfg)
{
	if (!fw)
		return;
	if (fw->acct)
		cfg->sysctl.acct = 1;
	if (!helpers_chosen)
		cfg->nhelpers = 0;	/* they listen where the rules say */
}

/* The engine that the rules are to use. */
void firewall_attach(struct firewall *fw, struct ct *ct,
		     struct ct_reassembly *reassembly);

/*
 * Tracks the packet, and judges it.  The verdict of connection tracking is what it
 * returns, valid until the next call: a packet that was dropped before connection
 * tracking is CT_DROP without a reason.  '*view' is what the rules say, unless it is
 * NULL; its path is in fw->outcome.
 */
struct ct_verdict *firewall_packet(struct firewall *fw, const struct frame *f,
				   const struct ct_packet *pkt,
				   struct rule_view *view);

/*
 * The same for a packet of a plain frame (firewall_frame_is_quick()) that ct_track() has
 * taken: its verdict is fw->outcome.ct, and 'more' what ct_track() said.  The first is
 * for one whose path is known, by quick_find() or rules_quick_way().
 */
struct ct_verdict *firewall_known(struct firewall *fw, struct quick_path *path,
				  const struct ct_packet *pkt, bool more,
				  struct rule_view *view);
struct ct_verdict *firewall_tracked(struct firewall *fw, const struct frame *f,
				    const struct ct_packet *pkt,
				    const struct rules_iface *on, bool more,
				    struct rule_view *view);

/* Whether firewall_prefetch() helps. */
static inline bool firewall_remembers(const struct firewall *fw)
{
	return (fw->quick[0] && fw->quick[0]->remembers) ||
	       (fw->quick[1] && fw->quick[1]->remembers);
}

/* For a packet to come, of whose connection ct_prefetch_entry() knows the slot. */
static inline void firewall_prefetch(const struct firewall *fw, const struct ct_packet *pkt,
				     uint32_t slot)
{
	const struct quick *q = fw->quick[pkt->l3num == CT_L3_IPV6];

	if (q)
		quick_prefetch(q, slot);
}

/* Copies the path of the packet at hand, up to RULES_PATH_MAX places. */
uint32_t firewall_path_length(const struct firewall *fw);
void firewall_copy_path(const struct firewall *fw, struct rule_place *to);
/* The text of each of these rules, which lives as long as the firewall. */
void firewall_copy_texts(const struct firewall *fw, const char **to);

/* Fragments wait for their datagram before the rules see them. */
static inline bool firewall_reassembles(const struct firewall *fw, uint8_t l3num)
{
	return !fw->has[l3num == CT_L3_IPV6] || fw->tracks[l3num == CT_L3_IPV6];
}

/* firewall_state.c: what it remembers as bytes, both ways; a place of a rule. */
struct state_io;
void firewall_state(struct firewall *fw, struct state_io *io);
void firewall_place_state(const struct firewall *fw, struct rule_place *p,
			  struct state_io *io);

/* firewall_end.c: -R, and what -s shows; the caller frees 'unused'. */
void firewall_print(const struct firewall *fw, struct report *r);
void firewall_count(const struct firewall *fw, struct rule_statistics *to);

/* firewall_notes.c: what leaves the rules' word open. */
struct notes;
void firewall_notes(const struct firewall *fw, struct notes *to);

/* firewall_frame.c: where the frame comes from and goes to. */
void firewall_frame(struct firewall *fw, const struct frame *f,
		    const struct ct_packet *pkt, struct rules_frame *to);
/* The same for a plain frame that names 'on'; it is looked at where rules ask for more. */
void firewall_plain_frame(struct firewall *fw, const struct frame *f,
			  const struct ct_packet *pkt, const struct rules_iface *on,
			  struct rules_frame *to);

/* The interface that the capture names, or NULL. */
const struct rules_iface *firewall_find_interface(struct firewall *fw,
						  const struct frame *f);

static inline const struct rules_iface *firewall_interface(struct firewall *fw,
							   const struct frame *f)
{
	return f->interface && f->interface->name ? firewall_find_interface(fw, f) : NULL;
}

/* Whether it came over Ethernet to one host: RULES_PKT_HOST. */
static inline bool firewall_frame_is_plain(const struct frame *f)
{
	return f->linktype == DLT_EN10MB && f->caplen && !(f->data[0] & 1);
}

/* Whether all that is asked before quick_find() may be asked is true of the frame.  Any
 * thread may ask. */
static inline bool firewall_frame_is_quick(const struct frame *f,
					   const struct ct_packet *pkt)
{
	return firewall_frame_is_plain(f) && rules_may_be_quick(pkt) && rules_has_hops(pkt);
}

#endif
