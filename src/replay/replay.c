/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "replay/confine.h"
#include "replay/run.h"
#include "report/format.h"

static bool out_of_memory(const struct run *run)
{
	diag_say(run->diag, DIAG_ERROR, "out of memory");
	return false;
}

static bool make_engine(struct run *run)
{
	const struct ct_sysctl *sysctl = &run->opt->config.sysctl;
	const struct reassembly_limits limits = {
		.ipv4_seconds = sysctl->ipfrag_time,
		.ipv6_seconds = sysctl->frag6_timeout,
		.ipv4_bytes = sysctl->ipfrag_high_thresh,
		.ipv6_bytes = sysctl->frag6_high_thresh,
		.ipv4_max_dist = sysctl->ipfrag_max_dist,
	};
	struct ct_config cfg = run->opt->config;

	cfg.track_bounds = run->opt->verbose;
	if (run->opt->events || run->opt->format == REPORT_TIMESKETCH) {
		cfg.on_event = track_event;
		cfg.on_expect = track_expect;
		cfg.event_arg = run;
	}
	/* Nothing that is printed depends on the key. */
	if (getrandom(cfg.hash_key, sizeof(cfg.hash_key), GRND_NONBLOCK) < 0)
		memset(cfg.hash_key, 0x5a, sizeof(cfg.hash_key));
	run->ct = ct_create(&cfg);
	run->reassembly = reassembly_create(&limits);
	run->ct_stats = run->ct ? ct_stats(run->ct) : NULL;
	run->reassembly_stats = run->reassembly ?
				reassembly_stats(run->reassembly) : NULL;
	run->at = calloc(run->opt->nat + 1, sizeof(*run->at));
	return (run->ct && run->reassembly && run->at && pipeline_create(run)) ||
	       out_of_memory(run);
}

/* A line on the terminal, unless results are going there. */
static int progress_fd(const struct options *o)
{
	bool wanted = o->progress == WHEN_ALWAYS ||
		      (o->progress == WHEN_AUTO && !o->quiet &&
		       isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO));

	return wanted ? STDERR_FILENO : -1;
}

/* Messages do not stand behind the progress line, but in its place. */
static void say_clearly(void *arg, enum diag_level level, const char *text)
{
	struct run *run = arg;

	progress_clear(&run->progress);
	run->sink->say(run->sink->arg, level, text);
}

/* Reads, tracks and prints to the end. */
static enum replay_result replay_all(struct run *run)
{
	progress_begin(&run->progress, progress_fd(run->opt));
	pipeline_run(run);
	progress_clear(&run->progress);
	run->tally.counts.frames = capture_frames(run->capture);
	run->tally.counts.bytes = capture_bytes(run->capture);
	if (run->stop->set)
		return REPLAY_STOPPED;
	return run->damaged ? REPLAY_DAMAGED : REPLAY_DONE;
}

static void print_header(struct run *run)
{
	const struct options *o = run->opt;

	report_header(&run->report, o->packets ? SECTION_PACKETS :
		      o->events ? SECTION_EVENTS :
		      o->expectations ? SECTION_EXPECT :
		      o->stats ? SECTION_STATS : SECTION_TABLE);
}

static void make_report(struct run *run)
{
	const char *no_color = getenv("NO_COLOR");
	const struct options *o = run->opt;
	struct report *r = &run->report;

	out_init(&r->out, STDOUT_FILENO);
	r->format = o->format;
	r->table_style = o->table_style;
	r->time_style = o->time_style;
	r->verbose = o->verbose;
	r->acct = o->config.sysctl.acct;
	r->timestamp = o->config.sysctl.timestamp;
	r->headings = o->packets + o->table + o->events + o->expectations +
		      o->stats + (o->nat > 0) > 1;
	r->color = o->color == WHEN_ALWAYS ||
		   (o->color == WHEN_AUTO && isatty(STDOUT_FILENO) &&
		    !(no_color && *no_color));
}

/* A filter in place of a FILE is tcpdump's habit. */
static void hint_at_filter(const struct run *run)
{
	char words[256] = "";
	size_t i = 0;

	while (i < run->opt->nfiles &&
	       (access(run->opt->files[i], F_OK) == 0 ||
		!options_looks_like_filter(run->opt->files[i])))
		i++;
	if (i == run->opt->nfiles)
		return;
	/* The shell has made words of it. */
	for (size_t first = i; i < run->opt->nfiles; i++) {
		strncat(words, i > first ? " " : "",
			sizeof(words) - strlen(words) - 1);
		strncat(words, run->opt->files[i],
			sizeof(words) - strlen(words) - 1);
	}
	diag_say(run->diag, DIAG_ERROR, "that looks like a filter, not a file; "
		 "try -f '%s'", words);
}

static bool open_writer(struct run *run)
{
	const struct ct_sysctl *sysctl = &run->opt->config.sysctl;

	if (!run->opt->write)
		return true;
	run->held = fragment_frames_create((size_t)sysctl->ipfrag_high_thresh +
				sysctl->frag6_high_thresh);
	if (!run->held)
		return out_of_memory(run);
	/* Not open where a FILE did not look like a capture, and then was one. */
	if (!run->file.path &&
	    !writer_file_open(&run->file, run->opt->write, run->stop,
			      run->diag))
		return false;
	run->writer = writer_open(&run->file, run->capture, run->diag);
	return run->writer != NULL;
}

static bool open_all(struct run *run)
{
	struct capture_options co = {
		.files = run->opt->files, .nfiles = run->opt->nfiles,
		.filter = run->opt->filter, .max_frames = run->opt->max_frames,
		.whole_summary = run->opt->write != NULL,
		.diag = &run->capture_diag, .stop = run->stop,
	};

	/* From confine() on only what it allows can be done. */
	if (!notrack_compile(run) || !make_engine(run) ||
	    !confine(run->opt, run->diag, run->stop, &run->file))
		return false;
	if (run->file.created)
		co.without = &run->file.st;
	if (capture_open(&run->capture, &co) == CAPTURE_OK)
		return open_writer(run);
	if (!run->stop->set)
		hint_at_filter(run);
	return false;
}

/* What comes after the last frame. */
static void print_end(struct run *run)
{
	/* The last packet's helper may have given an entry no time at all. */
	ct_advance(run->ct, ct_now(run->ct));
	format_batch(run, run->tracking);
	if (run->opt->table && !run->no_memory)
		print_table(run, false);
	if (!run->no_memory)
		track_snapshots(run, UINT64_MAX);
	if (run->opt->expectations && !run->no_memory &&
	    !report_expectations(&run->report, run->ct))
		run->no_memory = true;
	if (run->opt->stats && !run->no_memory)
		report_statistics(&run->report, tally_finish(&run->tally),
				  ct_stats(run->ct));
}

/* Oddities that would explain a surprise. */
static void say_notes(const struct run *run)
{
	const struct tally_sender *s = tally_suspect(&run->tally);
	char text[ADDRESS_STRING_SIZE];

	if (run->backward)
		diag_say(run->diag, DIAG_NOTE, "%llu frame%s older than the one "
			 "before, frame %llu first; taken at its time",
			 (unsigned long long)run->backward,
			 run->backward == 1 ? " is" : "s are",
			 (unsigned long long)run->backward_first);
	if (run->full_first)
		diag_say(run->diag, DIAG_WARNING, "table full, dropping packet: "
			 "frame %llu first, %llu in all; nf_conntrack_max is %u, "
			 "try more with --sysctl",
			 (unsigned long long)run->full_first,
			 (unsigned long long)ct_stats(run->ct)->refused,
			 run->opt->config.sysctl.max);
	if (s) {
		address_string(text, &s->addr, s->l3num);
		diag_say(run->diag, DIAG_WARNING, "%llu packets from %s have a wrong "
			 "checksum, frame %llu first: it looks like transmit offload, "
			 "where the card fills them in; try -k none",
			 (unsigned long long)s->failed, text,
			 (unsigned long long)s->first);
	}
}

/* The result worsened where memory ran out. */
static enum replay_result say_memory(const struct run *run,
				     enum replay_result result)
{
	static const char hint[] = "what is printed holds, nothing comes after it; --sysctl nf_conntrack_max=N keeps the table smaller";

	if (!run->no_memory)
		return result;
	if (run->no_memory_frame)
		diag_say(run->diag, DIAG_ERROR, "out of memory at frame %llu: %s",
			 (unsigned long long)run->no_memory_frame, hint);
	else
		diag_say(run->diag, DIAG_ERROR, "out of memory: %s", hint);
	return REPLAY_DAMAGED;
}

static void say_unwritten(const struct run *run, const char *what, int error)
{
	const char *hint = error == ENOSPC || error == EDQUOT ?
			   "; make room, or write elsewhere" :
			   error == EFBIG ? "; raise the limit (ulimit -f)" : "";

	diag_say(run->diag, DIAG_ERROR, "cannot write %s: %s; what was written is "
		 "not whole%s", what, strerror(error), hint);
}

/* Completes the capture of -w. */
static enum replay_result finish_writer(struct run *run,
					enum replay_result result)
{
	int error;

	if (!run->writer)
		return result;
	/* Told when the first of them came. */
	if (writer_left_out(run->writer))
		result = REPLAY_DAMAGED;
	error = writer_close(run->writer);
	run->writer = NULL;
	if (!run->write_error)
		run->write_error = error;
	if (!run->write_error)
		return result;
	if (run->write_error != EPIPE)
		say_unwritten(run, strcmp(run->opt->write, "-") == 0 ?
				   "standard output" : run->opt->write,
			      run->write_error);
	return REPLAY_DAMAGED;
}

/* Writes what is left; the result worsened where that fails. */
static enum replay_result finish_output(struct run *run,
					enum replay_result result)
{
	struct out *o = &run->report.out;

	out_flush(o);
	if (!o->error && close(STDOUT_FILENO) != 0)
		o->error = errno;
	if (!o->error)
		return result;
	/* Whoever read us has seen enough. */
	if (o->error != EPIPE)
		say_unwritten(run, "standard output", o->error);
	return REPLAY_DAMAGED;
}

static void free_run(struct run *run)
{
	capture_close(run->capture);
	pipeline_free(run);
	reassembly_free(run->reassembly);
	writer_close(run->writer);
	writer_file_close(&run->file);
	fragment_frames_free(run->held);
	ct_destroy(run->ct);
	for (size_t i = 0; run->notrack && i < run->opt->nnotrack; i++)
		bpf_set_free(run->notrack[i]);
	free(run->notrack);
	free(run->at);
	free(run);
}

enum replay_result replay(const struct options *opt, const struct diag *diag,
			  const struct stop *stop)
{
	struct run *run = calloc(1, sizeof(*run));
	enum replay_result result;

	if (!run) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return REPLAY_USAGE;
	}
	run->opt = opt;
	run->sink = diag;
	run->clear_diag = (struct diag){ say_clearly, run };
	run->diag = &run->clear_diag;
	run->stop = stop;
	run->capture_diag = (struct diag){ read_say, run };
	run->lines = opt->packets || opt->format == REPORT_TIMESKETCH;
	make_report(run);
	if (open_all(run)) {
		print_header(run);
		result = replay_all(run);
		print_end(run);
		result = finish_writer(run, result);
		result = finish_output(run, result);
		result = say_memory(run, result);
		say_notes(run);
	} else {
		result = stop->set ? REPLAY_STOPPED : REPLAY_USAGE;
	}
	free_run(run);
	return result;
}
