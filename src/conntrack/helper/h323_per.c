/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_per.c - a reader of ASN.1's aligned packed encoding (ITU-T X.691) that
 * accepts what the kernel's nf_conntrack_h323_asn1.c accepts.  It departs from
 * X.691 where that reader does, since a message that the kernel cannot read
 * announces nothing.  A comment marks each departure.
 */
#include "conntrack/helper/h323_per.h"

/* The length of an open type may be smaller than its contents, so that a
 * hostile message can have the same octets read again and again.  An honest
 * message needs only a few visits to each octet. */
#define VISITS_PER_OCTET 32u

#define ADDITIONS_MAX 32u	/* the kernel's limit */

struct per {
	const struct bytes *b;
	uint32_t cur, end;	/* octets */
	uint32_t bit;		/* the next bit of the octet at 'cur', 0 to 7 */
	uint32_t visits;	/* left */
	unsigned int quirks;	/* PER_QUIRK_... */
	struct per_notes *notes;
};

/* The position of a value in its message. */
struct place {
	bool wanted;
	uint8_t tag;
};

static bool read_value(struct per *p, const struct per_type *t, struct place at);

/* nf_h323_error_boundary(): whether that many octets and bits are left. */
static bool has(const struct per *p, uint32_t octets, uint32_t bits)
{
	bits += p->bit;
	octets += bits / 8 + (bits % 8 != 0);
	return p->cur + octets <= p->end;
}

static void advance(struct per *p, uint32_t bits)
{
	bits += p->bit;
	p->cur += bits / 8;
	p->bit = bits % 8;
}

static void align(struct per *p)
{
	if (p->bit)
		advance(p, 8 - p->bit);
}

/* The octet at 'cur', even if some of its bits were read. */
static uint32_t octet(struct per *p)
{
	uint8_t v = 0;

	bytes_u8(p->b, p->cur++, &v);
	return v;
}

/* At most 8 bits. */
static uint32_t get_bits(struct per *p, uint32_t n)
{
	uint8_t v[2] = { 0, 0 };
	uint32_t both;

	if (p->bit + n > 8)
		bytes_copy(p->b, p->cur, v, 2);
	else
		bytes_u8(p->b, p->cur, v);
	both = (uint32_t)load_be16(v) >> (16 - p->bit - n);
	advance(p, n);
	return both & ((1u << n) - 1);
}

/*
 * The presence of up to 32 components, the first in the highest bit.  Bits that
 * end with the fourth octet but do not begin with the first are not shifted in
 * the kernel: it takes the bits before them, and loses the last ones.
 */
static uint32_t get_bitmap(struct per *p, uint32_t n)
{
	uint32_t before = p->bit + n == 32 ? p->bit : 0, map = 0;

	p->bit -= before;
	for (uint32_t done = 0, some; done < n; done += some) {
		some = n - done < 8 ? n - done : 8;
		map |= get_bits(p, some) << (32 - done - some);
	}
	advance(p, before);
	return map;
}

/* X.691 section 10.9, up to 16383.  The kernel requires two octets even for a
 * short length. */
static bool get_length(struct per *p, uint32_t *len)
{
	if (!has(p, 2, 0))
		return false;
	*len = octet(p);
	if (*len & 0x80)
		*len = (*len & 0x3f) << 8 | octet(p);
	return true;
}

/* The same for the last octet of a message, before an alternative that is
 * empty. */
static bool get_last_length(struct per *p, uint32_t *len)
{
	if (!(p->quirks & PER_QUIRK_LAST_OCTET) || !has(p, 1, 0) || has(p, 2, 0))
		return get_length(p, len);
	*len = octet(p);
	return !(*len & 0x80);
}

static bool take_note(struct per *p, uint8_t tag, uint8_t len, uint32_t value)
{
	if (p->notes->n == PER_NOTES)
		return false;
	p->notes->note[p->notes->n++] = (struct per_note){ tag, len, value };
	return true;
}

/* decode_int(), for more than 64K values: two bits give the number of
 * octets. */
static bool read_wide(struct per *p, const struct per_type *t, struct place at)
{
	uint32_t len, value = 0;

	if (!has(p, 0, 2))
		return false;
	len = get_bits(p, 2) + 1;
	if (!has(p, len, 0))
		return false;
	align(p);
	if (at.wanted) {
		for (uint32_t i = 0; i < len; i++)
			value = value << 8 | octet(p);
		if (!take_note(p, at.tag, 0, value + t->low))
			return false;
	}
	/* The kernel skips the octets again after reading them, and so requires
	 * that many octets after the value. */
	advance(p, len * 8);
	return true;
}

/* decode_octstr() and the other strings. */
static bool read_string(struct per *p, const struct per_type *t)
{
	uint32_t len;

	switch (t->n) {
	case PER_LENGTH_OCTET:
		align(p);
		if (!has(p, 1, 0))
			return false;
		len = octet(p);
		break;
	case PER_LENGTH_WORD:
		align(p);
		if (!has(p, 2, 0))
			return false;
		len = octet(p) << 8;
		len |= octet(p);
		break;
	case PER_LENGTH:
		align(p);
		if (!get_length(p, &len))
			return false;
		break;
	default:
		if (!has(p, 0, t->n))
			return false;
		len = get_bits(p, t->n);
		align(p);
	}
	advance(p, (len + t->low) * t->unit);
	return true;
}

static bool read_aligned(struct per *p, const struct per_type *t, struct place at)
{
	align(p);
	if (at.wanted && at.tag != PER_UNTAGGED &&
	    !take_note(p, at.tag, t->n, p->cur))
		return false;
	advance(p, t->n * 8u);
	return true;
}

static struct place within(const struct per_field *f, struct place at)
{
	return (struct place){
		.wanted = at.wanted && (f->flags & PER_WANT),
		.tag = f->tag ? f->tag : at.tag,
	};
}

static bool note_marked(struct per *p, const struct per_type *t, struct place at,
			uint32_t value)
{
	return !at.wanted || !(t->flags & PER_MARKED) ||
	       take_note(p, at.tag, 0, value);
}

/*
 * The value of an open type, which has 'len' octets.  Skips it unless something
 * in it is wanted.  Reading it may go beyond that length, but then continues at
 * its end.  'inner' is 'at', except for the items of a SEQUENCE OF beyond its
 * limit.
 */
static bool read_contents(struct per *p, const struct per_field *f,
			  struct place at, struct place inner, uint32_t len)
{
	uint32_t begin;

	if (!has(p, len, 0))
		return false;
	begin = p->cur;
	if (f && within(f, at).wanted) {
		if (!read_value(p, f->type, within(f, inner)))
			return false;
		p->bit = 0;
	}
	p->cur = begin + len;
	return true;
}

/* An open type: a value after its length. */
static bool read_open(struct per *p, const struct per_field *f, struct place at,
		      struct place inner)
{
	uint32_t len;

	return get_length(p, &len) && read_contents(p, f, at, inner, len);
}

/* The components after the "...": a bit for each says whether it is present,
 * and each is an open type. */
static bool read_additions(struct per *p, const struct per_type *t, struct place at)
{
	uint32_t count, map;

	if (!has(p, 0, 7))
		return false;
	count = get_bits(p, 7) + 1;
	if (!has(p, 0, count) || count > ADDITIONS_MAX)
		return false;
	map = get_bitmap(p, count);
	align(p);
	for (uint32_t i = 0; i < count; i++) {
		const struct per_field *f = t->root + i < t->nfields ?
					    &t->field[t->root + i] : NULL;

		if (f && (f->flags & PER_STOP))
			return true;
		/* The kernel reads a component without a name even if its bit
		 * is not set. */
		if (i < t->added && !(map & 0x80000000u >> i))
			continue;
		if (!read_open(p, f, at, at))
			return false;
	}
	return true;
}

/* decode_seq() */
static bool read_sequence(struct per *p, const struct per_type *t, struct place at)
{
	uint32_t map, optional = 0;
	bool extended;

	/* The kernel requires a bit even if it reads none. */
	if (!has(p, 0, 1) || !note_marked(p, t, at, 0))
		return false;
	extended = (t->flags & PER_EXT) && get_bits(p, 1);
	if (!has(p, 0, t->n))
		return false;
	map = get_bitmap(p, t->n);
	for (uint32_t i = 0; i < t->root; i++) {
		const struct per_field *f = &t->field[i];

		if (f->flags & PER_STOP)
			return true;
		if ((f->flags & PER_OPTIONAL) &&
		    !(map & 0x80000000u >> optional++))
			continue;
		/* X.691 aligns the length of an open type; the kernel does
		 * not. */
		if (f->flags & PER_OPEN ? !read_open(p, f, at, at) :
					  !read_value(p, f->type, within(f, at)))
			return false;
	}
	return !extended || read_additions(p, t, at);
}

/* decode_seqof() */
static bool read_sequence_of(struct per *p, const struct per_type *t, struct place at)
{
	const struct per_field *f = t->field;
	struct place past = { .wanted = false };
	uint32_t count;

	align(p);
	if (!get_length(p, &count) || !note_marked(p, t, at, 0))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		struct place inner = i < t->n ? at : past;

		if (f->flags & PER_OPEN)
			align(p);
		if (f->flags & PER_OPEN ? !read_open(p, f, at, inner) :
					  !read_value(p, f->type, within(f, inner)))
			return false;
	}
	return true;
}

/* decode_choice() */
static bool read_choice(struct per *p, const struct per_type *t, struct place at)
{
	const struct per_field *f;
	bool extended, named;
	uint32_t which, len;

	if (!has(p, 0, 1))
		return false;
	extended = (t->flags & PER_EXT) && get_bits(p, 1);
	if (!has(p, 0, extended ? 7 : t->n))
		return false;
	which = get_bits(p, extended ? 7 : t->n);
	if (!extended && which >= t->root)
		return false;
	if (extended)
		which += t->root;
	if (!note_marked(p, t, at, which))
		return false;

	f = which < t->nfields ? &t->field[which] : NULL;
	named = which < t->root + t->added;
	if (named &&
	    (f ? f->flags & PER_STOP : t->flags & PER_REST_STOPS))
		return true;
	if (extended) {
		align(p);
		return (named ? get_last_length(p, &len) : get_length(p, &len)) &&
		       read_contents(p, f, at, at, len);
	}
	return !f || read_value(p, f->type, within(f, at));
}

static bool read_value(struct per *p, const struct per_type *t, struct place at)
{
	bool good = true;

	if (!p->visits--)
		return false;
	switch (t->kind) {
	case PER_NULL:
		return true;
	case PER_BITS:
		advance(p, t->n);
		break;
	case PER_ALIGNED:
		good = read_aligned(p, t, at);
		break;
	case PER_WIDE:
		good = read_wide(p, t, at);
		break;
	case PER_STRING:
		good = read_string(p, t);
		break;
	case PER_SEQUENCE:
		return read_sequence(p, t, at);
	case PER_SEQUENCE_OF:
		return read_sequence_of(p, t, at);
	case PER_CHOICE:
		return read_choice(p, t, at);
	}
	return good && has(p, 0, 0);
}

bool per_read(const struct bytes *b, uint32_t off, uint32_t end,
	      const struct per_type *type, enum per_tag tag,
	      unsigned int quirks, struct per_notes *notes)
{
	struct per p = {
		.b = b, .cur = off, .end = end, .quirks = quirks,
		.visits = (end - off) * VISITS_PER_OCTET, .notes = notes,
	};

	return read_value(&p, type, (struct place){ true, (uint8_t)tag });
}
