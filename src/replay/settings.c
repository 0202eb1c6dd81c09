/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/settings.h"

void settings_choose_origins(struct settings *s, const struct capture *capture,
			     bool *files, bool *interfaces)
{
	enum report_format format = s->opt->format;
	struct capture_summary summary;

	s->capture = capture;
	capture_describe(capture, &summary);
	*files = capture_several_files(capture);
	*interfaces = summary.interfaces || (*files && summary.pcapng);
	if (format == REPORT_JSON || format == REPORT_CSV)
		s->origins = *files || summary.pcapng || summary.interfaces;
}
