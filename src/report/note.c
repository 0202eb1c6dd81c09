/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/note.h"

#include "report/formats.h"
#include "report/json.h"

/* A part of 'all' with three decimals. */
static void json_share(struct out *o, uint64_t part, uint64_t all)
{
	uint64_t thousandths = all ? (uint64_t)((double)part / (double)all * 1000) : 0;

	json_key(o, "share_of_invalid");
	out_u64(o, thousandths / 1000);
	out_char(o, '.');
	for (uint64_t unit = 100; unit; unit /= 10)
		out_char(o, (char)('0' + thousandths / unit % 10));
}

void json_note(struct report *r, const struct note *n)
{
	struct out *o = &r->out;

	out_line(o);
	out_str(o, "{\"type\":\"note\"");
	json_str(o, "code", n->code);
	json_u64(o, "count", n->count);
	json_u64_or_null(o, "first_frame", n->first != 0, n->first);
	json_u64_or_null(o, "invalid", n->explains, n->invalid);
	if (n->explains && n->all_invalid)
		json_share(o, n->invalid, n->all_invalid);
	else
		json_str(o, "share_of_invalid", NULL);
	json_str(o, "text", n->text);
	json_str(o, "advice", n->advice);
	out_str(o, "}\n");
}
