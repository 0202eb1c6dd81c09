/* SPDX-License-Identifier: GPL-2.0-only */
#include "nfnl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { RECEIVE_BUFFER = 16 << 20 };

int nfnl_open(void)
{
	struct sockaddr_nl local = { .nl_family = AF_NETLINK };
	int size = RECEIVE_BUFFER;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    bind(fd, (struct sockaddr *)&local, sizeof(local))) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

void nfnl_begin(struct nfnl_request *r, unsigned int subsys, unsigned int type,
		uint8_t family, uint16_t res)
{
	struct nfgenmsg *gen;

	memset(r, 0, sizeof(*r));
	r->u.head.nlmsg_len = NLMSG_LENGTH(sizeof(*gen));
	r->u.head.nlmsg_type = (uint16_t)(subsys << 8 | type);
	r->u.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	gen = NLMSG_DATA(&r->u.head);
	gen->nfgen_family = family;
	gen->version = NFNETLINK_V0;
	gen->res_id = htons(res);
}

void nfnl_put(struct nfnl_request *r, uint16_t type, const void *data,
	      size_t len)
{
	size_t at = NLMSG_ALIGN(r->u.head.nlmsg_len);
	struct nlattr a = {
		.nla_len = (uint16_t)(NLA_HDRLEN + len), .nla_type = type
	};

	memcpy(r->u.bytes + at, &a, sizeof(a));
	memcpy(r->u.bytes + at + NLA_HDRLEN, data, len);
	r->u.head.nlmsg_len = (uint32_t)(at + NLA_HDRLEN + NLA_ALIGN(len));
}

int nfnl_send(int fd, struct nfnl_request *r)
{
	static uint32_t sequence;
	uint8_t buf[4096] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh = (const void *)buf;
	const struct nlmsgerr *e;
	ssize_t n;

	r->u.head.nlmsg_seq = ++sequence;
	if (send(fd, r, r->u.head.nlmsg_len, 0) < 0)
		return -1;
	do {
		n = recv(fd, buf, sizeof(buf), 0);
		if (n < 0 && errno != EINTR)
			return -1;
	} while (n < (ssize_t)NLMSG_LENGTH(sizeof(*e)) ||
		 nlh->nlmsg_type != NLMSG_ERROR ||
		 nlh->nlmsg_seq != sequence);
	e = (const void *)(buf + NLMSG_HDRLEN);
	errno = -e->error;
	return e->error ? -1 : 0;
}

const struct nlattr *nfnl_first(const struct nlattr *a, size_t len)
{
	if (len < sizeof(*a) || a->nla_len < sizeof(*a) || a->nla_len > len)
		return NULL;
	return a;
}

const struct nlattr *nfnl_next(const struct nlattr *a, size_t *len)
{
	size_t step = NLA_ALIGN(a->nla_len);

	if (step >= *len)
		return NULL;
	*len -= step;
	return nfnl_first((const void *)((const uint8_t *)a + step), *len);
}

static int handle(const uint8_t *buf, size_t n, nfnl_handler *fn, void *arg)
{
	int count = 0;

	while (n >= NLMSG_HDRLEN) {
		const struct nlmsghdr *nlh = (const void *)buf;
		size_t skip = NLMSG_HDRLEN + NLMSG_ALIGN(sizeof(struct nfgenmsg));
		size_t len = nlh->nlmsg_len;

		if (len < NLMSG_HDRLEN || len > n)
			break;
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && len >= skip) {
			fn(arg, nlh, (const void *)(buf + NLMSG_HDRLEN),
			   (const void *)(buf + skip), len - skip);
			count++;
		}
		if (NLMSG_ALIGN(len) >= n)
			break;
		buf += NLMSG_ALIGN(len);
		n -= NLMSG_ALIGN(len);
	}
	return count;
}

int nfnl_drain(int fd, nfnl_handler *fn, void *arg)
{
	static uint8_t buf[1 << 17] __attribute__((aligned(8)));
	int count = 0;

	for (;;) {
		ssize_t n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return count;
		if (n < 0)
			return -1;
		count += handle(buf, (size_t)n, fn, arg);
	}
}
