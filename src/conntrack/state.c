/* SPDX-License-Identifier: GPL-2.0-only */
/* state.c - an engine as bytes: its configuration, which must be the same, its clock
 * and counts; the other files have what its table holds. */
#include "conntrack/state.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctreplay/state.h"
#include "packet/reassembly_state.h"

#define SETTINGS_SIZE 8192u

STATE_COVERS(struct ct_stats, 72);
STATE_COVERS(struct expect_table, 32);

/* The configuration as lines, "name value" each. */
struct settings {
	char text[SETTINGS_SIZE];
	uint32_t n;
};

__attribute__((format(printf, 2, 3)))
static void add(struct settings *s, const char *text, ...)
{
	va_list ap;
	int n;

	va_start(ap, text);
	n = vsnprintf(s->text + s->n, SETTINGS_SIZE - s->n, text, ap);
	va_end(ap);
	s->n += (uint32_t)n;
	if (s->n > SETTINGS_SIZE - 1)
		s->n = SETTINGS_SIZE - 1;
}

static void add_sysctls(struct settings *s, const struct ct_sysctl *v)
{
	add(s, "ipfrag_time %" PRIu32 "\nipfrag_high_thresh %" PRIu32
	    "\nipfrag_low_thresh %" PRIu32 "\nipfrag_max_dist %" PRIu32 "\n",
	    v->ipfrag_time, v->ipfrag_high_thresh, v->ipfrag_low_thresh,
	    v->ipfrag_max_dist);
#define ADD(member, name, legacy, def, min, max, help) \
	add(s, name " %" PRIu32 "\n", v->member);
	CT_SYSCTLS(ADD)
#undef ADD
}

static void add_helpers(struct settings *s, const struct ct_config *cfg)
{
	add(s, "helpers");
	for (uint32_t i = 0; i < cfg->nhelpers; i++)
		add(s, " %s:%u", ct_helper_name(cfg->helper[i].helper),
		    cfg->helper[i].port);
	add(s, "\nnetbios-ns/ %u\nsnmp/ %u\n", cfg->netbios_prefix, cfg->snmp_prefix);
}

static void make_settings(struct settings *s, const struct ct_config *cfg)
{
	char kernel[CT_KERNEL_NAME_SIZE];

	ct_kernel_name(&cfg->kernel, kernel);
	s->n = 0;
	add(s, "version %u\nkernel %s\nbehaviours %" PRIx64 ".%" PRIx64 "\n"
	    "checksum-mode %d\ntrack-bounds %d\n", CT_STATE_VERSION, kernel,
	    cfg->kernel.has[0], cfg->kernel.has[1], (int)cfg->checksum,
	    cfg->track_bounds);
	add_sysctls(s, &cfg->sysctl);
	add_helpers(s, cfg);
}

static void settings_state(struct state_io *io, const struct ct_config *cfg)
{
	struct settings now, saved;

	make_settings(&now, cfg);
	saved = now;
	state_begin(io, STATE_TAG('C', 'O', 'N', 'F'));
	state_below32(io, &saved.n, SETTINGS_SIZE);
	state_bytes(io, saved.text, saved.n);
	state_end(io);
	saved.text[saved.n] = '\0';
	if (!state_failed(io) && strcmp(saved.text, now.text) != 0)
		state_fail_setting(io, saved.text, now.text, 0);
}

static void counts_state(struct ct *ct, struct state_io *io)
{
	struct ct_stats *c = &ct->stats;

	state_begin(io, STATE_TAG('C', 'L', 'C', 'K'));
	state_u64(io, &ct->now);
	state_bool(io, &ct->zones);
	state_u64(io, &ct->last_id);
	state_u64(io, &ct->expect.last_id);
	state_u64(io, &c->created);
	state_u64(io, &c->destroyed);
	state_u64(io, &c->early_dropped);
	state_u64(io, &c->refused);
	state_u64(io, &c->expected);
	state_u64(io, &c->met);
	state_u64(io, &c->no_memory);
	state_u64(io, &c->most);
	state_u64(io, &c->most_when);
	state_end(io);
	/* They grow by one at a time, and must never become 0. */
	state_check(io, ct->last_id <= INT64_MAX,
		    "its last connection has a number that it cannot have");
	state_check(io, ct->expect.last_id <= INT64_MAX,
		    "its last expectation has a number that it cannot have");
}

/* The places of entries. */
static bool rank(struct engine_state *s)
{
	const struct table *t = &s->ct->table;
	uint32_t n = 0;

	s->rank = calloc(((size_t)t->nslabs << SLAB_SHIFT) + 1, sizeof(*s->rank));
	if (!s->rank)
		return false;
	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; )
		s->rank[i] = ++n;
	return true;
}

void entry_number_state(struct engine_state *s, uint32_t *number)
{
	uint32_t place = s->io->save ? s->rank[*number] : 0;

	if (s->io->save) {
		state_u32(s->io, &place);
		return;
	}
	state_below32(s->io, &place, s->ranks + 1);
	*number = place && !state_failed(s->io) ? s->rank[place - 1] : ENTRY_NONE;
}

/* Frees what loading had not connected yet when it failed. */
static void finish_exts(struct engine_state *s)
{
	for (uint32_t i = 0; i < s->exts; i++) {
		if (s->io->save)
			s->ext[i].ext->saved = 0;
		else if (state_failed(s->io) && !s->ext[i].ext->refs)
			free(s->ext[i].ext);
	}
	free(s->ext);
}

void engine_state(struct ct *ct, struct state_io *io)
{
	struct engine_state s = { .ct = ct, .io = io };

	if (io->save)
		ct_drop(ct);
	settings_state(io, &ct->cfg);
	counts_state(ct, io);
	if (io->save && !rank(&s))
		state_no_memory(io);
	if (!state_failed(io))
		entries_state(&s);
	if (!state_failed(io))
		exts_state(&s);
	if (!state_failed(io))
		gre_keys_state(&s);
	if (!state_failed(io))
		expects_state(&s);
	finish_exts(&s);
	ct->half_loaded = !io->save && state_failed(io);
	free(s.rank);
}

int ct_save(struct ct *ct, ct_state_write_fn write, void *arg)
{
	struct state_io io;

	if (state_save_begin(&io, write, arg, CT_STATE_VERSION))
		engine_state(ct, &io);
	state_finish(&io);
	return state_code(&io);
}

int ct_load(struct ct *ct, ct_state_read_fn read, void *arg, struct ct_error *error)
{
	struct state_io io;

	if (state_load_begin(&io, read, arg, CT_STATE_VERSION))
		engine_state(ct, &io);
	state_finish(&io);
	state_tell(&io, error);
	return state_code(&io);
}
