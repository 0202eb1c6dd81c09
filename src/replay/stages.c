/* SPDX-License-Identifier: GPL-2.0-only */
/* stages.c - the stages' threads, and what circulates between them. */
#include "replay/run.h"

#include <malloc.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#define STACK_BYTES (512u * 1024)
#define LARGE_BYTES (512 * 1024)

/* So many processors are needed for a thread that prints. */
#ifndef CTREPLAY_PRINTER_FROM
#define CTREPLAY_PRINTER_FROM 3
#endif

bool stages_create(struct run *run)
{
	lane_init(&run->to_read, WORKS / 2);
	lane_init(&run->to_track, 1);
	lane_init(&run->to_fill, PAGES / 2);
	lane_init(&run->to_print, 3);
	for (unsigned int i = 0; i < WORKS; i++) {
		struct work *w = &run->work[i];

		w->parcel = PARCEL_WORK;
		w->frames = frame_batch_create();
		w->parsed = aligned_alloc(_Alignof(struct parsed),
					  FRAME_BATCH_FRAMES * sizeof(*w->parsed));
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
		lane_put(&run->to_read, w, last || w->waits);
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

static bool has_processors(int n)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) < 0 ||
	       CPU_COUNT(&set) >= n;
}

/* To be called before there is a tracking stage, which passes the pages. */
static void choose_printing(struct run *run)
{
	if (!run->lines && !run->opt->events &&
	    run->opt->format != REPORT_TIMESKETCH)
		return;
	if (!has_processors(CTREPLAY_PRINTER_FROM))
		run->printing = &run->to_read;
	else if (begin(&run->printer, print_all, run))
		run->printing = &run->to_print;
}

static void begin_stages(struct run *run)
{
	sigset_t all, old;

	/* An arena for each thread would only cost address space.  What is large
	 * and grows goes back to the system whenever it has grown; glibc would
	 * otherwise begin to keep it. */
	mallopt(M_ARENA_MAX, 1);
	mallopt(M_MMAP_THRESHOLD, LARGE_BYTES);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (unsigned int i = 1; i < PAGES; i++)
		lane_put(&run->to_fill, run->pages[i], false);
	choose_printing(run);
	run->tracks = begin(&run->tracker, track_all, run);
	if (!run->tracks && run->printing == &run->to_read)
		run->printing = NULL;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

static void end_stages(struct run *run)
{
	if (run->tracks)
		pthread_join(run->tracker, NULL);
	run->page->last = true;
	if (run->printing == &run->to_print) {
		lane_put(&run->to_print, run->page, true);
		pthread_join(run->printer, NULL);
	} else {
		print_page(run, run->page);
	}
	run->printing = NULL;
}

/* The next batch that has come back; pages that come before it are printed. */
static struct work *next_work(struct run *run)
{
	for (;;) {
		void *item = lane_get(&run->to_read);

		if (*(const enum parcel *)item == PARCEL_WORK)
			return item;
		print_page(run, item);
		lane_put(&run->to_fill, item, false);
	}
}

/* Returns when 'w' has been tracked, and all pages that were passed on until
 * then are printed. */
static void come_back(struct run *run, const struct work *w)
{
	struct work *back[WORKS];
	unsigned int n = 0;

	do
		back[n] = next_work(run);
	while (back[n++] != w);
	for (unsigned int i = 0; i < n; i++)
		lane_put(&run->to_read, back[i], false);
}

void stages_run(struct run *run)
{
	bool last;

	begin_stages(run);
	for (unsigned int i = 0; i < WORKS; i++)
		lane_put(&run->to_read, &run->work[i], false);
	do {
		struct work *w = next_work(run);
		bool waits;

		read_work(run, w);
		last = w->last;
		waits = w->waits;
		if (run->tracks) {
			lane_put(&run->to_track, w, false);
		} else {
			track_work(run, w);
			lane_put(&run->to_read, w, false);
		}
		/* Whoever prints must not begin to wait for a file. */
		if (run->printing == &run->to_read && (last || waits))
			come_back(run, w);
	} while (!last);
	end_stages(run);
}

void stages_printed(struct run *run)
{
	track_pass_page(run, true);
	if (run->printing)
		lane_await(&run->to_fill, PAGES - 1);
}
