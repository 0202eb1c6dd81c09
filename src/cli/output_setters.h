/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output_setters.h - the setters of the options that say what is printed and
 * written, for the table of options.
 */
#ifndef CLI_OUTPUT_SETTERS_H
#define CLI_OUTPUT_SETTERS_H 1

#include "cli/options_table.h"

option_setter output_set_packets;
option_setter output_set_events;
option_setter output_set_connections;
option_setter output_set_expectations;
option_setter output_set_stats;
option_setter output_set_rule_counters;
option_setter output_set_quiet;
option_setter output_set_verbose;
option_setter output_set_show_ids;
option_setter output_set_check_update;
option_setter output_set_write;
option_setter output_set_annotate;
option_setter output_set_report;
option_setter output_set_save_state;
option_setter output_set_load_state;
option_setter output_set_check;
option_setter output_set_top;
option_setter output_set_table;
option_setter output_set_at;
option_setter output_set_output;
option_setter output_set_table_style;
option_setter output_set_time;
option_setter output_set_ctstate;
option_setter output_set_show;
option_setter output_set_conn;
option_setter output_set_frame;
option_setter output_set_explain;
option_setter output_set_versus;
option_setter output_set_color;
option_setter output_set_progress;
option_setter output_set_numeric;

#endif
