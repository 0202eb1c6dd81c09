/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/parser.h"

#include <string.h>

#include "base/compiler.h"
#include "capture/link/decap.h"
#include "capture/link/link.h"
#include "capture/link/link_fast.h"
#include "ctreplay/fast.h"
#include "replay/firewall.h"

static inline enum ct_l3 l3_of(enum link_class link)
{
	return link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6;
}

/* What ct_packet_parse() is told under this way to look at checksums. */
static inline unsigned int parse_options(const struct ct_config *cfg)
{
	return cfg->checksum == CT_CHECKSUM_AUTO ? CT_PARSE_OFFLOAD : 0;
}

static void prepare(const struct parser *p, struct ct_packet *pkt)
{
	if (notrack_matches(&p->settings->notrack, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_prepare(p->ct, pkt);
}

static void parse_ip(const struct ct_config *cfg, struct parsed_frame *to,
		     const struct link_payload *payload)
{
	to->class = (uint8_t)ct_packet_parse(&to->pkt, payload->data,
					     payload->caplen, payload->wirelen,
					     l3_of((enum link_class)to->link),
					     parse_options(cfg));
}

static void parse_packet(const struct parser *p, struct parsed_frame *to,
			 const struct link_payload *payload)
{
	const struct settings *s = p->settings;

	parse_ip(&s->opt->config, to, payload);
	if (to->class != CT_PACKET_OK)
		return;
	/* Only reassembly knows which flow a fragment belongs to. */
	to->trackable = !(to->pkt.flags & CT_PACKET_FRAGMENT);
	if (to->trackable)
		prepare(p, &to->pkt);
	if (s->packet_lines && !s->few_lines)
		summary_read(&to->summary, &to->pkt);
}

void parser_summarise(const struct settings *s, struct packet_summary *to,
		      const struct ct_packet *pkt)
{
	struct link_payload payload = { pkt->data, pkt->caplen, pkt->len };
	struct decap decap = { .which = TUNNEL_ALL };

	summary_read(to, pkt);
	if (s->opt->decap || pkt->protonum == CT_L4_TCP)
		return;
	link_decap(&decap, pkt->l3num == CT_L3_IPV4 ? LINK_IPV4 : LINK_IPV6, &payload);
	if (decap.inner && !decap.pptp)
		to->tunnel = (uint8_t)(decap.outermost + 1);
}

bool parser_decap(const struct settings *s, const struct ct_config *cfg,
		  struct parsed_frame *to)
{
	const struct ct_packet outer = to->pkt;
	struct decap decap = { .which = s->opt->decap };
	struct link_payload payload = { outer.data, outer.caplen, outer.len };
	enum link_class link;

	if (!decap.which)
		return false;
	link = link_decap(&decap, outer.l3num == CT_L3_IPV4 ? LINK_IPV4 : LINK_IPV6,
			  &payload);
	if (!decap.inner)
		return false;
	to->link = (uint8_t)link;
	if (link == LINK_IPV4 || link == LINK_IPV6) {
		parse_ip(cfg, to, &payload);
		to->pkt.number = outer.number;
		to->pkt.flags |= CT_PACKET_REASSEMBLED;
	}
	return true;
}

/* Looks into a tunnel, or counts what --decap would look into.  Returns what the
 * summary says of that. */
static uint8_t look_into_tunnel(const struct parser *p, struct batch *b,
				struct parsed_frame *to, struct link_payload *payload,
				uint64_t number)
{
	struct link_payload inner = *payload;
	struct decap decap = { .which = p->settings->opt->decap };
	enum link_class link = (enum link_class)to->link;

	if (decap.which) {
		to->link = (uint8_t)link_decap(&decap, link, payload);
		return 0;
	}
	decap.which = TUNNEL_ALL;
	link_decap(&decap, link, &inner);
	if (!decap.inner || decap.pptp)
		return 0;
	b->tunnels[decap.outermost]++;
	if (!b->tunnel_first)
		b->tunnel_first = number;
	return (uint8_t)(decap.outermost + 1);
}

static inline bool is_ip(const struct parsed_frame *to)
{
	return to->link == LINK_IPV4 || to->link == LINK_IPV6;
}

/* Slow path: any frame. */
static noinline void parse_slow(const struct parser *p, struct batch *b,
				struct parsed_frame *to, const struct frame *f)
{
	struct link_payload payload;
	uint8_t tunnel = 0;

	ct_prepare_none(&to->pkt);
	to->trackable = false;
	if (f->filtered_out)
		return;
	to->link = (uint8_t)link_decode(f, &payload);
	if (is_ip(to) && decap_applies((enum link_class)to->link, &payload))
		tunnel = look_into_tunnel(p, b, to, &payload, f->number);
	if (!is_ip(to))
		return;
	parse_packet(p, to, &payload);
	to->summary.tunnel = tunnel;
	b->trackable += to->trackable;
	b->trackable_ipv4 += to->trackable && to->link == LINK_IPV4;
}

/* Fast path: IP over plain Ethernet, without --notrack; false if it does not apply. */
static inline bool parse_fast(const struct ct *ct, struct parsed_frame *to,
			      const struct frame *f, enum link_class *link)
{
	struct link_payload payload;

	if (f->filtered_out || !link_decode_fast(f, &payload, link) ||
	    !ct_prepare_fast(ct, &to->pkt, payload.data, payload.caplen,
			     l3_of(*link)))
		return false;
	to->link = (uint8_t)*link;
	to->class = CT_PACKET_OK;
	to->trackable = true;
	return true;
}

/* Parses a frame again: one engine takes a header's checksum or length of 0 for
 * transmit offload, the other does not. */
static void parse_again(const struct parser *p, struct parsed_frame *to,
			const struct frame *f)
{
	const struct settings *s = p->settings;
	struct decap decap = { .which = s->opt->decap };
	struct ct_packet *pkt = &to->pkt;
	struct link_payload payload;

	ct_prepare_none(pkt);
	to->trackable = false;
	to->link = (uint8_t)link_decode(f, &payload);
	if (decap.which && (to->link == LINK_IPV4 || to->link == LINK_IPV6))
		to->link = (uint8_t)link_decap(&decap, (enum link_class)to->link,
					       &payload);
	if (to->link != LINK_IPV4 && to->link != LINK_IPV6)
		return;
	parse_ip(&s->opt->second.config, to, &payload);
	pkt->number = f->number;
	to->trackable = to->class == CT_PACKET_OK &&
			!(pkt->flags & CT_PACKET_FRAGMENT);
	if (!to->trackable)
		return;
	if (notrack_matches(&s->notrack, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_prepare(p->second, pkt);
}

/* The same frames as the second engine sees them. */
static noinline void parse_second(const struct parser *p, struct batch *b)
{
	const struct settings *s = p->settings;
	const struct frame *f = frame_batch_get(b->frames, 0);
	const struct parsed_frame *from = b->parsed;
	const struct parsed_frame *end = from + frame_batch_count(b->frames);
	const bool again = parse_options(&s->opt->config) !=
			   parse_options(&s->opt->second.config);
	const bool notrack = s->notrack_second.n > 0;
	ct_time last = from < end ? from->time : 0;
	bool in_order = true;

	for (struct parsed_frame *to = b->second; from < end; from++, to++, f++) {
		in_order &= from->time >= last;
		last = from->time;
		*to = *from;
		if (to->filtered_out)
			continue;
		if (again)
			parse_again(p, to, f);
		else if (to->trackable)
			ct_prepare_copy(p->second, p->ct, &to->pkt);
		if (notrack && to->trackable && notrack_matches(&s->notrack_second, &to->pkt))
			to->pkt.flags |= CT_PACKET_NOTRACK;
	}
	b->in_order = in_order;
}

static noinline void hash_packets(const struct parser *p, struct batch *b)
{
	size_t n = frame_batch_count(b->frames);

	for (size_t i = 0; i < n; i++)
		if (parsed_is_packet(&b->parsed[i]))
			b->copy_hash[i] = dedup_hash(p->dedup, &b->parsed[i].pkt);
}

/* What the tracker would have to look at the frame's bytes for. */
static inline uint8_t quick_of(const struct parsed_frame *to, const struct frame *f)
{
	if (!to->trackable || !firewall_frame_is_quick(f, &to->pkt))
		return FRAME_NOT_QUICK;
	return f->interface && f->interface->name ? FRAME_QUICK_NAMED : FRAME_QUICK;
}

void parser_parse(const struct parser *p, struct batch *b)
{
	const struct frame *f = frame_batch_get(b->frames, 0);
	const struct frame *end = f + frame_batch_count(b->frames);
	const bool notrack = p->settings->notrack.n > 0;
	const bool few_lines = p->settings->few_lines;
	const bool lines = p->settings->packet_lines && !few_lines;
	const bool ruled = p->settings->firewall[0] != NULL;
	const struct ct *ct = p->ct;
	uint32_t fast = 0, ipv4 = 0;
	enum link_class link;

	memset(b->tunnels, 0, sizeof(b->tunnels));
	b->tunnel_first = 0;
	b->trackable = b->trackable_ipv4 = 0;
	for (struct parsed_frame *to = b->parsed; f < end; f++, to++) {
		if (!notrack && likely(parse_fast(ct, to, f, &link))) {
			fast++;
			ipv4 += link == LINK_IPV4;
			if (lines)
				summary_read(&to->summary, &to->pkt);
			else if (few_lines)
				to->summary.tunnel = 0;
		} else {
			parse_slow(p, b, to, f);
		}
		to->time = f->time;
		to->filtered_out = f->filtered_out;
		if (ruled)
			to->quick = quick_of(to, f);
		to->pkt.number = f->number;
	}
	if (b->copy_hash)
		hash_packets(p, b);
	b->trackable += fast;
	b->trackable_ipv4 += ipv4;
	if (p->second)
		parse_second(p, b);
}
