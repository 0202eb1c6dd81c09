/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * page_template.h - the page of --report without its data: src/report/page/template.sh
 * makes it of the files in src/report/page when the program is built.
 */
#ifndef REPORT_PAGE_TEMPLATE_H
#define REPORT_PAGE_TEMPLATE_H 1

#include <stddef.h>

extern const unsigned char page_head[], page_tail[];	/* before the data, and behind it */
extern const size_t page_head_size, page_tail_size;

#endif
