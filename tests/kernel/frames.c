/* SPDX-License-Identifier: GPL-2.0-only */
#include "frames.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <netinet/in.h>

#include "util.h"

static const uint8_t tap_src[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t tap_dst[6] = { 2, 0, 0, 0, 0, 2 };

struct frame *frames_add(struct frames *fs, const uint8_t *data,
			 uint32_t caplen, uint32_t len, uint16_t ethertype)
{
	struct frame *f;

	if (fs->n == fs->room) {
		fs->room = fs->room ? 2 * fs->room : 256;
		fs->v = xrealloc(fs->v, fs->room * sizeof(*fs->v));
	}
	f = &fs->v[fs->n++];
	memset(f, 0, sizeof(*f));
	f->data = xmalloc(caplen ? caplen : 1);
	if (caplen)
		memcpy(f->data, data, caplen);
	f->caplen = caplen;
	f->len = len;
	f->ethertype = ethertype;
	f->source = fs->n;
	return f;
}

void frames_copy(struct frames *fs, const struct frame *f)
{
	struct frame *copy = frames_add(fs, f->data, f->caplen, f->len,
					f->ethertype);

	copy->gap = f->gap;
	copy->source = f->source;
	copy->family = f->family;
}

void frames_free(struct frames *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		free(fs->v[i].data);
	free(fs->v);
	memset(fs, 0, sizeof(*fs));
}

bool frames_any_cut(const struct frames *fs)
{
	for (size_t i = 0; i < fs->n; i++)
		if (fs->v[i].caplen < fs->v[i].len)
			return true;
	return false;
}

/* Steps over extension headers; returns the last one's next header and leaves
 * its offset in 'off'. */
static uint8_t skip_extensions(const struct frame *f, uint32_t *off)
{
	const uint8_t *p = f->data;
	uint8_t next = p[6];

	for (*off = 40; next == IPPROTO_HOPOPTS || next == IPPROTO_ROUTING ||
	     next == IPPROTO_DSTOPTS; ) {
		if (*off + 8 > f->caplen)
			break;
		next = p[*off];
		*off += 8u * (p[*off + 1] + 1u);
	}
	return next;
}

bool frame_is_fragment(const struct frame *f)
{
	const uint8_t *p = f->data;
	uint32_t off;

	if (f->ethertype == ETH_P_IP)
		return f->caplen >= 8 && (p[6] & 0x3f || p[7]);
	if (f->caplen < 40 || skip_extensions(f, &off) != IPPROTO_FRAGMENT)
		return false;
	return off + 8 > f->caplen || get16(p + off + 2) & 0xfff9;
}

const uint8_t *frame_transport(const struct frame *f, uint8_t proto,
			       uint32_t *len)
{
	const uint8_t *p = f->data;
	uint32_t off = 0, end;
	uint8_t next = 0;

	if (frame_is_fragment(f))
		return NULL;
	if (f->ethertype == ETH_P_IP && f->caplen >= 20) {
		off = 4u * (p[0] & 15u);
		next = p[9];
		end = get16(p + 2);
	} else if (f->ethertype == ETH_P_IPV6 && f->caplen >= 40) {
		next = skip_extensions(f, &off);
		end = 40u + get16(p + 4);
	} else {
		return NULL;
	}
	end = end < f->caplen ? end : f->caplen;
	if (next != proto || off > end)
		return NULL;
	*len = end - off;
	return p + off;
}

void frame_link_header(const struct frame *f, uint8_t p[FRAME_LINK_LEN])
{
	memcpy(p, tap_dst, 6);
	memcpy(p + 6, tap_src, 6);
	p[12] = (uint8_t)(f->ethertype >> 8);
	p[13] = (uint8_t)f->ethertype;
}

bool frame_link_is_ours(const uint8_t *p, size_t len)
{
	return len >= FRAME_LINK_LEN && !memcmp(p, tap_dst, 6) &&
	       !memcmp(p + 6, tap_src, 6);
}

static int write_record(FILE *out, const struct frame *f, uint64_t when)
{
	uint8_t link[FRAME_LINK_LEN];
	uint32_t head[4] = {
		(uint32_t)(when / NSEC_PER_SEC),
		(uint32_t)(when % NSEC_PER_SEC),
		f->caplen + FRAME_LINK_LEN, f->len + FRAME_LINK_LEN
	};

	frame_link_header(f, link);
	if (fwrite(head, sizeof(head), 1, out) != 1 ||
	    fwrite(link, sizeof(link), 1, out) != 1 ||
	    (f->caplen && fwrite(f->data, f->caplen, 1, out) != 1))
		return -1;
	return 0;
}

/* The frame's time, 'stretch' ten-thousandths as far from the first frame's. */
static uint64_t stretched(const struct frames *fs, size_t i, uint32_t stretch)
{
	uint64_t first = fs->v[0].sent;

	return first + (fs->v[i].sent - first) / 10000 * stretch;
}

int frames_write_stretched(const struct frames *fs, const char *path,
			   uint32_t stretch)
{
	struct {
		uint32_t magic;
		uint16_t major, minor;
		uint32_t zone, sigfigs, snaplen, linktype;
	} head = { 0xa1b23c4d, 2, 4, 0, 0, 262144, 1 };
	FILE *out = fopen(path, "wb");
	int rc = -1;

	if (!out)
		return -1;
	if (fwrite(&head, sizeof(head), 1, out) == 1) {
		rc = 0;
		for (size_t i = 0; i < fs->n && !rc; i++)
			rc = write_record(out, &fs->v[i], stretch == 10000 ?
					  fs->v[i].sent : stretched(fs, i, stretch));
	}
	if (fclose(out))
		rc = -1;
	return rc;
}

int frames_write(const struct frames *fs, const char *path)
{
	return frames_write_stretched(fs, path, 10000);
}

static void l4_summary(const uint8_t *p, uint32_t have, uint8_t proto,
		       char *buf, size_t size)
{
	static const char letters[] = "FSRPAUEC";
	char flags[9] = "";
	size_t n = 0;

	if (proto == IPPROTO_TCP && have >= 20) {
		for (unsigned int i = 0; i < 8; i++)
			if (p[13] & (1u << i))
				flags[n++] = letters[i];
		flags[n] = '\0';
		snprintf(buf, size,
			 "tcp %u > %u [%s] seq %u ack %u win %u doff %u len %d",
			 get16(p), get16(p + 2), flags, get32(p + 4),
			 get32(p + 8), get16(p + 14), p[12] >> 4,
			 (int)have - (p[12] >> 4) * 4);
	} else if ((proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) &&
		   have >= 8) {
		snprintf(buf, size, "icmp%s type %u code %u id %u len %u",
			 proto == IPPROTO_ICMP ? "" : "v6", p[0], p[1],
			 get16(p + 4), have);
	} else if (have >= 4) {
		snprintf(buf, size, "proto %u %u > %u len %u", proto, get16(p),
			 get16(p + 2), have);
	} else {
		snprintf(buf, size, "proto %u len %u", proto, have);
	}
}

static void ip4_summary(const struct frame *f, char *buf, size_t size)
{
	const uint8_t *p = f->data;
	char src[INET_ADDRSTRLEN], dst[INET_ADDRSTRLEN], l4[160];
	uint32_t hl = 4u * (p[0] & 15u), tot = get16(p + 2), off;

	inet_ntop(AF_INET, p + 12, src, sizeof(src));
	inet_ntop(AF_INET, p + 16, dst, sizeof(dst));
	off = 8u * (get16(p + 6) & 0x1fffu);
	if (hl < 20 || hl > f->caplen || tot < hl || tot > f->caplen || off)
		snprintf(l4, sizeof(l4), "proto %u%s off %u", p[9],
			 p[6] & 0x20 ? " MF" : "", off);
	else
		l4_summary(p + hl, tot - hl, p[9], l4, sizeof(l4));
	snprintf(buf, size, "%s > %s v%u ihl %u tot %u of %u%s: %s", src, dst,
		 p[0] >> 4, p[0] & 15, tot, f->len,
		 p[6] & 0x20 ? " MF" : "", l4);
}

static void ip6_summary(const struct frame *f, char *buf, size_t size)
{
	const uint8_t *p = f->data;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN], l4[160];
	uint32_t plen = get16(p + 4);

	inet_ntop(AF_INET6, p + 8, src, sizeof(src));
	inet_ntop(AF_INET6, p + 24, dst, sizeof(dst));
	if (plen + 40 > f->caplen)
		snprintf(l4, sizeof(l4), "next %u", p[6]);
	else
		l4_summary(p + 40, plen, p[6], l4, sizeof(l4));
	snprintf(buf, size, "%s > %s v%u plen %u of %u: %s", src, dst,
		 p[0] >> 4, plen, f->len - 40, l4);
}

void frame_summary(const struct frame *f, char *buf, size_t size)
{
	if (f->ethertype == ETH_P_IP && f->caplen >= 20)
		ip4_summary(f, buf, size);
	else if (f->ethertype == ETH_P_IPV6 && f->caplen >= 40)
		ip6_summary(f, buf, size);
	else
		snprintf(buf, size, "ethertype %04x, %u bytes", f->ethertype,
			 f->len);
}
