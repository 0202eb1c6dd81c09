/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_pcapng.c - bytes of any kind, read as a capture file (libFuzzer).
 *
 * The whole way from a file to batches of frames, with a filter, so that
 * interfaces of differing link types get theirs; then through the link layers.
 * The corpus is of pcapng files; whatever begins in another way goes to
 * libpcap or is refused, which is none of this target's business.
 */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/link/link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg, (void)level, (void)text;
}

/* Every byte of a frame must be there, and its numbers must fit. */
static void look_at(const struct frame *f, uint64_t number)
{
	struct link_payload p;
	enum link_class class;
	uint32_t sum = 0;

	if (f->number != number || f->caplen > f->wirelen ||
	    f->time > INT64_MAX)
		abort();
	for (uint32_t i = 0; i < f->caplen; i++)
		sum += f->data[i];
	if (sum && !f->caplen)
		abort();
	class = link_decode(f, &p);
	if ((class == LINK_IPV4 || class == LINK_IPV6) &&
	    (p.data < f->data || p.caplen > f->caplen ||
	     p.data + p.caplen > f->data + f->caplen))
		abort();
}

static void read_all(const char *path)
{
	static const struct diag diag = { say, NULL };
	const struct capture_options opt = {
		.files = &path, .nfiles = 1, .filter = "ip or ip6",
		.diag = &diag,
	};
	struct frame_batch *b = frame_batch_create();
	enum capture_status status;
	struct capture *c;
	uint64_t number = 0;

	if (b && capture_open(&c, &opt) == CAPTURE_OK) {
		do {
			status = capture_next(c, b);
			for (size_t i = 0; i < frame_batch_count(b); i++)
				look_at(frame_batch_get(b, i), ++number);
		} while (status != CAPTURE_END);
		capture_close(c);
	}
	frame_batch_free(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	char path[32];

	if (fd < 0)
		return 0;
	if (write(fd, data, size) == (ssize_t)size) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		read_all(path);
	}
	close(fd);
	return 0;
}
