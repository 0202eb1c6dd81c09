/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page_file.h"

#include <errno.h>
#include <unistd.h>

#include "base/deflate.h"
#include "replay/tracker.h"

bool page_file_prepare(const struct diag *diag)
{
	const char *why;
	bool ok = deflate_prepare(&why);

	if (!ok)
		diag_say(diag, DIAG_ERROR, "--report: %s", why);
	return ok;
}

bool page_file_open(struct page_file *f, const char *path, const struct stop *stop,
		    const struct diag *diag)
{
	return output_file_open(&f->file, &f->whole, path, OUTPUT_PAGE, stop, diag);
}

bool page_file_begin(struct page_file *f, const struct settings *settings,
		     const struct capture *c)
{
	const struct options *o = settings->opt;

	if (!o->report)
		return true;
	/* As in frame_writer_open(). */
	if (!f->file.path &&
	    !page_file_open(f, o->report, settings->stop, settings->diag))
		return false;
	return writer_file_empty(&f->file, c, settings->diag);
}

void page_file_free(struct page_file *f)
{
	whole_file_drop(&f->whole);
	writer_file_close(&f->file);
}

/* What could not be written is not left half. */
static void empty(const struct page_file *f)
{
	if (S_ISREG(f->file.st.st_mode) && f->file.fd != STDOUT_FILENO &&
	    ftruncate(f->file.fd, 0) < 0)
		return;
}

static int write_all_of(struct page_file *f, struct tracker *t, const char *ended_early)
{
	int error = t->no_memory ? ENOMEM : tracker_write_page(t, f->file.fd, ended_early);

	if (error) {
		empty(f);
		return error;
	}
	if (f->file.fd == STDOUT_FILENO)
		return 0;
	/* Some file systems tell here that there is no space. */
	if (close(f->file.fd) < 0)
		error = errno;
	f->file.fd = -1;
	return error;
}

bool page_file_finish(struct page_file *f, struct tracker *t, const char *ended_early)
{
	const struct options *o = t->settings->opt;
	bool replaces = f->whole.finisher > 0;
	int error;

	if (!f->file.path)
		return true;
	error = write_all_of(f, t, ended_early);
	if (!error)
		error = whole_file_keep(&f->whole);
	if (error)
		output_file_say_failure(o->report, error, replaces, t->settings->diag);
	page_file_free(f);
	return !error;
}
