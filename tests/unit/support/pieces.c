/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/pieces.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#include "base/bytes.h"
#include "packet/checksum.h"
#include "packet/reassembly_queue.h"

#define MS	1000000ull
#define START	1000000000000000000ull

const struct ct_sysctl default_limits = {
	.ipfrag_time = 30, .frag6_timeout = 60,
	.ipfrag_high_thresh = 4194304, .frag6_high_thresh = 4194304,
	.ipfrag_max_dist = 64,
};

static const enum ct_reassembly_result results[] = {
	[PASS] = CT_REASSEMBLY_PASS, [WHOLE] = CT_REASSEMBLY_WHOLE,
	[HELD] = CT_REASSEMBLY_HELD, [DROP] = CT_REASSEMBLY_DROPPED,
};

uint8_t pattern(uint32_t at)
{
	return (uint8_t)(at * 167 >> 3 ^ at);
}

static uint32_t put_payload(uint8_t *to, const struct piece *p)
{
	for (uint32_t i = 0; i < p->size; i++)
		to[i] = pattern(p->offset + i);
	return p->size;
}

static uint32_t build_ipv4(uint8_t *b, const struct piece *p, uint8_t proto)
{
	uint32_t ihl = 20u + p->extra, len = ihl + p->size;

	memset(b, 0, ihl);
	b[0] = (uint8_t)(0x40 | ihl / 4);
	b[1] = p->ecn;
	store_be16(b + 2, (uint16_t)len);
	store_be16(b + 4, p->id);
	store_be16(b + 6, (uint16_t)(p->offset / 8 | (p->more ? 0x2000 : 0)));
	b[8] = 64;
	b[9] = proto;
	memcpy(b + 12, "\xc0\0\2\0\xc0\0\2\xff", 8);
	b[15] = p->source;
	memset(b + 20, 1, p->extra);
	store_be16(b + 10, (uint16_t)~checksum_fold(checksum_add(0, b, ihl)));
	return ihl + put_payload(b + ihl, p);
}

/* One PadN option. */
uint32_t put_options(uint8_t *b, uint32_t size)
{
	if (!size)
		return 0;
	memset(b, 0, size);
	b[0] = 44;
	b[1] = (uint8_t)(size / 8 - 1);
	b[2] = 1;
	b[3] = (uint8_t)(size - 4 < 256 ? size - 4 : 255);
	return size;
}

uint32_t build_ipv6(uint8_t *b, const struct piece *p, uint8_t proto)
{
	uint32_t off = 40;

	memset(b, 0, off);
	b[0] = 0x60;
	b[1] = (uint8_t)(p->ecn << 4);
	b[6] = p->extra ? 60 : 44;
	b[7] = 64;
	memcpy(b + 8, "\x20\1\xd\xb8", 4);
	memcpy(b + 24, "\x20\1\xd\xb8\0\1", 6);
	b[23] = p->source;
	off += put_options(b + off, p->extra);
	memset(b + off, 0, 8);
	b[off] = proto;
	store_be16(b + off + 2, (uint16_t)(p->offset | (p->more ? 1 : 0)));
	b[off + 7] = p->id;
	off += 8;
	off += put_payload(b + off, p);
	store_be16(b + 4, (uint16_t)(off - 40));
	return off;
}

void run_open(struct run *run, enum ct_l3 l3num,
	      const struct ct_sysctl *limits)
{
	run->r = ct_reassembly_create(limits);
	assert_non_null(run->r);
	run->l3num = l3num;
	run->proto = CT_L4_UDP;
	run->now = START;
	run->number = 0;
}

void run_close(struct run *run)
{
	ct_reassembly_free(run->r);
}

enum ct_reassembly_result run_packet(struct run *run, uint32_t len, uint32_t cut)
{
	assert_int_equal(ct_packet_parse(&run->pkt, run->bytes, len - cut, len,
					 run->l3num, 0), CT_PACKET_OK);
	run->pkt.number = ++run->number;
	return ct_reassembly_packet(run->r, run->now, &run->pkt, &run->why);
}

enum ct_reassembly_result run_piece(struct run *run, const struct piece *p)
{
	uint32_t len = run->l3num == CT_L3_IPV4 ?
		       build_ipv4(run->bytes, p, run->proto) :
		       build_ipv6(run->bytes, p, run->proto);

	run->now += p->ms * MS;
	return run_packet(run, len, p->cut);
}

void run_expect(const struct run *run, const char *name, enum expect expect,
		enum ct_reassembly_result result)
{
	if (result != results[expect])
		fail_msg("%s: frame %u: %d (%s), expected %d", name,
			 (unsigned int)run->number, result,
			 ct_reason_text(run->why), results[expect]);
	assert_int_equal(result == CT_REASSEMBLY_HELD,
			 run->why == CT_REASON_FRAG_HELD);
	assert_int_equal(result == CT_REASSEMBLY_PASS ||
			 result == CT_REASSEMBLY_WHOLE,
			 run->why == CT_REASON_NONE);
}

void run_check(struct run *run, const char *name, const struct piece *p)
{
	run_expect(run, name, p->expect, run_piece(run, p));
	if (p->why && !strstr(ct_reason_text(run->why), p->why))
		fail_msg("%s: frame %u: %s", name, (unsigned int)run->number,
			 ct_reason_text(run->why));
}

void run_check_all(struct run *run, const char *name, const struct piece *p,
		   size_t n)
{
	for (size_t i = 0; i < n; i++)
		run_check(run, name, &p[i]);
}

void run_check_whole(const struct run *run, const char *name, uint32_t size)
{
	const struct ct_packet *pkt = &run->pkt;
	uint32_t nframes;

	assert_ptr_not_equal(pkt->data, run->bytes);
	assert_true(pkt->flags & CT_PACKET_REASSEMBLED);
	assert_false(pkt->flags & CT_PACKET_FRAGMENT);
	assert_int_equal(pkt->protonum, run->proto);
	assert_int_equal(pkt->number, run->number);
	assert_int_equal(pkt->len, pkt->l4off + size);
	for (uint32_t i = pkt->l4off; i < pkt->caplen; i++)
		if (pkt->data[i] != pattern(i - pkt->l4off))
			fail_msg("%s: byte %u differs", name, i);
	assert_int_equal(ct_reassembly_frames(run->r, &nframes)[nframes - 1],
			 run->number);
}
