/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/input_state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Larger reads are no faster and do not fit into the processor's cache. */
#define READ_SIZE	(64 * 1024)

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
	while (in->have < MAGIC_BYTES && input_read_more(in))
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
		in->unpack = unpack_open(in->packing, input_packed_bytes, in, &why);
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

/* A buffer of at least '*size' bytes, which is set to what it has. */
static uint8_t *first_buffer(struct input_spare *spare, size_t *size)
{
	uint8_t *buf;

	if (*size < MAGIC_BYTES)
		*size = MAGIC_BYTES;
	if (!spare || !spare->buf || spare->size < *size)
		return malloc(*size);
	buf = spare->buf;
	*size = spare->size;
	spare->buf = NULL;
	return buf;
}

/* The larger one stays. */
static void drop_buffer(const struct input *in)
{
	struct input_spare *spare = in->spare;

	if (!spare || (spare->buf && spare->size >= in->size)) {
		free(in->buf);
		return;
	}
	free(spare->buf);
	*spare = (struct input_spare){ in->buf, in->size };
}

struct input *input_open(const struct input_request *req)
{
	struct input *in = calloc(1, sizeof(*in));
	size_t size = req->bufsize;

	if (in)
		in->buf = first_buffer(req->spare, &size);
	if (!in || !in->buf) {
		diag_say(req->diag, DIAG_ERROR, "%s: out of memory", req->path);
		free(in);
		return NULL;
	}
	in->path = req->path;
	in->size = size;
	in->read_size = READ_SIZE;
	in->spare = req->spare;
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
	drop_buffer(in);
	free(in);
}
