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
#include "base/write_all.h"

#define BUFFER		(64 * 1024)
#define NSEC		1000000000u

struct writer {
	const char *path;
	const struct diag *diag;
	int fd;
	int error;		/* errno of the first write that failed */
	bool pcapng;
	bool nanoseconds;
	bool begun;		/* the file's header is written */
	int linktype;		/* pcap: of the file; -1: the first frame's */
	struct capture_summary interfaces;	/* pcapng: those described */
	uint64_t left_out;
	size_t used;
	uint8_t buf[BUFFER];
};

int writer_flush(struct writer *w)
{
	if (!w->error)
		w->error = write_all(w->fd, w->buf, w->used);
	w->used = 0;
	return w->error;
}

static void put(struct writer *w, const void *p, size_t n)
{
	const uint8_t *from = p;

	while (n > 0 && !w->error) {
		size_t part = sizeof(w->buf) - w->used;

		if (part > n)
			part = n;
		memcpy(w->buf + w->used, from, part);
		w->used += part;
		from += part;
		n -= part;
		if (w->used == sizeof(w->buf))
			writer_flush(w);
	}
}

static void put16(struct writer *w, uint16_t v)
{
	put(w, &v, sizeof(v));
}

static void put32(struct writer *w, uint32_t v)
{
	put(w, &v, sizeof(v));
}

/* The number that files have; 0, after an error, without memory. */
static uint32_t number_of(struct writer *w, int dlt)
{
	int linktype = linktype_from_dlt(dlt);

	if (linktype < 0 && !w->error)
		w->error = ENOMEM;
	return linktype < 0 ? 0 : (uint32_t)linktype;
}

/* draft-ietf-opsawg-pcap section 4: numbers are in this machine's order. */
static void begin_pcap(struct writer *w, int linktype)
{
	uint32_t number = number_of(w, linktype);

	w->linktype = linktype;
	put32(w, w->nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
	put16(w, 2);
	put16(w, 4);
	put32(w, 0);
	put32(w, 0);
	put32(w, SNAPLEN_MAX);
	put32(w, number);
}

static void put_pcap(struct writer *w, const struct frame *f)
{
	uint64_t sec = f->time / NSEC;
	uint32_t nsec = (uint32_t)(f->time % NSEC);

	/* Until the year 2106; stamps after it are the last one there is. */
	put32(w, sec > UINT32_MAX ? UINT32_MAX : (uint32_t)sec);
	put32(w, w->nanoseconds ? nsec : nsec / 1000);
	put32(w, f->caplen);
	put32(w, f->wirelen);
	put(w, f->data, f->caplen);
}

/* draft-ietf-opsawg-pcapng section 4.1; of unknown length. */
static void begin_pcapng(struct writer *w)
{
	put32(w, 0x0a0d0d0a);
	put32(w, 28);
	put32(w, 0x1a2b3c4d);
	put16(w, 1);
	put16(w, 0);
	put32(w, UINT32_MAX);
	put32(w, UINT32_MAX);
	put32(w, 28);
}

/* The number of the interface with this link type, described if it is new. */
static uint32_t interface_of(struct writer *w, int linktype)
{
	struct capture_summary *s = &w->interfaces;
	uint32_t number;

	for (size_t i = 0; i < s->nlinktypes; i++)
		if (s->linktypes[i] == linktype)
			return (uint32_t)i;
	if (s->nlinktypes == CAPTURE_LINKTYPES)
		return UINT32_MAX;
	number = number_of(w, linktype);
	s->linktypes[s->nlinktypes++] = linktype;
	put32(w, 1);
	put32(w, 32);
	put16(w, (uint16_t)number);
	put16(w, 0);
	put32(w, SNAPLEN_MAX);
	put16(w, 9);		/* if_tsresol: nanoseconds */
	put16(w, 1);
	put(w, (const uint8_t[4]){ 9 }, 4);
	put32(w, 0);		/* opt_endofopt */
	put32(w, 32);
	return (uint32_t)s->nlinktypes - 1;
}

static void put_pcapng(struct writer *w, const struct frame *f, uint32_t number)
{
	static const uint8_t padding[4];
	uint32_t pad = -f->caplen & 3;
	uint32_t len = 32 + f->caplen + pad;

	put32(w, 6);
	put32(w, len);
	put32(w, number);
	put32(w, (uint32_t)(f->time >> 32));
	put32(w, (uint32_t)f->time);
	put32(w, f->caplen);
	put32(w, f->wirelen);
	put(w, f->data, f->caplen);
	put(w, padding, pad);
	put32(w, len);
}

static void begin(struct writer *w, int linktype)
{
	if (w->begun)
		return;
	w->begun = true;
	if (w->pcapng)
		begin_pcapng(w);
	else
		begin_pcap(w, w->linktype >= 0 ? w->linktype : linktype);
}

static int leave_out(struct writer *w, const struct frame *f)
{
	if (w->left_out++ == 0)
		diag_say(w->diag, DIAG_ERROR,
			 "%s: frame %" PRIu64 " has link type %d, the file was begun as pcap with link type %d: frames of other types are left out; write to a FILE whose name ends in .pcapng",
			 w->path, f->number, f->linktype, w->linktype);
	return w->error;
}

int writer_frame(struct writer *w, const struct frame *f)
{
	uint32_t number;

	begin(w, f->linktype);
	if (!w->pcapng) {
		if (f->linktype != w->linktype)
			return leave_out(w, f);
		put_pcap(w, f);
		return w->error;
	}
	number = interface_of(w, f->linktype);
	if (number == UINT32_MAX)
		return leave_out(w, f);
	put_pcapng(w, f, number);
	return w->error;
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

/* The same, of errno. */
static bool say_failed(const char *path, int err, const struct diag *diag)
{
	const char *hint = "";
	char why[200];

	if (err == ENOENT || err == ENOTDIR)
		hint = "; make its directory first, or name another";
	else if (err == EACCES || err == EPERM || err == EROFS)
		hint = "; name one where you may write";
	else if (err == EISDIR)
		hint = "; name a file in it";
	snprintf(why, sizeof(why), "%s%s", strerror(err), hint);
	return say_cannot(path, why, diag);
}

/* Remembers whether it was there before. */
static int open_or_create(struct writer_file *f,
			  const struct stop *stop)
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
		      const struct stop *stop,
		      const struct diag *diag)
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

/* Nothing of a file is lost before it is known to be another one. */
static bool empty(const struct writer_file *f, const struct capture *c,
		  const struct diag *diag)
{
	if (f->fd == STDOUT_FILENO || !S_ISREG(f->st.st_mode))
		return true;
	if (capture_reads(c, f->st.st_dev, f->st.st_ino))
		return say_cannot(f->path, "it is one of the files that are read; name another", diag);
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

	if (!w || !empty(f, c, diag)) {
		if (!w)
			say_cannot(f->path, "out of memory", diag);
		writer_file_close(f);
		free(w);
		return NULL;
	}
	capture_describe(c, &s);
	w->path = strcmp(f->path, "-") == 0 ? "standard output" : f->path;
	w->diag = diag;
	w->pcapng = s.nlinktypes > 1 || ends_in(f->path, ".pcapng");
	w->nanoseconds = s.nanoseconds;
	w->linktype = s.nlinktypes ? s.linktypes[0] : -1;
	w->fd = f->fd;
	f->path = NULL;
	if (s.nlinktypes > 1)
		diag_say(diag, DIAG_WARNING,
			 "%s: the captures have %zu link types, so it is written as pcapng with an interface for each, which tcpdump refuses and Wireshark reads",
			 w->path, s.nlinktypes);
	return w;
}

int writer_close(struct writer *w)
{
	int error;

	if (!w)
		return 0;
	begin(w, DLT_EN10MB);
	/* libpcap refuses a file without an interface. */
	if (w->pcapng && w->interfaces.nlinktypes == 0)
		interface_of(w, w->linktype >= 0 ? w->linktype : DLT_EN10MB);
	writer_flush(w);
	if (w->fd != STDOUT_FILENO && close(w->fd) != 0 && !w->error)
		w->error = errno;
	error = w->error;
	free(w);
	return error;
}
