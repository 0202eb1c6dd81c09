/* SPDX-License-Identifier: GPL-2.0-only */
#include "merge/address.h"

#include <arpa/inet.h>
#include <string.h>

bool address_read(const struct record *r, const char *name, union ct_addr *a,
		  uint8_t *l3num)
{
	const char *text = record_text(r, name);
	bool ipv6 = text && strchr(text, ':');
	uint8_t family = ipv6 ? CT_L3_IPV6 : CT_L3_IPV4;

	memset(a, 0, sizeof(*a));
	if (!text || inet_pton(ipv6 ? AF_INET6 : AF_INET, text, a) != 1)
		return record_refuse(r, "'%s' is no address", name);
	if (*l3num && *l3num != family)
		return record_refuse(r, "'%s' is of another family", name);
	*l3num = family;
	return true;
}
