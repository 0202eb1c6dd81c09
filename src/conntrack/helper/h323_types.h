/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_types.h - the notation for the types of H.225.0 and H.245.
 */
#ifndef CONNTRACK_HELPER_H323_TYPES_H
#define CONNTRACK_HELPER_H323_TYPES_H 1

#include "conntrack/helper/h323_per.h"

#define COUNT(...) (sizeof((const struct per_field[]){ __VA_ARGS__ }) /	     \
		    sizeof(struct per_field))
#define FIELDS(...)							     \
	.nfields = COUNT(__VA_ARGS__),					     \
	.field = (const struct per_field[]){ __VA_ARGS__ }

/*
 * SEQUENCE with the given components, 'o' of them OPTIONAL, and 'a' more after
 * the "...".  Components after one that stops are left out; several BOOLEANs in
 * a row are one component of PER_BITS.
 */
#define SEQUENCE(f, o, a, ...)						     \
	{ .kind = PER_SEQUENCE, .flags = (f), .n = (o), .added = (a),	     \
	  .root = COUNT(__VA_ARGS__), FIELDS(__VA_ARGS__) }
/* The same for a SEQUENCE with components of interest after the "...": 'r' come
 * before it; those after it are given up to the last that is wanted or the
 * first that stops. */
#define SEQUENCE_ON(f, o, r, a, ...)					     \
	{ .kind = PER_SEQUENCE, .flags = (f), .n = (o), .added = (a),	     \
	  .root = (r), FIELDS(__VA_ARGS__) }
/* SEQUENCE OF; only the first 'max' items are noted. */
#define SEQUENCE_OF(f, max, ...)					     \
	{ .kind = PER_SEQUENCE_OF, .flags = (f), .n = (max),		     \
	  FIELDS(__VA_ARGS__) }
/*
 * CHOICE of 'r' alternatives, whose number takes 'b' bits.  Alternatives that
 * are not given are NULL before the "...", and skipped after it.
 */
#define CHOICE(f, b, r, ...)						     \
	{ .kind = PER_CHOICE, .flags = (f), .n = (b), .root = (r),	     \
	  FIELDS(__VA_ARGS__) }
/* ... with 'a' alternatives after the "..." that the kernel knows by name. */
#define CHOICE_AND(f, b, r, a, ...)					     \
	{ .kind = PER_CHOICE, .flags = PER_EXT | (f), .n = (b), .root = (r), \
	  .added = (a), FIELDS(__VA_ARGS__) }
/* ... where those that are not given stop. */
#define CHOICE_OR_STOP(f, b, r, a, ...)					     \
	{ .kind = PER_CHOICE, .flags = PER_EXT | PER_REST_STOPS | (f),	     \
	  .n = (b), .root = (r), .added = (a), FIELDS(__VA_ARGS__) }
/* ... of NULLs. */
#define CHOICE_OF_NULLS(f, b, r)					     \
	{ .kind = PER_CHOICE, .flags = (f), .n = (b), .root = (r) }
#define CHOICE_OF_NULLS_AND(f, b, r, a)					     \
	{ .kind = PER_CHOICE, .flags = PER_EXT | (f), .n = (b), .root = (r), \
	  .added = (a) }
#define STRING(length, l, u)						     \
	{ .kind = PER_STRING, .n = (length), .low = (l), .unit = (u) }
#define BITS(b)		{ .kind = PER_BITS, .n = (b) }
#define OCTETS(o)	{ .kind = PER_ALIGNED, .n = (o) }

#define SKIPPED			{ NULL, 0, PER_UNTAGGED }
#define STOP			{ NULL, PER_STOP, PER_UNTAGGED }
#define OPEN			{ NULL, PER_OPEN, PER_UNTAGGED }
#define IS(t)			{ &(t), 0, PER_UNTAGGED }
#define OPTIONAL(t)		{ &(t), PER_OPTIONAL, PER_UNTAGGED }
#define WANT(t)			{ &(t), PER_WANT, PER_UNTAGGED }
#define WANT_AS(t, tag)		{ &(t), PER_WANT, (tag) }
#define WANT_OPEN(t, tag)	{ &(t), PER_WANT | PER_OPEN, (tag) }
#define OPTIONAL_WANT(t)	{ &(t), PER_WANT | PER_OPTIONAL, PER_UNTAGGED }
#define OPTIONAL_AS(t, tag)	{ &(t), PER_WANT | PER_OPTIONAL, (tag) }

/* Types that both recommendations use. */
extern const struct per_type per_null, per_bit, per_octet, per_word, per_wide,
			     per_oid, per_octets, per_pair, per_4_octets,
			     per_6_octets, per_16_octets, per_nsap, per_digits;

/* OpenLogicalChannel, which H.225.0 carries for fast start. */
extern const struct per_type h245_open_channel;

#endif
