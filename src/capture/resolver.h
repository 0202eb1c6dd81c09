/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * resolver.h - keeps libpcap from looking up names in the network.
 *
 * pcap_compile(3PCAP) turns a name in a filter ("host www.example.com") into
 * addresses with getaddrinfo(3) and getnetbyname_r(3), so it may send DNS
 * queries: these are slow, visible to others, and their answer may not be that
 * of the capture's day.  libpcap has no switch for this.  Therefore the program
 * has its own functions of these names, which libpcap finds instead of the C
 * library's: addresses and names of ports are resolved, names of hosts and
 * networks are unknown.
 */
#ifndef CAPTURE_RESOLVER_H
#define CAPTURE_RESOLVER_H 1

#include <stdbool.h>

/*
 * True if getaddrinfo(3) is this program's function.  The call also makes the
 * linker take this file from an archive.
 */
bool resolver_is_ours(void);

/*
 * For a program that will not be able to open files and load libraries: loads
 * the libraries that look up names of ports and protocols, and calls 'path' with
 * the files that contain them.
 */
void resolver_prepare(void (*path)(void *arg, const char *path), void *arg);

#endif
