/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tunnel.h - the tunnels that --decap looks into.
 */
#ifndef BASE_TUNNEL_H
#define BASE_TUNNEL_H 1

enum tunnel {
	TUNNEL_VXLAN,
	TUNNEL_GENEVE,
	TUNNEL_GRE,
	TUNNEL_ERSPAN,
	TUNNEL_IPIP,
	TUNNEL_GTPU,
	TUNNELS
};

/* A set of tunnels has bit TUNNEL_BIT() for each. */
#define TUNNEL_BIT(t)	(1u << (t))
#define TUNNEL_ALL	(TUNNEL_BIT(TUNNELS) - 1)

/* As --decap takes it. */
static inline const char *tunnel_name(enum tunnel t)
{
	static const char *const names[TUNNELS] = {
		[TUNNEL_VXLAN] = "vxlan", [TUNNEL_GENEVE] = "geneve",
		[TUNNEL_GRE] = "gre", [TUNNEL_ERSPAN] = "erspan",
		[TUNNEL_IPIP] = "ipip", [TUNNEL_GTPU] = "gtpu",
	};

	return names[t];
}

#endif
