/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/replay.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "capture/missing.h"
#include "replay/confine.h"
#include "replay/console.h"
#include "replay/explain/explain.h"
#include "replay/pipeline.h"
#include "replay/summary.h"

struct replay {
	struct settings settings;
	struct parser parser;
	struct console console;
	struct frame_reader reader;
	struct pipeline pipeline;
	struct tracker tracker;	/* these two end with large buffers */
	struct printer printer;
	char missing[MISSING_HINT_SIZE];	/* a hint about FILEs, or "" */
};

/* What cannot fail. */
static void init(struct replay *r, const struct options *opt,
		 const struct diag *diag, const struct stop *stop)
{
	console_init(&r->console, diag);
	r->settings = (struct settings){
		.opt = opt, .diag = &r->console.diag, .stop = stop,
		.packet_lines = (opt->packets && !opt->versus) ||
				opt->format == REPORT_TIMESKETCH,
		/* A timeline has no packets that a firewall would let through. */
		.few_lines = opt->format == REPORT_TIMESKETCH,
	};
	frame_reader_init(&r->reader, &r->settings, &r->console.progress);
	printer_init(&r->printer, &r->settings);
}

/* Reads the rules, which say whether the engine counts. */
static bool load_firewall(struct replay *r, unsigned int i,
			  const struct firewall_options *f,
			  const struct ct_config *cfg)
{
	struct settings *s = &r->settings;

	if (firewall_has_rules(f)) {
		s->firewall[i] = firewall_load(f, s->diag);
		if (!s->firewall[i])
			return false;
	}
	s->acct[i] = cfg->sysctl.acct ||
		     (s->firewall[i] && s->firewall[i]->acct);
	r->printer.report.side[i].acct = s->acct[i];
	return true;
}

static bool load_firewalls(struct replay *r)
{
	const struct options *o = r->settings.opt;
	bool ok = load_firewall(r, 0, &o->firewall, &o->config) &&
		  (!o->versus || load_firewall(r, 1, &o->second.firewall,
					       &o->second.config));

	r->printer.report.acct = r->settings.acct[0];
	r->printer.report.rules = r->settings.firewall[0] || r->settings.firewall[1];
	return ok;
}

static bool create_stages(struct replay *r)
{
	struct pipeline *p = &r->pipeline;

	p->reader = &r->reader;
	p->parser = &r->parser;
	p->tracker = &r->tracker;
	p->printer = &r->printer;
	if (tracker_init(&r->tracker, &r->settings) &&
	    pipeline_init(p, pipeline_mode(r->settings.opt))) {
		r->parser = (struct parser){
			.settings = &r->settings, .ct = r->tracker.ct,
			.dedup = &r->tracker.dedup,
			.second = r->tracker.versus ? r->tracker.versus->ct : NULL,
		};
		return true;
	}
	diag_say(r->settings.diag, DIAG_ERROR, "out of memory");
	return false;
}

static void choose_origins(struct replay *r)
{
	bool files, interfaces;

	settings_choose_origins(&r->settings, r->reader.capture, &files, &interfaces);
	pipeline_set_origins(&r->pipeline, files, interfaces);
}

/* The state of the runs before this one. */
static bool load_state(struct replay *r)
{
	const struct statistics *counts = &r->tracker.tally.counts;

	if (!saved_load(&r->tracker.saved, &r->settings, &r->tracker, &r->printer))
		return false;
	r->reader.frames_before = counts->frames;
	r->reader.bytes_before = counts->bytes;
	return true;
}

static bool open_captures(struct replay *r)
{
	struct writer_file *file = &r->tracker.writer.file;

	if (!r->settings.opt->nfiles)
		return true;	/* all that is to be known is in the state */
	if (!frame_reader_open(&r->reader, file->created ? &file->st : NULL)) {
		if (!r->settings.stop->set)
			summary_hint_operand(&r->settings, r->missing);
		return false;
	}
	choose_origins(r);
	return frame_writer_open(&r->tracker.writer, &r->settings,
				 r->reader.capture) &&
	       annotator_open(&r->tracker.annotator, &r->settings, r->reader.capture) &&
	       page_file_begin(&r->tracker.page, &r->settings, r->reader.capture);
}

static void say_kernel(const struct settings *s)
{
	char name[CT_KERNEL_NAME_SIZE];

	if (!s->opt->verbose)
		return;
	ct_kernel_name(&s->opt->config.kernel, name);
	diag_say(s->diag, DIAG_NOTE, "kernel: Linux %s", name);
	if (!s->opt->versus)
		return;
	ct_kernel_name(&s->opt->second.config.kernel, name);
	diag_say(s->diag, DIAG_NOTE, "kernel of --versus: Linux %s", name);
}

/* After confine() only what the sandbox allows can be done. */
static bool open_all(struct replay *r)
{
	const struct settings *s = &r->settings;
	const struct options *o = s->opt;

	say_kernel(s);
	missing_hint(r->missing, o->files, o->nfiles);
	return selection_init(&r->tracker.selection, o,
			      o->events || o->format == REPORT_TIMESKETCH, s->diag) &&
	       notrack_compile(&r->settings.notrack, o->notrack, o->nnotrack,
			       s->diag) &&
	       notrack_compile(&r->settings.notrack_second, o->second.notrack,
			       o->second.nnotrack, s->diag) &&
	       load_firewalls(r) &&
	       create_stages(r) &&
	       confine(o, s->diag, s->stop, &r->tracker) &&
	       load_state(r) &&
	       open_captures(r);
}

/* Reads, tracks and prints all frames. */
static enum replay_result replay_frames(struct replay *r)
{
	if (!r->reader.capture)
		return REPLAY_DONE;
	console_begin_progress(&r->console, r->settings.opt);
	pipeline_run(&r->pipeline);
	console_end_progress(&r->console);
	if (r->settings.stop->set)
		return REPLAY_STOPPED;
	return r->reader.damaged ? REPLAY_DAMAGED : REPLAY_DONE;
}

/* The sections that come after the last frame, if this is the last run over the
 * captures. */
static void print_end(struct replay *r)
{
	struct statistics *counts = &r->tracker.tally.counts;
	struct batch *first = &r->pipeline.batch[0];

	if (r->reader.capture) {
		counts->frames = capture_frames(r->reader.capture);
		counts->bytes = capture_bytes(r->reader.capture);
		r->tracker.quality.lost += capture_lost(r->reader.capture);
	}
	counts->first = r->tracker.clock.start;
	counts->last = r->tracker.clock.now;
	printer_resume(&r->printer, first);
	if (!r->settings.opt->save_state)
		tracker_end(&r->tracker, first);
}

/* Completes the capture of -w.  This and what follows make a result worse. */
static enum replay_result finish_writer(struct replay *r,
					enum replay_result result)
{
	struct frame_writer *w = &r->tracker.writer;
	const char *path = r->settings.opt->write;

	if (!w->writer)
		return result;
	/* The writer has reported the first frame that it left out. */
	if (writer_left_out(w->writer))
		result = REPLAY_DAMAGED;
	if (frame_writer_finish(w) == 0)
		return result;
	summary_write_error(&r->settings, strcmp(path, "-") == 0 ?
					  "standard output" : path, w->error);
	return REPLAY_DAMAGED;
}

static enum replay_result finish_annotator(struct replay *r,
					   enum replay_result result)
{
	struct annotator *a = &r->tracker.annotator;

	return !a->writer || annotator_finish(a, &r->settings, r->reader.capture,
					      !r->tracker.no_memory) ?
	       result : REPLAY_DAMAGED;
}

/* 'damaged': a capture, so that frames at its end are missing. */
static enum replay_result finish_page(struct replay *r, enum replay_result result,
				      bool damaged)
{
	const char *ended_early = r->settings.stop->set ? "interrupted" :
				  damaged ? "damaged" : NULL;

	return page_file_finish(&r->tracker.page, &r->tracker, ended_early) ? result :
	       REPLAY_DAMAGED;
}

/* Whether all that was asked for was done and written, up to a state's moment. */
static bool is_complete(const struct replay *r)
{
	const struct tracker *t = &r->tracker;

	return !r->settings.stop->set && !t->no_memory && !t->writer.error &&
	       !t->annotator.error;
}

/* After all else of the run is written. */
static enum replay_result save_state(struct replay *r, enum replay_result result,
				     uint64_t output)
{
	struct tracker *t = &r->tracker;

	if (!is_complete(r)) {
		diag_say(r->settings.diag, DIAG_ERROR, "--save-state: the run was not "
			 "complete; %s stays as it was", r->settings.opt->save_state);
		return result;
	}
	return saved_save(&t->saved, &r->settings, t, &r->printer, output) ? result :
	       REPLAY_DAMAGED;
}

/* '*unread': the reader of a pipe, such as head(1), has gone. */
static enum replay_result finish_output(struct replay *r,
					enum replay_result result, bool *unread)
{
	bool saves = r->settings.opt->save_state;
	uint64_t length;
	int error = printer_finish(&r->printer, saves ? &length : NULL);

	*unread = error == EPIPE;
	if (!error)
		return saves ? save_state(r, result, length) : result;
	summary_write_error(&r->settings, "standard output", error);
	return REPLAY_DAMAGED;
}

/* Whether all that was asked for is there; not known if the replay was stopped. */
static bool check_selection(const struct replay *r)
{
	const struct tracker *t = &r->tracker;

	return !t->selection.active || t->versus || r->settings.stop->set || t->no_memory ||
	       r->settings.opt->save_state ||
	       selection_check(&t->selection, t->tally.counts.frames,
			       t->ct_stats->created, r->settings.diag);
}

static enum replay_result finish(struct replay *r, enum replay_result result)
{
	bool damaged = result == REPLAY_DAMAGED, unread;

	result = finish_writer(r, result);
	result = finish_annotator(r, result);
	result = finish_page(r, result, damaged);
	result = finish_output(r, result, &unread);
	if (r->tracker.no_memory) {
		summary_no_memory(&r->tracker);
		result = REPLAY_DAMAGED;
	}
	/* How far the replay came by then is chance, and with it what they say. */
	if (!unread && !r->settings.opt->save_state)
		summary_notes(&r->tracker);
	summary_fail_on(&r->tracker);
	if (!check_selection(r) && result == REPLAY_DONE)
		return REPLAY_ABSENT;
	if (r->tracker.fail_on.packets && result == REPLAY_DONE)
		return REPLAY_FAILED;
	if (result == REPLAY_DONE && r->tracker.versus &&
	    versus_differs(r->tracker.versus))
		result = REPLAY_DIFFERENT;
	return result;
}

static void free_all(struct replay *r)
{
	frame_reader_close(&r->reader);
	pipeline_free(&r->pipeline);
	tracker_free(&r->tracker);
	printer_destroy(&r->printer);
	notrack_free(&r->settings.notrack);
	notrack_free(&r->settings.notrack_second);
	firewall_free(r->settings.firewall[0]);
	firewall_free(r->settings.firewall[1]);
	free(r);
}

static enum replay_result replay_all(const struct options *opt, const struct diag *diag,
				     const struct stop *stop)
{
	struct replay *r = aligned_alloc(_Alignof(struct replay), sizeof(*r));
	enum replay_result result;

	if (!r) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return REPLAY_USAGE;
	}
	/* Pages of large buffers that are never written cost nothing. */
	memset(r, 0, offsetof(struct replay, tracker.nested));
	memset(&r->printer, 0, offsetof(struct printer, report.out.buf));
	init(r, opt, diag, stop);
	if (open_all(r)) {
		if (!opt->load_state)
			printer_header(&r->printer);
		result = replay_frames(r);
		print_end(r);
		result = finish(r, result);
	} else {
		result = stop->set ? REPLAY_STOPPED : REPLAY_USAGE;
	}
	free_all(r);
	return result;
}

enum replay_result replay(const struct options *opt, const struct diag *diag,
			  const struct stop *stop)
{
	return opt->explain ? explain(opt, diag, stop) : replay_all(opt, diag, stop);
}
