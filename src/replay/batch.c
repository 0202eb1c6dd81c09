/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/batch.h"

#include <stdlib.h>
#include <string.h>

#include "replay/printer.h"

static struct parsed_frame *parsed_frames(void)
{
	return aligned_alloc(_Alignof(struct parsed_frame),
			     FRAME_BATCH_FRAMES * sizeof(struct parsed_frame));
}

bool batch_init(struct batch *b, size_t frames, struct printer *printer,
		struct report *report)
{
	b->printer = printer;
	b->frames = frame_batch_create();
	if (b->frames)
		frame_batch_limit(b->frames, frames);
	b->parsed = parsed_frames();
	if (printer->settings->opt->versus) {
		b->second = parsed_frames();
		if (!b->second)
			return false;
	}
	b->report = report ? report : printer_copy_report(printer);
	if (printer->settings->opt->dedup) {
		b->copy_hash = malloc(FRAME_BATCH_FRAMES * sizeof(*b->copy_hash));
		if (!b->copy_hash)
			return false;
	}
	if (printer->settings->opt->write && !chosen_frames_init(&b->chosen))
		return false;
	if (!records_init(&b->records) || !b->frames || !b->parsed || !b->report)
		return false;
	b->report->out.claim = printer_take_output;
	b->report->out.claim_arg = b;
	return true;
}

void batch_free(struct batch *b)
{
	frame_batch_free(b->frames);
	free(b->parsed);
	free(b->copy_hash);
	free(b->second);
	records_free(&b->records);
	chosen_frames_free(&b->chosen);
	if (b->printer && b->report != &b->printer->report)
		free(b->report);
}

void batch_clear(struct batch *b)
{
	b->messages = NULL;
	b->messages_end = &b->messages;
	b->next_waits = false;
	if (b->chosen.range)
		chosen_frames_clear(&b->chosen);
	frame_batch_clear(b->frames);
}

bool batch_add_message(struct batch *b, enum diag_level level, const char *text)
{
	size_t size = strlen(text) + 1;
	struct message *m = malloc(sizeof(*m) + size);

	if (!m)
		return false;
	m->next = NULL;
	m->level = level;
	memcpy(m->text, text, size);
	*b->messages_end = m;
	b->messages_end = &m->next;
	return true;
}

void batch_say_messages(struct batch *b, const struct diag *diag)
{
	struct message *m, *next;

	for (m = b->messages; m; m = next) {
		next = m->next;
		diag->say(diag->arg, m->level, m->text);
		free(m);
	}
	b->messages = NULL;
}
