/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dccp.c - DCCP (RFC 4340), which Linux tracked until 6.16.
 * nf_conntrack_dccp_packet().
 *
 * The state depends on which side is the client, so each direction has a role;
 * it changes when the ports are used again from the other side.
 */
#include "conntrack/proto/dccp.h"

#include "conntrack/track.h"
#include "packet/checksum.h"

#define DCCP_HEADER	12u	/* with a 24-bit sequence number */
#define DCCP_EXTENDED	4u	/* the rest of a 48-bit one */
#define DCCP_CHECK	6u

/* What the tracker reads of a header. */
struct dccp_packet {
	uint8_t  type;
	bool	 extended;	/* X: sequence numbers have 48 bits */
	uint8_t  seq[6];
	uint8_t  ack[6];	/* of types that have one behind an X header */
};

/* The bytes between the sequence number and the options, by type (section 5). */
static uint32_t type_length(uint8_t type)
{
	switch (type) {
	case DCCP_REQUEST:
		return 4;
	case DCCP_DATA:
		return 0;
	case DCCP_RESPONSE:
	case DCCP_RESET:
		return 12;
	}
	return 8;
}

static bool needs_extended(uint8_t type)
{
	return type != DCCP_DATA && type != DCCP_ACK && type != DCCP_DATAACK;
}

/* dccp_error(); the header's first 12 bytes are 'h'. */
static enum ct_reason dccp_error(const struct track *t, const uint8_t *h)
{
	uint32_t len = t->pkt->len - t->pkt->l4off, coverage = len;
	uint32_t offset = h[4] * 4u;
	uint8_t type = h[8] >> 1 & 0xf;

	if (offset < DCCP_HEADER || offset > len)
		return CT_REASON_DCCP_TRUNCATED;
	if (h[5] & 0xf)
		coverage = ((h[5] & 0xfu) - 1) * 4;
	if (coverage > len)
		return CT_REASON_DCCP_COVERAGE;
	if (track_bad_checksum_partial(t, CT_L4_DCCP, coverage))
		return CT_REASON_DCCP_CHECKSUM;
	if (type >= DCCP_TYPES)
		return CT_REASON_DCCP_TYPE;
	if (!(h[8] & 1) && needs_extended(type))
		return CT_REASON_DCCP_SHORT_SEQ;
	return CT_REASON_NONE;
}

/* Reads what the states depend on; false where the packet is too short. */
static bool read_packet(const struct track *t, const uint8_t *h,
			struct dccp_packet *p)
{
	uint32_t off = t->pkt->l4off + DCCP_HEADER, length;
	uint8_t more[DCCP_EXTENDED + 8];

	p->type = h[8] >> 1 & 0xf;
	p->extended = h[8] & 1;
	length = type_length(p->type) + (p->extended ? DCCP_EXTENDED : 0);
	if (!bytes_has(&t->bytes, off, length))
		return false;
	memset(more, 0, sizeof(more));
	bytes_copy(&t->bytes, off, more,
		   length < sizeof(more) ? length : (uint32_t)sizeof(more));
	/* Big-endian: two bytes, then four; or one, then two. */
	memset(p->seq, 0, sizeof(p->seq));
	if (p->extended) {
		memcpy(p->seq, h + 10, 2);
		memcpy(p->seq + 2, more, 4);
	} else {
		memcpy(p->seq + 3, h + 9, 3);
	}
	memcpy(p->ack, more + (p->extended ? DCCP_EXTENDED : 0) + 2, 6);
	return true;
}

/* The packet ends within its header. */
static enum track_result too_short(struct track *t)
{
	if (!kernel_has(t->ct, CT_HAS_DCCP_SHORT_INVALID))
		t->v->ctstate = CT_DROP;
	return track_invalid(t, CT_REASON_DCCP_SHORT);
}

/* The first packet of a connection; dccp_new(). */
static enum ct_reason open_connection(struct track *t, uint8_t type)
{
	struct dccp_info *dccp = &t->entry->proto.dccp;

	if (dccp_next_state(DCCP_CLIENT, type, CT_DCCP_NONE) != CT_DCCP_REQUEST)
		return CT_REASON_DCCP_STATE;
	*dccp = (struct dccp_info){
		.role = { [CT_DIR_ORIGINAL] = DCCP_CLIENT,
			  [CT_DIR_REPLY] = DCCP_SERVER },
		.last_pkt = DCCP_REQUEST, .last_dir = CT_DIR_ORIGINAL,
	};
	return CT_REASON_NONE;
}

static uint32_t state_timeout(const struct ct_sysctl *s, uint8_t state)
{
	switch (state) {
	case CT_DCCP_RESPOND:
		return s->dccp_timeout_respond;
	case CT_DCCP_PARTOPEN:
		return s->dccp_timeout_partopen;
	case CT_DCCP_OPEN:
		return s->dccp_timeout_open;
	case CT_DCCP_CLOSEREQ:
		return s->dccp_timeout_closereq;
	case CT_DCCP_CLOSING:
		return s->dccp_timeout_closing;
	case CT_DCCP_TIMEWAIT:
		return s->dccp_timeout_timewait;
	}
	/* NONE: the kernel's table of timeouts has REQUEST's there. */
	return s->dccp_timeout_request;
}

static void set_roles(struct dccp_info *dccp, enum ct_dir client)
{
	dccp->role[client] = DCCP_CLIENT;
	dccp->role[!client] = DCCP_SERVER;
}

/* A packet that may belong to a connection that we do not know.  True where it
 * answers such a Request, and the connection is that one from now on. */
static bool answers_request(struct track *t, const struct dccp_packet *p)
{
	struct dccp_info *dccp = &t->entry->proto.dccp;

	if (dccp->last_dir != t->dir && dccp->last_pkt == DCCP_REQUEST &&
	    p->type == DCCP_RESPONSE) {
		set_roles(dccp, !t->dir);
		memcpy(dccp->handshake_seq, p->seq, sizeof(p->seq));
		return true;
	}
	dccp->last_dir = (uint8_t)t->dir;
	dccp->last_pkt = p->type;
	track_why(t, CT_REASON_DCCP_IGNORED, 0, 0, 0, 0);
	return false;
}

/* What the step to 'new_state' says about the handshake. */
static void note_handshake(struct track *t, const struct dccp_packet *p,
			   uint8_t new_state)
{
	struct dccp_info *dccp = &t->entry->proto.dccp;
	uint8_t old_state = dccp->state;

	if (new_state == CT_DCCP_REQUEST && old_state == CT_DCCP_TIMEWAIT &&
	    dccp->role[t->dir] == DCCP_SERVER)
		set_roles(dccp, t->dir);
	else if (new_state == CT_DCCP_RESPOND && old_state == CT_DCCP_REQUEST)
		memcpy(dccp->handshake_seq, p->seq, sizeof(p->seq));
	else if (new_state == CT_DCCP_PARTOPEN && old_state == CT_DCCP_RESPOND &&
		 p->type == DCCP_ACK &&
		 memcmp(p->ack, dccp->handshake_seq, sizeof(p->ack)) == 0)
		/* The kernel sends no event for this one. */
		t->entry->status |= CT_STATUS_ASSURED;
}

static enum track_result advance_state(struct track *t,
				       const struct dccp_packet *p)
{
	struct dccp_info *dccp = &t->entry->proto.dccp;
	uint8_t new_state = dccp_next_state((enum dccp_role)dccp->role[t->dir],
					    p->type, dccp->state);

	if (new_state == DCCP_STATE_INVALID)
		return track_invalid(t, CT_REASON_DCCP_STATE);
	if (new_state != DCCP_STATE_IGNORE)
		note_handshake(t, p, new_state);
	else if (answers_request(t, p))
		new_state = CT_DCCP_RESPOND;
	else
		return TRACK_ACCEPT;

	dccp->last_dir = (uint8_t)t->dir;
	dccp->last_pkt = p->type;
	if (dccp->state != new_state)
		t->entry->changed |= CT_CHANGED_PROTOINFO;
	dccp->state = new_state;
	track_refresh(t, state_timeout(&t->ct->cfg.sysctl, new_state));
	return TRACK_ACCEPT;
}

static enum track_result dccp_packet(struct track *t)
{
	enum ct_reason reason;
	struct dccp_packet p;
	uint8_t h[DCCP_HEADER];

	if (!bytes_copy(&t->bytes, t->pkt->l4off, h, sizeof(h)))
		return too_short(t);
	reason = dccp_error(t, h);
	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);
	if (!read_packet(t, h, &p))
		return too_short(t);
	if (!entry_confirmed(t->entry))
		reason = open_connection(t, p.type);
	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);

	if (p.type == DCCP_RESET && !(t->entry->status & CT_STATUS_SEEN_REPLY)) {
		/* The connection was refused. */
		track_account(t);
		track_kill(t);
		return TRACK_ACCEPT;
	}
	return advance_state(t, &p);
}

const struct ct_proto ct_proto_dccp = {
	.packet = dccp_packet,
	.ports = true,
	.state_name = dccp_state_name,
};
