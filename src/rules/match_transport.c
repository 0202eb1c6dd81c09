/* SPDX-License-Identifier: GPL-2.0-only */
/* esp, ah, sctp, dccp, tcpmss: one header each. */
#include "rules/reader.h"

struct spi { uint32_t lo, hi; bool set, inverted; };

static bool take_spi(struct reader *r, struct spi *m)
{
	uint64_t lo, hi;

	if (!take_range(r, UINT32_MAX, &lo, &hi))
		return false;
	*m = (struct spi){ (uint32_t)lo, (uint32_t)hi, true, inverted(r) };
	return true;
}

static enum took esp_option(struct reader *r, void *info, const char *opt)
{
	return is(opt, "--espspi") ? took(take_spi(r, info)) : NOT_MINE;
}

static enum answer spi_at(const struct spi *m, struct rules_context *c,
			  uint32_t off, uint32_t header)
{
	uint8_t h[12];
	enum answer a;
	uint32_t spi;

	a = context_read(c, off, h, header);
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	spi = load_be32(h + header - 8);
	return answer(!m->set ||
		      (spi >= m->lo && spi <= m->hi) != m->inverted);
}

static enum answer esp_match(void *info, struct rules_context *c)
{
	return c->fragoff ? ANSWER_NO : spi_at(info, c, c->thoff, 8);
}

const struct match_ops match_esp = {
	.name = "esp", .proto = 50, .size = sizeof(struct spi),
	.option = esp_option, .match = esp_match,
};

static enum took ah_option(struct reader *r, void *info, const char *opt)
{
	if (is(opt, "--ahspi"))
		return took(take_spi(r, info));
	if (is(opt, "--ahres"))
		return TOOK;
	return is(opt, "--ahlen") ? took(take(r) != NULL) : NOT_MINE;
}

/* ipt_ah.c: the SPI is the header's second word. */
static enum answer ah4_match(void *info, struct rules_context *c)
{
	return c->fragoff ? ANSWER_NO : spi_at(info, c, c->thoff, 12);
}

const struct match_ops match_ah4 = {
	.name = "ah", .family = CT_L3_IPV4, .proto = 51,
	.size = sizeof(struct spi), .option = ah_option, .match = ah4_match,
};

/* ip6t_ah.c: an extension header of IPv6, wherever it stands. */
static enum answer ah6_match(void *info, struct rules_context *c)
{
	struct v6_place at;

	if (!v6_find(&c->b, 51, &at) || at.proto != 51)
		return ANSWER_NO;
	return spi_at(info, c, at.off, 12);
}

const struct match_ops match_ah6 = {
	.name = "ah", .family = CT_L3_IPV6, .size = sizeof(struct spi),
	.option = ah_option, .match = ah6_match,
};

struct mss { uint16_t lo, hi; bool set, inverted; };

static enum took tcpmss_option(struct reader *r, void *info, const char *opt)
{
	struct mss *m = info;
	uint64_t lo, hi;

	if (!is(opt, "--mss"))
		return NOT_MINE;
	if (!take_range(r, UINT16_MAX, &lo, &hi))
		return TOOK_FAILED;
	*m = (struct mss){ (uint16_t)lo, (uint16_t)hi, true, inverted(r) };
	return TOOK;
}

static bool tcpmss_finish(struct reader *r, void *info)
{
	const struct mss *m = info;

	if (!m->set)
		return refuse(r, "tcpmss", "--mss is missing");
	if (!(r->rule->checks & CHECK_PROTO) || r->rule->proto != 6 ||
	    r->rule->inverted & INV_PROTO)
		return refuse(r, "tcpmss", "it needs -p tcp");
	return true;
}

/* tcpmss_mt() of xt_tcpmss.c: a segment without the option answers as one whose
 * size is none that was asked for. */
static enum answer tcpmss_match(void *info, struct rules_context *c)
{
	const struct mss *m = info;
	uint8_t h[20], op[40];
	uint32_t n;
	enum answer a = context_read(c, c->thoff, h, sizeof(h));

	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	n = (h[12] >> 4) * 4u;
	if (n < sizeof(h))
		return hotdrop(c);
	n -= (uint32_t)sizeof(h);
	a = n ? context_read(c, c->thoff + 20, op, n) : ANSWER_YES;
	if (a != ANSWER_YES)
		return a == ANSWER_NO ? hotdrop(c) : a;
	for (uint32_t i = 0; i < n;) {
		if (op[i] == 2 && n - i >= 4 && op[i + 1] == 4) {
			uint16_t mss = load_be16(op + i + 2);

			return answer((mss >= m->lo && mss <= m->hi) !=
				      m->inverted);
		}
		i += op[i] < 2 || i + 1 == n || !op[i + 1] ? 1 : op[i + 1];
	}
	return answer(m->inverted);
}

const struct match_ops match_tcpmss = {
	.name = "tcpmss", .size = sizeof(struct mss), .option = tcpmss_option,
	.finish = tcpmss_finish, .match = tcpmss_match,
};
