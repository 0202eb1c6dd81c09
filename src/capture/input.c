/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/unpack.h"

/* More at a time is no faster, and leaves the processor's cache. */
#define READ_SIZE	(64 * 1024)

struct input {
	const char *path;	/* the caller's */
	int fd;
	struct stat st;
	bool file_ended;	/* read(2) said so */
	bool ended;		/* and nothing is left to unpack */
	int error;		/* of read(2) */
	uint64_t raw;		/* bytes that read(2) gave */
	enum magic magic;
	const struct stop *stop;

	enum magic packing;
	struct unpack *unpack;	/* NULL: the bytes are as in the file */
	bool unpack_failed;
	uint8_t *packed;	/* 'packed_size' bytes of the file */
	size_t packed_size;
	size_t packed_have;	/* so many not yet given to 'unpack' */

	uint64_t base;		/* offset of buf[0] */
	size_t size, have;
	size_t given;		/* bytes of 'buf' that were taken */
	size_t read_size;	/* so many at a time, at most */
	uint8_t *buf;
};

const char *input_name(const struct input *in)
{
	return strcmp(in->path, "-") == 0 ? "standard input" : in->path;
}

enum magic input_magic(const struct input *in)
{
	return in->magic;
}

uint64_t input_offset(const struct input *in)
{
	return in->base + in->given;
}

const uint8_t *input_here(const struct input *in, size_t *have)
{
	*have = in->have - in->given;
	return in->buf + in->given;
}

bool input_can_wait(const struct input *in)
{
	return !S_ISREG(in->st.st_mode) && !in->ended && !in->error &&
	       !in->unpack_failed;
}

bool input_ended(const struct input *in)
{
	return in->ended || (in->unpack_failed && in->file_ended);
}

bool input_stopped(const struct input *in)
{
	return in->error == EINTR;
}

const char *input_failed(const struct input *in, bool *damaged)
{
	*damaged = !in->error && in->unpack_failed;
	if (in->error)
		return strerror(in->error);
	return in->unpack_failed ? unpack_error(in->unpack) : NULL;
}

void input_by_hand(const struct input *in, char *to, size_t size)
{
	magic_by_hand(in->packing, in->path, to, size);
}

const char *input_offset_note(const struct input *in)
{
	return in->unpack ? " of what it unpacks to" : "";
}

uint64_t input_used(const struct input *in)
{
	return in->unpack ? in->raw : input_offset(in);
}

uint64_t input_size(const struct input *in)
{
	return S_ISREG(in->st.st_mode) ? (uint64_t)in->st.st_size : 0;
}

bool input_regular(const struct input *in)
{
	return S_ISREG(in->st.st_mode);
}

dev_t input_device(const struct input *in)
{
	return in->st.st_dev;
}

ino_t input_inode(const struct input *in)
{
	return in->st.st_ino;
}

/* Until there is something to read, or the user wants to stop. */
static void wait_for(const struct input *in)
{
	struct pollfd p[] = {
		{ .fd = in->fd, .events = POLLIN },
		{ .fd = in->stop ? in->stop->fd : -1, .events = POLLIN },
	};

	if (S_ISREG(in->st.st_mode) || p[1].fd < 0)
		return;
	/* What is wrong, if something is, read(2) will tell. */
	while (poll(p, 2, -1) < 0 && errno == EINTR && !in->stop->set)
		;
}

/* Reads the file once, 'n' bytes at most; 0 at the end, -1 with 'error' set. */
static ssize_t read_file(struct input *in, uint8_t *to, size_t n)
{
	while (!in->file_ended && !in->error) {
		ssize_t got;

		wait_for(in);
		/* A signal that comes before read(2) is seen here, one that
		 * comes during it by EINTR. */
		if (in->stop && in->stop->set) {
			in->error = EINTR;
			break;
		}
		got = read(in->fd, to, n);
		if (got > 0) {
			in->raw += (uint64_t)got;
			return got;
		}
		if (got == 0)
			in->file_ended = true;
		else if (errno != EINTR)
			in->error = errno;
	}
	return in->error ? -1 : 0;
}

/* An unpack_more. */
static ssize_t packed_bytes(void *arg, const uint8_t **p)
{
	struct input *in = arg;
	ssize_t n = (ssize_t)in->packed_have;

	if (n == 0)
		n = read_file(in, in->packed, in->packed_size);
	in->packed_have = 0;
	*p = in->packed;
	return n;
}

/* The same as read_file(), of the unpacked bytes. */
static ssize_t read_some(struct input *in, uint8_t *to, size_t n)
{
	ssize_t got;

	if (!in->unpack) {
		got = read_file(in, to, n);
	} else {
		got = in->unpack_failed ? -1 : unpack_read(in->unpack, to, n);
		in->unpack_failed = got < 0;
	}
	if (got == 0)
		in->ended = true;
	return got;
}

/* Reads behind what there is; false at the end and after a failure. */
static bool read_more(struct input *in)
{
	size_t n = in->size - in->have;
	ssize_t got = read_some(in, in->buf + in->have,
				n < in->read_size ? n : in->read_size);

	if (got > 0)
		in->have += (size_t)got;
	return got > 0;
}

/* Room for 'n' bytes from 'given' on; twice as much as now at a time. */
static bool make_room(struct input *in, size_t n)
{
	if (in->given == in->have || in->size - in->given < n) {
		memmove(in->buf, in->buf + in->given, in->have - in->given);
		in->base += in->given;
		in->have -= in->given;
		in->given = 0;
	}
	if (in->have == in->size) {
		uint8_t *more = realloc(in->buf, in->size * 2);

		if (!more) {
			in->error = ENOMEM;
			return false;
		}
		in->buf = more;
		in->size *= 2;
	}
	return true;
}

uint8_t *input_peek(struct input *in, size_t n, size_t *have)
{
	while (in->have - in->given < n)
		if (!make_room(in, n) || !read_more(in))
			break;
	*have = in->have - in->given;
	return in->buf + in->given;
}

size_t input_skip(struct input *in, size_t n)
{
	size_t left = n, have;

	while (left > 0) {
		input_peek(in, 1, &have);
		if (have == 0)
			break;
		if (have > left)
			have = left;
		in->given += have;
		left -= have;
	}
	return n - left;
}

void input_read_size(struct input *in, size_t n)
{
	in->read_size = n;
}

bool input_give(struct input *in, size_t n, uint8_t **buf, size_t *size)
{
	uint8_t *full = in->buf, *other = *buf;
	size_t full_size = in->size;

	if (*size < in->size) {
		other = malloc(in->size);
		if (!other)
			return false;
		free(*buf);
		*size = in->size;
	}
	in->given += n;
	in->have -= in->given;
	memcpy(other, full + in->given, in->have);
	in->base += in->given;
	in->given = 0;
	in->buf = other;
	in->size = *size;
	*buf = full;
	*size = full_size;
	return true;
}

/* A function of fopencookie(3). */
static ssize_t cookie_read(void *arg, char *to, size_t n)
{
	struct input *in = arg;
	size_t have;
	const uint8_t *from = input_peek(in, 1, &have);

	if (have == 0 && (in->error || in->unpack_failed)) {
		errno = in->error ? in->error : EIO;
		return -1;
	}
	if (n > have)
		n = have;
	memcpy(to, from, n);
	in->given += n;
	return (ssize_t)n;
}

FILE *input_stream(struct input *in)
{
	FILE *stream = fopencookie(in, "r", (cookie_io_functions_t){
					.read = cookie_read });

	if (!stream)
		return NULL;
	setvbuf(stream, NULL, _IONBF, 0);
	/* One thread at a time reads a capture. */
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
	return stream;
}

static void say_cannot_open(const struct input_request *req, const char *name,
			    int err)
{
	const char *hint = "";
	bool told = req->crowded && *req->crowded;

	if (req->crowded && err == EMFILE)
		*req->crowded = true;
	if (told && err == EMFILE)
		return;

	if (err == ENOENT)
		hint = "; check its name";
	else if (err == EACCES || err == EPERM)
		hint = "; ask for permission to read it, or copy it to where you have it";
	else if (err == EMFILE)
		hint = "; so many captures overlap in time, all open at once: raise the limit, as root, with ulimit -n, or merge some of them first; said once, there may be others";
	diag_say(req->diag, DIAG_ERROR, "%s: cannot be opened: %s%s", name,
		 strerror(err), hint);
}

/* What open(2) and fstat(2) can tell; the file descriptor, or -1. */
static int open_path(const struct input_request *req, struct stat *st)
{
	const struct diag *diag = req->diag;
	const char *path = req->path;
	bool std = strcmp(path, "-") == 0;
	const char *name = std ? "standard input" : path;
	int fd;

	if (std)
		fd = STDIN_FILENO;
	else
		do
			fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR && !(req->stop && req->stop->set));

	if (fd < 0 && errno == EINTR)
		return -1;	/* a pipe that nobody has opened to write to */
	if (fd < 0 || fstat(fd, st) < 0)
		say_cannot_open(req, name, errno);
	else if (S_ISDIR(st->st_mode))
		diag_say(diag, DIAG_ERROR,
			 "%s: is a directory: name the captures that are in it",
			 name);
	else if (isatty(fd))
		diag_say(diag, DIAG_ERROR,
			 "%s: is a terminal: name a capture, or pipe one in",
			 name);
	else
		return fd;
	if (fd >= 0 && !std)
		close(fd);
	return -1;
}

/* Waits for the bytes that tell what the file is, or what it unpacks to. */
static bool sniff(struct input *in, const struct input_request *req)
{
	while (in->have < MAGIC_BYTES && read_more(in))
		;
	if (in->error && !input_stopped(in))
		diag_say(req->diag, DIAG_ERROR, "%s: cannot be read: %s; copy it elsewhere first, with what can be had of it",
			 input_name(in), strerror(in->error));
	if (in->error)
		return false;
	in->magic = magic_of(in->buf, in->have);
	return true;
}

/* What was read so far becomes the beginning of what is to be unpacked. */
static bool start_unpacking(struct input *in, const struct input_request *req)
{
	const char *why = "there is no memory to unpack it";
	uint8_t *buf = malloc(in->size);

	in->packing = in->magic;
	if (buf) {
		in->packed = in->buf;
		in->packed_size = in->size;
		in->packed_have = in->have;
		in->buf = buf;
		in->have = 0;
		in->ended = false;
		in->unpack = unpack_open(in->packing, packed_bytes, in, &why);
	}
	if (in->unpack)
		return sniff(in, req);
	magic_say_packed(in->packing, why, in->path, input_name(in), req->diag);
	return false;
}

static bool is_capture(const struct input *in)
{
	return in->magic == MAGIC_PCAP || in->magic == MAGIC_PCAPNG;
}

static void refuse(const struct input *in, const struct input_request *req)
{
	if (req->no_capture)
		*req->no_capture = true;
	else if (!in->unpack)
		magic_say_refused(in->buf, in->have, in->path, input_name(in),
				  req->diag);
	else
		diag_say(req->diag, DIAG_ERROR,
			 "%s: is compressed with %s, but what it unpacks to is not a capture",
			 input_name(in), magic_packing(in->packing));
}

/* Whether the file is one that can be read. */
static bool identify(struct input *in, const struct input_request *req)
{
	if (!sniff(in, req))
		return false;
	if (!is_capture(in) && in->magic != MAGIC_OTHER &&
	    !start_unpacking(in, req))
		return false;
	/* A packed file that is cut short at once is damaged, not refused. */
	if (is_capture(in) || (in->unpack_failed && in->have == 0))
		return true;
	refuse(in, req);
	return false;
}

struct input *input_open(const struct input_request *req)
{
	struct input *in = calloc(1, sizeof(*in));
	size_t size = req->bufsize;

	if (size < MAGIC_BYTES)
		size = MAGIC_BYTES;
	if (in)
		in->buf = malloc(size);
	if (!in || !in->buf) {
		diag_say(req->diag, DIAG_ERROR, "%s: out of memory", req->path);
		free(in);
		return NULL;
	}
	in->path = req->path;
	in->size = size;
	in->read_size = READ_SIZE;
	in->stop = req->stop;
	in->magic = MAGIC_OTHER;
	in->fd = open_path(req, &in->st);
	if (in->fd >= 0 && identify(in, req))
		return in;
	input_close(in);
	return NULL;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->fd >= 0 && in->fd != STDIN_FILENO)
		close(in->fd);
	unpack_close(in->unpack);
	free(in->packed);
	free(in->buf);
	free(in);
}
