/* SPDX-License-Identifier: GPL-2.0-only */
#include "replay/page/packets.h"

void packets_init(struct packets *p)
{
	static const enum column_type types[PACKET_COLUMNS] = {
		[PACKET_FRAME] = COLUMN_SVARINT, [PACKET_DT] = COLUMN_SVARINT,
		[PACKET_CONN] = COLUMN_SVARINT, [PACKET_WORD] = COLUMN_U8,
		[PACKET_REASON] = COLUMN_U8, [PACKET_DIR] = COLUMN_U8,
		[PACKET_STATE] = COLUMN_U8, [PACKET_PROTO] = COLUMN_U8,
		[PACKET_LENGTH] = COLUMN_VARINT,
		[PACKET_SRC] = COLUMN_VARINT, [PACKET_DST] = COLUMN_VARINT,
		[PACKET_SPORT] = COLUMN_VARINT, [PACKET_DPORT] = COLUMN_VARINT,
		[PACKET_VERDICT] = COLUMN_U8, [PACKET_RULE] = COLUMN_VARINT,
	};

	*p = (struct packets){ .seen = 0 };
	for (unsigned int i = 0; i < PACKET_COLUMNS; i++)
		p->column[i].type = types[i];
}

void packets_free(struct packets *p)
{
	for (unsigned int i = 0; i < PACKET_COLUMNS; i++)
		column_free(&p->column[i]);
}

bool packets_add(struct packets *p, const struct packet_row *row,
		 const struct ct_verdict *v)
{
	struct column *c = p->column;
	bool failed = false;

	p->kept++;
	column_delta(&c[PACKET_FRAME], row->frame);
	column_delta(&c[PACKET_DT], row->at);
	column_delta(&c[PACKET_CONN], row->id);
	column_u8(&c[PACKET_WORD], v->ctstate);
	column_u8(&c[PACKET_REASON], v->nwhy ? (uint8_t)v->why[0].reason : 0);
	column_u8(&c[PACKET_DIR], row->dir);
	column_u8(&c[PACKET_STATE], row->state);
	column_u8(&c[PACKET_PROTO], row->protonum);
	column_varint(&c[PACKET_LENGTH], row->length);
	column_varint(&c[PACKET_SRC], row->src);
	column_varint(&c[PACKET_DST], row->dst);
	column_varint(&c[PACKET_SPORT], row->sport);
	column_varint(&c[PACKET_DPORT], row->dport);
	column_u8(&c[PACKET_VERDICT], row->rule_verdict);
	column_varint(&c[PACKET_RULE], row->rule);
	for (unsigned int i = 0; i < PACKET_COLUMNS; i++)
		failed |= c[i].failed;
	return !failed;
}
