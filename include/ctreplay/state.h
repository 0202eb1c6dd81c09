/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state.h - an engine and a reassembly as bytes, to go on with later.
 *
 * A program that tracks packets, saves, loads in another process and tracks more
 * packets sees the verdicts, events and records that it would have seen without the
 * break.
 *
 * A state is for engines with the same configuration: the kernel, all sysctls,
 * checksums, helpers, bounds.  One that was saved with another configuration, by a
 * library whose states have another version, or that is damaged, is refused.  States
 * are untrusted input: any bytes are safe to load, and memory is bounded by their
 * number.  docs/state.md has the format.
 */
#ifndef CTREPLAY_STATE_H
#define CTREPLAY_STATE_H 1

#include "ctreplay/conntrack.h"
#include "ctreplay/reassembly.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The version of states, which grows whenever what is saved changes. */
#define CT_STATE_VERSION 1u

/* Takes the next 'n' bytes of a state; false, with errno set, if it cannot. */
typedef bool (*ct_state_write_fn)(void *arg, const void *data, size_t n);
/* Copies the next 'n' bytes of a state to 'data'; returns less at its end, or where it
 * cannot be read. */
typedef size_t (*ct_state_read_fn)(void *arg, void *data, size_t n);

/*
 * Saves the engine, to go on from its clock's time.  A packet that waits for ct_confirm()
 * is dropped first.  0; -ENOMEM; or -errno of 'write'.
 */
int ct_save(struct ct *ct, ct_state_write_fn write, void *arg);
/*
 * Loads a state into an engine that ct_create() has just made.  0; or -EINVAL or -ENOMEM,
 * and '*error' says why (unless it is NULL): then nothing but ct_destroy() may be done
 * with the engine.  No events are sent.
 */
int ct_load(struct ct *ct, ct_state_read_fn read, void *arg, struct ct_error *error);

/* The same for fragments that wait for their datagrams, and their counts. */
int ct_reassembly_save(struct ct_reassembly *r, ct_state_write_fn write, void *arg);
int ct_reassembly_load(struct ct_reassembly *r, ct_state_read_fn read, void *arg,
		       struct ct_error *error);

#ifdef __cplusplus
}
#endif

#endif
