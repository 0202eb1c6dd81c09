/* SPDX-License-Identifier: GPL-2.0-only */
/* page.c - writes the page of --report: the template, and the container in it. */
#include "report/page.h"

#include <errno.h>
#include <stdlib.h>

#include "base/deflate.h"
#include "base/write_all.h"
#include "report/base64.h"
#include "report/page_template.h"

#define ALIGNMENT	8u
/* Columns repeat within a few bytes, or not at all: the file is 5 % smaller at level 6, for
 * twice the work. */
#define LEVEL		3

/* A multiple of three: only the last block has padding. */
#define BLOCK		(48u * 1024)

/* Compressed bytes become base64. */
struct encoder {
	int fd;
	size_t n;
	uint8_t block[BLOCK];
	char text[BASE64_SIZE(BLOCK)];
};

static int put_block(struct encoder *e)
{
	const char *end = put_base64(e->text, e->block, e->n);

	e->n = 0;
	return write_all(e->fd, e->text, (size_t)(end - e->text));
}

static int encode(void *arg, const unsigned char *bytes, size_t n)
{
	struct encoder *e = arg;
	int error = 0;

	while (n && !error) {
		size_t step = n < BLOCK - e->n ? n : BLOCK - e->n;

		memcpy(e->block + e->n, bytes, step);
		e->n += step;
		bytes += step;
		n -= step;
		if (e->n == BLOCK)
			error = put_block(e);
	}
	return error;
}

static int pad(struct deflate *d, size_t n)
{
	static const char zeros[ALIGNMENT];

	return deflate_write(d, zeros, -n % ALIGNMENT);
}

static int put_container(struct deflate *d, const struct page_text *json,
			 const struct page *p)
{
	const uint32_t length = htole32((uint32_t)json->n);
	int error = deflate_write(d, &length, sizeof(length));

	if (!error)
		error = deflate_write(d, json->text, json->n);
	if (!error)
		error = pad(d, sizeof(length) + json->n);
	for (size_t i = 0; i < p->ncolumns && !error; i++) {
		const struct column *c = p->columns[i].column;

		error = deflate_write(d, c->bytes, c->n);
		if (!error)
			error = pad(d, c->n);
	}
	return error ? error : deflate_end(d);
}

static int put_data(int fd, const struct page_text *json, const struct page *p)
{
	struct encoder *e = malloc(sizeof(*e));
	struct deflate *d = NULL;
	int error = ENOMEM;

	if (e) {
		e->fd = fd;
		e->n = 0;
		d = deflate_open(LEVEL, encode, e);
	}
	if (d)
		error = put_container(d, json, p);
	if (!error)
		error = put_block(e);
	deflate_free(d);
	free(e);
	return error;
}

int page_write(int fd, const struct page *p)
{
	struct page_text json = { .text = NULL };
	int error = page_json(&json, p) ? 0 : ENOMEM;

	if (!error)
		error = write_all(fd, (const char *)page_head, page_head_size);
	if (!error)
		error = put_data(fd, &json, p);
	if (!error)
		error = write_all(fd, (const char *)page_tail, page_tail_size);
	page_text_free(&json);
	return error;
}
