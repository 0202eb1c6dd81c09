/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/saved.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/write_all.h"
#include "base/xxh64.h"
#include "replay/saved_header.h"
#include "replay/tracker_state.h"

/* Whether the file may be replaced: it is a state, or empty. */
static bool is_state(const char *path)
{
	static const char magic[] = SAVED_MAGIC;
	char first[sizeof(magic)] = "";
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f)
		return false;
	n = fread(first, 1, sizeof(magic) - 1, f);
	fclose(f);
	return n == 0 || memcmp(first, magic, sizeof(magic) - 1) == 0;
}

/* Why whole_file_open() has failed. */
static const char *why_not(const char *path, const struct stat *st, bool exists)
{
	char dir[4096];
	char *slash;

	if (exists && !S_ISREG(st->st_mode))
		return "it is no regular file, which a state replaces as a whole";
	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (slash)
		slash[slash == dir] = '\0';
	if (access(slash ? dir : ".", W_OK | X_OK) < 0 ||
	    (exists && access(path, W_OK) < 0))
		return strerror(errno);
	return "its directory takes no new file";
}

bool saved_open(struct saved *s, const struct options *o, const struct diag *diag)
{
	const char *path = o->save_state;
	struct stat st;
	bool exists;

	*s = (struct saved){ .files = 0 };
	if (!path)
		return true;
	exists = stat(path, &st) == 0;
	if (exists && S_ISREG(st.st_mode) && access(path, R_OK) == 0 && !is_state(path)) {
		diag_say(diag, DIAG_ERROR, "--save-state %s: there is such a file, and "
			 "it is no state; name another one, or remove it", path);
		return false;
	}
	if (whole_file_open(&s->file, path))
		return true;
	diag_say(diag, DIAG_ERROR, "cannot write %s: %s", path,
		 why_not(path, &st, exists));
	return false;
}

void saved_drop(struct saved *s)
{
	if (s->file.finisher <= 0)
		return;
	whole_file_drop(&s->file);
	if (s->file.fd >= 0)
		close(s->file.fd);
	s->file.fd = -1;
}

static size_t read_file(void *file, void *data, size_t n)
{
	return fread(data, 1, n, file);
}

static bool write_file(void *fd, const void *data, size_t n)
{
	errno = write_all(*(int *)fd, data, n);
	return errno == 0;
}

/* Behind the header. */
static void load(struct state_io *io, FILE *f, uint64_t seed, struct tracker *t,
		 struct printer *p)
{
	bool good;

	if (!state_load_begin(io, read_file, f, seed))
		return;
	tracker_state(t, p, io);
	good = state_finish(io);
	if (good && getc(f) != EOF)
		state_fail(io, "something follows its end");
	if (ferror(f)) {
		io->failed = false;
		state_fail(io, "it cannot be read");
	}
}

/* Whether a state is refused for a setting, which state_fail_setting() names. */
static bool is_setting(const char *text)
{
	return strstr(text, ", and this is \"") != NULL;
}

/* What to do about that.  Of a firewall the text has a sum of all that it is made of. */
static const char *advice(const char *text)
{
	if (!is_setting(text))
		return "";
	return strstr(text, "and this is \"firewall ") ?
	       "; give the options that it was saved with, and the firewall's files as they "
	       "were then" : "; give the options that it was saved with";
}

bool saved_load(struct saved *s, const struct settings *settings, struct tracker *t,
		struct printer *p)
{
	const char *path = settings->opt->load_state;
	struct saved_header h = {
		.firewall = settings->firewall[0] ? settings->firewall[0]->sum : 0,
	};
	struct state_io io = { .failed = false };
	FILE *f;

	if (!path)
		return true;
	f = fopen(path, "re");
	if (!f) {
		diag_say(settings->diag, DIAG_ERROR, "cannot open %s: %s", path,
			 strerror(errno));
		return false;
	}
	if (saved_header_read(&h, f, settings->opt, &io))
		load(&io, f, xxh64(h.text, h.n, 0), t, p);
	s->files = h.files;
	saved_header_free(&h);
	fclose(f);
	if (io.failed)
		diag_say(settings->diag, DIAG_ERROR, "--load-state %s: %s%s", path, io.text,
			 advice(io.text));
	return !io.failed;
}

static void say_failure(const struct settings *s, const char *text, int error)
{
	diag_say(s->diag, DIAG_ERROR, "cannot write %s: %s; it stays as it was%s",
		 s->opt->save_state, text,
		 error == ENOSPC || error == EDQUOT ?
		 "; free some space, or write elsewhere" : "");
}

/* The header and all sections. */
static void save(struct state_io *io, int fd, struct saved_header *h,
		 struct tracker *t, struct printer *p)
{
	if (!state_save_begin(io, write_file, &fd, xxh64(h->text, h->n, 0)))
		return;
	if (!write_file(&fd, h->text, h->n)) {
		io->error = errno;
		state_fail(io, "%s", strerror(io->error));
	}
	tracker_state(t, p, io);
	state_finish(io);
}

bool saved_save(struct saved *s, const struct settings *settings, struct tracker *t,
		struct printer *p, uint64_t output)
{
	const struct options *o = settings->opt;
	struct saved_header h = {
		.files = s->files + o->nfiles,
		.last = o->nfiles ? o->files[o->nfiles - 1] : "",
		.frames = t->tally.counts.frames, .clock = t->clock.now,
		.output = output,
		.firewall = settings->firewall[0] ? settings->firewall[0]->sum : 0,
	};
	struct state_io io = { .failed = false };
	int error;

	if (saved_header_make(&h, o))
		save(&io, s->file.fd, &h, t, p);
	else
		state_no_memory(&io);
	saved_header_free(&h);
	if (io.failed) {
		say_failure(settings, io.text, io.error);
		saved_drop(s);
		return false;
	}
	error = close(s->file.fd) < 0 ? errno : 0;
	s->file.fd = -1;
	if (!error)
		error = whole_file_keep_durably(&s->file);
	if (error)
		say_failure(settings, strerror(error), error);
	whole_file_drop(&s->file);
	return !error;
}
