/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/confine.h"

#include "capture/preflight.h"
#include "capture/resolver.h"
#include "capture/unpack.h"
#include "sandbox/sandbox.h"

static void may_read(void *arg, const char *path)
{
	if (arg)
		sandbox_may_read(arg, path);
}

/* Done with and without a sandbox, so that results do not differ. */
static bool prepare(const struct options *opt, const struct diag *diag,
		    const struct stop *stop, struct tracker *t, struct sandbox *s)
{
	struct preflight preflight;

	capture_preflight(opt->files, opt->nfiles, &preflight, may_read, s);
	if (preflight.packed)
		unpack_prepare();
	if (opt->filter)
		resolver_prepare(may_read, s);
	if (t && opt->report && !page_file_prepare(diag))
		return false;
	if (opt->load_state)
		may_read(s, opt->load_state);
	if (!preflight.captures || !t)
		return true;
	return saved_open(&t->saved, opt, diag) &&
	       (!opt->write ||
		writer_file_open(&t->writer.file, opt->write, stop, diag)) &&
	       (!opt->annotate ||
		annotator_open_file(&t->annotator, opt->annotate, stop, diag)) &&
	       (!opt->report || page_file_open(&t->page, opt->report, stop, diag));
}

bool confine(const struct options *opt, const struct diag *diag,
	     const struct stop *stop, struct tracker *t)
{
	struct sandbox *s = NULL;

	if (t)
		t->writer.file = t->annotator.file = t->page.file =
			(struct writer_file){ .path = NULL };
	if (opt->sandbox == SANDBOX_AUTO) {
		s = sandbox_create();
		if (!s) {
			diag_say(diag, DIAG_ERROR, "out of memory");
			return false;
		}
	}
	if (!prepare(opt, diag, stop, t, s)) {
		sandbox_free(s);
		return false;
	}
	if (s)
		sandbox_enter(s, opt->verbose ? diag : NULL);
	else if (opt->verbose)
		diag_say(diag, DIAG_NOTE, "sandbox: off, by --sandbox=no");
	return true;
}
