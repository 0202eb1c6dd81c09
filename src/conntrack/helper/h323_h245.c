/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * h323_h245.c - the messages of ITU-T H.245 that open logical channels.
 *
 * These are the parts of version 7 that the kernel's nf_conntrack_h323_types.c
 * describes: of all messages OpenLogicalChannel and its acknowledgement, with
 * all types on the way to the addresses in them; reading stops after the last
 * component of interest.
 */
#include "conntrack/helper/h323_types.h"

#define T static const struct per_type

const struct per_type per_null = { .kind = PER_NULL };
const struct per_type per_bit = BITS(1);
const struct per_type per_octet = OCTETS(1);	/* INTEGER with 256 values */
const struct per_type per_word = OCTETS(2);	/* and with up to 64K */
const struct per_type per_wide = { .kind = PER_WIDE };
const struct per_type per_oid = STRING(PER_LENGTH_OCTET, 0, 8);
/* OCTET STRING, and INTEGER without bounds. */
const struct per_type per_octets = STRING(PER_LENGTH, 0, 8);
/* OCTET STRING (SIZE (2)) is not aligned: X.691 16.6. */
const struct per_type per_pair = BITS(16);
const struct per_type per_4_octets = OCTETS(4);
const struct per_type per_6_octets = OCTETS(6);
const struct per_type per_16_octets = OCTETS(16);
const struct per_type per_nsap = STRING(5, 1, 8);
const struct per_type per_digits = STRING(7, 1, 4);

T bits_2 = BITS(2);
T bits_4 = BITS(4);
T bits_5 = BITS(5);
T bits_7 = BITS(7);
T bits_8 = BITS(8);

T two_nulls = CHOICE_OF_NULLS(PER_EXT, 1, 2);
T three_nulls = CHOICE_OF_NULLS(PER_EXT, 2, 3);

T h221_nonstandard = SEQUENCE(0, 0, 0, IS(per_octet), IS(per_octet), IS(per_word));
T nonstandard_identifier = CHOICE(0, 1, 2, IS(per_oid), IS(h221_nonstandard));
T nonstandard = SEQUENCE(0, 0, 0, IS(nonstandard_identifier), IS(per_octets));
T nonstandards = SEQUENCE_OF(0, 0, IS(nonstandard));

/* Capabilities, the parts of a channel's data type. */

T h261_video = SEQUENCE(PER_EXT, 2, 1,
	OPTIONAL(bits_2), OPTIONAL(bits_2), IS(per_bit), IS(per_word), IS(per_bit));
T h262_profiles = BITS(11);
T h262_video = SEQUENCE(PER_EXT, 6, 1, IS(h262_profiles),
	OPTIONAL(per_wide), OPTIONAL(per_wide),		/* videoBitRate, vbvBufferSize */
	OPTIONAL(per_word), OPTIONAL(per_word),		/* samples, lines */
	OPTIONAL(bits_4), OPTIONAL(per_wide));
T h263_video = SEQUENCE(PER_EXT, 7, 8,
	OPTIONAL(bits_5), OPTIONAL(bits_5), OPTIONAL(bits_5),	/* ...MPI */
	OPTIONAL(bits_5), OPTIONAL(bits_5), IS(per_wide),
	IS(bits_5),		/* unrestrictedVector to temporalSpatial... */
	OPTIONAL(per_wide), OPTIONAL(per_word));
T is11172_video = SEQUENCE(PER_EXT, 6, 1, IS(per_bit),
	OPTIONAL(per_wide), OPTIONAL(per_wide), OPTIONAL(per_word),
	OPTIONAL(per_word), OPTIONAL(bits_4), OPTIONAL(per_wide));
T video = CHOICE_AND(0, 3, 5, 1, IS(nonstandard), IS(h261_video), IS(h262_video),
	IS(h263_video), IS(is11172_video));

T g7231 = SEQUENCE(0, 0, 0, IS(per_octet), IS(per_bit));
T is11172_audio = SEQUENCE(PER_EXT, 0, 0, IS(bits_8), IS(per_word));
T is13818_modes = BITS(20);
T is13818_audio = SEQUENCE(PER_EXT, 0, 0, IS(is13818_modes), IS(per_word));
T audio = CHOICE_AND(0, 4, 14, 8, IS(nonstandard),
	IS(per_octet), IS(per_octet), IS(per_octet), IS(per_octet),	/* G.711 */
	IS(per_octet), IS(per_octet), IS(per_octet),			/* G.722 */
	IS(g7231),
	IS(per_octet), IS(per_octet), IS(per_octet),		/* G.728, G.729 */
	IS(is11172_audio), IS(is13818_audio));

T data_protocol = CHOICE_AND(PER_MARKED, 3, 7, 7, IS(nonstandard));
T t84_formats = BITS(19);
T t84_restricted = SEQUENCE(PER_EXT, 0, 0, IS(t84_formats));
T t84_profile = CHOICE(0, 1, 2, IS(per_null), IS(t84_restricted));
T t84 = SEQUENCE(0, 0, 0, IS(data_protocol), IS(t84_profile));
T nlpid = SEQUENCE(0, 0, 0, IS(data_protocol), IS(per_octets));
T application = CHOICE_AND(0, 4, 10, 4, IS(nonstandard),
	WANT_AS(data_protocol, H245_T120_PROTOCOL),
	IS(data_protocol), IS(data_protocol),		/* dsm-cc, userData */
	IS(t84),
	IS(data_protocol), IS(data_protocol),		/* t434, h224 */
	IS(nlpid),
	IS(per_null), IS(data_protocol));		/* h222DataPartitioning */
T data = SEQUENCE(PER_EXT, 0, 0, WANT(application), IS(per_wide));

T encryption_mode = CHOICE(PER_EXT, 1, 2, IS(nonstandard));
T data_type = CHOICE_AND(0, 3, 6, 3, IS(nonstandard), IS(per_null), IS(video),
	IS(audio), WANT(data), IS(encryption_mode));

/* TransportAddress */

T ip_address = SEQUENCE(PER_EXT, 0, 0, WANT(per_4_octets), IS(per_word));
T ipx_address = SEQUENCE(PER_EXT, 0, 0, IS(per_6_octets), IS(per_4_octets),
	IS(per_pair));
T ip6_address = SEQUENCE(PER_EXT, 0, 0, WANT(per_16_octets), IS(per_word));
T routing = CHOICE_OF_NULLS(0, 1, 2);
T route = SEQUENCE_OF(0, 0, IS(per_4_octets));
T source_route = SEQUENCE(PER_EXT, 0, 0, IS(routing), IS(per_4_octets),
	IS(per_word), IS(route));
T unicast = CHOICE_AND(0, 3, 5, 2, WANT(ip_address), IS(ipx_address),
	WANT(ip6_address), IS(per_16_octets), IS(source_route));
T multicast = CHOICE_AND(0, 1, 2, 2, IS(ip_address), IS(ip6_address));
T transport_address = CHOICE(PER_EXT, 1, 2, WANT(unicast), IS(multicast));

/* The transport of a channel. */

T h222_channel = SEQUENCE(PER_EXT, 3, 0, IS(per_word), IS(per_word),
	OPTIONAL(per_word), OPTIONAL(per_octets), OPTIONAL(per_octets));
T al3 = SEQUENCE(0, 0, 0, IS(bits_2), IS(per_wide));
T adaptation_layer = CHOICE_AND(0, 3, 6, 3, IS(nonstandard), IS(per_null),
	IS(per_null), IS(per_null), IS(per_null), IS(al3));
T h223_channel = SEQUENCE(PER_EXT, 0, 0, IS(adaptation_layer), IS(per_bit));
T v76_hdlc = SEQUENCE(PER_EXT, 0, 0, IS(three_nulls), IS(per_word), IS(per_bit));
T v76_recovery = SEQUENCE(PER_EXT, 0, 0, IS(bits_7), IS(three_nulls));
T v76_mode = CHOICE(PER_EXT, 1, 2, IS(v76_recovery));
T v75 = SEQUENCE(PER_EXT, 0, 0, IS(per_bit));
T v76_channel = SEQUENCE(PER_EXT, 0, 0, IS(v76_hdlc), IS(three_nulls),
	IS(per_bit), IS(v76_mode), IS(v75));

T h2250_channel = SEQUENCE(PER_EXT, 10, 3,
	OPTIONAL(nonstandards), IS(per_octet), OPTIONAL(bits_8),
	OPTIONAL_AS(transport_address, H245_MEDIA), OPTIONAL(per_bit),
	OPTIONAL_AS(transport_address, H245_MEDIA),	/* mediaControlChannel */
	STOP);
T h2250_channel_ack = SEQUENCE(PER_EXT, 5, 2,
	OPTIONAL(nonstandards), OPTIONAL(bits_8),
	OPTIONAL_AS(transport_address, H245_MEDIA),
	OPTIONAL_AS(transport_address, H245_MEDIA), OPTIONAL(bits_5));

T q2931_number = STRING(4, 1, 4);
T q2931_party = CHOICE(PER_EXT, 1, 2, IS(q2931_number), IS(per_nsap));
T q2931_address = SEQUENCE(PER_EXT, 1, 0, IS(q2931_party), OPTIONAL(per_nsap));
T network_address = CHOICE(PER_EXT, 2, 3, IS(q2931_address), IS(per_digits),
	WANT(transport_address));
T external_reference = STRING(8, 1, 8);
T separate_stack = SEQUENCE(PER_EXT, 2, 1, OPTIONAL(two_nulls),
	WANT(network_address), IS(per_bit), OPTIONAL(external_reference));

/* OpenLogicalChannel, OpenLogicalChannelAck */

T forward_multiplex = CHOICE_AND(0, 2, 3, 2, IS(h222_channel), IS(h223_channel),
	IS(v76_channel), WANT(h2250_channel));
T forward = SEQUENCE(PER_EXT, 1, 2, OPTIONAL(per_word), WANT(data_type),
	WANT(forward_multiplex));
T reverse_multiplex = CHOICE_AND(0, 1, 2, 1, IS(h223_channel), IS(v76_channel),
	WANT(h2250_channel));
T reverse = SEQUENCE(PER_EXT, 1, 2, IS(data_type), OPTIONAL_WANT(reverse_multiplex));
const struct per_type h245_open_channel =
	SEQUENCE_ON(PER_EXT | PER_MARKED, 1, 3, 2,
		IS(per_word), WANT(forward), OPTIONAL_WANT(reverse),
		WANT_AS(separate_stack, H245_SEPARATE_STACK), STOP);

T reverse_ack_multiplex = CHOICE_AND(0, 0, 1, 1, IS(h222_channel),
	WANT(h2250_channel));
T reverse_ack = SEQUENCE(PER_EXT, 2, 1, IS(per_word), OPTIONAL(per_word),
	OPTIONAL_WANT(reverse_ack_multiplex));
T forward_ack_multiplex = CHOICE(PER_EXT, 0, 1, WANT(h2250_channel_ack));
T open_channel_ack = SEQUENCE_ON(PER_EXT | PER_MARKED, 1, 2, 3,
	IS(per_word), OPTIONAL_WANT(reverse_ack),
	WANT_AS(separate_stack, H245_SEPARATE_STACK),
	WANT(forward_ack_multiplex), STOP);

T request = CHOICE_OR_STOP(0, 4, 11, 4, STOP, STOP, STOP,
	WANT_AS(h245_open_channel, H245_CHANNEL));
T response = CHOICE_OR_STOP(0, 5, 19, 5, STOP, STOP, STOP, STOP, STOP,
	WANT_AS(open_channel_ack, H245_CHANNEL_ACK));
const struct per_type h245_message = CHOICE_OR_STOP(0, 2, 4, 0,
	WANT(request), WANT(response));
