/* SPDX-License-Identifier: GPL-2.0-only */
/* MARK and CONNMARK: xt_mark.c and xt_connmark.c of the kernel. */
#include "rules/reader.h"

struct mark { uint32_t value, mask; bool set; };

/* The ways to say (mark & ~mask) ^ value; NOT_MINE: another option. */
static enum took value_option(struct reader *r, const char *opt, uint32_t *value,
			      uint32_t *mask)
{
	uint32_t bits = 0;
	bool plain = is(opt, "--set-mark");

	if (plain || is(opt, "--set-xmark")) {
		if (!take_mark(r, value, mask))
			return TOOK_FAILED;
		if (plain)
			*mask |= *value;
		return TOOK;
	}
	if (!is(opt, "--and-mark") && !is(opt, "--or-mark") &&
	    !is(opt, "--xor-mark"))
		return NOT_MINE;
	if (!take_u32(r, UINT32_MAX, &bits))
		return TOOK_FAILED;
	*value = is(opt, "--and-mark") ? 0 : bits;
	*mask = is(opt, "--and-mark") ? ~bits : is(opt, "--or-mark") ? bits : 0;
	return TOOK;
}

static enum took mark_option(struct reader *r, void *info, const char *opt)
{
	struct mark *m = info;
	enum took t = value_option(r, opt, &m->value, &m->mask);

	m->set |= t == TOOK;
	return t;
}

static bool mark_finish(struct reader *r, void *info)
{
	return ((struct mark *)info)->set || refuse(r, "MARK", "no mark is given");
}

static enum target_verdict mark_act(void *info, struct rules_context *c)
{
	const struct mark *m = info;

	c->mark = (c->mark & ~m->mask) ^ m->value;
	return TARGET_CONTINUE;
}

const struct target_ops target_MARK = {
	.name = "MARK", .size = sizeof(struct mark), .option = mark_option,
	.finish = mark_finish, .act = mark_act, .of_flow = true,
};

enum { CONNMARK_NONE, CONNMARK_SET, CONNMARK_SAVE, CONNMARK_RESTORE };

struct connmark {
	uint32_t value, ctmask, nfmask;
	uint8_t  mode, left, right;	/* shifts */
};

static void connmark_init(void *info)
{
	*(struct connmark *)info = (struct connmark){ .ctmask = UINT32_MAX,
						      .nfmask = UINT32_MAX };
}

static enum took connmark_option(struct reader *r, void *info, const char *opt)
{
	struct connmark *m = info;
	enum took t = value_option(r, opt, &m->value, &m->ctmask);

	if (t == TOOK)
		m->mode = CONNMARK_SET;
	if (t != NOT_MINE)
		return t;
	if (is(opt, "--save-mark") || is(opt, "--restore-mark")) {
		m->mode = is(opt, "--save-mark") ? CONNMARK_SAVE : CONNMARK_RESTORE;
		return TOOK;
	}
	if (is(opt, "--nfmask"))
		return took(take_u32(r, UINT32_MAX, &m->nfmask));
	if (is(opt, "--ctmask"))
		return took(take_u32(r, UINT32_MAX, &m->ctmask));
	if (is(opt, "--left-shift-mark"))
		return took(take_u8(r, &m->left));
	if (is(opt, "--right-shift-mark"))
		return took(take_u8(r, &m->right));
	if (!is(opt, "--mask"))
		return NOT_MINE;
	if (!take_u32(r, UINT32_MAX, &m->nfmask))
		return TOOK_FAILED;
	m->ctmask = m->nfmask;
	return TOOK;
}

static bool connmark_finish(struct reader *r, void *info)
{
	const struct connmark *m = info;

	if (m->left > 31 || m->right > 31)
		return refuse(r, "CONNMARK", "a shift is 31 at most");
	return m->mode || refuse(r, "CONNMARK", "--set-mark, --save-mark or "
				 "--restore-mark is missing");
}

static enum target_verdict connmark_act(void *info, struct rules_context *c)
{
	const struct connmark *m = info;
	struct rules_conn *conn = context_conn(c);
	uint32_t mark;

	if (!conn)
		return TARGET_CONTINUE;
	switch (m->mode) {
	case CONNMARK_SET:
		mark = ((conn->mark & ~m->ctmask) ^ m->value) >> m->right << m->left;
		break;
	case CONNMARK_SAVE:
		mark = (conn->mark & ~m->ctmask) ^
		       ((c->mark & m->nfmask) >> m->right << m->left);
		break;
	default:
		c->mark = (c->mark & ~m->nfmask) ^
			  ((conn->mark & m->ctmask) >> m->right << m->left);
		return TARGET_CONTINUE;
	}
	conn->mark = mark;
	if (c->engine->set_mark)
		c->engine->set_mark(c->engine->arg, mark);
	return TARGET_CONTINUE;
}

const struct target_ops target_CONNMARK = {
	.name = "CONNMARK", .size = sizeof(struct connmark),
	.needs = RULES_NEED_CONNTRACK, .init = connmark_init,
	.option = connmark_option, .finish = connmark_finish,
	.act = connmark_act,
};
