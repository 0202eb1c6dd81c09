/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/output_setters.h"

#include "cli/options_say.h"
#include "cli/options_value.h"

#define SET_FLAG(member) \
enum options_result output_set_##member(struct options *o, \
					const struct option_use *use) \
{ \
	(void)use; \
	o->member = true; \
	return OPTIONS_RUN; \
}

#define SET_TEXT(member) \
enum options_result output_set_##member(struct options *o, \
					const struct option_use *use) \
{ \
	o->member = use->arg; \
	return OPTIONS_RUN; \
}

SET_FLAG(packets)
SET_FLAG(events)
SET_FLAG(connections)
SET_FLAG(expectations)
SET_FLAG(stats)
SET_FLAG(rule_counters)
SET_FLAG(quiet)
SET_FLAG(verbose)
SET_FLAG(show_ids)
SET_FLAG(check_update)
SET_TEXT(write)
SET_TEXT(annotate)
SET_TEXT(report)
SET_TEXT(save_state)
SET_TEXT(load_state)
SET_TEXT(check)

enum options_result output_set_top(struct options *o,
				   const struct option_use *use)
{
	return run_if(value_top(use, o->top));
}

enum options_result output_set_table(struct options *o,
				     const struct option_use *use)
{
	if (o->table) {
		options_say_dates(use->diag);
		return OPTIONS_BAD;
	}
	o->table = true;
	return OPTIONS_RUN;
}

enum options_result output_set_at(struct options *o,
				  const struct option_use *use)
{
	return run_if(value_timestamp(use, &o->at[o->nat]) && ++o->nat);
}

enum options_result output_set_output(struct options *o,
				      const struct option_use *use)
{
	static const char *const words[] = {
		[REPORT_TEXT] = "text", [REPORT_JSON] = "json",
		[REPORT_CSV] = "csv", [REPORT_TIMESKETCH] = "timesketch",
	};
	int i = VALUE_CHOICE(use, words);

	o->format = (enum report_format)i;
	return run_if(i >= 0);
}

enum options_result output_set_table_style(struct options *o,
					   const struct option_use *use)
{
	static const char *const words[] = {
		[TABLE_IP_CONNTRACK] = "ip_conntrack",
		[TABLE_NF_CONNTRACK] = "nf_conntrack",
		[TABLE_CONNTRACK] = "conntrack",
		[TABLE_SHORT] = "short",
	};
	int i = VALUE_CHOICE(use, words);

	o->table_style = (enum table_style)i;
	return run_if(i >= 0);
}

enum options_result output_set_time(struct options *o,
				    const struct option_use *use)
{
	static const char *const words[] = {
		[TIME_RELATIVE] = "relative", [TIME_EPOCH] = "epoch",
		[TIME_ISO] = "iso", [TIME_DELTA] = "delta",
	};
	int i = VALUE_CHOICE(use, words);

	o->time_style = (enum time_style)i;
	o->time_given = true;
	return run_if(i >= 0);
}

enum options_result output_set_ctstate(struct options *o,
				       const struct option_use *use)
{
	o->some_states = true;
	return run_if(value_ctstates(use, o->states));
}

enum options_result output_set_show(struct options *o,
				    const struct option_use *use)
{
	return run_if(value_only_filter(use, &o->show));
}

enum options_result output_set_conn(struct options *o,
				    const struct option_use *use)
{
	return run_if(value_ranges(use, &o->conns));
}

enum options_result output_set_frame(struct options *o,
				     const struct option_use *use)
{
	return run_if(value_ranges(use, &o->frames));
}

enum options_result output_set_explain(struct options *o,
				       const struct option_use *use)
{
	if (o->explain)
		return run_if(options_say_twice(use, "it tells about one frame"));
	return run_if(value_number(use, UINT64_MAX / 16, &o->explain));
}

enum options_result output_set_versus(struct options *o,
				      const struct option_use *use)
{
	if (o->versus)
		return run_if(options_say_twice(use, "one takes several options: "
			      "--versus '--kernel 7.3 --no-helpers'"));
	o->versus = use->arg;
	return OPTIONS_RUN;
}

static enum options_result set_when(enum when *to, const struct option_use *use)
{
	static const char *const words[] = {
		[WHEN_AUTO] = "auto", [WHEN_ALWAYS] = "always",
		[WHEN_NEVER] = "never",
	};
	int i = VALUE_CHOICE(use, words);

	*to = (enum when)i;
	return run_if(i >= 0);
}

enum options_result output_set_color(struct options *o,
				     const struct option_use *use)
{
	return set_when(&o->color, use);
}

enum options_result output_set_progress(struct options *o,
					const struct option_use *use)
{
	return set_when(&o->progress, use);
}

enum options_result output_set_numeric(struct options *o,
				       const struct option_use *use)
{
	(void)o;
	(void)use;
	return OPTIONS_RUN;
}
