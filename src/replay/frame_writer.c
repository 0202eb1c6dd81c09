/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/frame_writer.h"

#include "replay/printer.h"

bool frame_writer_open(struct frame_writer *w, const struct settings *settings,
		       const struct capture *c)
{
	const struct ct_sysctl *sysctl = &settings->opt->config.sysctl;
	const char *path = settings->opt->write;

	if (!path)
		return true;
	w->held = fragment_frames_create((size_t)sysctl->ipfrag_high_thresh +
					 sysctl->frag6_high_thresh);
	if (!w->held) {
		diag_say(settings->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	/* confine() did not open the file if a FILE did not look like a capture,
	 * but then was one. */
	if (!w->file.path &&
	    !writer_file_open(&w->file, path, settings->stop, settings->diag))
		return false;
	w->writer = writer_open(&w->file, c, settings->diag);
	return w->writer != NULL;
}

void frame_writer_free(struct frame_writer *w)
{
	writer_close(w->writer);
	writer_file_close(&w->file);
	fragment_frames_free(w->held);
}

bool frame_writer_write(struct frame_writer *w, struct batch *b)
{
	const struct chosen_frames *c = &b->chosen;

	for (const struct frame_range *r = c->range; r <= c->last && !w->error; r++)
		w->error = writer_frames(w->writer, b->frames, r->from, r->to);
	chosen_frames_clear(&b->chosen);
	/* A reader of a live capture gets all frames that have come. */
	if (b->next_waits && !w->error)
		w->error = writer_flush(w->writer);
	return !w->error;
}

void frame_writer_choose_slow(struct frame_writer *w, struct batch *b, uint32_t i)
{
	printer_take_output(b);
	frame_writer_write(w, b);
	chosen_frames_add(&b->chosen, i);
}

/* A frame that is not in the batch: what comes before it is written, too. */
static void write_held(struct frame_writer *w, struct batch *b, const struct frame *f)
{
	printer_take_output(b);
	if (frame_writer_write(w, b))
		w->error = writer_frame(w->writer, f);
}

static void write_fragments(struct frame_writer *w, struct batch *b,
			    const struct frame *last, const struct ct_reassembly *r)
{
	const struct frame *f;
	const uint64_t *number;
	uint32_t n;

	number = ct_reassembly_frames(r, &n);
	for (uint32_t i = 0; i < n; i++) {
		if (number[i] == last->number)
			continue;
		f = fragment_frames_find(w->held, number[i]);
		if (f)
			write_held(w, b, f);
	}
}

bool frame_writer_packet(struct frame_writer *w, struct batch *b, const struct frame *f,
			 const struct ct_reassembly *r, const struct ct_packet *pkt,
			 const struct ct_verdict *v, bool selected)
{
	if (!selected)
		return v->ctstate != CT_FRAGMENT || fragment_frames_add(w->held, f);
	/* Fragments that were selected themselves are written already, and not
	 * kept. */
	if (pkt->flags & CT_PACKET_REASSEMBLED)
		write_fragments(w, b, f, r);
	frame_writer_choose(w, b, f);
	return true;
}

int frame_writer_finish(struct frame_writer *w)
{
	int error = writer_close(w->writer);

	w->writer = NULL;
	if (!w->error)
		w->error = error;
	return w->error;
}
