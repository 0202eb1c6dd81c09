/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/source.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "capture/unpack_ahead.h"

/* Bytes that a file is read at a time, and the sum over all open files. */
#define READ_MAX	(512 * 1024)
#define READ_MIN	(16 * 1024)
#define READ_TOTAL	(16 * 1024 * 1024)

/* Up to this number of files, all stay open after the first look; with more,
 * each is opened again for its first frame. */
#define KEEP_OPEN	16

static void say_errors(void *arg, enum diag_level level, const char *text)
{
	const struct sources *list = arg;

	if (level == DIAG_ERROR)
		list->diag->say(list->diag->arg, level, text);
}

static bool add_source(struct sources *list, const char *path,
		       const struct folder *folder)
{
	if (list->n == list->capacity) {
		size_t capacity = list->capacity ? list->capacity * 2 : 8;
		struct source *all = realloc(list->all,
					     capacity * sizeof(*all));

		if (!all) {
			diag_say(list->diag, DIAG_ERROR, "out of memory");
			return false;
		}
		list->all = all;
		list->capacity = capacity;
	}
	list->all[list->n++] = (struct source){ .path = path, .folder = folder };
	return true;
}

static bool name_sources(struct sources *list, const struct capture_options *opt)
{
	list->folders = calloc(opt->nfiles + 1, sizeof(*list->folders));
	if (!list->folders) {
		diag_say(list->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	for (size_t i = 0; i < opt->nfiles; i++) {
		struct folder *f = &list->folders[i];

		list->nfolders = i + 1;
		if (!folder_is(opt->files[i])) {
			if (!add_source(list, opt->files[i], NULL))
				return false;
			continue;
		}
		if (!folder_list(opt->files[i], opt->without, f, list->diag))
			return false;
		for (size_t k = 0; k < f->n; k++)
			if (!add_source(list, f->paths[k], f))
				return false;
		if (f->n == 0) {
			diag_say(list->diag, DIAG_ERROR,
				 "%s: this directory has no files; name one with captures",
				 opt->files[i]);
			return false;
		}
	}
	return true;
}

/* Frames of a reader that only looks have no interface. */
static struct reader *open_reader(struct sources *list, const struct source *s,
				  size_t bufsize, const struct diag *diag,
				  struct input_refusal *refusal, bool looks)
{
	struct input_request req = {
		.path = s->path, .bufsize = bufsize, .spare = &list->spare,
		.stop = list->stop, .diag = diag,
		.refusal = s->folder ? refusal : NULL, .crowded = &list->crowded,
	};

	return reader_open(&req, looks ? NULL : list->interfaces,
			   list->keep_blocks && !looks);
}

/* The buffer shrinks with the number of open files. */
static size_t buffer_size(const struct sources *list)
{
	size_t size = READ_TOTAL / (list->nopen + 1);

	return size > READ_MAX ? READ_MAX : size < READ_MIN ? READ_MIN : size;
}

static void set_state(struct source *s, enum reader_state state)
{
	switch (state) {
	case READER_FRAME:
		s->state = SOURCE_FRAME;
		s->time = reader_head(s->reader)->time;
		break;
	case READER_DAMAGED:
		s->state = SOURCE_DAMAGED;
		break;
	case READER_END:
		s->state = SOURCE_DONE;
		break;
	}
}

static void note_file(struct sources *list, struct source *s)
{
	const struct input *in = reader_input(s->reader);

	s->size = input_size(in);
	s->dev = input_device(in);
	s->ino = input_inode(in);
	list->size += s->size;
	if (input_packed(in) && s->size >= UNPACK_AHEAD_AFTER)
		list->unpacked += s->size;
	list->size_known &= input_regular(in);
	reader_describe(s->reader, &list->summary);
}

/*
 * A pcapng file may describe an interface with another link type anywhere, so it
 * is read to the end.  Messages about it are given when it is read again.
 */
static void look_through(struct sources *list, const struct source *s)
{
	const struct input *in = reader_input(s->reader);
	struct input_refusal refusal = { .set = false };
	struct reader *r;

	if (input_magic(in) != MAGIC_PCAPNG || !input_regular(in) ||
	    strcmp(s->path, "-") == 0)
		return;
	r = open_reader(list, s, READ_MAX, &diag_silent, &refusal, true);
	if (!r)
		return;
	while (reader_state(r) == READER_FRAME)
		reader_advance(r);
	reader_describe(r, &list->summary);
	reader_close(r);
}

/* A file of a directory that cannot be used. */
static bool pass_over(struct sources *list, struct source *s, const char *why)
{
	if (!*why)
		return true;
	s->refused = strdup(why);
	if (!s->refused)
		diag_say(list->diag, DIAG_ERROR, "out of memory");
	return s->refused != NULL;
}

/*
 * Takes a first look at a file.  If it is opened again later, warnings about its
 * first frame are given then.
 */
static bool look_into(struct sources *list, struct source *s, bool keep)
{
	struct input_refusal refusal = { .set = false };
	struct stat st;

	if (!keep && (strcmp(s->path, "-") == 0 || stat(s->path, &st) < 0 ||
		      !S_ISREG(st.st_mode)))
		keep = true;	/* a pipe's bytes cannot be read again */
	s->reader = open_reader(list, s, keep ? buffer_size(list) : READ_MIN,
				keep ? list->diag : &list->errors, &refusal,
				!keep);
	if (!s->reader)
		return refusal.set && pass_over(list, s, refusal.why);
	list->nopen++;
	set_state(s, reader_state(s->reader));
	note_file(list, s);
	if (list->whole_summary)
		look_through(list, s);
	if (!keep)
		source_close(list, s);
	return true;
}

/* True for a file that is not read: its size was not set, and a capture has at
 * least a header. */
static bool is_skipped(const struct source *s)
{
	return s->folder && s->size == 0;
}

static int by_time(const void *a, const void *b)
{
	const struct source *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return folder_order(x->path, y->path);
}

/* How many files of a directory are skipped. */
struct skipped {
	size_t foreign, unusable;	/* no captures; begin like captures */
	const struct source *first_foreign, *first_unusable;
};

static struct skipped count_skipped(const struct source *s, size_t n)
{
	struct skipped k = { .foreign = 0 };

	for (size_t i = 0; i < n; i++) {
		if (!is_skipped(&s[i]))
			continue;
		if (s[i].refused && k.unusable++ == 0)
			k.first_unusable = &s[i];
		else if (!s[i].refused && k.foreign++ == 0)
			k.first_foreign = &s[i];
	}
	return k;
}

static void note_skipped(const struct sources *list, const struct skipped *k,
			 const char *name, size_t n)
{
	if (k->foreign && k->foreign < n)
		diag_say(list->diag, DIAG_NOTE,
			 "%s: %zu of %zu files skipped, not captures; the first is %s",
			 name, k->foreign, n, k->first_foreign->path);
	if (k->unusable)
		diag_say(list->diag, DIAG_NOTE,
			 "%s: %zu of %zu files skipped, which begin like captures but cannot be used; the first is %s: %s",
			 name, k->unusable, n, k->first_unusable->path,
			 k->first_unusable->refused);
}

/* Sorts a directory's sources, which begin at 's', by time. */
static bool arrange_folder(struct sources *list, struct source *s,
			   const char *name)
{
	size_t n = s->folder->n;
	struct skipped k = count_skipped(s, n);

	note_skipped(list, &k, name, n);
	if (k.foreign + k.unusable == n) {
		diag_say(list->diag, DIAG_ERROR,
			 "%s: no file in this directory is a capture; ctreplay reads pcap and pcapng files, but none in subdirectories",
			 name);
		return false;
	}
	qsort(s, n, sizeof(*s), by_time);
	return true;
}

static bool arrange(struct sources *list, const struct capture_options *opt)
{
	struct source *s = list->all;
	size_t read = 0;

	for (size_t i = 0; i < opt->nfiles; i++) {
		if (!s->folder) {
			s++;
			continue;
		}
		if (!arrange_folder(list, s, opt->files[i]))
			return false;
		s += s->folder->n;
	}
	for (size_t i = 0; i < list->n; i++) {
		list->all[i].rank = i;
		read += !is_skipped(&list->all[i]);
	}
	list->several = read > 1 || opt->part;
	return true;
}

bool sources_check(const struct capture_options *opt)
{
	size_t n = 0;

	for (size_t i = 0; i < opt->nfiles; i++)
		if (strcmp(opt->files[i], "-") == 0)
			n++;
	if (n > 1)
		diag_say(opt->diag, DIAG_ERROR,
			 "-: standard input can be read only once; give - only once");
	return n <= 1;
}

bool sources_open(struct sources *list, const struct capture_options *opt)
{
	bool keep;

	*list = (struct sources){
		.stop = opt->stop, .diag = opt->diag,
		.errors = { say_errors, list }, .size_known = true,
		.whole_summary = opt->whole_summary,
		.keep_blocks = opt->keep_blocks,
	};
	list->interfaces = interface_store_create();
	if (!list->interfaces) {
		diag_say(list->diag, DIAG_ERROR, "out of memory");
		return false;
	}
	if (!name_sources(list, opt))
		return false;
	keep = list->n <= KEEP_OPEN;
	for (size_t i = 0; i < list->n; i++)
		if (!look_into(list, &list->all[i], keep))
			return false;
	return arrange(list, opt);
}

bool source_open(struct sources *list, struct source *s)
{
	struct input_refusal refusal = { .set = false };

	s->reader = open_reader(list, s, buffer_size(list), list->diag,
				&refusal, false);
	if (!s->reader) {
		if (refusal.set)
			diag_say(list->diag, DIAG_ERROR,
				 "%s: changed while being read and is no capture now; replay again when nothing writes to it",
				 s->path);
		return false;
	}
	list->nopen++;
	set_state(s, reader_state(s->reader));
	return true;
}

void source_take_blocks(struct sources *list, struct source *s, struct kept_blocks *to,
			size_t before)
{
	if (list->kept.first)
		kept_blocks_move(to, &list->kept, before);
	if (reader_blocks(s->reader)->first)
		kept_blocks_move(to, reader_blocks(s->reader), before);
}

/* Many files may have blocks, but no frames. */
static void keep_last_blocks(struct sources *list, struct source *s)
{
	struct kept_blocks *last = reader_blocks(s->reader);

	list->blocks_lost += reader_blocks_lost(s->reader);
	if (list->kept.bytes < KEPT_BYTES_MAX) {
		kept_blocks_move(&list->kept, last, 0);
	} else {
		list->blocks_lost += last->n;
		kept_blocks_clear(last);
	}
}

void source_close(struct sources *list, struct source *s)
{
	if (!s->reader)
		return;
	keep_last_blocks(list, s);
	reader_close(s->reader);
	s->reader = NULL;
	list->nopen--;
}

void sources_close(struct sources *list)
{
	for (size_t i = 0; i < list->n; i++) {
		source_close(list, &list->all[i]);
		free(list->all[i].refused);
	}
	for (size_t i = 0; i < list->nfolders; i++)
		folder_free(&list->folders[i]);
	free(list->all);
	free(list->folders);
	free(list->spare.buf);
	kept_blocks_clear(&list->kept);
	interface_store_free(list->interfaces);
}
