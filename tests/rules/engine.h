/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * engine.h - an engine for rules, connected as the program connects it, for tests
 * that walk rules without the program.
 */
#ifndef TESTS_RULES_ENGINE_H
#define TESTS_RULES_ENGINE_H 1

#include "replay/firewall.h"

/* 'needs' as rules_needs() says; false: no memory. */
bool engine_open(struct firewall *fw, uint32_t needs);
void engine_close(struct firewall *fw);
/* Takes the packet through the rules, the short way where there is one; the result is
 * in fw->outcome. */
void engine_packet(struct firewall *fw, struct rules *r, struct rules_frame *f);

#endif
