/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nfnl.h - the part of nfnetlink that this test needs: sockets, acknowledged
 * requests, attributes. Written by hand, so that the test needs no library.
 */
#ifndef CHECK_KERNEL_NFNL_H
#define CHECK_KERNEL_NFNL_H 1

#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>
#include <linux/netfilter/nfnetlink.h>

/* A request under construction. */
struct nfnl_request {
	union {
		struct nlmsghdr head;
		uint8_t bytes[512];
	} u;
};

/* Opens a socket with a receive buffer large enough for one busy frame; -1. */
int nfnl_open(void);

/* Begins a request 'type' of 'subsys'; 'res' goes to the header's res_id. */
void nfnl_begin(struct nfnl_request *r, unsigned int subsys, unsigned int type,
		uint8_t family, uint16_t res);
void nfnl_put(struct nfnl_request *r, uint16_t type, const void *data,
	      size_t len);
/* Sends it and waits for the acknowledgement: 0, or -1 with errno set. */
int nfnl_send(int fd, struct nfnl_request *r);

/* Called for each message; 'attr' is the first attribute, 'len' their bytes. */
typedef void nfnl_handler(void *arg, const struct nlmsghdr *nlh,
			  const struct nfgenmsg *gen,
			  const struct nlattr *attr, size_t len);

/*
 * Calls 'fn' for each message in the socket's queue, without blocking. Returns
 * their number, or -1 with errno set; ENOBUFS means that messages were lost.
 */
int nfnl_drain(int fd, nfnl_handler *fn, void *arg);

/* The next attribute, or NULL at the end or where the rest is no attribute. */
const struct nlattr *nfnl_next(const struct nlattr *a, size_t *len);
/* 'a' itself when 'len' bytes hold it whole, else NULL. */
const struct nlattr *nfnl_first(const struct nlattr *a, size_t len);

static inline const void *nfnl_data(const struct nlattr *a)
{
	return (const uint8_t *)a + NLA_HDRLEN;
}

static inline size_t nfnl_len(const struct nlattr *a)
{
	return a->nla_len - (size_t)NLA_HDRLEN;
}

static inline unsigned int nfnl_type(const struct nlattr *a)
{
	return a->nla_type & (unsigned int)NLA_TYPE_MASK;
}

/* Loops over the attributes 'a' in 'bytes' bytes at 'from'. */
#define NFNL_EACH(a, from, bytes)					\
	for (size_t a##_left = (bytes), a##_once = 1; a##_once; a##_once = 0) \
		for (const struct nlattr *a = nfnl_first(from, a##_left); a; \
		     a = nfnl_next(a, &a##_left))

#endif
