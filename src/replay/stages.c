/* SPDX-License-Identifier: GPL-2.0-only */
/* stages.c - the stages' threads, and what circulates between them. */
#include "replay/run.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES (512u * 1024)

bool stages_create(struct run *run)
{
	lane_init(&run->to_read, WORKS / 2);
	lane_init(&run->to_track, 1);
	lane_init(&run->to_fill, PAGES / 2);
	lane_init(&run->to_print, 3);
	for (unsigned int i = 0; i < WORKS; i++) {
		struct work *w = &run->work[i];

		w->frames = frame_batch_create();
		w->parsed = calloc(FRAME_BATCH_FRAMES, sizeof(*w->parsed));
		if (!w->frames || !w->parsed)
			return false;
	}
	for (unsigned int i = 0; i < PAGES; i++) {
		run->pages[i] = page_create();
		if (!run->pages[i])
			return false;
	}
	run->page = run->pages[0];
	return true;
}

void stages_free(struct run *run)
{
	for (unsigned int i = 0; i < WORKS; i++) {
		frame_batch_free(run->work[i].frames);
		free(run->work[i].parsed);
	}
	for (unsigned int i = 0; i < PAGES; i++)
		page_free(run->pages[i]);
	lane_destroy(&run->to_read);
	lane_destroy(&run->to_track);
	lane_destroy(&run->to_fill);
	lane_destroy(&run->to_print);
}

static void *track_all(void *arg)
{
	struct run *run = arg;
	bool last;

	/* For top(1) and debuggers. */
	pthread_setname_np(pthread_self(), "ctreplay:track");
	do {
		struct work *w = lane_get(&run->to_track);

		track_work(run, w);
		last = w->last;
		lane_put(&run->to_read, w, false);
	} while (!last);
	return NULL;
}

static void *print_all(void *arg)
{
	struct run *run = arg;
	bool last;

	pthread_setname_np(pthread_self(), "ctreplay:print");
	do {
		struct page *page = lane_get(&run->to_print);

		last = page->last;
		print_page(run, page);
		lane_put(&run->to_fill, page, false);
	} while (!last);
	return NULL;
}

/* False where the system has no thread for us: then there is none. */
static bool begin(pthread_t *thread, void *(*stage)(void *), struct run *run)
{
	pthread_attr_t attr;
	bool ok;

	if (pthread_attr_init(&attr) != 0)
		return false;
	ok = pthread_attr_setstacksize(&attr, STACK_BYTES) == 0 &&
	     pthread_create(thread, &attr, stage, run) == 0;
	pthread_attr_destroy(&attr);
	return ok;
}

static void begin_stages(struct run *run)
{
	sigset_t all, old;

	/* An arena for each thread would only cost address space. */
	mallopt(M_ARENA_MAX, 1);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (unsigned int i = 1; i < PAGES; i++)
		lane_put(&run->to_fill, run->pages[i], false);
	/* The lanes are set up before there is anyone to use them; whoever
	 * passes pages must know who gets them. */
	run->prints = (run->lines || run->opt->events ||
		       run->opt->format == REPORT_TIMESKETCH) &&
		      begin(&run->printer, print_all, run);
	run->tracks = begin(&run->tracker, track_all, run);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void end_stages(struct run *run)
{
	if (run->tracks)
		pthread_join(run->tracker, NULL);
	run->page->last = true;
	if (run->prints) {
		lane_put(&run->to_print, run->page, true);
		pthread_join(run->printer, NULL);
		run->prints = false;
	} else {
		print_page(run, run->page);
	}
}

void stages_run(struct run *run)
{
	bool last;

	begin_stages(run);
	for (unsigned int i = 0; i < WORKS; i++)
		lane_put(&run->to_read, &run->work[i], false);
	do {
		struct work *w = lane_get(&run->to_read);

		read_work(run, w);
		last = w->last;
		if (run->tracks) {
			lane_put(&run->to_track, w, false);
		} else {
			track_work(run, w);
			lane_put(&run->to_read, w, false);
		}
	} while (!last);
	end_stages(run);
}

void stages_printed(struct run *run)
{
	track_pass_page(run, true);
	if (run->prints)
		lane_await(&run->to_fill, PAGES - 1);
}
