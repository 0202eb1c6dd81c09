/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state_ext.c - helpers and masters of connections as bytes.
 *
 * An ext may be that of a connection that has ended, if one that it expected lives, or
 * one that that one expected: such are saved behind those of the entries.
 */
#include "conntrack/state.h"

#include <stdlib.h>

#include "conntrack/helper/helper.h"

STATE_COVERS(struct ct_ext, 80);
STATE_COVERS(struct ftp_info, 24);
STATE_COVERS(struct sip_info, 8);
STATE_COVERS(struct pptp_info, 24);
STATE_COVERS(struct h323_info, 8);
STATE_COVERS(struct sane_info, 1);

/* Their places, from 1, are what states have: append only. */
static const struct {
	const struct ct_helper *helper;
	uint8_t classes;	/* of expectations */
} helpers[] = {
	{ &helper_ftp, 1 }, { &helper_irc, 1 }, { &helper_tftp, 1 },
	{ &helper_sip_tcp, 4 }, { &helper_sip_udp, 4 }, { &helper_h323_ras, 1 },
	{ &helper_h323_q931, 1 }, { &helper_h323_h245, 1 }, { &helper_pptp, 1 },
	{ &helper_amanda, 1 }, { &helper_netbios_ns, 1 }, { &helper_snmp, 1 },
	{ &helper_sane, 1 },
};
#define HELPERS (sizeof(helpers) / sizeof(helpers[0]))

void helper_state(struct state_io *io, const struct ct_helper **helper)
{
	uint8_t place = 0;

	for (uint8_t i = 0; io->save && i < HELPERS; i++)
		if (helpers[i].helper == *helper)
			place = i + 1;
	state_below8(io, &place, HELPERS + 1);
	if (!io->save)
		*helper = place ? helpers[place - 1].helper : NULL;
}

unsigned int helper_classes(const struct ct_helper *helper)
{
	for (size_t i = 0; i < HELPERS; i++)
		if (helpers[i].helper == helper)
			return helpers[i].classes;
	return 0;
}

static bool append(struct engine_state *s, struct ct_ext *ext, uint32_t owner)
{
	if (s->exts == s->ext_capacity) {
		uint32_t capacity = s->ext_capacity ? s->ext_capacity * 2 : 64;
		struct saved_ext *more = realloc(s->ext, capacity * sizeof(*more));

		if (!more) {
			state_no_memory(s->io);
			return false;
		}
		s->ext = more;
		s->ext_capacity = capacity;
	}
	s->ext[s->exts++] = (struct saved_ext){ .ext = ext, .owner = owner };
	if (s->io->save)
		ext->saved = s->exts;
	return true;
}

/* Saving: lists them, those of entries first. */
static void collect(struct engine_state *s)
{
	const struct table *t = &s->ct->table;
	struct ct_ext *ext;
	uint32_t owned;

	for (uint32_t i = ENTRY_NONE; (i = table_next_indexed(t, i)) != ENTRY_NONE; )
		if (table_ext(t, i) && !append(s, table_ext(t, i), i))
			return;
	owned = s->exts;
	for (uint32_t i = 0; i < owned; i++)
		for (ext = s->ext[i].ext->master_ext; ext && !ext->saved;
		     ext = ext->master_ext)
			if (!append(s, ext, ENTRY_NONE))
				return;
}

static void ftp_state(struct state_io *io, struct ftp_info *ftp)
{
	for (unsigned int dir = 0; dir < 2; dir++) {
		state_below16(io, &ftp->seq_aft_nl_num[dir], FTP_NEWLINES + 1);
		state_u16(io, &ftp->flags[dir]);
		for (unsigned int i = 0; i < FTP_NEWLINES; i++)
			state_u32(io, &ftp->seq_aft_nl[dir][i]);
	}
}

static void data_state(struct state_io *io, struct ct_ext *ext)
{
	const struct ct_helper *h = ext->helper;

	if (h == &helper_ftp) {
		ftp_state(io, &ext->data.ftp);
	} else if (h == &helper_sip_tcp || h == &helper_sip_udp) {
		state_u32(io, &ext->data.sip.register_cseq);
		state_u32(io, &ext->data.sip.invite_cseq);
	} else if (h == &helper_pptp) {
		/* gre_keys_state() has the keys. */
		state_u8(io, &ext->data.pptp.session_state);
		state_u8(io, &ext->data.pptp.call_state);
		state_u16(io, &ext->data.pptp.pac_call_id);
		state_u16(io, &ext->data.pptp.pns_call_id);
	} else if (h == &helper_h323_ras || h == &helper_h323_q931 ||
		   h == &helper_h323_h245) {
		state_u32(io, &ext->data.h323.timeout);
		state_u16(io, &ext->data.h323.tpkt_len[0]);
		state_u16(io, &ext->data.h323.tpkt_len[1]);
	} else if (h == &helper_sane) {
		state_u8(io, &ext->data.sane.state);
	}
}

/* The master's number, or ENTRY_NONE where its entry has ended. */
static uint32_t living_master(const struct engine_state *s, const struct ct_ext *ext)
{
	/* A state that was loaded has no number for one that had ended. */
	if (!ext->master_id || ext->master == ENTRY_NONE ||
	    !entry_rest(s->ct, ext->master)->indexed ||
	    entry_get(s->ct, ext->master)->id != ext->master_id)
		return ENTRY_NONE;
	return ext->master;
}

static void ext_state(struct engine_state *s, struct saved_ext *e)
{
	struct ct_ext *ext = e->ext;
	struct state_io *io = s->io;
	uint32_t master = ENTRY_NONE;

	if (io->save) {
		e->parent = ext->master_ext ? ext->master_ext->saved : 0;
		master = living_master(s, ext);
	}
	entry_number_state(s, &e->owner);
	state_u32(io, &e->parent);
	helper_state(io, &ext->helper);
	state_u64(io, &ext->master_id);
	entry_number_state(s, &master);
	data_state(io, ext);
	if (!io->save)
		ext->master = master;
}

/* Loading: gives an ext to its entry. */
static void give(struct engine_state *s, const struct saved_ext *e)
{
	struct ct_ext *ext = e->ext;

	if (e->owner != ENTRY_NONE && entry_ext(s->ct, e->owner)) {
		state_fail(s->io, "a connection has two helpers");
		return;
	}
	/* An id that is not that of 'master' says that the master has ended. */
	if (ext->master == ENTRY_NONE)
		ext->master = e->owner;
	else
		state_check(s->io, entry_get(s->ct, ext->master)->id == ext->master_id,
			    "a connection's master is another one");
	if (e->owner == ENTRY_NONE)
		return;
	state_check(s->io, ext->master_id < entry_get(s->ct, e->owner)->id,
		    "a connection is older than its master");
	if (!table_set_ext(&s->ct->table, e->owner, ext)) {
		state_no_memory(s->io);
		return;
	}
	ext->refs = 1;
	entry_get(s->ct, e->owner)->status |= ENTRY_EXT;
}

static void load_ext(struct engine_state *s)
{
	struct ct_ext *ext = calloc(1, sizeof(*ext));
	struct saved_ext *e;

	if (!ext || !append(s, ext, ENTRY_NONE)) {
		free(ext);
		state_no_memory(s->io);
		return;
	}
	e = &s->ext[s->exts - 1];
	ext_state(s, e);
	if (!state_failed(s->io))
		give(s, e);
}

/* Whether one is its own master, perhaps by way of others.  Looks at each once, and leaves
 * no 'seen' at 0. */
static bool has_cycle(struct engine_state *s)
{
	for (uint32_t i = 1; i <= s->exts; i++) {
		uint32_t at = i;

		while (at && !s->ext[at - 1].seen) {
			s->ext[at - 1].seen = i;
			at = s->ext[at - 1].parent;
		}
		if (at && s->ext[at - 1].seen == i)
			return true;
	}
	return false;
}

/* Whether each that is of no entry is the master of another.  After has_cycle(). */
static bool all_used(struct engine_state *s)
{
	for (uint32_t i = 0; i < s->exts; i++)
		if (s->ext[i].parent)
			s->ext[s->ext[i].parent - 1].seen = 0;
	for (uint32_t i = 0; i < s->exts; i++)
		if (s->ext[i].owner == ENTRY_NONE && s->ext[i].seen)
			return false;
	return true;
}

/* Loading: connects them.  Until here none has a reference but its entry's. */
static void connect(struct engine_state *s)
{
	for (uint32_t i = 0; i < s->exts; i++)
		if (s->ext[i].parent > s->exts) {
			state_fail(s->io, "a master is not there");
			return;
		}
	if (has_cycle(s)) {
		state_fail(s->io, "a connection is its own master");
		return;
	}
	if (!all_used(s)) {
		state_fail(s->io, "a master is nobody's");
		return;
	}
	for (uint32_t i = 0; i < s->exts; i++) {
		if (!s->ext[i].parent)
			continue;
		s->ext[i].ext->master_ext = s->ext[s->ext[i].parent - 1].ext;
		s->ext[i].ext->master_ext->refs++;
	}
}

void exts_state(struct engine_state *s)
{
	if (s->io->save)
		collect(s);
	state_begin(s->io, STATE_TAG('E', 'X', 'T', ' '));
	if (s->io->save)
		for (uint32_t i = 0; i < s->exts; i++)
			ext_state(s, &s->ext[i]);
	else
		while (state_more(s->io))
			load_ext(s);
	state_end(s->io);
	if (!s->io->save && !state_failed(s->io))
		connect(s);
}
