/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct input {
	const char *path;	/* the caller's */
	int fd;
	bool regular;
	bool ended;
	int error;
	enum magic magic;
	const volatile sig_atomic_t *stop;
	FILE *stream;		/* libpcap's to close */
	uint64_t base;		/* offset of buf[0] in the file */
	size_t size, have;
	size_t given;		/* bytes of 'buf' that the stream has got */
	uint8_t buf[];		/* the stream's buffer as well */
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
	/* ftello(3) asks cookie_seek() and takes off what is still unread. */
	return (uint64_t)ftello(in->stream);
}

const uint8_t *input_recent(const struct input *in, uint64_t offset, size_t *n)
{
	uint64_t now = input_offset(in);

	if (offset < in->base || offset > now)
		return NULL;
	*n = (size_t)(now - offset);
	return in->buf + (offset - in->base);
}

bool input_waits(const struct input *in)
{
	return !in->regular && !in->ended && !in->error &&
	       input_offset(in) == in->base + in->have;
}

bool input_ended(const struct input *in)
{
	return in->ended;
}

int input_error(const struct input *in)
{
	return in->error;
}

/* Reads once, 'n' bytes at most; 0 at the end, -1 with 'error' set. */
static ssize_t read_some(struct input *in, uint8_t *to, size_t n)
{
	while (!in->ended && !in->error) {
		ssize_t got;

		/* A signal that comes before read(2) is seen here, one that
		 * comes during it by EINTR. */
		if (in->stop && *in->stop) {
			in->error = EINTR;
			break;
		}
		got = read(in->fd, to, n);
		if (got > 0)
			return got;
		if (got == 0)
			in->ended = true;
		else if (errno != EINTR)
			in->error = errno;
	}
	errno = in->error;
	return in->error ? -1 : 0;
}

/*
 * The functions of fopencookie(3).  stdio reads into its buffer, which is
 * 'buf', so that nothing is copied; another C library may do otherwise.
 */
static ssize_t cookie_read(void *arg, char *to, size_t n)
{
	struct input *in = arg;
	const uint8_t *from;

	if (in->given == in->have) {
		ssize_t got = read_some(in, in->buf, in->size);

		if (got <= 0)
			return got;	/* 'buf' stays for input_recent() */
		in->base += in->have;
		in->have = (size_t)got;
		in->given = 0;
	}
	from = in->buf + in->given;
	if (n > in->have - in->given)
		n = in->have - in->given;
	if ((uint8_t *)to != from)
		memmove(to, from, n);
	in->given += n;
	return (ssize_t)n;
}

static int cookie_seek(void *arg, off64_t *offset, int whence)
{
	const struct input *in = arg;

	if (whence != SEEK_CUR || *offset != 0)
		return -1;	/* only ftello(3) may ask */
	*offset = (off64_t)(in->base + in->given);
	return 0;
}

FILE *input_stream(struct input *in)
{
	in->stream = fopencookie(in, "r", (cookie_io_functions_t){
					.read = cookie_read,
					.seek = cookie_seek });
	if (!in->stream)
		return NULL;
	setvbuf(in->stream, (char *)in->buf, _IOFBF, in->size);
	/* One thread at a time reads a capture. */
	__fsetlocking(in->stream, FSETLOCKING_BYCALLER);
	return in->stream;
}

static void say_cannot_open(const char *name, int err, const struct diag *diag)
{
	const char *hint = "";

	if (err == ENOENT)
		hint = "; check its name";
	else if (err == EACCES || err == EPERM)
		hint = "; ask for permission to read it, or copy it to where you have it";
	else if (err == EMFILE)
		hint = "; all FILEs are open at once, raise the limit with: ulimit -n";
	diag_say(diag, DIAG_ERROR, "%s: cannot be opened: %s%s", name,
		 strerror(err), hint);
}

/* What open(2) and fstat(2) can tell; the file descriptor, or -1. */
static int open_path(const char *path, bool *regular, const struct diag *diag)
{
	bool std = strcmp(path, "-") == 0;
	const char *name = std ? "standard input" : path;
	struct stat st;
	int fd;

	if (std)
		fd = STDIN_FILENO;
	else
		do
			fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		while (fd < 0 && errno == EINTR);

	if (fd < 0 || fstat(fd, &st) < 0) {
		say_cannot_open(name, errno, diag);
	} else if (S_ISDIR(st.st_mode)) {
		diag_say(diag, DIAG_ERROR,
			 "%s: is a directory: name the captures that are in it",
			 name);
	} else if (isatty(fd)) {
		diag_say(diag, DIAG_ERROR,
			 "%s: is a terminal: name a capture, or pipe one in",
			 name);
	} else {
		*regular = S_ISREG(st.st_mode);
		return fd;
	}
	if (fd >= 0 && !std)
		close(fd);
	return -1;
}

/* Waits for the bytes that tell what the file is. */
static bool sniff(struct input *in, const struct diag *diag)
{
	const char *name = input_name(in);

	while (in->have < MAGIC_BYTES) {
		ssize_t got = read_some(in, in->buf + in->have,
					in->size - in->have);

		if (got <= 0)
			break;
		in->have += (size_t)got;
	}
	if (in->error == EINTR)
		return false;
	if (in->error) {
		diag_say(diag, DIAG_ERROR, "%s: cannot be read: %s", name,
			 strerror(in->error));
		return false;
	}
	if (in->have == 0) {
		diag_say(diag, DIAG_ERROR,
			 "%s: is empty, even a capture without frames has a header; look at how it was made",
			 name);
		return false;
	}
	in->magic = magic_check(in->buf, in->have, in->path, name, diag);
	return in->magic != MAGIC_REFUSED;
}

struct input *input_open(const char *path, size_t bufsize,
			 const volatile sig_atomic_t *stop,
			 const struct diag *diag)
{
	struct input *in;
	bool regular;
	int fd = open_path(path, &regular, diag);

	if (fd < 0)
		return NULL;
	if (bufsize < MAGIC_BYTES)
		bufsize = MAGIC_BYTES;
	in = malloc(sizeof(*in) + bufsize);
	if (!in) {
		diag_say(diag, DIAG_ERROR, "%s: out of memory", path);
		if (fd != STDIN_FILENO)
			close(fd);
		return NULL;
	}
	*in = (struct input){
		.path = path, .fd = fd, .regular = regular,
		.magic = MAGIC_REFUSED, .stop = stop, .size = bufsize,
	};
	if (!sniff(in, diag)) {
		input_close(in);
		return NULL;
	}
	return in;
}

void input_close(struct input *in)
{
	if (!in)
		return;
	if (in->fd != STDIN_FILENO)
		close(in->fd);
	free(in);
}
