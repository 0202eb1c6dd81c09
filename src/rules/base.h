/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * base.h - what the module takes from the modules below it, in one place.
 */
#ifndef RULES_BASE_H
#define RULES_BASE_H 1

#include "base/diag.h"
#include "base/bytes.h"

#define RULES_COUNT(a) (sizeof(a) / sizeof((a)[0]))

#endif
