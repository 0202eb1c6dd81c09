/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/part.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "capture/magic.h"

/* A longer line is no connection and no note. */
#define RECORD_BYTES	65536u

bool part_open(struct part *p, const struct stop *stop, const struct diag *diag)
{
	bool standard = strcmp(p->name, "-") == 0;

	p->fd = standard ? STDIN_FILENO : open(p->name, O_RDONLY | O_CLOEXEC);
	if (p->fd < 0) {
		diag_say(diag, DIAG_ERROR, "cannot open %.300s: %s%s", p->name,
			 strerror(errno), errno != EMFILE ? "" :
			 "; merge them in groups and then their results, which gives "
			 "the same, or raise the limit (ulimit -n)");
		return false;
	}
	line_reader_init(&p->reader, p->fd, stop);
	return true;
}

void part_close(struct part *p)
{
	record_free(&p->record);
	line_reader_free(&p->reader);
	if (p->fd > STDIN_FILENO)
		close(p->fd);
	p->fd = -1;
}

const char *part_file(const struct part *p, const struct record *r)
{
	return p->several && !record_has(r, "file") ? p->name : NULL;
}

static bool key_before(const struct part_key *a, const struct part_key *b)
{
	return a->open != b->open ? b->open : a->time < b->time;
}

bool part_before(const struct part *a, const struct part *b)
{
	if (key_before(&a->key, &b->key))
		return true;
	return !key_before(&b->key, &a->key) && a->number < b->number;
}

static bool is_short(const struct part *p)
{
	return p->len <= RECORD_BYTES ||
	       record_refuse(&p->record, "the line has more than %u bytes",
			     RECORD_BYTES);
}

static bool add_note(const struct part *p, struct merged *m)
{
	const char *file = part_file(p, &p->record);
	char message[1000];

	if (!is_short(p) || !merged_note_check(&p->record))
		return false;
	if (!p->text)
		return merged_notes_add(&m->notes, &p->record, p->line, p->len, file);
	merged_note_message(&p->record, message, sizeof(message));
	return merged_notes_add(&m->notes, &p->record, message, strlen(message) + 1,
				file);
}

static bool add_statistics(struct part *p, struct merged *m)
{
	/* A file to which a second run has appended would count twice. */
	if (p->has_statistics)
		return record_refuse(&p->record, "a second record of statistics; expected "
				     "what one run printed");
	p->has_statistics = true;
	return merged_statistics_add(&m->statistics, &p->record);
}

static bool take_connection(struct part *p, struct merged *m)
{
	const struct connection_view *v = &p->connection.view;
	struct part_key key;

	if (!is_short(p) || !merged_connection_read(&p->connection, &p->record))
		return false;
	key.open = v->end == CT_END_NONE;
	key.time = key.open ? v->record.first_seen : v->when;
	if (!key_before(&key, &p->key))
		p->key = key;
	m->connections = true;
	return true;
}

static enum part_result take_record(struct part *p, struct merged *m)
{
	const char *type = p->record.type;
	bool ok;

	if (strcmp(type, "connection") == 0)
		return take_connection(p, m) ? PART_CONNECTION : PART_BAD;
	if (strcmp(type, "statistics") == 0)
		ok = add_statistics(p, m);
	else if (strcmp(type, "top") == 0)
		ok = merged_tops_add(&m->tops, &p->record);
	else if (strcmp(type, "note") == 0)
		ok = add_note(p, m);
	else
		ok = record_refuse(&p->record, "such records are not merged; expected "
				   "what -s, -C and --top print with -o json");
	return ok ? PART_END : PART_BAD;
}

static enum part_result refuse_line(const struct part *p, enum line_result why,
				    const struct where *w)
{
	switch (why) {
	case LINE_LONG:
		where_refuse(w, "more than %u bytes without a newline; expected a "
			     "record of ctreplay -o json in each line",
			     LINE_MAX_BYTES);
		return PART_BAD;
	case LINE_ERROR:
		diag_say(w->diag, DIAG_ERROR, "cannot read %.300s: %s", p->name,
			 strerror(p->reader.error));
		return PART_ABSENT;
	case LINE_STOPPED:
		return PART_STOPPED;
	default:
		diag_say(w->diag, DIAG_ERROR, "out of memory");
		return PART_BAD;
	}
}

/* Whether the file, of which the first bytes are read, may be one of records. */
static bool check_kind(const struct part *p, const struct diag *diag)
{
	const uint8_t *begin = (const uint8_t *)p->reader.buf;
	const char *packing = NULL;
	const char *cat = magic_unpacks(begin, p->reader.used, &packing);
	const enum magic magic = magic_of(begin, p->reader.used);

	if (cat)
		diag_say(diag, DIAG_ERROR, "%.300s: is compressed with %s; unpack it "
			 "first, or give its output: --merge <(%s FILE)", p->name, packing,
			 cat);
	else if (magic == MAGIC_PCAP || magic == MAGIC_PCAPNG)
		diag_say(diag, DIAG_ERROR, "%.300s: is a capture; replay it first with "
			 "-s, -C or --top and -o json, and merge what that prints",
			 p->name);
	else
		return true;
	return false;
}

enum part_result part_next(struct part *p, struct merged *m, const struct diag *diag)
{
	struct where w = { .diag = diag, .file = p->name, .part = p->number };
	enum part_result result = PART_END;
	enum line_result line;

	while (result == PART_END) {
		record_free(&p->record);
		line = line_next(&p->reader, &p->line, &p->len);
		w.line = p->reader.number;
		w.offset = p->reader.offset;
		if (line == LINE_END) {
			part_close(p);
			return PART_END;
		}
		/* Nothing has been moved in the buffer yet. */
		if (w.line == 1 && (line == LINE_READ || line == LINE_LONG) &&
		    !check_kind(p, diag))
			return PART_BAD;
		if (line != LINE_READ)
			return refuse_line(p, line, &w);
		result = record_parse(&p->record, &w, p->line, p->len) ?
			 take_record(p, m) : PART_BAD;
	}
	return result;
}
