/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * main.c - wires the rooms together: capture -> packet -> conntrack -> report.
 *
 * The only place that prints messages and chooses the exit status.
 */
#include <errno.h>
#include <pcap/dlt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/filter.h"
#include "capture/link.h"
#include "cli/options.h"
#include "ctreplay/conntrack.h"
#include "diag.h"
#include "report/report.h"

enum exit_status {
	EXIT_ALL_READ = 0,
	EXIT_USAGE = 2,
	EXIT_DAMAGED = 3,
	EXIT_INTERRUPTED = 130,
};

static volatile sig_atomic_t interrupted;

static void on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

/* Everything one run needs. */
struct run {
	struct options opt;
	struct diag diag;
	struct capture *capture;
	struct frame_batch *batch;
	struct ct *ct;
	struct bpf_set **notrack;	/* opt.nnotrack of them */
	struct report report;
	bool started;			/* a frame has been seen */
	uint64_t backward;		/* frames with an older stamp */
	uint64_t backward_first;	/* number of the first of them */
};

static void say(void *arg, enum diag_level level, const char *text)
{
	static const char *const words[] = {
		[DIAG_NOTE] = "note: ", [DIAG_WARNING] = "warning: ",
		[DIAG_ERROR] = "",
	};
	const struct run *run = arg;

	if (level == DIAG_NOTE && run->opt.quiet)
		return;
	fprintf(stderr, "ctreplay: %s%s\n", words[level], text);
}

static bool notracked(const struct run *run, const struct ct_packet *pkt)
{
	for (size_t i = 0; i < run->opt.nnotrack; i++)
		if (bpf_matches(run->notrack[i], pkt->data, pkt->caplen, pkt->len))
			return true;
	return false;
}

static void replay_packet(struct run *run, const struct frame *f,
			  struct ct_packet *pkt)
{
	struct ct_verdict v;

	pkt->number = f->number;
	if (run->opt.nnotrack && notracked(run, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_track(run->ct, pkt, &v);
	ct_confirm(run->ct, &v);
	if (run->opt.packets && run->opt.states[v.ctstate])
		report_packet(&run->report, f->number, ct_now(run->ct), pkt, &v);
}

static void stateless(struct run *run, const struct frame *f, const char *class)
{
	if (run->opt.packets && run->opt.verbose)
		report_frame(&run->report, f->number, ct_now(run->ct), class);
}

/* The clock never runs backwards: a late frame is taken as of now. */
static void advance_clock(struct run *run, const struct frame *f)
{
	if (!run->started) {
		run->started = true;
		run->report.start = f->time;
	} else if (f->time < ct_now(run->ct)) {
		if (run->backward++ == 0)
			run->backward_first = f->number;
	}
	ct_advance(run->ct, f->time);
}

static void replay_frame(struct run *run, const struct frame *f)
{
	unsigned int options = run->opt.checksum == CT_CHECKSUM_AUTO ?
			       CT_PARSE_OFFLOAD : 0;
	struct link_payload payload;
	struct ct_packet pkt;
	enum link_class link;
	enum ct_packet_class class;

	advance_clock(run, f);
	if (f->filtered_out)
		return;
	link = link_decode(f, &payload);
	if (link != LINK_IPV4 && link != LINK_IPV6) {
		stateless(run, f, link_class_name(link));
		return;
	}
	class = ct_packet_parse(&pkt, payload.data, payload.caplen,
				payload.wirelen,
				link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6,
				options);
	if (class != CT_PACKET_OK)
		stateless(run, f, ct_packet_class_name(class));
	else
		replay_packet(run, f, &pkt);
}

/* Reads and replays to the end.  The exit status so far. */
static enum exit_status replay(struct run *run)
{
	enum exit_status status = EXIT_ALL_READ;

	while (!interrupted && !run->report.out.error) {
		enum capture_status s = capture_next(run->capture, run->batch);

		for (size_t i = 0; i < frame_batch_count(run->batch); i++)
			replay_frame(run, frame_batch_get(run->batch, i));
		if (s == CAPTURE_END)
			break;
		if (s == CAPTURE_DAMAGED)
			status = EXIT_DAMAGED;
	}
	return interrupted ? EXIT_INTERRUPTED : status;
}

static bool compile_notrack(struct run *run)
{
	run->notrack = calloc(run->opt.nnotrack + 1, sizeof(struct bpf_set *));
	if (!run->notrack) {
		diag_say(&run->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	for (size_t i = 0; i < run->opt.nnotrack; i++) {
		run->notrack[i] = bpf_compile(run->opt.notrack[i], DLT_RAW,
					      "--notrack", &run->diag);
		if (!run->notrack[i])
			return false;
	}
	return true;
}

static bool make_engine(struct run *run)
{
	struct ct_config cfg;

	ct_config_defaults(&cfg);
	cfg.sysctl = run->opt.sysctl;
	cfg.checksum = run->opt.checksum;
	cfg.track_bounds = run->opt.verbose;
	/* Nothing that is printed depends on the key. */
	if (getrandom(cfg.hash_key, sizeof(cfg.hash_key), GRND_NONBLOCK) < 0)
		memset(cfg.hash_key, 0x5a, sizeof(cfg.hash_key));
	run->ct = ct_create(&cfg);
	run->batch = frame_batch_create();
	if (run->ct && run->batch)
		return true;
	diag_say(&run->diag, DIAG_ERROR, "out of memory");
	return false;
}

static void make_report(struct run *run)
{
	const char *no_color = getenv("NO_COLOR");
	const struct options *o = &run->opt;

	out_init(&run->report.out, STDOUT_FILENO);
	run->report.format = o->format;
	run->report.table_style = o->table_style;
	run->report.verbose = o->verbose;
	run->report.acct = o->sysctl.acct;
	run->report.timestamp = o->sysctl.timestamp;
	run->report.headings = o->packets + o->table > 1;
	run->report.color = o->color == COLOR_ALWAYS ||
			    (o->color == COLOR_AUTO && isatty(STDOUT_FILENO) &&
			     !(no_color && *no_color));
}

/* A filter in place of a FILE is tcpdump's habit. */
static void hint_at_filter(const struct run *run)
{
	for (size_t i = 0; i < run->opt.nfiles; i++) {
		const char *name = run->opt.files[i];

		if (access(name, F_OK) != 0 && options_looks_like_filter(name))
			diag_say(&run->diag, DIAG_ERROR, "'%s' looks like a filter, "
				 "not a file; try -f '%s'", name, name);
	}
}

static bool open_all(struct run *run)
{
	struct capture_options co = {
		.files = run->opt.files, .nfiles = run->opt.nfiles,
		.filter = run->opt.filter, .max_frames = run->opt.max_frames,
		.diag = &run->diag, .stop = &interrupted,
	};

	if (!compile_notrack(run) || !make_engine(run))
		return false;
	if (capture_open(&run->capture, &co) == CAPTURE_OK)
		return true;
	hint_at_filter(run);
	return false;
}

/* Writes what is left; the status worsened where that fails. */
static enum exit_status finish_output(struct run *run, enum exit_status status)
{
	struct out *o = &run->report.out;

	out_flush(o);
	if (!o->error && close(STDOUT_FILENO) != 0)
		o->error = errno;
	if (!o->error)
		return status;
	/* Whoever read us has seen enough. */
	if (o->error != EPIPE)
		diag_say(&run->diag, DIAG_ERROR, "cannot write standard output: %s",
			 strerror(o->error));
	return EXIT_DAMAGED;
}

static enum exit_status run_all(struct run *run)
{
	enum exit_status status;

	if (!open_all(run))
		return interrupted ? EXIT_INTERRUPTED : EXIT_USAGE;
	make_report(run);
	status = replay(run);
	if (run->opt.table && !report_table(&run->report, run->ct)) {
		diag_say(&run->diag, DIAG_ERROR, "no memory to print the table");
		status = EXIT_DAMAGED;
	}
	if (run->backward)
		diag_say(&run->diag, DIAG_NOTE, "%llu frames are older than the one "
			 "before them, frame %llu first; taken at its time",
			 (unsigned long long)run->backward,
			 (unsigned long long)run->backward_first);
	return finish_output(run, status);
}

static void free_all(struct run *run)
{
	capture_close(run->capture);
	frame_batch_free(run->batch);
	ct_destroy(run->ct);
	for (size_t i = 0; run->notrack && i < run->opt.nnotrack; i++)
		bpf_set_free(run->notrack[i]);
	free(run->notrack);
	options_free(&run->opt);
}

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sa.sa_flags = (int)SA_RESETHAND;	/* a second ^C ends at once */
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	struct run *run = calloc(1, sizeof(*run));
	enum exit_status status = EXIT_ALL_READ;

	if (!run) {
		fputs("ctreplay: out of memory\n", stderr);
		return EXIT_USAGE;
	}
	run->diag = (struct diag){ say, run };
	catch_signals();
	switch (options_read(&run->opt, argc, argv, &run->diag)) {
	case OPTIONS_RUN:
		status = run_all(run);
		break;
	case OPTIONS_HELP:
		options_print_help(stdout);
		break;
	case OPTIONS_VERSION:
		options_print_version(stdout);
		break;
	case OPTIONS_BAD:
		status = EXIT_USAGE;
		break;
	}
	free_all(run);
	free(run);
	return status;
}
