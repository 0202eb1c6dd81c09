/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/filter.h"
#include "capture/link.h"
#include "capture/write.h"
#include "cli/progress.h"
#include "ctreplay/conntrack.h"
#include "held.h"
#include "packet/reassembly.h"
#include "report/report.h"
#include "report/words.h"

struct run {
	const struct options *opt;
	const struct diag *diag;
	const volatile sig_atomic_t *stop;

	struct capture *capture;
	struct frame_batch *batch;
	struct reassembly *reassembly;
	struct ct *ct;
	struct bpf_set **notrack;	/* opt->nnotrack of them */
	struct report report;
	struct tally tally;
	struct progress progress;
	struct writer *writer;		/* -w, or NULL */
	struct held *held;		/* fragments that -w may want */
	int write_error;		/* errno, or 0 */

	bool started;			/* a frame has been seen */
	ct_time *at;			/* snapshots to come, in order of time */
	size_t nat, next_at;

	uint64_t backward, backward_first;	/* frames with an older stamp */
	uint64_t full_first;		/* first frame that the table was full for */
};

static bool out_of_memory(const struct run *run)
{
	diag_say(run->diag, DIAG_ERROR, "out of memory");
	return false;
}

static void print_table(struct run *run, bool snapshot)
{
	if (!report_table(&run->report, run->ct, snapshot))
		out_of_memory(run);
}

/* Snapshots that were asked for and are due before 'time'. */
static void print_snapshots(struct run *run, ct_time time)
{
	while (run->next_at < run->nat && run->at[run->next_at] < time) {
		ct_advance(run->ct, run->at[run->next_at]);
		run->report.snapshot_at = run->at[run->next_at++];
		print_table(run, true);
	}
}

static int by_time(const void *a, const void *b)
{
	ct_time x = *(const ct_time *)a, y = *(const ct_time *)b;

	return (x > y) - (x < y);
}

/* The first frame: now times that are relative to it are known. */
static void start_clock(struct run *run, ct_time time)
{
	run->started = true;
	run->report.start = time;
	for (size_t i = 0; i < run->opt->nat; i++) {
		const struct moment *m = &run->opt->at[i];

		run->at[i] = m->relative ? time + m->nanoseconds : m->nanoseconds;
	}
	run->nat = run->opt->nat;
	if (run->nat)
		qsort(run->at, run->nat, sizeof(*run->at), by_time);
}

/* The clock never runs backwards: a late frame is taken as of now. */
static void advance_clock(struct run *run, const struct frame *f)
{
	if (!run->started)
		start_clock(run, f->time);
	else if (f->time < ct_now(run->ct) && run->backward++ == 0)
		run->backward_first = f->number;
	print_snapshots(run, f->time);
	ct_advance(run->ct, f->time);
}

static bool notracked(const struct run *run, const struct ct_packet *pkt)
{
	for (size_t i = 0; i < run->opt->nnotrack; i++)
		if (bpf_matches(run->notrack[i], pkt->data, pkt->caplen, pkt->len))
			return true;
	return false;
}

static void write_frame(struct run *run, const struct frame *f)
{
	if (f && !run->write_error)
		run->write_error = writer_frame(run->writer, f);
}

/* -w: the frame of a packet, with the fragments that it completes. */
static void write_packet(struct run *run, const struct frame *f,
			 const struct ct_packet *pkt, const struct ct_verdict *v)
{
	const uint64_t *numbers;
	uint32_t n;

	if (!run->opt->states[v->ctstate]) {
		if (v->ctstate == CT_FRAGMENT)
			held_add(run->held, f);
		return;
	}
	/* If fragments are let through themselves they are written already. */
	if ((pkt->flags & CT_PACKET_REASSEMBLED) &&
	    !run->opt->states[CT_FRAGMENT]) {
		numbers = reassembly_frames(run->reassembly, &n);
		for (uint32_t i = 0; i < n; i++)
			if (numbers[i] != f->number)
				write_frame(run, held_find(run->held, numbers[i]));
	}
	write_frame(run, f);
}

static void say_verdict(struct run *run, const struct frame *f,
			const struct ct_packet *pkt, const struct ct_verdict *v)
{
	tally_packet(&run->tally, pkt, v);
	if (v->ctstate == CT_DROP && v->nwhy && !run->full_first &&
	    v->why[0].reason == CT_REASON_TABLE_FULL)
		run->full_first = f->number;
	if (run->writer)
		write_packet(run, f, pkt, v);
	if ((run->opt->packets || run->opt->format == REPORT_TIMESKETCH) &&
	    run->opt->states[v->ctstate])
		report_packet(&run->report, f->number, ct_now(run->ct), pkt, v);
}

static void replay_packet(struct run *run, const struct frame *f,
			  struct ct_packet *pkt)
{
	struct out *out = &run->report.out;
	struct ct_verdict v;
	size_t mark, mid;

	if (run->opt->nnotrack && notracked(run, pkt))
		pkt->flags |= CT_PACKET_NOTRACK;
	ct_track(run->ct, pkt, &v);
	/* The line comes before the events that the packet causes when it
	 * leaves, as a rule's log does.  Whether a helper drops it then is
	 * known only afterwards. */
	mark = out_hold(out);
	ct_confirm(run->ct, &v);
	mid = out->len;
	say_verdict(run, f, pkt, &v);
	if (mid != mark)
		out_rotate(out, mark, mid);
}

/* Fragments wait until their datagram is whole. */
static void replay_fragment(struct run *run, const struct frame *f,
			    struct ct_packet *pkt)
{
	struct ct_verdict v = { .ctstate = CT_FRAGMENT, .dir = CT_DIR_NONE,
				.nwhy = 1 };
	enum ct_reason why = CT_REASON_NONE;

	switch (reassembly_packet(run->reassembly, ct_now(run->ct), pkt, &why)) {
	case REASSEMBLY_PASS:
	case REASSEMBLY_WHOLE:
		replay_packet(run, f, pkt);
		return;
	case REASSEMBLY_HELD:
		v.why[0].reason = CT_REASON_FRAG_HELD;
		break;
	case REASSEMBLY_DROPPED:
		v.ctstate = CT_DROP;
		v.why[0].reason = (uint16_t)why;
		break;
	}
	say_verdict(run, f, pkt, &v);
}

static void stateless(struct run *run, const struct frame *f, const char *class)
{
	if (run->writer && !run->opt->some_states)
		write_frame(run, f);
	if (run->opt->packets && run->opt->verbose)
		report_frame(&run->report, f->number, ct_now(run->ct), class);
}

static void replay_frame(struct run *run, const struct frame *f)
{
	unsigned int options = run->opt->config.checksum == CT_CHECKSUM_AUTO ?
			       CT_PARSE_OFFLOAD : 0;
	struct link_payload payload;
	struct ct_packet pkt;
	enum link_class link;
	enum ct_packet_class class;

	advance_clock(run, f);
	if (f->filtered_out) {
		run->tally.filtered++;
		return;
	}
	link = link_decode(f, &payload);
	run->tally.link[link]++;
	if (link != LINK_IPV4 && link != LINK_IPV6) {
		stateless(run, f, link_class_name(link));
		return;
	}
	class = ct_packet_parse(&pkt, payload.data, payload.caplen,
				payload.wirelen,
				link == LINK_IPV4 ? CT_L3_IPV4 : CT_L3_IPV6,
				options);
	run->tally.packet[class]++;
	pkt.number = f->number;
	if (class != CT_PACKET_OK)
		stateless(run, f, ct_packet_class_name(class));
	else if (pkt.flags & CT_PACKET_FRAGMENT)
		replay_fragment(run, f, &pkt);
	else
		replay_packet(run, f, &pkt);
}

static void show_progress(struct run *run)
{
	uint64_t done, total;

	if (run->progress.fd < 0)
		return;
	capture_progress(run->capture, &done, &total);
	progress_show(&run->progress, done, total);
}

/* Reads and replays to the end. */
static enum replay_result replay_all(struct run *run)
{
	enum replay_result result = REPLAY_DONE;

	while (!*run->stop && !run->report.out.error && !run->write_error) {
		enum capture_status s = capture_next(run->capture, run->batch);

		for (size_t i = 0; i < frame_batch_count(run->batch); i++)
			replay_frame(run, frame_batch_get(run->batch, i));
		show_progress(run);
		if (s == CAPTURE_END)
			break;
		if (s == CAPTURE_DAMAGED)
			result = REPLAY_DAMAGED;
	}
	run->tally.frames = capture_frames(run->capture);
	run->tally.bytes = capture_bytes(run->capture);
	return *run->stop ? REPLAY_STOPPED : result;
}

static bool compile_notrack(struct run *run)
{
	run->notrack = calloc(run->opt->nnotrack + 1, sizeof(struct bpf_set *));
	if (!run->notrack)
		return out_of_memory(run);
	for (size_t i = 0; i < run->opt->nnotrack; i++) {
		run->notrack[i] = bpf_compile(run->opt->notrack[i], DLT_RAW,
					      "--notrack", run->diag);
		if (!run->notrack[i])
			return false;
	}
	return true;
}

static void on_event(void *arg, const struct ct_event *ev)
{
	report_event(arg, ev);
}

static void on_expect(void *arg, const struct ct_expect_event *ev)
{
	report_expect_event(arg, ev);
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
		cfg.on_event = on_event;
		cfg.on_expect = on_expect;
		cfg.event_arg = &run->report;
	}
	/* Nothing that is printed depends on the key. */
	if (getrandom(cfg.hash_key, sizeof(cfg.hash_key), GRND_NONBLOCK) < 0)
		memset(cfg.hash_key, 0x5a, sizeof(cfg.hash_key));
	run->ct = ct_create(&cfg);
	run->batch = frame_batch_create();
	run->reassembly = reassembly_create(&limits);
	run->at = calloc(run->opt->nat + 1, sizeof(*run->at));
	return (run->ct && run->batch && run->reassembly && run->at) ||
	       out_of_memory(run);
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
	run->held = held_create((size_t)sysctl->ipfrag_high_thresh +
				sysctl->frag6_high_thresh);
	if (!run->held)
		return out_of_memory(run);
	run->writer = writer_open(run->opt->write, run->capture, run->diag);
	return run->writer != NULL;
}

/* A line on the terminal, unless results are going there. */
static int progress_fd(const struct options *o)
{
	bool wanted = o->progress == WHEN_ALWAYS ||
		      (o->progress == WHEN_AUTO && !o->quiet &&
		       isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO));

	return wanted ? STDERR_FILENO : -1;
}

static bool open_all(struct run *run)
{
	struct capture_options co = {
		.files = run->opt->files, .nfiles = run->opt->nfiles,
		.filter = run->opt->filter, .max_frames = run->opt->max_frames,
		.diag = run->diag, .stop = run->stop,
	};

	if (!compile_notrack(run) || !make_engine(run))
		return false;
	if (capture_open(&run->capture, &co) == CAPTURE_OK)
		return open_writer(run);
	if (!*run->stop)
		hint_at_filter(run);
	return false;
}

/* What comes after the last frame. */
static void print_end(struct run *run)
{
	/* The last packet's helper may have given an entry no time at all. */
	ct_advance(run->ct, ct_now(run->ct));
	if (run->opt->table)
		print_table(run, false);
	print_snapshots(run, UINT64_MAX);
	if (run->opt->expectations &&
	    !report_expectations(&run->report, run->ct))
		out_of_memory(run);
	if (run->opt->stats)
		report_tally(&run->report, &run->tally, ct_stats(run->ct));
}

/* Oddities that would explain a surprise. */
static void say_notes(const struct run *run)
{
	const struct tally_sender *s = tally_suspect(&run->tally);
	char text[WORDS_ADDRESS_ROOM];

	if (run->backward)
		diag_say(run->diag, DIAG_NOTE, "%llu frames are older than the one "
			 "before them, frame %llu first; taken at its time",
			 (unsigned long long)run->backward,
			 (unsigned long long)run->backward_first);
	if (run->full_first)
		diag_say(run->diag, DIAG_WARNING, "table full, dropping packet: "
			 "frame %llu first, %llu in all; nf_conntrack_max is %u",
			 (unsigned long long)run->full_first,
			 (unsigned long long)ct_stats(run->ct)->refused,
			 run->opt->config.sysctl.max);
	if (s) {
		words_address_string(text, &s->addr, s->l3num);
		diag_say(run->diag, DIAG_WARNING, "%llu packets from %s have a wrong "
			 "checksum, frame %llu first: it looks like transmit offload, "
			 "where the card fills them in; try -k none",
			 (unsigned long long)s->failed, text,
			 (unsigned long long)s->first);
	}
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
		diag_say(run->diag, DIAG_ERROR, "cannot write %s: %s",
			 strcmp(run->opt->write, "-") == 0 ? "standard output" :
			 run->opt->write, strerror(run->write_error));
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
		diag_say(run->diag, DIAG_ERROR, "cannot write standard output: %s",
			 strerror(o->error));
	return REPLAY_DAMAGED;
}

static void free_run(struct run *run)
{
	capture_close(run->capture);
	frame_batch_free(run->batch);
	reassembly_free(run->reassembly);
	writer_close(run->writer);
	held_free(run->held);
	ct_destroy(run->ct);
	for (size_t i = 0; run->notrack && i < run->opt->nnotrack; i++)
		bpf_set_free(run->notrack[i]);
	free(run->notrack);
	free(run->at);
	free(run);
}

enum replay_result replay(const struct options *opt, const struct diag *diag,
			  const volatile sig_atomic_t *stop)
{
	struct run *run = calloc(1, sizeof(*run));
	enum replay_result result;

	if (!run) {
		diag_say(diag, DIAG_ERROR, "out of memory");
		return REPLAY_USAGE;
	}
	run->opt = opt;
	run->diag = diag;
	run->stop = stop;
	make_report(run);
	if (open_all(run)) {
		print_header(run);
		progress_begin(&run->progress, progress_fd(opt));
		result = replay_all(run);
		progress_end(&run->progress);
		print_end(run);
		result = finish_writer(run, result);
		result = finish_output(run, result);
		say_notes(run);
	} else {
		result = *stop ? REPLAY_STOPPED : REPLAY_USAGE;
	}
	free_run(run);
	return result;
}
