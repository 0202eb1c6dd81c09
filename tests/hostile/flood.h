/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flood.h - writers of hostile captures.
 *
 * Unless they say otherwise: raw IP packets (LINKTYPE_RAW), one every
 * microsecond, without transport checksums.  They write the same bytes every
 * time.
 */
#ifndef HOSTILE_FLOOD_H
#define HOSTILE_FLOOD_H 1

#include <stdint.h>
#include <stdio.h>

/* Writes a flood of size 'n' to 'to'; 'what' chooses among kinds of it. */
typedef void flood(FILE *to, uint64_t n, unsigned int what);

/* 'n' SYNs, each of another connection. */
flood flood_syn;
/* The same after FLOOD_ASSURED connections, which are established and stay. */
#define FLOOD_ASSURED 1000u
flood flood_syn_full;
/* First fragments of 'n' datagrams that are never completed; 'what' is 4 or
 * 6. */
flood flood_fragments;
/* 'n' fragments of 8 octets, 4096 to each datagram, which becomes whole, in a
 * random order. */
#define FLOOD_DATAGRAM 4096u
flood flood_tiny_fragments;
/* 'n' fragments, datagram after datagram, where each two overlap. */
flood flood_overlaps;
/* 'n' FTP control connections, each of which announces a data connection: with
 * 0, all different; with 1, to the same address and port, from different
 * servers. */
flood flood_expect;
/* IPv6 packets with a chain of extension headers: with 0, 'n' packets with 160
 * headers; with 1, 400 packets with 'n' headers, at most 8,000. */
flood flood_headers;
/* pcapng with 'n' interfaces: with 0, in one section; with 1, 1,000 in each
 * section; their link types are all numbers below 300.  A packet follows
 * each. */
flood flood_interfaces;
/* 1,000 packets for a helper, 'n' bytes each; 'what' is below FLOOD_TALKS. */
#define FLOOD_TALKS 8u
flood flood_talk;
const char *flood_talk_name(unsigned int what);

#endif
