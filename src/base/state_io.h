/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * state_io.h - a saved state, field by field: what is saved and how it is loaded is
 * said once, in one function for both ways.
 *
 *	static void counts_state(struct state_io *io, struct counts *c)
 *	{
 *		state_begin(io, STATE_TAG('C', 'N', 'T', 'S'));
 *		state_u64(io, &c->frames);
 *		state_below8(io, &c->kind, KINDS);
 *		state_end(io);
 *	}
 *
 * Saving writes the members; loading sets them, or finds that the state is damaged or
 * does not fit, and then sets them to 0.  The first failure is kept; what follows it
 * does nothing, so that callers look at state_failed() only before they use what they
 * have loaded as a number of something.
 *
 * A state is a sequence of sections, and a section one of chunks, whose limited size
 * bounds the memory for reading:
 *
 *	8 bytes		XXH64 of the rest of the chunk; its seed is that of the chunk
 *			before, so that no chunk can be lost or moved
 *	4 bytes		the section's tag
 *	4 bytes		length of the payload; the highest bit: the section's last one
 *
 * All numbers are little-endian; a field is never split.  Bytes are untrusted until
 * their chunk's sum was compared, and after that as well, since whoever makes a file
 * can make the sums.
 */
#ifndef BASE_STATE_IO_H
#define BASE_STATE_IO_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/compiler.h"
#include "base/little.h"

#define STATE_CHUNK	(256u * 1024)	/* payload, at most */
#define STATE_HEADER	16u

#define STATE_TAG(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)

/* False: it could not be written; errno says why. */
typedef bool state_write_fn(void *arg, const void *data, size_t n);
/* Returns less than 'n' at the end of the state, or when it cannot be read. */
typedef size_t state_read_fn(void *arg, void *data, size_t n);

struct state_io {
	bool save;
	bool failed;
	bool last;		/* load: the chunk at hand is the section's last one */
	int error;		/* errno of a failure that is not the state's */
	uint8_t *p, *end;	/* the next field, the end of the chunk */
	uint8_t *chunk;
	uint32_t tag;
	uint64_t sum;		/* of the chunk before */
	uint64_t offset;	/* load: of the chunk in the state */
	state_write_fn *write;
	state_read_fn *read;
	void *arg;
	char text[200];		/* why it failed */
};

/* False: no memory.  'seed' is that of the first chunk. */
bool state_save_begin(struct state_io *io, state_write_fn *write, void *arg,
		      uint64_t seed);
bool state_load_begin(struct state_io *io, state_read_fn *read, void *arg,
		      uint64_t seed);
/* The end of all sections, which is written or must be there; then frees the memory.
 * False: the whole failed, and 'text' says why. */
bool state_finish(struct state_io *io);

/* A section.  Loading must find this one, and state_end() that nothing is left. */
void state_begin(struct state_io *io, uint32_t tag);
void state_end(struct state_io *io);
/* Loading: whether the section goes on. */
bool state_more(struct state_io *io);

static inline bool state_failed(const struct state_io *io)
{
	return io->failed;
}

/* 0; or -errno, -EINVAL where the state is to blame. */
int state_code(const struct state_io *io);

/* The first one counts: the sentence says what is wrong with the state. */
__attribute__((format(printf, 2, 3)))
void state_fail(struct state_io *io, const char *text, ...);
/* Names the first line of settings in which a state differs from this program; 'skip'
 * characters of each line are left out.  Both texts are changed. */
void state_fail_setting(struct state_io *io, char *saved, char *now, size_t skip);
/* Saving or loading failed for lack of memory. */
void state_no_memory(struct state_io *io);

/* Room for a field of 'n' bytes, or the field; NULL after a failure. */
uint8_t *state_field_slow(struct state_io *io, size_t n);

static always_inline uint8_t *state_field(struct state_io *io, size_t n)
{
	uint8_t *p = io->p;

	if (unlikely((size_t)(io->end - p) < n))
		return state_field_slow(io, n);
	io->p = p + n;
	return p;
}

#define STATE_FIELD(name, type, load, store) \
static inline void name(struct state_io *io, type *v) \
{ \
	uint8_t *p = state_field(io, sizeof(type)); \
\
	if (unlikely(!p)) { \
		if (!io->save) \
			*v = 0; \
	} else if (io->save) { \
		store(p, *v); \
	} else { \
		*v = load(p); \
	} \
}

#define STATE_LOAD8(p)		(*(p))
#define STATE_STORE8(p, v)	((void)(*(p) = (v)))
STATE_FIELD(state_u8, uint8_t, STATE_LOAD8, STATE_STORE8)
STATE_FIELD(state_u16, uint16_t, load_le16, store_le16)
STATE_FIELD(state_u32, uint32_t, load_le32, store_le32)
STATE_FIELD(state_u64, uint64_t, load_le64, store_le64)

/* At most a chunk of bytes as they are, such as addresses in network order. */
static inline void state_bytes(struct state_io *io, void *v, size_t n)
{
	uint8_t *p = state_field(io, n);

	if (io->save) {
		if (likely(p != NULL))
			memcpy(p, v, n);
	} else if (likely(p != NULL)) {
		memcpy(v, p, n);
	} else {
		memset(v, 0, n);
	}
}

/* A state of another kind, such as that of a library, as a section's bytes: 'io' is a
 * struct state_io.  As state_write_fn and state_read_fn. */
bool state_embed_write(void *io, const void *data, size_t n);
size_t state_embed_read(void *io, void *data, size_t n);

/*
 * Structures whose members a state has one by one: a new member must be saved, too, and
 * the state's version then grows.  make check-state notices a member that is not.
 */
#if __SIZEOF_POINTER__ == 8
#define STATE_COVERS(type, size) \
	_Static_assert(sizeof(type) == (size), \
		       #type " has changed: save what is new, see docs/state.md")
#else
#define STATE_COVERS(type, size) _Static_assert(1, "")
#endif

/* Numbers below 'limit': enums, indices, times. */
void state_below8(struct state_io *io, uint8_t *v, uint32_t limit);
void state_below16(struct state_io *io, uint16_t *v, uint32_t limit);
void state_below32(struct state_io *io, uint32_t *v, uint32_t limit);
void state_bool(struct state_io *io, bool *v);
/* An array of counters. */
void state_u64s(struct state_io *io, uint64_t *v, size_t n);

/* Loading: the state is not one of this program, or somebody has changed it. */
static inline void state_check(struct state_io *io, bool good, const char *what)
{
	if (unlikely(!good && !io->save))
		state_fail(io, "%s", what);
}

#endif
