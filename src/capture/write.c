/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/write.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/link/linktype.h"
#include "capture/write_buffer.h"
#include "capture/write_pcapng.h"

#define NSEC		1000000000u

struct writer {
	const char *path;
	const struct diag *diag;
	bool is_pcapng;
	bool nanoseconds;
	bool begun;		/* the file header was written */
	int linktype;		/* of a pcap file; -1: that of the first frame */
	uint64_t left_out;
	struct pcapng_writer pcapng;
	struct write_buffer out;
};

int writer_flush(struct writer *w)
{
	return write_buffer_flush(&w->out);
}

/* The link type's number in files; 0 and an error without memory. */
static uint32_t number_of(struct writer *w, int dlt)
{
	int linktype = linktype_from_dlt(dlt);

	if (linktype < 0 && !w->out.error)
		w->out.error = ENOMEM;
	return linktype < 0 ? 0 : (uint32_t)linktype;
}

/* draft-ietf-opsawg-pcap section 4; numbers have this machine's byte order. */
static void begin_pcap(struct writer *w, int linktype)
{
	uint32_t number = number_of(w, linktype);

	w->linktype = linktype;
	write32(&w->out, w->nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
	write16(&w->out, 2);
	write16(&w->out, 4);
	write32(&w->out, 0);
	write32(&w->out, 0);
	write32(&w->out, SNAPLEN_MAX);
	write32(&w->out, number);
}

struct record {
	uint32_t sec, fraction, caplen, wirelen;
};

static inline struct record record_of(const struct writer *w, const struct frame *f)
{
	uint64_t sec = f->time / NSEC;
	uint32_t nsec = (uint32_t)(f->time - sec * NSEC);

	/* 32 bits of seconds end in the year 2106; later stamps become the last. */
	return (struct record){
		sec > UINT32_MAX ? UINT32_MAX : (uint32_t)sec,
		w->nanoseconds ? nsec : nsec / 1000, f->caplen, f->wirelen,
	};
}

static void put_pcap(struct writer *w, const struct frame *f)
{
	const struct record record = record_of(w, f);
	uint8_t *to = write_room(&w->out, sizeof(record) + f->caplen);

	if (to) {
		memcpy(to, &record, sizeof(record));
		memcpy(to + sizeof(record), f->data, f->caplen);
		return;
	}
	write_bytes(&w->out, &record, sizeof(record));
	write_bytes(&w->out, f->data, f->caplen);
}

static void begin(struct writer *w, int linktype)
{
	if (w->begun)
		return;
	w->begun = true;
	begin_pcap(w, w->linktype >= 0 ? w->linktype : linktype);
}

static int leave_out(struct writer *w, const struct frame *f)
{
	if (w->left_out++ == 0)
		diag_say(w->diag, DIAG_ERROR,
			 "%s: frame %" PRIu64 " has link type %d, but this is a pcap file of link type %d: frames of other link types are left out; write to a FILE whose name ends in .pcapng",
			 w->path, f->number, f->linktype, w->linktype);
	return w->out.error;
}

int writer_frame(struct writer *w, const struct frame *f)
{
	if (w->is_pcapng) {
		pcapng_writer_frame(&w->pcapng, f, NULL);
		return w->out.error;
	}
	begin(w, f->linktype);
	if (f->linktype != w->linktype)
		return leave_out(w, f);
	put_pcap(w, f);
	return w->out.error;
}

/* Whether the bytes in front of the frame's own are its record's header, as it is to be
 * written: record_of() without a division. */
static inline bool has_header(const struct writer *w, const struct frame *f)
{
	const uint32_t unit = w->nanoseconds ? 1 : 1000;
	struct record h;

	memcpy(&h, f->data - sizeof(h), sizeof(h));
	return h.caplen == f->caplen && h.wirelen == f->wirelen &&
	       h.fraction < NSEC / unit && f->linktype == w->linktype &&
	       (uint64_t)h.sec * NSEC + h.fraction * unit == f->time;
}

/* How many of 'n' frames from 'f' on are behind each other in memory as they are to be
 * written; the first one's header is not looked at. */
static size_t run_length(const struct writer *w, const struct frame *f, size_t n)
{
	const uint8_t *end = f->data + f->caplen;
	size_t i;

	for (i = 1; i < n && f[i].data == end + sizeof(struct record); i++) {
		if (!has_header(w, &f[i]))
			break;
		end = f[i].data + f[i].caplen;
	}
	return i;
}

/* Whether it is a piece of the file that the frame is in, and not at its beginning, so
 * that something is in front of the frame. */
static inline bool is_in_block(const struct frame_batch *b, const struct frame *f)
{
	return b->block && f->data >= b->block + sizeof(struct record) &&
	       f->data < b->block + b->block_size;
}

/* A run of frames of the file's link type. */
static void put_run(struct writer *w, const struct frame_batch *b, const struct frame *f,
		    size_t n)
{
	const struct frame *last = f + n - 1;
	const uint8_t *from = f->data;
	struct record record;

	if (is_in_block(b, f) && has_header(w, f)) {
		from -= sizeof(record);
	} else {
		record = record_of(w, f);
		write_bytes(&w->out, &record, sizeof(record));
	}
	write_large(&w->out, from, (size_t)(last->data + last->caplen - from));
}

int writer_frames(struct writer *w, const struct frame_batch *b, size_t from, size_t to)
{
	const struct frame *f = frame_batch_get(b, from), *end = frame_batch_get(b, to);
	size_t n;

	for (; f < end && !w->out.error; f += n) {
		n = 1;
		if (w->is_pcapng || !w->begun || f->linktype != w->linktype) {
			writer_frame(w, f);
			continue;
		}
		n = run_length(w, f, (size_t)(end - f));
		put_run(w, b, f, n);
	}
	return w->out.error;
}

int writer_commented(struct writer *w, const struct frame *f,
		     const struct new_comment *comment)
{
	pcapng_writer_frame(&w->pcapng, f, comment);
	return w->out.error;
}

int writer_block(struct writer *w, const struct kept_block *b)
{
	pcapng_writer_block(&w->pcapng, b);
	return w->out.error;
}

uint64_t writer_blocks_left_out(const struct writer *w)
{
	return w->pcapng.left_out;
}

uint64_t writer_left_out(const struct writer *w)
{
	return w->left_out;
}

static bool say_cannot(const char *path, const char *why,
		       const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "%s: cannot be written: %s", path, why);
	return false;
}

/* The same with the reason from errno. */
static bool say_failed(const char *path, int err, const struct diag *diag)
{
	const char *hint = "";
	char why[200];

	if (err == ENOENT || err == ENOTDIR)
		hint = "; create its directory first, or name another";
	else if (err == EACCES || err == EPERM || err == EROFS)
		hint = "; name a file that you may write to";
	else if (err == EISDIR)
		hint = "; name a file in it";
	snprintf(why, sizeof(why), "%s%s", strerror(err), hint);
	return say_cannot(path, why, diag);
}

/* Sets 'created' if the file did not exist. */
static int open_or_create(struct writer_file *f, const struct stop *stop)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY;
	int fd;

	do {
		fd = open(f->path, flags | O_EXCL, 0666);
		f->created = fd >= 0;
		if (fd < 0 && errno == EEXIST)
			fd = open(f->path, flags, 0666);
	} while (fd < 0 && errno == EINTR && !(stop && stop->set));
	return fd;
}

bool writer_file_open(struct writer_file *f, const char *path,
		      const struct stop *stop, const struct diag *diag)
{
	*f = (struct writer_file){ .path = path, .fd = STDOUT_FILENO };
	if (strcmp(path, "-") == 0)
		return isatty(STDOUT_FILENO) ?
		       say_cannot("standard output", "it is a terminal; name a file, or pipe it into a program", diag) :
		       true;
	f->fd = open_or_create(f, stop);
	if (f->fd < 0 && errno == EINTR)
		return false;
	if (f->fd < 0 || fstat(f->fd, &f->st) < 0)
		return say_failed(path, errno, diag);
	return true;
}

void writer_file_close(struct writer_file *f)
{
	if (f->path && f->fd >= 0 && f->fd != STDOUT_FILENO)
		close(f->fd);
	f->path = NULL;
}

bool writer_file_empty(const struct writer_file *f, const struct capture *c,
		       const struct diag *diag)
{
	if (f->fd == STDOUT_FILENO || !S_ISREG(f->st.st_mode))
		return true;
	if (capture_reads(c, f->st.st_dev, f->st.st_ino))
		return say_cannot(f->path, "it is one of the input files; name another", diag);
	if (ftruncate(f->fd, 0) < 0)
		return say_failed(f->path, errno, diag);
	return true;
}

static bool ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

struct writer *writer_open(struct writer_file *f, const struct capture *c,
			   const struct diag *diag)
{
	struct writer *w = calloc(1, sizeof(*w));
	struct capture_summary s;

	if (!w || !writer_file_empty(f, c, diag)) {
		if (!w)
			say_cannot(f->path, "out of memory", diag);
		writer_file_close(f);
		free(w);
		return NULL;
	}
	capture_describe(c, &s);
	w->path = strcmp(f->path, "-") == 0 ? "standard output" : f->path;
	w->diag = diag;
	w->is_pcapng = f->pcapng || s.nlinktypes > 1 || ends_in(f->path, ".pcapng");
	pcapng_writer_init(&w->pcapng, &w->out, capture_several_files(c));
	w->nanoseconds = s.nanoseconds;
	w->linktype = s.nlinktypes ? s.linktypes[0] : -1;
	w->out.fd = f->fd;
	f->path = NULL;
	if (s.nlinktypes > 1 && !f->pcapng)
		diag_say(diag, DIAG_WARNING,
			 "%s: the captures have %zu link types, so it is written as pcapng with an interface for each, which Wireshark reads and tcpdump refuses",
			 w->path, s.nlinktypes);
	return w;
}

static void close_file(struct writer *w)
{
	if (w->out.fd != STDOUT_FILENO && close(w->out.fd) != 0 && !w->out.error)
		w->out.error = errno;
}

void writer_drop(struct writer *w)
{
	if (w->out.fd != STDOUT_FILENO && ftruncate(w->out.fd, 0) < 0)
		w->out.used = 0;	/* a pipe */
	close_file(w);
	pcapng_writer_free(&w->pcapng);
	free(w);
}

int writer_complete(struct writer *w)
{
	if (w->is_pcapng)
		pcapng_writer_end(&w->pcapng, w->linktype >= 0 ? w->linktype :
								 DLT_EN10MB);
	else
		begin(w, DLT_EN10MB);
	return writer_flush(w);
}

int writer_close(struct writer *w)
{
	int error;

	if (!w)
		return 0;
	writer_complete(w);
	close_file(w);
	error = w->out.error;
	pcapng_writer_free(&w->pcapng);
	free(w);
	return error;
}
