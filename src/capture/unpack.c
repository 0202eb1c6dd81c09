/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/unpack.h"

#ifndef CTREPLAY_WITHOUT_ARCHIVE

#include <dlfcn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * The part of libarchive's interface that is used.  It is version 13 of the ABI,
 * which has not changed since libarchive 3.0, so archive.h is not needed.
 */
#define SONAME		"libarchive.so.13"
#define ARCHIVE_EOF	1
#define ARCHIVE_OK	0
#define ARCHIVE_WARN	(-20)
#define ARCHIVE_FATAL	(-30)

#define BEGIN_BYTES	(1024 * 1024)

struct archive;
struct archive_entry;
typedef ssize_t read_callback(struct archive *, void *, const void **);

/* name, return type, parameters */
#define FUNCTIONS(X)							\
	X(read_new, struct archive *, (void))				\
	X(read_free, int, (struct archive *))				\
	X(read_support_filter_gzip, int, (struct archive *))		\
	X(read_support_filter_zstd, int, (struct archive *))		\
	X(read_support_filter_xz, int, (struct archive *))		\
	X(read_support_filter_lz4, int, (struct archive *))		\
	X(read_support_filter_bzip2, int, (struct archive *))		\
	X(read_support_format_raw, int, (struct archive *))		\
	X(read_support_format_empty, int, (struct archive *))		\
	X(read_open, int, (struct archive *, void *, void *,		\
			   read_callback *, void *))			\
	X(read_next_header, int, (struct archive *, struct archive_entry **)) \
	X(read_data_block, int, (struct archive *, const void **, size_t *, \
				 int64_t *))				\
	X(error_string, const char *, (struct archive *))

static struct {
	bool tried;
	bool loaded;
#define MEMBER(name, type, parameters) type (*name) parameters;
	FUNCTIONS(MEMBER)
#undef MEMBER
} lib;

struct unpack {
	struct archive *archive;
	unpack_more *more;
	void *arg;
	bool begun;		/* the first bytes were read */
	bool ended;
	bool no_memory;
	const uint8_t *block;	/* the library's bytes that are not returned yet */
	size_t left;
};

/* dlsym(3) gives a function as an object pointer. */
static bool find(void *handle, const char *name, void *fn)
{
	void *sym = dlsym(handle, name);

	memcpy(fn, &sym, sizeof(sym));
	return sym != NULL;
}

static bool library(void)
{
	void *handle;

	if (lib.tried)
		return lib.loaded;
	lib.tried = true;
	handle = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return false;
	lib.loaded = true;
#define FIND(name, type, parameters) \
	lib.loaded = find(handle, "archive_" #name, &lib.name) && lib.loaded;
	FUNCTIONS(FIND)
#undef FIND
	return lib.loaded;
}

void unpack_prepare(void)
{
	library();
}

/*
 * Adds only the filter that is needed.  ARCHIVE_WARN means that the library has
 * no code for it and would run a program, which is refused.
 */
static int add_filter(struct archive *a, enum magic packing)
{
	switch (packing) {
	case MAGIC_GZIP:
		return lib.read_support_filter_gzip(a);
	case MAGIC_ZSTD:
		return lib.read_support_filter_zstd(a);
	case MAGIC_XZ:
		return lib.read_support_filter_xz(a);
	case MAGIC_LZ4:
		return lib.read_support_filter_lz4(a);
	case MAGIC_BZIP2:
		return lib.read_support_filter_bzip2(a);
	default:
		return ARCHIVE_WARN;
	}
}

/* ARCHIVE_OK, ARCHIVE_WARN, or a worse status for a lack of memory. */
static int set_up(struct archive *a, enum magic packing)
{
	int status = add_filter(a, packing);

	if (status == ARCHIVE_OK)
		status = lib.read_support_format_raw(a);
	if (status == ARCHIVE_OK)
		status = lib.read_support_format_empty(a);
	return status;
}

static ssize_t more(struct archive *a, void *arg, const void **p)
{
	struct unpack *u = arg;
	const uint8_t *bytes = NULL;
	ssize_t n = u->more(u->arg, &bytes);

	(void)a;
	*p = bytes;
	return n < 0 ? ARCHIVE_FATAL : n;
}

/* libarchive 3.6 does not check most of its allocations, so there must be more
 * memory than it needs at the start. */
static bool has_memory(void)
{
	void *volatile p = malloc(BEGIN_BYTES);		/* not optimised away */

	free(p);
	return p != NULL;
}

struct unpack *unpack_open(enum magic packing, unpack_more *from, void *arg,
			   const char **why)
{
	struct unpack *u;

	*why = SONAME ", which decompresses it, is not installed (Debian: libarchive13)";
	if (!library())
		return NULL;
	*why = "there is not enough memory to decompress it";
	u = calloc(1, sizeof(*u));
	if (!u)
		return NULL;
	u->more = from;
	u->arg = arg;
	u->archive = has_memory() ? lib.read_new() : NULL;
	if (u->archive) {
		int status = set_up(u->archive, packing);

		if (status == ARCHIVE_OK)
			return u;
		if (status >= ARCHIVE_WARN)
			*why = "the installed libarchive was built without support for it";
	}
	unpack_close(u);
	return NULL;
}

static bool begin(struct unpack *u)
{
	struct archive_entry *entry;
	int status;

	u->begun = true;
	u->no_memory = !has_memory();
	if (u->no_memory)
		return false;
	if (lib.read_open(u->archive, u, NULL, more, NULL) < ARCHIVE_OK)
		return false;
	status = lib.read_next_header(u->archive, &entry);
	u->ended = status == ARCHIVE_EOF;	/* an empty file was compressed */
	return status >= ARCHIVE_OK;
}

ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n)
{
	if (!u->begun && !begin(u))
		return -1;
	while (u->left == 0 && !u->ended) {
		const void *block = NULL;
		int64_t offset;
		int status = lib.read_data_block(u->archive, &block, &u->left,
						 &offset);

		if (status == ARCHIVE_EOF) {
			u->ended = true;
			u->left = 0;
		} else if (status < ARCHIVE_OK) {
			u->left = 0;
			return -1;
		}
		u->block = block;
	}
	if (n > u->left)
		n = u->left;
	if (n) {
		memcpy(to, u->block, n);
		u->block += n;
		u->left -= n;
	}
	return (ssize_t)n;
}

const char *unpack_error(const struct unpack *u)
{
	const char *text = lib.error_string(u->archive);

	if (u->no_memory)
		return "out of memory";
	return text ? text : "it cannot be decompressed";
}

void unpack_close(struct unpack *u)
{
	if (!u)
		return;
	if (u->archive)
		lib.read_free(u->archive);
	free(u);
}

#else

void unpack_prepare(void)
{
}

struct unpack *unpack_open(enum magic packing, unpack_more *more, void *arg,
			   const char **why)
{
	(void)packing, (void)more, (void)arg;
	*why = "this ctreplay was built without libarchive";
	return NULL;
}

ssize_t unpack_read(struct unpack *u, uint8_t *to, size_t n)
{
	(void)u, (void)to, (void)n;
	return -1;
}

const char *unpack_error(const struct unpack *u)
{
	(void)u;
	return "";
}

void unpack_close(struct unpack *u)
{
	(void)u;
}

#endif
