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

/* The same with and without a sandbox, so that the results are. */
static bool prepare(const struct options *opt, const struct diag *diag,
		    const struct stop *stop, struct writer_file *file,
		    struct sandbox *s)
{
	struct preflight ahead;

	capture_preflight(opt->files, opt->nfiles, &ahead, may_read, s);
	if (ahead.packed)
		unpack_prepare();
	if (opt->filter)
		resolver_prepare(may_read, s);
	return !opt->write || !ahead.captures ||
	       writer_file_open(file, opt->write, stop, diag);
}

bool confine(const struct options *opt, const struct diag *diag,
	     const struct stop *stop, struct writer_file *file)
{
	struct sandbox *s = NULL;

	*file = (struct writer_file){ .path = NULL };
	if (opt->sandbox == SANDBOX_AUTO) {
		s = sandbox_create();
		if (!s) {
			diag_say(diag, DIAG_ERROR, "out of memory");
			return false;
		}
	}
	if (!prepare(opt, diag, stop, file, s)) {
		sandbox_free(s);
		return false;
	}
	if (s)
		sandbox_enter(s, opt->verbose ? diag : NULL);
	else if (opt->verbose)
		diag_say(diag, DIAG_NOTE, "sandbox: off, by --sandbox=no");
	return true;
}
