/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * style.h - the forms that results can take.  This header includes nothing, so
 * that the options can name a form without knowing the module that writes it.
 */
#ifndef REPORT_STYLE_H
#define REPORT_STYLE_H 1

/* -o */
enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_TIMESKETCH };

/* -T: the time column of text. */
enum time_style { TIME_RELATIVE, TIME_EPOCH, TIME_ISO, TIME_DELTA };

/* What can be printed; CSV has a header line for each. */
enum report_section {
	SECTION_PACKETS, SECTION_TABLE, SECTION_EVENTS, SECTION_EXPECT,
	SECTION_STATS, SECTION_CONNECTIONS
};

/* --top: what connections are counted by. */
enum top_by { TOP_SRC, TOP_DST, TOP_PORT, TOP_PAIR, TOP_KINDS };

/* --table-style: whose lines the table has as text. */
enum table_style {
	TABLE_IP_CONNTRACK,	/* /proc/net/ip_conntrack, Linux 2.4 and 2.6 */
	TABLE_NF_CONNTRACK,	/* /proc/net/nf_conntrack, Linux 6.18 */
	TABLE_CONNTRACK,	/* conntrack -L */
	TABLE_SHORT,		/* columns for a terminal of 80 */
};

#endif
