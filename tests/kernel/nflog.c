/* SPDX-License-Identifier: GPL-2.0-only */
#include "nflog.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/netfilter/nfnetlink_log.h>

#include "nfnl.h"
#include "util.h"

static int config(int fd, uint16_t group, uint16_t type, const void *data,
		  size_t len)
{
	struct nfnl_request r;

	nfnl_begin(&r, NFNL_SUBSYS_ULOG, NFULNL_MSG_CONFIG, AF_UNSPEC, group);
	nfnl_put(&r, type, data, len);
	return nfnl_send(fd, &r);
}

static int bind_group(int fd, uint16_t group)
{
	struct nfulnl_msg_config_cmd cmd = { .command = NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { .copy_mode = NFULNL_COPY_NONE };
	uint32_t one = htonl(1);

	if (config(fd, group, NFULA_CFG_CMD, &cmd, sizeof(cmd)) ||
	    config(fd, group, NFULA_CFG_MODE, &mode, sizeof(mode)) ||
	    config(fd, group, NFULA_CFG_QTHRESH, &one, sizeof(one)))
		return -1;
	return 0;
}

int nflog_open(void)
{
	int fd = nfnl_open();

	if (fd < 0)
		return -1;
	if (bind_group(fd, 0) || bind_group(fd, NFLOG_RULES_GROUP)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

/* The rules log "WORD direction". */
static void add_word(struct verdict *v, const char *prefix)
{
	char word[32] = "", dir[32] = "";

	if (sscanf(prefix, "%31s %31s", word, dir) < 1)
		return;
	v->word = word_parse(word);
	v->dir = direction_parse(dir);
	v->words++;
}

/* Whether 'joined' ends in 'text'. */
static bool said_last(const char *joined, const char *text)
{
	size_t n = joined ? strlen(joined) : 0, len = strlen(text);

	return n >= len && !strcmp(joined + n - len, text);
}

/*
 * The kernel logs "nf_ct_proto_N: text", often with a blank at the end. A
 * helper repeats its text for each expectation that it cannot create.
 */
static void add_reason(struct verdict *v, const char *prefix)
{
	char text[256];
	const char *from = strstr(prefix, ": ");
	size_t n;

	if (strncmp(prefix, "nf_ct_", 6) || !from)
		from = prefix;
	else
		from += 2;
	snprintf(text, sizeof(text), "%s", from);
	for (n = strlen(text); n && (text[n - 1] == ' ' || text[n - 1] == '\n'); )
		text[--n] = '\0';
	if (!said_last(v->reason, text))
		text_join(&v->reason, text);
}

static void on_message(void *arg, const struct nlmsghdr *nlh,
		       const struct nfgenmsg *gen, const struct nlattr *attr,
		       size_t len)
{
	if (nlh->nlmsg_type != (NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET))
		return;
	NFNL_EACH(a, attr, len) {
		char prefix[256];

		if (nfnl_type(a) != NFULA_PREFIX)
			continue;
		snprintf(prefix, sizeof(prefix), "%.*s", (int)nfnl_len(a),
			 (const char *)nfnl_data(a));
		if (ntohs(gen->res_id) == NFLOG_RULES_GROUP)
			add_word(arg, prefix);
		else
			add_reason(arg, prefix);
	}
}

int nflog_drain(int fd, struct verdict *v)
{
	return nfnl_drain(fd, on_message, v) < 0 ? -1 : 0;
}
