/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * color.h - ANSI colours (ECMA-48 SGR) of text: one for what a firewall would not let
 * through, others for what helps to find the way.
 */
#ifndef REPORT_COLOR_H
#define REPORT_COLOR_H 1

#define COLOR_OFF	"\033[0m"
#define COLOR_BAD	"\033[1;31m"	/* INVALID, DROP */
#define COLOR_NEW	"\033[36m"
#define COLOR_GOOD	"\033[32m"
#define COLOR_RELATED	"\033[34m"
#define COLOR_NOTE	"\033[33m"	/* other states, reasons of accepted packets */
#define COLOR_END	"\033[35m"	/* DESTROY */

#endif
