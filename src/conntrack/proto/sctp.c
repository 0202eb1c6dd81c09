/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sctp.c - SCTP (RFC 9260).  nf_conntrack_sctp_packet().
 *
 * A packet contains chunks; those with a row in the state table change the
 * state. Verification tags distinguish packets of the association from forged
 * ones (RFC 9260 section 8.5): packets in direction 'dir' carry vtag[dir],
 * which the INIT or INIT ACK of the other side announced.
 */
#include "conntrack/proto/sctp.h"

#include "conntrack/track.h"

#define SCTP_HEADER	12u
#define CHUNK_HEADER	4u
#define CHUNK_FLAG_T	0x01u	/* tag is the receiver's own (section 3.3.7) */

/* sctp_info.flags */
#define HEARTBEAT_VTAG_FAILED 0x01u

struct chunk {
	uint32_t off;	/* of its header, from the IP header */
	uint32_t number;
	uint8_t  type, flags;
	uint16_t len;
};

/* Reads the first or the next chunk; false at the end of the packet. */
static bool next_chunk(const struct track *t, struct chunk *c, bool first)
{
	uint8_t h[CHUNK_HEADER];

	if (first) {
		c->off = t->pkt->l4off + SCTP_HEADER;
		c->number = 0;
	} else {
		c->off += (c->len + 3u) & ~3u;
		c->number++;
	}
	if (!bytes_copy(&t->bytes, c->off, h, sizeof(h)))
		return false;
	c->type = h[0];
	c->flags = h[1];
	c->len = load_be16(h + 2);
	return true;
}

/* Which chunk types the packet holds. */
struct chunk_map {
	uint64_t bits[4];
};

static bool holds(const struct chunk_map *m, uint8_t type)
{
	return m->bits[type / 64] >> (type % 64) & 1;
}

/*
 * Checks the layout: at least one chunk, none of length zero, some only alone
 * or first.  do_basic_checks(), which prints the length in network order.
 */
static enum ct_reason check_chunks(struct track *t, struct chunk_map *map)
{
	struct chunk c;
	bool alone = false;

	*map = (struct chunk_map){ { 0 } };
	if (!next_chunk(t, &c, true))
		return CT_REASON_SCTP_NO_CHUNK;
	do {
		if (c.type == CHUNK_INIT || c.type == CHUNK_INIT_ACK ||
		    c.type == CHUNK_SHUTDOWN_COMPLETE)
			alone = true;
		if (c.len == 0 ||
		    (c.number && (alone || c.type == CHUNK_COOKIE_ACK ||
				  c.type == CHUNK_COOKIE_ECHO))) {
			track_why(t, CT_REASON_SCTP_CHUNKS, c.number, c.type,
				  (uint16_t)(c.len << 8 | c.len >> 8), alone);
			return CT_REASON_SCTP_CHUNKS;
		}
		map->bits[c.type / 64] |= 1ull << (c.type % 64);
	} while (next_chunk(t, &c, false));
	return CT_REASON_NONE;
}

/* The initiate tag of an INIT or INIT ACK, whose fixed part has 16 bytes
 * (section 3.3.2); false where it is shorter. */
static bool read_init_tag(const struct track *t, const struct chunk *c,
			  uint32_t *tag)
{
	return bytes_has(&t->bytes, c->off + CHUNK_HEADER, 16) &&
	       bytes_be32(&t->bytes, c->off + CHUNK_HEADER, tag);
}

/* The first packet of an association; sctp_new(). */
static enum ct_reason open_association(struct track *t,
				       const struct chunk_map *map,
				       uint32_t vtag)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;
	struct chunk c;
	uint32_t tag;

	/*
	 * Out of the blue, the only answer to these is an ABORT (section 8.4).
	 */
	if (holds(map, CHUNK_ABORT) || holds(map, CHUNK_SHUTDOWN_COMPLETE) ||
	    holds(map, CHUNK_COOKIE_ACK))
		return CT_REASON_SCTP_OOTB;

	*sctp = (struct sctp_info){ 0 };
	for (bool more = next_chunk(t, &c, true); more;
	     more = next_chunk(t, &c, false)) {
		/* A chunk that changes no state opens nothing. */
		if (sctp_next_state(&t->ct->cfg.kernel, CT_DIR_ORIGINAL, c.type,
				    CT_SCTP_NONE) == CT_SCTP_NONE)
			return CT_REASON_SCTP_NEW;
		if (c.type == CHUNK_INIT) {
			if (vtag != 0 || !read_init_tag(t, &c, &tag))
				return CT_REASON_SCTP_NEW;
			sctp->vtag[CT_DIR_REPLY] = tag;
		} else if (c.type == CHUNK_HEARTBEAT) {
			sctp->vtag[CT_DIR_ORIGINAL] = vtag;
		} else if (c.type == CHUNK_SHUTDOWN_ACK ||
			   !kernel_has(t->ct, CT_HAS_SCTP_FIRST_VTAG)) {
			/* The answer to a SHUTDOWN ACK repeats the tag. */
			sctp->vtag[CT_DIR_REPLY] = vtag;
		}
	}
	return CT_REASON_NONE;
}

/* Whether no chunk of the packet has a tag rule of its own (section 8.5.1), so
 * that the tag must be the direction's. */
static bool plain_vtag_rule(const struct chunk_map *map)
{
	return !holds(map, CHUNK_INIT) && !holds(map, CHUNK_SHUTDOWN_COMPLETE) &&
	       !holds(map, CHUNK_COOKIE_ECHO) && !holds(map, CHUNK_ABORT) &&
	       !holds(map, CHUNK_SHUTDOWN_ACK) && !holds(map, CHUNK_HEARTBEAT) &&
	       !holds(map, CHUNK_HEARTBEAT_ACK);
}

/* A HEARTBEAT with another tag may probe a path to which the association moves.
 * False where the packet is forged. */
static bool check_heartbeat(struct track *t, const struct chunk_map *map,
			    uint32_t vtag, bool *ignore)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;

	if (sctp->vtag[t->dir] == 0) {
		sctp->vtag[t->dir] = vtag;
	} else if (vtag != sctp->vtag[t->dir]) {
		if (holds(map, CHUNK_DATA) || *ignore)
			return false;
		sctp->flags |= HEARTBEAT_VTAG_FAILED;
		sctp->last_dir = (uint8_t)t->dir;
		*ignore = true;
	} else {
		sctp->flags &= (uint8_t)~HEARTBEAT_VTAG_FAILED;
	}
	return true;
}

/* The answer to such a probe changes the tags of the association. */
static bool check_heartbeat_ack(struct track *t, const struct chunk_map *map,
				uint32_t vtag, bool ignore)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;

	if (sctp->vtag[t->dir] == 0) {
		sctp->vtag[t->dir] = vtag;
		return true;
	}
	if (vtag != sctp->vtag[t->dir]) {
		if (holds(map, CHUNK_DATA) || ignore ||
		    !(sctp->flags & HEARTBEAT_VTAG_FAILED) ||
		    sctp->last_dir == t->dir)
			return false;
		sctp->vtag[t->dir] = vtag;
		sctp->vtag[!t->dir] = 0;
	}
	sctp->flags &= (uint8_t)~HEARTBEAT_VTAG_FAILED;
	return true;
}

/* The tag rules of single chunks (section 8.5.1). */
static bool check_chunk_vtag(struct track *t, const struct chunk *c,
			     const struct chunk_map *map, uint32_t vtag,
			     bool *ignore)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;

	switch (c->type) {
	case CHUNK_INIT:
		return vtag == 0;
	case CHUNK_ABORT:
	case CHUNK_SHUTDOWN_COMPLETE:
		if (!kernel_has(t->ct, CT_HAS_SCTP_VTAG_BY_T))
			return vtag == sctp->vtag[0] || vtag == sctp->vtag[1];
		return vtag == sctp->vtag[c->flags & CHUNK_FLAG_T ? !t->dir :
								    t->dir];
	case CHUNK_COOKIE_ECHO:
		return vtag == sctp->vtag[t->dir];
	case CHUNK_COOKIE_ACK:
		sctp->init[0] = sctp->init[1] = 0;
		return true;
	case CHUNK_HEARTBEAT:
		return check_heartbeat(t, map, vtag, ignore);
	case CHUNK_HEARTBEAT_ACK:
		return check_heartbeat_ack(t, map, vtag, *ignore);
	}
	return true;
}

/* Takes the tag of an INIT; sets '*ignore' where the packet must not extend the
 * life of the entry.  False: the INIT is invalid. */
static bool take_init(struct track *t, const struct chunk *c, uint8_t old_state,
		      uint8_t new_state, bool *ignore)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;
	uint32_t tag;

	if (!read_init_tag(t, c, &tag))
		return false;
	/* An INIT with the known tag is old or retransmitted. */
	if (old_state == CT_SCTP_NONE || sctp->vtag[!t->dir] != tag ||
	    !kernel_has(t->ct, CT_HAS_SCTP_STALE_INIT)) {
		if (sctp->init[t->dir] && sctp->init[!t->dir])
			sctp->init[!t->dir] = 0;
		sctp->init[t->dir] = 1;
	}
	sctp->vtag[!t->dir] = tag;
	/* An attempt to use the ports again does not keep a closed entry. */
	if (new_state == CT_SCTP_CLOSED && old_state == CT_SCTP_CLOSED &&
	    entry_confirmed(t->entry) &&
	    kernel_has(t->ct, CT_HAS_SCTP_CLOSED_NO_REFRESH))
		*ignore = true;
	return true;
}

/* Takes the tag of an INIT ACK; false: it answers no INIT that was seen. */
static bool take_init_ack(struct track *t, const struct chunk *c)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;
	uint32_t known = sctp->vtag[!t->dir], tag;

	if (!read_init_tag(t, c, &tag))
		return false;
	if (kernel_has(t->ct, CT_HAS_SCTP_INIT_COLLISION) &&
	    known != tag && ((!sctp->init[!t->dir] && known) ||
			     (sctp->init[t->dir] && sctp->init[!t->dir])))
		return false;
	sctp->vtag[!t->dir] = tag;
	return true;
}

/* One chunk: checks its tag, sets tags and state.  CT_REASON_NONE, or the
 * reason why the packet is INVALID. */
static enum ct_reason handle_chunk(struct track *t, const struct chunk *c,
				   const struct chunk_map *map, uint32_t vtag,
				   bool *ignore, uint8_t *new_state)
{
	struct sctp_info *sctp = &t->entry->proto.sctp;
	uint8_t old_state = sctp->state;
	bool ignored = *ignore, known = true;

	if (!check_chunk_vtag(t, c, map, vtag, ignore))
		return CT_REASON_SCTP_CHUNK_VTAG;
	if (c->type == CHUNK_HEARTBEAT && *ignore && !ignored)
		return CT_REASON_NONE;

	*new_state = sctp_next_state(&t->ct->cfg.kernel, t->dir, c->type, old_state);
	if (*new_state == SCTP_STATE_INVALID)
		return CT_REASON_SCTP_STATE;
	if (c->type == CHUNK_INIT)
		known = take_init(t, c, old_state, *new_state, ignore);
	else if (c->type == CHUNK_INIT_ACK)
		known = take_init_ack(t, c);
	if (!known)
		return CT_REASON_SCTP_INIT_TAG;

	sctp->state = *new_state;
	if (old_state != *new_state) {
		t->entry->changed |= CT_CHANGED_PROTOINFO;
		if (*new_state == CT_SCTP_ESTABLISHED &&
		    kernel_has(t->ct, CT_HAS_SCTP_ONE_ESTABLISHED))
			track_set_assured(t);
	}
	return CT_REASON_NONE;
}

/* SHUTDOWN_SENT and SHUTDOWN_RECD, in nanoseconds: their default was 0.3 s once,
 * of which the sysctl shows 0. */
static ct_time shutdown_timeout(const struct ct *ct, uint32_t seconds)
{
	if (seconds == 0 && !kernel_has(ct, CT_HAS_SCTP_SHUTDOWN_3S))
		return 3 * CT_NSEC_PER_SEC / 10;
	return seconds * CT_NSEC_PER_SEC;
}

static uint32_t state_timeout(const struct ct_sysctl *s, uint8_t state)
{
	switch (state) {
	case CT_SCTP_CLOSED:
		return s->sctp_timeout_closed;
	case CT_SCTP_COOKIE_WAIT:
		return s->sctp_timeout_cookie_wait;
	case CT_SCTP_COOKIE_ECHOED:
		return s->sctp_timeout_cookie_echoed;
	case CT_SCTP_ESTABLISHED:
		return s->sctp_timeout_established;
	case CT_SCTP_SHUTDOWN_SENT:
		return s->sctp_timeout_shutdown_sent;
	case CT_SCTP_SHUTDOWN_RECD:
		return s->sctp_timeout_shutdown_recd;
	case CT_SCTP_SHUTDOWN_ACK_SENT:
		return s->sctp_timeout_shutdown_ack_sent;
	case CT_SCTP_HEARTBEAT_SENT:
		return s->sctp_timeout_heartbeat_sent;
	case CT_SCTP_HEARTBEAT_ACKED:
		return s->sctp_timeout_heartbeat_acked;
	}
	/* NONE: the kernel's table of timeouts starts with CLOSED's. */
	return s->sctp_timeout_closed;
}

/* The entry gets the timeout of its new state. */
static void refresh(struct track *t, uint8_t state)
{
	uint32_t seconds = state_timeout(&t->ct->cfg.sysctl, state);

	track_refresh(t, seconds);
	if (state == CT_SCTP_SHUTDOWN_SENT || state == CT_SCTP_SHUTDOWN_RECD)
		entry_set_expiry(t->ct, t->number, t->entry, t->ct->now +
				 shutdown_timeout(t->ct, seconds));
}

static enum track_result handle_chunks(struct track *t,
				       const struct chunk_map *map, uint32_t vtag)
{
	uint8_t new_state = CT_SCTP_NONE, last_state = CT_SCTP_NONE;
	bool ignore = false;
	struct chunk c;

	for (bool more = next_chunk(t, &c, true); more;
	     more = next_chunk(t, &c, false)) {
		uint8_t old_state = t->entry->proto.sctp.state;
		enum ct_reason reason = handle_chunk(t, &c, map, vtag, &ignore,
						     &new_state);

		if (reason == CT_REASON_SCTP_STATE)
			track_why(t, reason, old_state, t->dir, c.type, 0);
		else if (reason != CT_REASON_NONE)
			track_why(t, reason, c.type, 0, 0, 0);
		if (reason != CT_REASON_NONE)
			return TRACK_INVALID;
		last_state = old_state;
	}
	/*
	 * An ignored packet passes, but does not extend the life of the entry.
	 */
	if (ignore)
		return TRACK_ACCEPT;
	refresh(t, new_state);
	if (last_state == CT_SCTP_COOKIE_ECHOED && t->dir == CT_DIR_REPLY &&
	    new_state == CT_SCTP_ESTABLISHED)
		track_set_assured(t);
	return TRACK_ACCEPT;
}

/* The kernel prints the big-endian tag with %x as if it were in host order. */
static uint32_t as_printed(uint32_t tag)
{
	return tag << 24 | (tag & 0xff00) << 8 | (tag >> 8 & 0xff00) | tag >> 24;
}

static enum track_result sctp_packet(struct track *t)
{
	const struct sctp_info *sctp = &t->entry->proto.sctp;
	struct chunk_map map;
	enum ct_reason reason;
	uint32_t vtag;

	if (!bytes_has(&t->bytes, t->pkt->l4off, SCTP_HEADER) ||
	    !bytes_be32(&t->bytes, t->pkt->l4off + 4, &vtag))
		return track_invalid(t, CT_REASON_SCTP_SHORT);
	if (track_bad_checksum_sctp(t))
		return track_invalid(t, CT_REASON_SCTP_CRC);

	reason = check_chunks(t, &map);
	if (reason == CT_REASON_SCTP_CHUNKS)
		return TRACK_INVALID;
	if (reason == CT_REASON_NONE && !entry_confirmed(t->entry))
		reason = open_association(t, &map, vtag);
	if (reason != CT_REASON_NONE)
		return track_invalid(t, reason);

	if (plain_vtag_rule(&map) && vtag != sctp->vtag[t->dir]) {
		track_why(t, CT_REASON_SCTP_VTAG, as_printed(vtag),
			  as_printed(sctp->vtag[t->dir]), t->dir, 0);
		return TRACK_INVALID;
	}
	return handle_chunks(t, &map, vtag);
}

const struct ct_proto ct_proto_sctp = {
	.packet = sctp_packet,
	.ports = true,
	.state_name = sctp_state_name,
};
