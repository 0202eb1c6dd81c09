/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * firewall_setters.h - the setters of the options of a firewall, for the table of
 * options.
 */
#ifndef CLI_FIREWALL_SETTERS_H
#define CLI_FIREWALL_SETTERS_H 1

#include "cli/options_table.h"

option_setter firewall_set_firewall;
option_setter firewall_set_rules;
option_setter firewall_set_rules6;
option_setter firewall_set_ipsets;
option_setter firewall_set_routes;
option_setter firewall_set_hook;
option_setter firewall_set_in;
option_setter firewall_set_out;
option_setter firewall_set_local;
option_setter firewall_set_rules_unknown;
option_setter firewall_set_rules_seed;

#endif
