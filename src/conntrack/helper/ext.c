/* SPDX-License-Identifier: GPL-2.0-only */
#include "conntrack/helper/ext.h"

#include <stdlib.h>

#include "conntrack/helper/gre_key.h"

struct ct_ext *ext_get(struct ct *ct, uint32_t number)
{
	struct ct_ext *ext = entry_ext(ct, number);

	if (ext)
		return ext;
	ext = calloc(1, sizeof(*ext));
	if (!ext || !table_set_ext(&ct->table, number, ext)) {
		free(ext);
		return NULL;
	}
	ext->refs = 1;
	entry_get(ct, number)->status |= ENTRY_EXT;
	return ext;
}

void ext_put(struct ct_ext *ext)
{
	while (ext && --ext->refs == 0) {
		struct ct_ext *master = ext->master_ext;

		free(ext);
		ext = master;
	}
}

void ext_free(struct ct *ct, uint32_t number)
{
	struct ct_entry *e = entry_get(ct, number);
	struct ct_ext *ext = entry_ext(ct, number);

	if (!ext)
		return;
	if (ext->master_id && e->protonum == CT_L4_GRE) {
		const struct ct_entry *master = entry_get(ct, ext->master);

		/* The number may have passed to another entry. */
		if (master->id == ext->master_id &&
		    entry_ext(ct, ext->master) && entry_confirmed(master))
			gre_key_destroy(ct, entry_ext(ct, ext->master));
	}
	ext_put(ext);
	e->status &= (uint8_t)~ENTRY_EXT;
	table_set_ext(&ct->table, number, NULL);
}
