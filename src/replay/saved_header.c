/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/saved_header.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/tunnel.h"
#include "ctreplay/version.h"
#include "replay/printer.h"
#include "report/top_view.h"

#define HEADER_MAX	(1u << 20)	/* filters may be long */
#define SET		"set "

void saved_header_free(struct saved_header *h)
{
	free(h->text);
	h->text = NULL;
}

/* One line, whatever the text holds. */
static void put_escaped(FILE *f, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (*c < ' ' || *c == 0x7f || *c == '\\')
			fprintf(f, "\\x%02x", *c);
		else
			putc(*c, f);
}

static void put_set(FILE *f, const char *name, const char *value)
{
	fprintf(f, SET "%s ", name);
	put_escaped(f, value ? value : "-");
	putc('\n', f);
}

static void put_list(FILE *f, const char *name, const char *const *value, size_t n)
{
	fprintf(f, SET "%s", name);
	for (size_t i = 0; i < n; i++) {
		putc(' ', f);
		put_escaped(f, value[i]);
	}
	putc('\n', f);
}

static void put_ranges(FILE *f, const char *name, const struct ranges *r)
{
	fprintf(f, SET "%s", name);
	for (size_t i = 0; i < r->n; i++)
		fprintf(f, " %" PRIu64 "-%" PRIu64, r->range[i].first, r->range[i].last);
	putc('\n', f);
}

/* Which packets are shown decides which connections are. */
static void put_selection(FILE *f, const struct options *o)
{
	put_set(f, "show", o->show);
	put_ranges(f, "conn", &o->conns);
	put_ranges(f, "frame", &o->frames);
	fprintf(f, SET "ctstate");
	for (int i = 0; i < CT_CTSTATES; i++)
		if (o->some_states && o->states[i])
			fprintf(f, " %s", ct_ctstate_name((enum ct_ctstate)i));
	putc('\n', f);
}

/* What a state depends on beside the engine's settings. */
static void put_settings(FILE *f, const struct options *o, uint64_t firewall)
{
	char kernel[CT_KERNEL_NAME_SIZE];

	ct_kernel_name(&o->config.kernel, kernel);
	put_set(f, "kernel", kernel);
	put_set(f, "filter", o->filter);
	put_list(f, "interface", o->interfaces, o->ninterfaces);
	fprintf(f, SET "dedup %" PRIu64 "\n", o->dedup);
	fprintf(f, SET "decap");
	for (unsigned int i = 0; i < TUNNELS; i++)
		if (o->decap >> i & 1)
			fprintf(f, " %s", tunnel_name((enum tunnel)i));
	putc('\n', f);
	put_list(f, "notrack", o->notrack, o->nnotrack);
	put_set(f, "connections", o->connections || options_has_top(o) ?
		"counted (-C, --top)" : NULL);
	fprintf(f, SET "top");
	for (int by = 0; by < TOP_KINDS; by++)
		if (o->top[by])
			fprintf(f, " %s", top_by_name((enum top_by)by));
	putc('\n', f);
	put_selection(f, o);
	if (firewall)
		fprintf(f, SET "firewall %016" PRIx64 "\n", firewall);
	else
		put_set(f, "firewall", NULL);
	put_set(f, "bounds", o->verbose || o->annotate ? "kept (-v, --annotate)" : NULL);
}

bool saved_header_make(struct saved_header *h, const struct options *o)
{
	FILE *f = open_memstream(&h->text, &h->n);

	if (!f)
		return false;
	fprintf(f, SAVED_MAGIC "%u\nprogram %s\nfiles %" PRIu64 "\nlast ",
		SAVED_VERSION, ct_version(), h->files);
	put_escaped(f, h->last);
	fprintf(f, "\nframes %" PRIu64 "\nclock %" PRIu64 ".%09" PRIu64 "\noutput ",
		h->frames, (uint64_t)(h->clock / CT_NSEC_PER_SEC),
		(uint64_t)(h->clock % CT_NSEC_PER_SEC));
	if (h->output == PRINTER_NO_FILE)
		fprintf(f, "-\n");
	else
		fprintf(f, "%" PRIu64 "\n", h->output);
	put_settings(f, o, h->firewall);
	putc('\n', f);
	return fclose(f) == 0;
}

/* All up to the empty line. */
static bool read_text(struct saved_header *h, FILE *f)
{
	FILE *to = open_memstream(&h->text, &h->n);
	int c, last = 0;
	size_t n;

	if (!to)
		return false;
	for (n = 0; n < HEADER_MAX && (c = getc(f)) != EOF; n++) {
		/* What is no text is not read further: it is no state. */
		if (c == 0)
			break;
		putc(c, to);
		if (c == '\n' && last == '\n')
			break;
		last = c;
	}
	return fclose(to) == 0;
}

static bool check_version(const struct saved_header *h, struct state_io *io)
{
	unsigned int version;

	if (strncmp(h->text, SAVED_MAGIC, strlen(SAVED_MAGIC)) != 0 ||
	    sscanf(h->text + strlen(SAVED_MAGIC), "%9u", &version) != 1) {
		state_fail(io, "it is no state that ctreplay has saved");
		return false;
	}
	if (version == SAVED_VERSION)
		return true;
	state_fail(io, "it has version %u of the format, and this program reads and "
		   "writes version %u: replay the captures again", version,
		   SAVED_VERSION);
	return false;
}

/* Compares the lines behind "set". */
static void compare(struct saved_header *h, const struct options *o,
		    struct state_io *io)
{
	struct saved_header own = { .last = "", .firewall = h->firewall };
	char *saved, *now;

	if (!saved_header_make(&own, o)) {
		state_no_memory(io);
		saved_header_free(&own);
		return;
	}
	saved = strstr(h->text, "\n" SET);
	now = strstr(own.text, "\n" SET);
	if (!saved)
		state_fail(io, "it is damaged: its first lines have no settings");
	else if (strcmp(saved, now) != 0)
		state_fail_setting(io, saved, now, sizeof(SET) - 1);
	saved_header_free(&own);
}

bool saved_header_read(struct saved_header *h, FILE *f, const struct options *o,
		       struct state_io *io)
{
	char *copy;
	const char *files;

	*h = (struct saved_header){ .firewall = h->firewall };
	if (!read_text(h, f)) {
		state_no_memory(io);
		return false;
	}
	if (!check_version(h, io))
		return false;
	if (h->n < 2 || memcmp(h->text + h->n - 2, "\n\n", 2) != 0) {
		state_fail(io, "it is cut short within its first lines");
		return false;
	}
	files = strstr(h->text, "\nfiles ");
	if (files)
		h->files = strtoull(files + strlen("\nfiles "), NULL, 10);
	/* The comparison takes the lines apart. */
	copy = strdup(h->text);
	if (!copy) {
		state_no_memory(io);
		return false;
	}
	compare(&(struct saved_header){ .text = copy, .firewall = h->firewall }, o, io);
	free(copy);
	return !io->failed;
}
