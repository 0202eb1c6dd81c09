/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_types.h - how the types of H.225.0 and H.245 are written down.
 */
#ifndef CONNTRACK_H323_TYPES_H
#define CONNTRACK_H323_TYPES_H 1

#include "conntrack/helper/h323_per.h"

#define COUNT(...) (sizeof((const struct per_field[]){ __VA_ARGS__ }) /	     \
		    sizeof(struct per_field))
#define FIELDS(...)							     \
	.nfields = COUNT(__VA_ARGS__),					     \
	.field = (const struct per_field[]){ __VA_ARGS__ }

/*
 * SEQUENCE with the components given, 'o' of them OPTIONAL, and 'a' more behind
 * the "...".  What follows a component that stops is left out; several
 * BOOLEANs in a row are one of PER_BITS.
 */
#define SEQUENCE(f, o, a, ...)						     \
	{ .kind = PER_SEQUENCE, .flags = (f), .n = (o), .added = (a),	     \
	  .root = COUNT(__VA_ARGS__), FIELDS(__VA_ARGS__) }
/* The same where some behind the "..." matter: 'r' come before it, and then
 * those are given up to the last that is wanted or the first that stops. */
#define SEQUENCE_ON(f, o, r, a, ...)					     \
	{ .kind = PER_SEQUENCE, .flags = (f), .n = (o), .added = (a),	     \
	  .root = (r), FIELDS(__VA_ARGS__) }
/* SEQUENCE OF; notes are taken of the first 'max'. */
#define SEQUENCE_OF(f, max, ...)					     \
	{ .kind = PER_SEQUENCE_OF, .flags = (f), .n = (max),		     \
	  FIELDS(__VA_ARGS__) }
/*
 * CHOICE of 'r' alternatives, whose number takes 'b' bits.  Of those that are
 * not given the ones before the "..." are NULL, the others passed over.
 */
#define CHOICE(f, b, r, ...)						     \
	{ .kind = PER_CHOICE, .flags = (f), .n = (b), .root = (r),	     \
	  FIELDS(__VA_ARGS__) }
/* ... where those stop that are not given, with 'a' behind the "...". */
#define CHOICE_OR_STOP(f, b, r, a, ...)					     \
	{ .kind = PER_CHOICE, .flags = PER_EXT | PER_REST_STOPS | (f),	     \
	  .n = (b), .root = (r), .added = (a), FIELDS(__VA_ARGS__) }
/* ... of NULLs. */
#define CHOICE_OF_NULLS(f, b, r)					     \
	{ .kind = PER_CHOICE, .flags = (f), .n = (b), .root = (r) }
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

/* What both recommendations use. */
extern const struct per_type per_null, per_bit, per_octet, per_word, per_wide,
			     per_oid, per_octets, per_pair, per_4_octets,
			     per_6_octets, per_16_octets, per_nsap, per_digits;

/* OpenLogicalChannel, which H.225.0 carries for fast start. */
extern const struct per_type h245_open_channel;

#endif
