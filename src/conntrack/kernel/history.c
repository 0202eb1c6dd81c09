/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history.c - which release of Linux brought which behaviour.
 *
 * Read off the sources of Debian's kernels 5.10.218 to 5.10.262, 6.1.164 to
 * 6.1.192, 6.12.95 to 6.12.118, 6.18.5 to 6.18.33, 7.1.3 to 7.3.4, function by
 * function, and off the changelogs of Debian's kernel packages, which name the
 * stable release of each patch.  Between two such sources the first release
 * that may have a change is taken.  What a judged release does was then asked
 * of that kernel itself.
 */
#include "conntrack/kernel/history.h"

#define SINCE(major, minor)	.mainline = BRANCH(major, minor)
#define IN(major, minor, patch)	{ BRANCH(major, minor), patch, 0 }
#define FROM_TO(major, minor, since, until) { BRANCH(major, minor), since, until }
/* The branch never took it, although mainline had it before the branch began. */
#define NOT_IN(major, minor)	{ BRANCH(major, minor), UINT16_MAX, 0 }

const struct history kernel_history[CT_BEHAVIOUR_COUNT] = {
	[CT_HAS_TCP_RST_CLOSING_UNCHECKED] = { SINCE(5, 14), { { 0 } } },
	[CT_HAS_TCP_RST_AFTER_SYN] = { SINCE(5, 14), { { 0 } } },
	[CT_HAS_TCP_RST_SEQ0] = { SINCE(5, 14), { { 0 } } },
	[CT_HAS_TCP_IGNORE_INVALID_RST] = { SINCE(5, 14), { { 0 } } },
	[CT_HAS_TCP_SYN_RETRANSMIT_NO_REFRESH] = {
		SINCE(5, 14), { IN(5, 10, 166) } },
	[CT_HAS_TCP_REINIT_NEEDS_SYN] = { SINCE(5, 18), { { 0 } } },
	[CT_HAS_TCP_OVERSHOOT_ACCEPTED] = { SINCE(6, 0), { { 0 } } },
	[CT_HAS_TCP_OLD_SEGMENT_ACCEPTED] = { SINCE(6, 1), { { 0 } } },
	[CT_HAS_TCP_BOUNDS_IN_TEXT] = { SINCE(6, 1), { { 0 } } },
	[CT_HAS_TCP_INVALID_LOWERS_TIMEOUT] = { SINCE(6, 1), { { 0 } } },
	[CT_HAS_TCP_RST_CHALLENGE_ACK] = { SINCE(6, 2), { IN(6, 1, 9) } },
	[CT_HAS_TCP_INVALID_NEW_LOGGED] = { SINCE(6, 7), { { 0 } } },
	[CT_HAS_TCP_WSCALE_BY_REPLY] = {
		SINCE(6, 8), { IN(6, 1, 77), IN(6, 6, 16) } },
	[CT_HAS_TCP_RST_SYN_DIRECTION] = {
		SINCE(7, 1), { IN(5, 10, 259), IN(6, 1, 176), IN(6, 12, 93),
			       IN(6, 18, 35), IN(7, 0, 12) } },
	[CT_HAS_TCP_LOWERED_TEXT] = {
		SINCE(7, 2), { IN(6, 1, 184), IN(6, 12, 104), IN(6, 18, 45),
			       IN(7, 1, 4) } },
	[CT_HAS_TCP_RST_TIMEOUT_UNACK] = { SINCE(7, 3), { IN(6, 12, 117) } },

	[CT_HAS_UDP_ASSURED_STREAM] = { SINCE(5, 16), { IN(5, 10, 80) } },
	[CT_HAS_UDPLITE_GENERIC] = { SINCE(7, 1), { { 0 } } },

	[CT_HAS_ICMPV6_REDIRECT_RELATED] = {
		SINCE(6, 2), { IN(5, 10, 163), IN(6, 1, 4) } },
	[CT_HAS_ICMPV6_MRD_UNTRACKED] = { SINCE(6, 9), { { 0 } } },

	[CT_HAS_SCTP_CLOSED_NO_REFRESH] = { SINCE(5, 17), { IN(5, 10, 102) } },
	[CT_HAS_SCTP_ONE_ESTABLISHED] = {
		SINCE(6, 2), { IN(5, 10, 166), IN(6, 1, 9) } },
	[CT_HAS_SCTP_VTAG_BY_T] = {
		SINCE(6, 2), { IN(5, 10, 166), IN(6, 1, 9) } },
	[CT_HAS_SCTP_REASONS] = { SINCE(6, 3), { IN(6, 1, 184) } },
	[CT_HAS_SCTP_SHUTDOWN_3S] = {
		SINCE(6, 5), { IN(5, 10, 192), IN(6, 1, 47) } },
	[CT_HAS_SCTP_INIT_COLLISION] = {
		SINCE(6, 6), { IN(5, 10, 198), IN(6, 1, 57) } },
	[CT_HAS_SCTP_FIRST_VTAG] = {
		SINCE(6, 8), { IN(5, 10, 211), IN(6, 1, 80) } },
	[CT_HAS_SCTP_STALE_INIT] = {
		SINCE(7, 1), { IN(5, 10, 258), IN(6, 1, 175), IN(6, 12, 91),
			       IN(6, 18, 33) } },

	[CT_HAS_DCCP_SHORT_INVALID] = { SINCE(6, 3), { { 0 } } },
	[CT_HAS_DCCP_GENERIC] = { SINCE(6, 17), { { 0 } } },

	[CT_HAS_DESTROY_HAS_STATE] = { SINCE(5, 13), { { 0 } } },
	[CT_HAS_LARGE_DEFAULTS] = { SINCE(5, 15), { { 0 } } },
	[CT_HAS_EVENTS_ON_DEMAND] = { SINCE(5, 19), { { 0 } } },
	[CT_HAS_MAX_RETRANS_8BIT] = { SINCE(5, 13), { { 0 } } },
	[CT_HAS_LIMITS_CHECKED] = {
		SINCE(6, 15), { IN(5, 10, 238), IN(6, 1, 141), IN(6, 12, 31) } },
	[CT_HAS_MAX_NOT_ZERO] = { SINCE(6, 19), { { 0 } } },

	/* Mainline had it in 7.0 alone, before 7.0.11. */
	[CT_HAS_EXPECT_INHERITS_HELPER] = {
		.backport = { FROM_TO(6, 1, 168, 183), FROM_TO(6, 12, 81, 103),
			      FROM_TO(6, 18, 16, 44), FROM_TO(7, 0, 0, 11) } },
	[CT_HAS_EXPECT_LAZY] = {
		SINCE(7, 2), { IN(6, 1, 191), IN(6, 12, 114), IN(7, 1, 5) } },

	[CT_HAS_HELPER_BY_RULE] = { SINCE(6, 0), { { 0 } } },
	[CT_HAS_FTP_STRICT_NUMBERS] = { SINCE(7, 2), { { 0 } } },
	[CT_HAS_IRC_AFTER_PRIVMSG] = { SINCE(6, 0), { IN(5, 10, 146) } },
	[CT_HAS_IRC_4095] = { SINCE(6, 0), { { 0 } } },
	[CT_HAS_IRC_OWN_ADDRESS] = { SINCE(6, 0), { IN(5, 10, 143) } },
	[CT_HAS_IRC_END] = {
		SINCE(7, 2), { IN(5, 10, 261), IN(5, 15, 212), IN(6, 1, 178),
			       IN(6, 6, 145), IN(6, 12, 97), IN(6, 18, 40),
			       IN(7, 1, 4) } },
	[CT_HAS_IRC_NUMBER_SATURATES] = { SINCE(7, 2), { { 0 } } },
	[CT_HAS_IRC_STOP_AFTER_BAD] = {
		SINCE(7, 1), { IN(5, 10, 259), IN(5, 15, 210), IN(6, 1, 176),
			       IN(6, 12, 94), IN(6, 18, 36) } },
	[CT_HAS_SIP_STRICT_NUMBERS] = {
		SINCE(7, 1), { IN(5, 10, 258), IN(5, 15, 209), IN(6, 1, 175),
			       IN(6, 12, 91), IN(6, 18, 33) } },
	[CT_HAS_SIP_EXPIRES_NUMBER] = {
		SINCE(6, 5), { IN(5, 10, 188), IN(6, 1, 39) } },
	[CT_HAS_SIP_WALK_HEADERS] = { SINCE(6, 0), { IN(5, 10, 146) } },
	[CT_HAS_SIP_CONTENT_LENGTH] = {
		SINCE(7, 0), { IN(5, 10, 253), IN(6, 1, 167), IN(6, 12, 78),
			       IN(6, 18, 16) } },
	[CT_HAS_H323_CHOICE_LENGTH] = {
		SINCE(7, 0), { IN(5, 10, 252), IN(6, 1, 165), IN(6, 12, 75),
			       IN(6, 18, 16) } },
	[CT_HAS_PPTP_KEYS_PAIR] = { SINCE(7, 1), { { 0 } } },
	[CT_HAS_BROADCAST_SOURCE_PORT] = { SINCE(7, 3), { { 0 } } },

	[CT_HAS_IPV6_CHAIN_LIMIT] = { SINCE(7, 1), { { 0 } } },
};
