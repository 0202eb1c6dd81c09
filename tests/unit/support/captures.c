/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void sink_say(void *arg, enum diag_level level, const char *text)
{
	struct sink *s = arg;
	size_t n = strlen(s->text);

	(void)level;
	s->said++;
	snprintf(s->text + n, sizeof(s->text) - n, "%s\n", text);
}

int room_setup(void **state)
{
	struct room *r = calloc(1, sizeof(*r));

	if (!r)
		return -1;
	strcpy(r->dir, "/tmp/ctreplay-test.XXXXXX");
	r->sink.diag = (struct diag){ .say = sink_say, .arg = &r->sink };
	*state = r;
	return mkdtemp(r->dir) ? 0 : -1;
}

int room_teardown(void **state)
{
	struct room *r = *state;
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", r->dir);
	free(*state);
	return system(command);
}

void put(struct image *im, const void *p, size_t n)
{
	assert_true(im->len + n <= sizeof(im->bytes));
	memcpy(im->bytes + im->len, p, n);
	im->len += n;
}

void put32(struct image *im, bool big_endian, uint32_t v)
{
	v = big_endian ? htonl(v) : htole32(v);
	put(im, &v, sizeof(v));
}

void put16(struct image *im, bool big_endian, uint16_t v)
{
	v = big_endian ? htons(v) : htole16(v);
	put(im, &v, sizeof(v));
}

void put_header(struct image *im, bool be, uint32_t magic,
		       uint32_t snaplen, uint32_t linktype)
{
	put32(im, be, magic);
	put16(im, be, 2);
	put16(im, be, 4);
	put32(im, be, 0);
	put32(im, be, 0);
	put32(im, be, snaplen);
	put32(im, be, linktype);
}

void put_record(struct image *im, bool be, uint32_t sec, uint32_t frac,
		       uint32_t caplen, uint32_t len, uint8_t fill)
{
	put32(im, be, sec);
	put32(im, be, frac);
	put32(im, be, caplen);
	put32(im, be, len);
	for (uint32_t i = 0; i < caplen; i++)
		put(im, &fill, 1);
}

void put_seconds(struct image *im, const uint32_t *secs, uint8_t fill)
{
	put_header(im, false, MICRO, 65535, 1);
	for (; *secs; secs++)
		put_record(im, false, *secs, 0, 60, 60, fill);
}

void put_block(struct image *im, bool be, uint32_t type,
		      const struct image *body)
{
	uint32_t len = (uint32_t)body->len + 12;

	put32(im, be, type);
	put32(im, be, len);
	put(im, body->bytes, body->len);
	put32(im, be, len);
}

void put_section(struct image *im, bool be)
{
	struct image body = { .len = 0 };

	put32(&body, be, 0x1a2b3c4d);
	put16(&body, be, 1);
	put16(&body, be, 0);
	put32(&body, be, 0xffffffff);
	put32(&body, be, 0xffffffff);
	put_block(im, be, 0x0a0d0d0a, &body);
}

void put_interface(struct image *im, bool be, uint16_t linktype,
			  uint32_t snaplen, uint8_t tsresol)
{
	struct image body = { .len = 0 };

	put16(&body, be, linktype);
	put16(&body, be, 0);
	put32(&body, be, snaplen);
	put16(&body, be, 9);	/* if_tsresol */
	put16(&body, be, 1);
	put(&body, (uint8_t[4]){ tsresol }, 4);
	put32(&body, be, 0);	/* opt_endofopt */
	put_block(im, be, 1, &body);
}

void put_packet_of(struct image *im, bool be, uint32_t interface, uint64_t time,
		   uint8_t fill)
{
	struct image body = { .len = 0 };

	put32(&body, be, interface);
	put32(&body, be, (uint32_t)(time >> 32));
	put32(&body, be, (uint32_t)time);
	put32(&body, be, 60);
	put32(&body, be, 60);
	for (int i = 0; i < 60; i++)
		put(&body, &fill, 1);
	put_block(im, be, 6, &body);
}

void put_packet(struct image *im, bool be, uint64_t time, uint8_t fill)
{
	put_packet_of(im, be, 0, time, fill);
}

const char *write_file(struct room *r, unsigned slot,
			      const struct image *im)
{
	static char paths[4][100];
	FILE *fp;

	snprintf(paths[slot], sizeof(paths[slot]), "%s/%u.pcap", r->dir, slot);
	fp = fopen(paths[slot], "w");
	assert_non_null(fp);
	assert_int_equal(fwrite(im->bytes, 1, im->len, fp), im->len);
	fclose(fp);
	return paths[slot];
}

static void collect(struct outcome *o, const struct frame_batch *b)
{
	for (size_t i = 0; i < frame_batch_count(b); i++) {
		const struct frame *f = frame_batch_get(b, i);

		if (o->frames < 64) {
			o->frame[o->frames] = *f;
			o->first[o->frames] = f->caplen ? f->data[0] : 0;
		}
		o->frames++;
	}
}

struct outcome run_options(struct room *r, struct capture_options *opt)
{
	struct frame_batch *b = frame_batch_create();
	struct outcome o = { .frames = 0 };
	enum capture_status status;
	struct capture *c;

	assert_non_null(b);
	r->sink.said = 0;
	r->sink.text[0] = '\0';
	opt->diag = &r->sink.diag;
	o.open = capture_open(&c, opt);
	if (o.open == CAPTURE_OK) {
		while ((status = capture_next(c, b)) != CAPTURE_END) {
			o.damaged += status == CAPTURE_DAMAGED;
			collect(&o, b);
		}
		assert_int_equal(capture_frames(c), o.frames);
	} else {
		assert_null(c);
	}
	capture_close(c);
	frame_batch_free(b);
	return o;
}

struct outcome run_one(struct room *r, const char *path)
{
	struct capture_options opt = { .files = &path, .nfiles = 1 };

	return run_options(r, &opt);
}

void assert_said(const struct room *r, const char *part)
{
	if (!strstr(r->sink.text, part))
		fail_msg("'%s' is not in: %s", part, r->sink.text);
}

int pipe_with(const struct image *im, int *writer)
{
	int fds[2];

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], im->bytes, im->len), im->len);
	if (writer)
		*writer = fds[1];
	else
		close(fds[1]);
	return fds[0];
}

struct outcome run_piped(struct room *r, const struct image *im)
{
	int saved = dup(STDIN_FILENO), fd = pipe_with(im, NULL);
	struct outcome o;

	dup2(fd, STDIN_FILENO);
	close(fd);
	o = run_one(r, "-");
	dup2(saved, STDIN_FILENO);
	close(saved);
	return o;
}
