/* SPDX-License-Identifier: GPL-2.0-only */
#include "ctnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink_conntrack.h>

#include "event.h"
#include "nfnl.h"
#include "util.h"

/* Masters of expectations, to attribute child connections to their helper. */
struct watched {
	struct tuple tuple;
	size_t helper;		/* index into counts */
};

static struct {
	struct helper_count counts[16];
	size_t n;
	struct watched watched[4096];
	size_t nwatched, next;
} helpers;

static int request(unsigned int subsys, unsigned int type)
{
	struct nfnl_request r;
	int fd = nfnl_open(), rc, err;

	if (fd < 0)
		return -1;
	nfnl_begin(&r, subsys, type, AF_UNSPEC, 0);
	rc = nfnl_send(fd, &r);
	err = errno;
	close(fd);
	errno = err;
	return rc;
}

int ctnl_flush(void)
{
	if (request(NFNL_SUBSYS_CTNETLINK_EXP, IPCTNL_MSG_EXP_DELETE) &&
	    errno != ENOENT)
		return -1;
	return request(NFNL_SUBSYS_CTNETLINK, IPCTNL_MSG_CT_DELETE);
}

int ctnl_events_open(void)
{
	static const int groups[] = {
		NFNLGRP_CONNTRACK_NEW, NFNLGRP_CONNTRACK_UPDATE,
		NFNLGRP_CONNTRACK_DESTROY, NFNLGRP_CONNTRACK_EXP_NEW,
		NFNLGRP_CONNTRACK_EXP_UPDATE, NFNLGRP_CONNTRACK_EXP_DESTROY
	};
	int fd = nfnl_open();

	for (size_t i = 0; fd >= 0 && i < ARRAY_SIZE(groups); i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP,
			       &groups[i], sizeof(groups[i]))) {
			close(fd);
			return -1;
		}
	return fd;
}

static uint64_t number(const struct nlattr *a)
{
	const uint8_t *p = nfnl_data(a);
	uint64_t v = 0;

	for (size_t i = 0; i < nfnl_len(a) && i < 8; i++)
		v = v << 8 | p[i];
	return v;
}

static void read_ip(struct tuple *t, const struct nlattr *from)
{
	NFNL_EACH(a, nfnl_data(from), nfnl_len(from)) {
		unsigned int type = nfnl_type(a);
		bool six = type == CTA_IP_V6_SRC || type == CTA_IP_V6_DST;
		bool src = type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC;

		if (nfnl_len(a) >= (six ? 16 : 4))
			inet_ntop(six ? AF_INET6 : AF_INET, nfnl_data(a),
				  src ? t->src : t->dst, sizeof(t->src));
	}
}

static void read_proto(struct tuple *t, const struct nlattr *from)
{
	NFNL_EACH(a, nfnl_data(from), nfnl_len(from))
		switch (nfnl_type(a)) {
		case CTA_PROTO_NUM:
			t->proto = (uint8_t)number(a);
			break;
		case CTA_PROTO_SRC_PORT:
			t->sport = (uint16_t)number(a);
			break;
		case CTA_PROTO_DST_PORT:
			t->dport = (uint16_t)number(a);
			break;
		case CTA_PROTO_ICMP_ID:
		case CTA_PROTO_ICMPV6_ID:
			t->icmp_id = (uint16_t)number(a);
			break;
		case CTA_PROTO_ICMP_TYPE:
		case CTA_PROTO_ICMPV6_TYPE:
			t->icmp_type = (uint8_t)number(a);
			break;
		case CTA_PROTO_ICMP_CODE:
		case CTA_PROTO_ICMPV6_CODE:
			t->icmp_code = (uint8_t)number(a);
			break;
		default:
			break;
		}
}

static void read_tuple(struct tuple *t, const struct nlattr *from)
{
	NFNL_EACH(a, nfnl_data(from), nfnl_len(from)) {
		if (nfnl_type(a) == CTA_TUPLE_IP)
			read_ip(t, a);
		else if (nfnl_type(a) == CTA_TUPLE_PROTO)
			read_proto(t, a);
	}
}

/* CTA_PROTOINFO nests one attribute per protocol, which holds the state. */
static void read_protoinfo(struct event *e, const struct nlattr *from)
{
	NFNL_EACH(info, nfnl_data(from), nfnl_len(from))
		NFNL_EACH(a, nfnl_data(info), nfnl_len(info)) {
			if (nfnl_type(info) == CTA_PROTOINFO_TCP &&
			    nfnl_type(a) == CTA_PROTOINFO_TCP_STATE)
				e->tcp_state = (int)number(a);
			if (nfnl_type(info) == CTA_PROTOINFO_SCTP &&
			    nfnl_type(a) == CTA_PROTOINFO_SCTP_STATE)
				e->sctp_state = (int)number(a);
			if (nfnl_type(info) == CTA_PROTOINFO_DCCP &&
			    nfnl_type(a) == CTA_PROTOINFO_DCCP_STATE)
				e->dccp_state = (int)number(a);
		}
}

static void read_counters(struct event *e, unsigned int dir,
			  const struct nlattr *from)
{
	e->counted[dir] = true;
	NFNL_EACH(a, nfnl_data(from), nfnl_len(from)) {
		if (nfnl_type(a) == CTA_COUNTERS_PACKETS)
			e->packets[dir] = number(a);
		else if (nfnl_type(a) == CTA_COUNTERS_BYTES)
			e->bytes[dir] = number(a);
	}
}

static void read_text(char *out, size_t room, const struct nlattr *a)
{
	size_t n = nfnl_len(a) < room ? nfnl_len(a) : room - 1;

	memcpy(out, nfnl_data(a), n);
	out[n] = '\0';
}

static void read_help(struct event *e, const struct nlattr *from)
{
	NFNL_EACH(a, nfnl_data(from), nfnl_len(from))
		if (nfnl_type(a) == CTA_HELP_NAME)
			read_text(e->helper, sizeof(e->helper), a);
}

static void read_event(struct event *e, const struct nlattr *attr, size_t len)
{
	e->tcp_state = e->sctp_state = e->dccp_state = -1;
	NFNL_EACH(a, attr, len)
		switch (nfnl_type(a)) {
		case CTA_TUPLE_ORIG:
			read_tuple(&e->tuple[0], a);
			break;
		case CTA_TUPLE_REPLY:
			read_tuple(&e->tuple[1], a);
			break;
		case CTA_STATUS:
			e->status = (uint32_t)number(a);
			e->has_status = true;
			break;
		case CTA_TIMEOUT:
			e->timeout = (uint32_t)number(a);
			e->has_timeout = true;
			break;
		case CTA_ID:
			e->id = (uint32_t)number(a);
			break;
		case CTA_PROTOINFO:
			read_protoinfo(e, a);
			break;
		case CTA_HELP:
			read_help(e, a);
			break;
		case CTA_TUPLE_MASTER:
			read_tuple(&e->master, a);
			e->has_master = true;
			break;
		case CTA_COUNTERS_ORIG:
			read_counters(e, 0, a);
			break;
		case CTA_COUNTERS_REPLY:
			read_counters(e, 1, a);
			break;
		default:
			break;
		}
}

/*
 * The mask's own protocol attribute is a mask as well, so take the tuple's
 * protocol to print the ports.
 */
static void read_expect(struct event *e, const struct nlattr *attr, size_t len)
{
	NFNL_EACH(a, attr, len)
		switch (nfnl_type(a)) {
		case CTA_EXPECT_MASTER:
			read_tuple(&e->master, a);
			break;
		case CTA_EXPECT_TUPLE:
			read_tuple(&e->tuple[0], a);
			break;
		case CTA_EXPECT_MASK:
			read_tuple(&e->mask, a);
			break;
		case CTA_EXPECT_TIMEOUT:
			e->timeout = (uint32_t)number(a);
			break;
		case CTA_EXPECT_CLASS:
			e->class = (uint32_t)number(a);
			break;
		case CTA_EXPECT_FLAGS:
			e->flags = (uint32_t)number(a);
			break;
		case CTA_EXPECT_HELP_NAME:
			read_text(e->helper, sizeof(e->helper), a);
			break;
		default:
			break;
		}
	e->mask.proto = e->tuple[0].proto;
}

static struct helper_count *count_of(const char *name)
{
	size_t i;

	for (i = 0; i < helpers.n; i++)
		if (!strcmp(helpers.counts[i].name, name))
			return &helpers.counts[i];
	if (helpers.n == ARRAY_SIZE(helpers.counts))
		die("too many helpers");
	snprintf(helpers.counts[i].name, sizeof(helpers.counts[i].name), "%s",
		 name);
	helpers.n++;
	return &helpers.counts[i];
}

const struct helper_count *ctnl_helper_counts(size_t *n)
{
	*n = helpers.n;
	return helpers.counts;
}

static void count_made(const struct event *e)
{
	struct helper_count *c = count_of(e->helper);
	struct watched *w = &helpers.watched[helpers.next];

	c->made++;
	w->tuple = e->master;
	w->helper = (size_t)(c - helpers.counts);
	helpers.next = (helpers.next + 1) % ARRAY_SIZE(helpers.watched);
	if (helpers.nwatched < ARRAY_SIZE(helpers.watched))
		helpers.nwatched++;
}

static void count_met(const struct event *e)
{
	for (size_t i = 0; i < helpers.nwatched; i++)
		if (!memcmp(&helpers.watched[i].tuple, &e->master,
			    sizeof(e->master))) {
			helpers.counts[helpers.watched[i].helper].met++;
			return;
		}
}

static void add_event(struct verdict *v, char *text)
{
	char *joined = v->events ? xasprintf("%s\n%s", v->events, text) :
				   xstrdup(text);

	free(text);
	free(v->events);
	v->events = joined;
}

static void on_expect(struct verdict *v, const struct nlmsghdr *nlh,
		      const struct nlattr *attr, size_t len)
{
	bool gone = (nlh->nlmsg_type & 0xff) == IPCTNL_MSG_EXP_DELETE;
	struct event e;

	memset(&e, 0, sizeof(e));
	read_expect(&e, attr, len);
	if (!gone)
		count_made(&e);
	add_event(v, event_print_expect(&e, gone ? "[DESTROY]" : "[NEW]"));
}

static void on_event(void *arg, const struct nlmsghdr *nlh,
		     const struct nfgenmsg *gen, const struct nlattr *attr,
		     size_t len)
{
	struct verdict *v = arg;
	struct event e;
	const char *tag;

	(void)gen;
	if (nlh->nlmsg_type >> 8 == NFNL_SUBSYS_CTNETLINK_EXP) {
		on_expect(v, nlh, attr, len);
		return;
	}
	switch (nlh->nlmsg_type & 0xff) {
	case IPCTNL_MSG_CT_NEW:
		tag = nlh->nlmsg_flags & (NLM_F_CREATE | NLM_F_EXCL)
			? "[NEW]" : "[UPDATE]";
		break;
	case IPCTNL_MSG_CT_DELETE:
		tag = "[DESTROY]";
		break;
	default:
		return;
	}
	memset(&e, 0, sizeof(e));
	read_event(&e, attr, len);
	if (e.has_master)
		count_met(&e);
	add_event(v, event_print(&e, tag));
}

int ctnl_events_drain(int fd, struct verdict *v)
{
	return nfnl_drain(fd, on_event, v) < 0 ? -1 : 0;
}
