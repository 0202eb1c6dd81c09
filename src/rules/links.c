/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * links.c - interfaces by number, as "ip link show" prints them:
 *
 *	2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 ...
 *	    link/ether 02:00:00:00:00:01 brd ff:ff:ff:ff:ff:ff
 *	3: eth0.7@eth0: <BROADCAST,...
 *
 * A capture of LINKTYPE_LINUX_SLL2 names an interface by its number alone.
 */
#include <stdlib.h>

#include "rules/reader.h"

/* "eth0.7@eth0:" without what follows the name; false: there is no name. */
static bool cut_name(char *word)
{
	size_t n = strcspn(word, "@:");

	if (!n || (word[n] != ':' && word[n] != '@'))
		return false;
	word[n] = '\0';
	return true;
}

static bool read_link(struct reader *r)
{
	char *number = r->words.word[0], *name = r->words.n > 1 ? r->words.word[1] : NULL;
	size_t digits = strspn(number, "0123456789");
	struct rules *rules = r->rules;
	struct link *grown;
	uint64_t index;

	if (number[digits] != ':' || !parse_u64(number, number + digits, INT32_MAX, &index) ||
	    !index)
		return refuse(r, number, "expected what 'ip link show' prints: a number, "
			      "a colon, a name");
	if (!name || !cut_name(name))
		return refuse(r, number, "the interface's name is missing");
	if (rules->nlinks == IFACES_MAX)
		return refuse(r, number, "more than %u interfaces", IFACES_MAX);
	grown = realloc(rules->link, (rules->nlinks + 1) * sizeof(*grown));
	if (!grown)
		return refuse(r, NULL, "no memory");
	rules->link = grown;
	grown[rules->nlinks] = (struct link){ (uint32_t)index,
					      ifaces_get(&rules->ifaces, name) };
	if (!grown[rules->nlinks].iface)
		return refuse(r, name, "this is no name of an interface");
	rules->nlinks++;
	return true;
}

bool links_read(struct reader *r)
{
	const char *raw;
	size_t len;

	/* Lines that are not at the margin tell more of the interface before them. */
	while (!r->failed && reader_line(r, &raw, &len))
		if (*raw != ' ' && *raw != '\t' && !read_link(r))
			break;
	return !r->failed;
}

const struct rules_iface *rules_link(const struct rules *r, uint32_t index)
{
	for (uint32_t i = 0; i < r->nlinks; i++)
		if (r->link[i].index == index)
			return r->link[i].iface;
	return NULL;
}
