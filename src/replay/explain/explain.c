/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/explain/explain.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/missing.h"
#include "replay/confine.h"
#include "replay/explain/view.h"
#include "replay/firewall.h"
#include "replay/summary.h"

struct explain {
	struct options opt;	/* a copy: reading ends at the frame */
	struct settings settings;
	struct console console;
	struct printer printer;
	struct firewall_files files;
	bool has_firewall;
	struct run run;
	struct explain_view view;
	struct explain_setting setting[VARIANTS_MAX];
	char missing[MISSING_HINT_SIZE];	/* a hint about FILEs, or "" */
};

static void init(struct explain *e, const struct options *opt, const struct diag *diag,
		 const struct stop *stop)
{
	e->opt = *opt;
	if (!e->opt.max_frames || e->opt.max_frames > opt->explain)
		e->opt.max_frames = opt->explain;
	console_init(&e->console, diag);
	e->settings = (struct settings){
		.opt = &e->opt, .diag = &e->console.diag, .stop = stop,
	};
	printer_init(&e->printer, &e->settings);
}

/* Whether all captures can be read twice. */
static bool can_read_again(const struct options *o)
{
	struct stat st;

	for (size_t i = 0; i < o->nfiles; i++)
		if (strcmp(o->files[i], "-") == 0 || stat(o->files[i], &st) != 0 ||
		    (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
			return false;
	return true;
}

/* Reads the rules, and says what is wrong with them. */
static bool read_firewall(struct explain *e)
{
	struct firewall *fw;

	e->has_firewall = firewall_has_rules(&e->opt.firewall);
	if (!e->has_firewall)
		return true;
	if (!firewall_files_read(&e->files, &e->opt.firewall, e->settings.diag))
		return false;
	fw = firewall_make(&e->files, &e->opt.firewall, e->settings.diag);
	if (!fw)
		return false;
	firewall_configure(fw, e->opt.helpers_chosen, &e->opt.config);
	firewall_free(fw);
	e->printer.report.rules = true;
	return true;
}

static const struct firewall_files *files_of(const struct explain *e)
{
	return e->has_firewall ? &e->files : NULL;
}

/* A first reading, without messages: which settings can matter. */
static unsigned int find_about(struct explain *e)
{
	struct settings quiet = e->settings;
	struct explain_view view;
	unsigned int about = ABOUT_ANYTHING;

	quiet.diag = &diag_silent;
	if (run_init(&e->run, &quiet, files_of(e), &e->printer, &e->console.progress,
		     0) &&
	    run_frames(&e->run) && e->run.there && !e->run.no_memory) {
		view_frame(&view, &e->run);
		about = view_about(&view, &e->run);
	}
	run_free(&e->run);
	return about;
}

static enum replay_result say_no_memory(const struct explain *e)
{
	diag_say(e->settings.diag, DIAG_ERROR, "out of memory");
	return REPLAY_DAMAGED;
}

static enum replay_result say_absent(const struct explain *e)
{
	uint64_t n = capture_frames(e->run.reader.capture);

	if (!n)
		diag_say(e->settings.diag, DIAG_ERROR, "--explain: there is no frame %"
			 PRIu64 ", and no other", e->opt.explain);
	else
		diag_say(e->settings.diag, DIAG_ERROR, "--explain: there is no frame %"
			 PRIu64 "; the last one is %" PRIu64, e->opt.explain, n);
	return e->run.reader.damaged ? REPLAY_DAMAGED : REPLAY_ABSENT;
}

static void choose_origins(struct explain *e)
{
	struct report *r = &e->printer.report;

	settings_choose_origins(&e->settings, e->run.reader.capture, &r->files,
				&r->interfaces);
	/* Text names the file, too. */
	e->settings.origins |= r->files;
	r->start = e->run.start;
}

static enum replay_result tell(struct explain *e)
{
	struct run *r = &e->run;

	if (r->no_memory)
		return say_no_memory(e);
	if (e->settings.stop->set)
		return REPLAY_STOPPED;
	if (!r->there)
		return say_absent(e);
	choose_origins(e);
	view_frame(&e->view, r);
	view_settings(&e->view, r, view_about(&e->view, r), e->setting);
	if (r->no_memory || r->lane->side.no_memory)
		return say_no_memory(e);
	printer_resume(&e->printer, &r->batch);
	printer_set_origin(&r->batch, e->view.number);
	report_explain(&e->printer.report, &e->view);
	return REPLAY_DONE;
}

static enum replay_result run_all(struct explain *e, unsigned int about)
{
	struct run *r = &e->run;
	enum replay_result result;
	int error;

	if (!run_init(r, &e->settings, files_of(e), &e->printer,
		      &e->console.progress, about))
		return say_no_memory(e);
	console_begin_progress(&e->console, &e->opt);
	if (!run_frames(r)) {
		if (e->settings.stop->set)
			return REPLAY_STOPPED;
		summary_hint_operand(&e->settings, e->missing);
		return REPLAY_USAGE;
	}
	console_end_progress(&e->console);
	result = tell(e);
	error = printer_finish(&e->printer, NULL);
	if (!error)
		return result;
	summary_write_error(&e->settings, "standard output", error);
	return REPLAY_DAMAGED;
}

enum replay_result explain(const struct options *opt, const struct diag *diag,
			   const struct stop *stop)
{
	/* As struct replay: threads' parts of it have cache lines of their own. */
	struct explain *e = aligned_alloc(_Alignof(struct explain), sizeof(*e));
	enum replay_result result = REPLAY_USAGE;
	unsigned int about = ABOUT_ANYTHING;
	bool twice;

	if (!e) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return REPLAY_USAGE;
	}
	memset(e, 0, sizeof(*e));
	init(e, opt, diag, stop);
	twice = can_read_again(opt);
	missing_hint(e->missing, opt->files, opt->nfiles);
	if (notrack_compile(&e->settings.notrack, opt->notrack, opt->nnotrack,
			    e->settings.diag) &&
	    read_firewall(e) &&
	    confine(opt, e->settings.diag, stop, NULL)) {
		if (twice)
			about = find_about(e);
		result = run_all(e, about);
		run_free(&e->run);
	} else if (stop->set) {
		result = REPLAY_STOPPED;
	}
	printer_destroy(&e->printer);
	notrack_free(&e->settings.notrack);
	firewall_files_free(&e->files);
	free(e);
	return result;
}
