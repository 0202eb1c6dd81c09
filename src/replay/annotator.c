/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/annotator.h"

#include <errno.h>
#include <inttypes.h>

#include "replay/output_file.h"
#include "report/comment.h"

bool annotator_open_file(struct annotator *a, const char *path, const struct stop *stop,
			 const struct diag *diag)
{
	if (!output_file_open(&a->file, &a->whole, path, OUTPUT_PCAPNG, stop, diag))
		return false;
	a->file.pcapng = true;
	return true;
}

bool annotator_open(struct annotator *a, const struct settings *settings,
		    const struct capture *c)
{
	const char *path = settings->opt->annotate;

	if (!path)
		return true;
	/* As in frame_writer_open(). */
	if (!a->file.path &&
	    !annotator_open_file(a, path, settings->stop, settings->diag))
		return false;
	a->writer = writer_open(&a->file, c, settings->diag);
	return a->writer != NULL;
}

void annotator_free(struct annotator *a)
{
	if (a->writer)
		writer_drop(a->writer);
	whole_file_drop(&a->whole);
	writer_file_close(&a->file);
	a->writer = NULL;
}

void annotator_batch(struct annotator *a, const struct frame_batch *b)
{
	a->first = frame_batch_get(b, 0);
	a->block = b->kept.first;
}

static void write_blocks(struct annotator *a, size_t before)
{
	while (a->block && a->block->before <= before && !a->error) {
		a->error = writer_block(a->writer, a->block);
		a->block = a->block->next;
	}
}

static bool is_old(const char *text, uint16_t len)
{
	return comment_is_one(text, len);
}

static void write_frame(struct annotator *a, const struct frame *f, const char *text,
			const char *end)
{
	const struct new_comment comment = { text, (uint16_t)(end - text), is_old };

	if (a->block)
		write_blocks(a, (size_t)(f - a->first));
	if (!a->error)
		a->error = writer_commented(a->writer, f, &comment);
}

void annotator_packet(struct annotator *a, const struct frame *f,
		      const struct ct_verdict *v, const struct rule_view *rule)
{
	char text[COMMENT_SIZE];

	write_frame(a, f, text, put_comment(text, v, rule));
}

void annotator_frame(struct annotator *a, const struct frame *f, const char *why)
{
	char text[COMMENT_SIZE];

	write_frame(a, f, text, put_comment_without(text, why));
}

void annotator_flush(struct annotator *a)
{
	if (!a->error)
		a->error = writer_flush(a->writer);
}

static void note_blocks(const struct annotator *a, const struct settings *s,
			const struct capture *c)
{
	uint64_t n = writer_blocks_left_out(a->writer) + capture_blocks_lost(c);

	if (n)
		diag_say(s->diag, DIAG_NOTE,
			 "--annotate: %" PRIu64 " other block%s of the captures %s left out: marked as not to be copied, damaged, of an unknown type in another byte order, or too large",
			 n, n > 1 ? "s" : "", n > 1 ? "are" : "is");
}

bool annotator_finish(struct annotator *a, const struct settings *settings,
		      const struct capture *c, bool whole)
{
	bool replaces = a->whole.finisher > 0;

	if (!whole && !a->error)
		a->error = ENOMEM;
	a->block = capture_last_blocks(c)->first;
	write_blocks(a, SIZE_MAX);
	note_blocks(a, settings, c);
	if (!a->error)
		a->error = writer_complete(a->writer);
	if (!a->error) {
		a->error = writer_close(a->writer);
		a->writer = NULL;
	}
	if (!a->error)
		a->error = whole_file_keep(&a->whole);
	if (a->error)
		output_file_say_failure(settings->opt->annotate, a->error, replaces,
					settings->diag);
	annotator_free(a);
	return !a->error;
}
