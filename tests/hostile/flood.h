/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flood.h - captures that are made to hurt, written as they are made.
 *
 * All of raw IP packets (LINKTYPE_RAW) unless it says otherwise, one every
 * microsecond, transport checksums left out.  The same bytes every time.
 */
#ifndef HOSTILE_FLOOD_H
#define HOSTILE_FLOOD_H 1

#include <stdint.h>
#include <stdio.h>

/* 'n' is what they grow by; 'what' tells kinds of one flood apart. */
typedef void flood(FILE *to, uint64_t n, unsigned int what);

/* 'n' SYNs of as many connections. */
flood flood_syn;
/* Before them FLOOD_ASSURED connections that are established and stay. */
#define FLOOD_ASSURED 1000u
flood flood_syn_full;
/* First fragments of 'n' datagrams that are never completed; 'what' is 4 or 6. */
flood flood_fragments;
/* 'n' fragments of 8 octets, 4096 to a datagram, which they make up whole, in
 * an order that is no order. */
#define FLOOD_DATAGRAM 4096u
flood flood_tiny_fragments;
/* 'n' fragments of one datagram after the other, of which any two overlap. */
flood flood_overlaps;
/* 'n' FTP control connections, each of which announces a data connection: 0,
 * each another one; 1, all the same address and port, of different servers. */
flood flood_expect;
/* IPv6 packets with a chain of extension headers: 0, 'n' packets of 160 headers;
 * 1, 400 packets of 'n' headers, 8,000 at most. */
flood flood_headers;
/* pcapng, 'n' interfaces: 0, in one section; 1, 1,000 in each; with link types
 * of all numbers below 300.  A packet after each. */
flood flood_interfaces;
/* 1,000 packets to a helper, 'n' bytes long each; 'what' is below FLOOD_TALKS. */
#define FLOOD_TALKS 8u
flood flood_talk;
const char *flood_talk_name(unsigned int what);

#endif
