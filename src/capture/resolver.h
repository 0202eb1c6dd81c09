/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * resolver.h - this program never asks the network for a name.
 *
 * pcap_compile(3PCAP) turns a name in a filter ("host www.example.com") into
 * addresses with getaddrinfo(3) and getnetbyname_r(3), that is, it may send
 * DNS queries: slow, visible to others, and with an answer that is not the
 * one of the day of the capture.  It offers no switch.  So this program has
 * functions of these names of its own, which libpcap finds in place of the C
 * library's: addresses and names of ports go through, names of hosts and
 * networks are unknown.
 */
#ifndef CAPTURE_RESOLVER_H
#define CAPTURE_RESOLVER_H 1

#include <stdbool.h>

/*
 * Whether getaddrinfo(3) is the one of this program.  A caller also makes the
 * linker take it from an archive.
 */
bool resolver_is_ours(void);

/*
 * For programs that cannot open files and load libraries later on: loads what
 * looks up the names of ports and protocols, and calls 'path' with the files
 * that have them.
 */
void resolver_prepare(void (*path)(void *arg, const char *path), void *arg);

#endif
