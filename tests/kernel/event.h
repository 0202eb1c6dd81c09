/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event.h - one event of ctnetlink, and how conntrack(8) prints it with
 * "-E -o id".
 */
#ifndef CHECK_KERNEL_EVENT_H
#define CHECK_KERNEL_EVENT_H 1

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>

struct tuple {
	uint8_t family, proto, icmp_type, icmp_code;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	uint16_t sport, dport, icmp_id;
};

struct event {
	struct tuple tuple[2];
	uint32_t status, timeout, id;
	bool has_status, has_timeout;
	int tcp_state, sctp_state, dccp_state;
	uint64_t packets[2], bytes[2];
	bool counted[2];
	char helper[16];
	struct tuple master;
	bool has_master;
	/* For expectations only. */
	struct tuple mask;
	uint32_t class, flags;
};

/* One line without its newline, which the caller frees; 'tag' is "[NEW]". */
char *event_print(const struct event *e, const char *tag);
/* The same for an expectation's event. */
char *event_print_expect(const struct event *e, const char *tag);

#endif
