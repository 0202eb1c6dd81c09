/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_h225.c - the messages of ITU-T H.225.0: registration, admission and
 * status (RAS), and call signalling in its user-user information.
 *
 * These are the parts of version 4 that the kernel's nf_conntrack_h323_types.c
 * describes, without the requests of RAS that it reads for address translation
 * only (GRQ, ARQ, LRQ, IRR).
 */
#include "conntrack/helper/h323_types.h"

#define T static const struct per_type

T time_to_live = { .kind = PER_WIDE, .low = 1 };
T two_bits = BITS(2);
T seven_bits = BITS(7);
T eight_octets = OCTETS(8);
T identifier = STRING(7, 1, 16);		/* BMPString (SIZE (1..128)) */
T name = STRING(PER_LENGTH_OCTET, 1, 8);	/* OCTET STRING (SIZE (1..256)) */
T bit_string = STRING(PER_LENGTH, 0, 1);
T long_bit_string = STRING(PER_LENGTH_WORD, 0, 1);
T words = SEQUENCE_OF(0, 0, IS(per_word));

T h221_nonstandard = SEQUENCE(PER_EXT, 0, 0, IS(per_octet), IS(per_octet),
	IS(per_word));
T nonstandard_identifier = CHOICE(PER_EXT, 1, 2, IS(per_oid), IS(h221_nonstandard));
T nonstandard = SEQUENCE(0, 0, 0, IS(nonstandard_identifier), IS(per_octets));

/* TransportAddress, AliasAddress */

T ip_address = SEQUENCE(0, 0, 0, WANT(per_4_octets), IS(per_word));
T route = SEQUENCE_OF(0, 0, IS(per_4_octets));
T routing = CHOICE_OF_NULLS(PER_EXT, 1, 2);
T source_route = SEQUENCE(PER_EXT, 0, 0, IS(per_4_octets), IS(per_word),
	IS(route), IS(routing));
T ipx_address = SEQUENCE(0, 0, 0, IS(per_6_octets), IS(per_4_octets), IS(per_pair));
T ip6_address = SEQUENCE(PER_EXT, 0, 0, WANT(per_16_octets), IS(per_word));
T transport_address = CHOICE(PER_EXT, 3, 7, WANT(ip_address), IS(source_route),
	IS(ipx_address), WANT(ip6_address), IS(per_16_octets), IS(per_nsap),
	IS(nonstandard));
T transport_addresses = SEQUENCE_OF(0, 10, WANT(transport_address));

T h323_id = STRING(PER_LENGTH_OCTET, 1, 16);
T alias = CHOICE_AND(0, 1, 2, 5, IS(per_digits), IS(h323_id));
T aliases = SEQUENCE_OF(0, 0, IS(alias));

/* EndpointType */

T vendor = SEQUENCE(PER_EXT, 2, 0, IS(h221_nonstandard), OPTIONAL(name),
	OPTIONAL(name));
T role = SEQUENCE(PER_EXT, 1, 0, OPTIONAL(nonstandard));	/* gatekeeper, terminal */
T mcu = SEQUENCE(PER_EXT, 1, 1, OPTIONAL(nonstandard));
T caps = SEQUENCE(PER_EXT, 1, 2, OPTIONAL(nonstandard));	/* H310Caps and so on */
T protocol = CHOICE_AND(0, 4, 9, 2, IS(nonstandard), IS(caps), IS(caps), IS(caps),
	IS(caps), IS(caps), IS(caps), IS(caps), IS(caps));
T protocols = SEQUENCE_OF(0, 0, IS(protocol));
T gateway = SEQUENCE(PER_EXT, 2, 0, OPTIONAL(protocols), OPTIONAL(nonstandard));
T endpoint = SEQUENCE(PER_EXT, 6, 2, OPTIONAL(nonstandard), OPTIONAL(vendor),
	OPTIONAL(role), OPTIONAL(gateway), OPTIONAL(mcu), OPTIONAL(role),
	IS(two_bits));

/* Tokens (H.235), read only because they come before a channel's address. */

T dh_set = SEQUENCE(PER_EXT, 0, 0, IS(long_bit_string), IS(long_bit_string),
	IS(long_bit_string));
T challenge = STRING(7, 8, 8);
T certificate = SEQUENCE(PER_EXT, 0, 0, IS(per_oid), IS(per_octets));
T h235_nonstandard = SEQUENCE(0, 0, 0, IS(per_oid), IS(per_octets));
T clear_token = SEQUENCE(PER_EXT, 8, 2, IS(per_oid), OPTIONAL(per_wide),
	OPTIONAL(identifier), OPTIONAL(dh_set), OPTIONAL(challenge),
	OPTIONAL(per_octets), OPTIONAL(certificate), OPTIONAL(identifier),
	OPTIONAL(h235_nonstandard));
T tokens = SEQUENCE_OF(0, 0, IS(clear_token));

T params = SEQUENCE(PER_EXT, 2, 1, OPTIONAL(per_octets), OPTIONAL(eight_octets));
T hashed = SEQUENCE(0, 0, 0, IS(per_oid), IS(params), IS(bit_string));
T encrypted = SEQUENCE(0, 0, 0, IS(per_oid), IS(params), IS(per_octets));
T signed_token = SEQUENCE(0, 0, 0, OPEN, IS(per_oid), IS(params), IS(bit_string));
T endpoint_hash = SEQUENCE(0, 0, 0, IS(alias), IS(per_wide), IS(hashed));
T gatekeeper_hash = SEQUENCE(0, 0, 0, IS(identifier), IS(per_wide), IS(hashed));
T nested_encrypted = SEQUENCE(0, 0, 0, IS(per_oid), IS(encrypted));
T nested_signed = SEQUENCE(0, 0, 0, IS(per_oid), IS(signed_token));
T nested_hashed = SEQUENCE(0, 0, 0, IS(per_oid), IS(clear_token), IS(hashed));
T nested_token = CHOICE(PER_EXT, 2, 4, IS(nested_encrypted), IS(nested_signed),
	IS(nested_hashed), IS(encrypted));
T crypto_token = CHOICE(PER_EXT, 3, 8, IS(endpoint_hash), IS(gatekeeper_hash),
	IS(encrypted), IS(encrypted), IS(signed_token), IS(signed_token),
	IS(signed_token), IS(nested_token));
T crypto_tokens = SEQUENCE_OF(0, 0, IS(crypto_token));

T service_mode = CHOICE(PER_EXT, 2, 3, IS(nonstandard));
T security_caps = SEQUENCE(PER_EXT, 1, 0, OPTIONAL(nonstandard),
	IS(service_mode), IS(service_mode), IS(service_mode));
T h245_security = CHOICE(PER_EXT, 2, 4, IS(nonstandard), IS(per_null),
	IS(security_caps), IS(security_caps));

/* Call signalling */

T fast_start = SEQUENCE_OF(0, 30, WANT_OPEN(h245_open_channel, H245_CHANNEL));
T three_goals = CHOICE_OF_NULLS_AND(0, 2, 3, 2);
T call_type = CHOICE_OF_NULLS(PER_EXT, 2, 4);
T call_identifier = SEQUENCE(PER_EXT, 0, 0, IS(per_16_octets));
T q954 = SEQUENCE(PER_EXT, 0, 0, IS(two_bits));
T call_services = SEQUENCE(PER_EXT, 0, 0, IS(seven_bits), IS(q954));

T setup = SEQUENCE_ON(PER_EXT, 7, 13, 26,
	IS(per_oid), OPTIONAL_AS(transport_address, H225_H245_ADDRESS),
	OPTIONAL(aliases), IS(endpoint), OPTIONAL(aliases),
	OPTIONAL(transport_address),			/* destCallSignalAddress */
	OPTIONAL(aliases), OPTIONAL(words), IS(per_bit), IS(per_16_octets),
	IS(three_goals), OPTIONAL(call_services), IS(call_type),
	WANT(transport_address),			/* sourceCallSignalAddress */
	SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED,	/* to cryptoTokens */
	WANT(fast_start), SKIPPED, SKIPPED,
	STOP);						/* endpointIdentifier */
/* The additions up to fast start: call identifier, security mode, tokens. */
#define AND_FAST_START SKIPPED, SKIPPED, SKIPPED, SKIPPED, WANT(fast_start)
T call_proceeding = SEQUENCE_ON(PER_EXT, 1, 3, 9,
	IS(per_oid), IS(endpoint),
	OPTIONAL_AS(transport_address, H225_H245_ADDRESS), AND_FAST_START);
T connect = SEQUENCE_ON(PER_EXT, 1, 4, 15,
	IS(per_oid), OPTIONAL_AS(transport_address, H225_H245_ADDRESS),
	IS(endpoint), IS(per_16_octets), AND_FAST_START);
T alerting = SEQUENCE_ON(PER_EXT, 1, 3, 14,
	IS(per_oid), IS(endpoint),
	OPTIONAL_AS(transport_address, H225_H245_ADDRESS), AND_FAST_START);
T information = SEQUENCE(PER_EXT, 0, 6, IS(per_oid));
T release_reason = CHOICE_OF_NULLS_AND(0, 4, 12, 10);
T release_complete = SEQUENCE(PER_EXT, 1, 9, IS(per_oid), OPTIONAL(release_reason));
T facility_reason = CHOICE_OF_NULLS_AND(PER_MARKED, 2, 4, 7);
T facility = SEQUENCE_ON(PER_EXT, 3, 5, 16,
	IS(per_oid), OPTIONAL_AS(transport_address, H225_FORWARD_ADDRESS),
	OPTIONAL(aliases), OPTIONAL(per_16_octets),
	WANT_AS(facility_reason, H225_FACILITY_REASON),
	SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED, SKIPPED,	/* to conferences */
	WANT_AS(transport_address, H225_H245_ADDRESS), WANT(fast_start));
T progress = SEQUENCE(PER_EXT, 5, 3,
	IS(per_oid), IS(endpoint),
	OPTIONAL_AS(transport_address, H225_H245_ADDRESS), IS(call_identifier),
	OPTIONAL(h245_security), OPTIONAL(tokens), OPTIONAL(crypto_tokens),
	OPTIONAL_WANT(fast_start));

T body = CHOICE_AND(0, 3, 7, 6, WANT(setup), WANT(call_proceeding), WANT(connect),
	WANT(alerting), IS(information), IS(release_complete), WANT(facility),
	WANT(progress));
T h245_control = SEQUENCE_OF(PER_MARKED, 4, WANT_OPEN(h245_message, PER_UNTAGGED));
T uu_pdu = SEQUENCE_ON(PER_EXT, 1, 2, 9, WANT(body), OPTIONAL(nonstandard),
	SKIPPED, SKIPPED,		/* supplementary service, h245Tunneling */
	WANT_AS(h245_control, H225_TUNNELLED), STOP);
const struct per_type h225_user_information = SEQUENCE(PER_EXT, 1, 0,
	WANT(uu_pdu), STOP);

/* RAS */

T call_model = CHOICE_OF_NULLS(PER_EXT, 1, 2);

T gatekeeper_confirm = SEQUENCE_ON(PER_EXT, 2, 5, 9, IS(per_word), IS(per_oid),
	OPTIONAL(nonstandard), OPTIONAL(identifier),
	WANT_AS(transport_address, RAS_ADDRESS), STOP);
T registration_request = SEQUENCE_ON(PER_EXT, 3, 10, 21,
	IS(per_word), IS(per_oid), OPTIONAL(nonstandard), IS(per_bit),
	WANT_AS(transport_addresses, RAS_ADDRESS),	/* for call signalling */
	IS(transport_addresses), IS(endpoint), OPTIONAL(aliases),
	OPTIONAL(identifier), IS(vendor),
	SKIPPED, WANT_AS(time_to_live, RAS_TIME_TO_LIVE), STOP);
T registration_confirm = SEQUENCE_ON(PER_EXT, 3, 7, 17,
	IS(per_word), IS(per_oid), OPTIONAL(nonstandard),
	IS(transport_addresses), OPTIONAL(aliases), OPTIONAL(identifier),
	IS(identifier),
	SKIPPED, WANT_AS(time_to_live, RAS_TIME_TO_LIVE), STOP);
T unregistration_request = SEQUENCE(PER_EXT, 3, 0, IS(per_word),
	IS(transport_addresses), STOP);
T admission_confirm = SEQUENCE(PER_EXT, 2, 0, IS(per_word), IS(per_wide),
	IS(call_model), WANT_AS(transport_address, RAS_ADDRESS), STOP);
T location_confirm = SEQUENCE(PER_EXT, 1, 0, IS(per_word),
	WANT_AS(transport_address, RAS_ADDRESS), IS(transport_address), STOP);

const struct per_type h225_ras_message = CHOICE_OR_STOP(PER_MARKED, 5, 24, 8,
	STOP,
	WANT(gatekeeper_confirm), STOP,
	WANT(registration_request), WANT(registration_confirm), STOP,
	WANT(unregistration_request), STOP, STOP,
	STOP, WANT(admission_confirm), STOP,		/* admission */
	STOP, STOP, STOP, STOP, STOP, STOP,		/* bandwidth, disengage */
	STOP, WANT(location_confirm));
