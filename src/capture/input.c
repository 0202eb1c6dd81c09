/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/unpack.h"
#include "capture/unpack_ahead.h"

/* Larger reads are no faster and do not fit into the processor's cache. */
#define READ_SIZE	(64 * 1024)

struct input {
	const char *path;	/* the caller's */
	int fd;
	struct stat st;
	bool file_ended;	/* read(2) returned 0 */
	bool ended;		/* and nothing is left to decompress */
	int error;		/* of read(2) */
	_Atomic uint64_t raw;	/* bytes that read(2) returned */
	enum magic magic;
	const struct stop *stop;

	enum magic packing;
	struct unpack *unpack;	/* NULL: the file is not compressed */
	struct unpack_ahead *ahead;	/* NULL: the caller's thread decompresses */
	bool ahead_tried;
	bool unpack_failed;
	/* What follows, and 'file_ended', is used by whoever decompresses. */
	int packed_error;	/* becomes 'error' when all before it is used */
	uint8_t *packed;	/* 'packed_size' bytes of the file */
	size_t packed_size;
	size_t packed_have;	/* of these, not yet given to 'unpack' */

	uint64_t base;		/* offset of buf[0] */
	size_t size, have;
	size_t given;		/* bytes of 'buf' that were taken */
	size_t read_size;	/* most bytes to read at a time */
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
	return in->ended || (in->unpack_failed && unpack_is_cut(in->unpack));
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

const char *input_offset_note(const struct input *in)
{
	return in->unpack ? " of the decompressed data" : "";
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

/* Waits until there is something to read, or 'stop' is set. */
static void wait_for_data(const struct input *in)
{
	struct pollfd p[] = {
		{ .fd = in->fd, .events = POLLIN },
		{ .fd = in->stop ? in->stop->fd : -1, .events = POLLIN },
	};

	if (S_ISREG(in->st.st_mode) || p[1].fd < 0)
		return;
	/* After an error of poll(2), read(2) tells what is wrong. */
	while (poll(p, 2, -1) < 0 && errno == EINTR && !in->stop->set)
		;
}

/* Reads the file once, 'n' bytes at most; 0 at the end, -1 with '*error' set. */
static ssize_t read_file(struct input *in, uint8_t *to, size_t n, int *error)
{
	while (!in->file_ended && !*error) {
		ssize_t got;

		wait_for_data(in);
		/* A signal before read(2) is seen here; read(2) returns EINTR
		 * for a later one. */
		if (in->stop && in->stop->set) {
			*error = EINTR;
			break;
		}
		got = read(in->fd, to, n);
		if (got > 0) {
			atomic_fetch_add_explicit(&in->raw, (uint64_t)got,
						  memory_order_relaxed);
			return got;
		}
		if (got == 0)
			in->file_ended = true;
		else if (errno != EINTR)
			*error = errno;
	}
	return *error ? -1 : 0;
}

/* An unpack_more function. */
static ssize_t packed_bytes(void *arg, const uint8_t **p)
{
	struct input *in = arg;
	ssize_t n = (ssize_t)in->packed_have;

	if (n == 0)
		n = read_file(in, in->packed, in->packed_size, &in->packed_error);
	in->packed_have = 0;
	*p = in->packed;
	return n;
}

/* Small files need no thread, and a pipe's bytes are shown as they come. */
static bool is_ahead(struct input *in)
{
	if (!in->ahead_tried && in->base + in->have >= UNPACK_AHEAD_AFTER &&
	    S_ISREG(in->st.st_mode)) {
		in->ahead_tried = true;
		in->ahead = unpack_ahead_start(in->unpack);
	}
	return in->ahead;
}

static ssize_t read_unpacked(struct input *in, uint8_t *to, size_t n)
{
	ssize_t got;

	if (in->unpack_failed)
		return -1;
	got = is_ahead(in) ? unpack_ahead_read(in->ahead, to, n) :
			     unpack_read(in->unpack, to, n);
	if (got < 0) {
		in->unpack_failed = true;
		in->error = in->packed_error;
	}
	return got;
}

/* Reads the file, or decompressed bytes of it. */
static ssize_t read_some(struct input *in, uint8_t *to, size_t n)
{
	ssize_t got = in->unpack ? read_unpacked(in, to, n) :
				   read_file(in, to, n, &in->error);

	if (got == 0)
		in->ended = true;
	return got;
}

/* Appends to the buffer; false at the end and after a failure. */
static bool read_more(struct input *in)
{
	size_t n = in->size - in->have;
	ssize_t got = read_some(in, in->buf + in->have,
				n < in->read_size ? n : in->read_size);

	if (got > 0)
		in->have += (size_t)got;
	return got > 0;
}

/* Makes space for 'n' bytes from 'given' on.  The buffer's size doubles only when
 * it is full, so that a length in a damaged file cannot make it huge. */
static bool make_space(struct input *in, size_t n)
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
		if (!make_space(in, n) || !read_more(in))
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
		hint = "; get permission to read it";
	else if (err == EMFILE)
		hint = "; too many captures overlap in time and are open at once: raise the limit with ulimit -n as root, or merge some of them first; other files may fail, too";
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
		return -1;	/* a pipe without a writer, and 'stop' was set */
	if (fd < 0 || fstat(fd, st) < 0)
		say_cannot_open(req, name, errno);
	else if (S_ISDIR(st->st_mode))
		diag_say(diag, DIAG_ERROR,
			 "%s: is a directory; name the captures in it",
			 name);
	else if (isatty(fd))
		diag_say(diag, DIAG_ERROR,
			 "%s: is a terminal; name a capture, or pipe one in",
			 name);
	else
		return fd;
	if (fd >= 0 && !std)
		close(fd);
	return -1;
}

/* Reads the bytes that identify the file, or its decompressed content. */
static bool sniff(struct input *in, const struct input_request *req)
{
	while (in->have < MAGIC_BYTES && read_more(in))
		;
	if (in->error && !input_stopped(in))
		diag_say(req->diag, DIAG_ERROR, "%s: cannot be read: %s; copy what is readable of it to another place first",
			 input_name(in), strerror(in->error));
	if (in->error)
		return false;
	in->magic = magic_of(in->buf, in->have);
	return true;
}

/* The bytes read so far become the first that are decompressed. */
static bool start_unpacking(struct input *in, const struct input_request *req)
{
	const char *why = "there is not enough memory to decompress it";
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
	if (req->refusal)
		req->refusal->set = true;
	else if (!in->unpack)
		magic_say_refused(in->buf, in->have, in->path, input_name(in),
				  req->diag);
	else
		diag_say(req->diag, DIAG_ERROR,
			 "%s: is compressed with %s, but contains no capture",
			 input_name(in), magic_packing(in->packing));
}

/* True if the file can be read as a capture. */
static bool identify(struct input *in, const struct input_request *req)
{
	if (!sniff(in, req))
		return false;
	if (!is_capture(in) && in->magic != MAGIC_OTHER &&
	    !start_unpacking(in, req))
		return false;
	/* A compressed file without enough readable bytes is damaged, not refused. */
	if (is_capture(in) || (in->unpack_failed && in->have < MAGIC_LEAST))
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
	unpack_ahead_stop(in->ahead);
	unpack_close(in->unpack);
	if (in->fd >= 0 && in->fd != STDIN_FILENO)
		close(in->fd);
	free(in->packed);
	free(in->buf);
	free(in);
}
