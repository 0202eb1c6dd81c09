/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sample.h - results to be reported, for the tests of report/.  Each number in
 * them occurs once, so that a value in the wrong place is noticed.
 */
#ifndef SAMPLE_H
#define SAMPLE_H 1

#include "report/report.h"

/* 2001-09-09T01:46:40.000000000Z, which date -u -d @1000000000 confirms. */
#define SAMPLE_TIME (1000000000ull * CT_NSEC_PER_SEC)

/* A report in this format with everything else off; free() releases it. */
struct report *sample_report(enum report_format format);
/* What was printed so far, as a string; the next call begins anew. */
const char *sample_printed(struct report *r);

/* A packet 192.0.2.1 > 198.51.100.2 of 'protonum', NEW and without a reason. */
void sample_packet(struct packet_view *pkt, uint8_t protonum);
/* Gives it one reason, with small numbers. */
void sample_reason(struct packet_view *pkt, enum ct_reason reason);
/* A connection between these addresses, and an expectation. */
void sample_record(struct ct_record *rec, uint8_t protonum);
void sample_expect(struct ct_expect_record *x, uint8_t protonum);

#endif
