/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE 1
#include "event.h"

#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <linux/netfilter/nf_conntrack_common.h>

#include "util.h"

/*
 * conntrack(8) names a protocol by its number, whether or not the kernel tracks
 * it.
 */
static const char *proto_name(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP: return "tcp";
	case IPPROTO_UDP: return "udp";
	case IPPROTO_UDPLITE: return "udplite";
	case IPPROTO_ICMP: return "icmp";
	case IPPROTO_ICMPV6: return "icmpv6";
	case IPPROTO_SCTP: return "sctp";
	case IPPROTO_GRE: return "gre";
	case IPPROTO_DCCP: return "dccp";
	default: return "unknown";
	}
}

static const char *state_name(const struct event *e)
{
	static const char *const tcp[] = {
		"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT",
		"CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE", "SYN_SENT2"
	};
	static const char *const sctp[] = {
		"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED",
		"SHUTDOWN_SENT", "SHUTDOWN_RECD", "SHUTDOWN_ACK_SENT",
		"HEARTBEAT_SENT"
	};
	static const char *const dccp[] = {
		"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ",
		"CLOSING", "TIMEWAIT"
	};

	if (e->tcp_state >= 0 && e->tcp_state < (int)ARRAY_SIZE(tcp))
		return tcp[e->tcp_state];
	if (e->sctp_state >= 0 && e->sctp_state < (int)ARRAY_SIZE(sctp))
		return sctp[e->sctp_state];
	if (e->dccp_state >= 0 && e->dccp_state < (int)ARRAY_SIZE(dccp))
		return dccp[e->dccp_state];
	return NULL;
}

static void print_transport(FILE *out, const struct tuple *t)
{
	switch (t->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		fprintf(out, " sport=%u dport=%u", t->sport, t->dport);
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		fprintf(out, " type=%u code=%u id=%u", t->icmp_type,
			t->icmp_code, t->icmp_id);
		break;
	case IPPROTO_GRE:
		fprintf(out, " srckey=0x%x dstkey=0x%x", t->sport, t->dport);
		break;
	default:
		break;
	}
}

static void print_tuple(FILE *out, const struct event *e, unsigned int dir)
{
	const struct tuple *t = &e->tuple[dir];

	fprintf(out, " src=%s dst=%s", t->src, t->dst);
	print_transport(out, t);
	if (e->counted[dir])
		fprintf(out, " packets=%" PRIu64 " bytes=%" PRIu64,
			e->packets[dir], e->bytes[dir]);
}

char *event_print(const struct event *e, const char *tag)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("out of memory");
	fprintf(out, "%9s %-8s %u", tag, proto_name(e->tuple[0].proto),
		e->tuple[0].proto);
	if (e->has_timeout)
		fprintf(out, " %u", e->timeout);
	if (state_name(e))
		fprintf(out, " %s", state_name(e));
	print_tuple(out, e, 0);
	if (e->has_status && !(e->status & IPS_SEEN_REPLY))
		fputs(" [UNREPLIED]", out);
	print_tuple(out, e, 1);
	if (e->has_status && e->status & IPS_ASSURED)
		fputs(" [ASSURED]", out);
	if (e->helper[0])
		fprintf(out, " helper=%s", e->helper);
	fprintf(out, " id=%u", e->id);
	fclose(out);
	return text;
}

static void print_flags(FILE *out, uint32_t flags)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} names[] = {
		{ NF_CT_EXPECT_PERMANENT, "PERMANENT" },
		{ NF_CT_EXPECT_INACTIVE, "INACTIVE" },
	};
	char separator = ' ';

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & names[i].flag) {
			fprintf(out, "%c%s", separator, names[i].name);
			separator = ',';
		}
}

char *event_print_expect(const struct event *e, const char *tag)
{
	const struct tuple *t = &e->tuple[0];
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("out of memory");
	fprintf(out, "%9s %u proto=%u src=%s dst=%s", tag, e->timeout, t->proto,
		t->src, t->dst);
	print_transport(out, t);
	fprintf(out, " mask-src=%s mask-dst=%s", e->mask.src, e->mask.dst);
	print_transport(out, &e->mask);
	fprintf(out, " master-src=%s master-dst=%s", e->master.src,
		e->master.dst);
	print_transport(out, &e->master);
	print_flags(out, e->flags);
	fprintf(out, " class=%u helper=%s", e->class, e->helper);
	fclose(out);
	return text;
}
