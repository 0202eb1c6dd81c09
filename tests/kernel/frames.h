/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frames.h - the frames of one run, in the order in which both sides see them.
 *
 * A frame is a network-layer packet; inject.c puts an Ethernet header of its
 * own in front, since the kernel side is a bridge between two taps and its
 * addresses decide that the frame is forwarded.
 */
#ifndef CHECK_KERNEL_FRAMES_H
#define CHECK_KERNEL_FRAMES_H 1

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame {
	uint8_t  *data;		/* network-layer packet, caplen bytes */
	uint32_t  caplen;	/* bytes captured */
	uint32_t  len;		/* bytes on the wire, >= caplen */
	uint16_t  ethertype;	/* ETH_P_IP or ETH_P_IPV6 */
	uint64_t  gap;		/* nanoseconds to wait before it is sent */
	uint64_t  source;	/* its number in the capture or walk, from 1 */
	uint64_t  sent;		/* nanoseconds since the epoch, set by inject */
	uint8_t   family;	/* walk mode: which generator made it */
};

struct frames {
	struct frame *v;
	size_t n, room;
};

/* Appends a copy; the caller fills in gap, source and family afterwards. */
struct frame *frames_add(struct frames *fs, const uint8_t *data,
			 uint32_t caplen, uint32_t len, uint16_t ethertype);
/* Appends a copy of 'f'. */
void frames_copy(struct frames *fs, const struct frame *f);
void frames_free(struct frames *fs);

/* Whether any frame was cut by the snap length. */
bool frames_any_cut(const struct frames *fs);
/*
 * Whether 'f' is a fragment, by its IP header. An atomic fragment (RFC 6946),
 * which holds the whole datagram, does not count.
 */
bool frame_is_fragment(const struct frame *f);

/*
 * The transport header and what follows it, 'len' bytes, of a packet of 'proto'
 * that is no fragment; NULL for any other.
 */
const uint8_t *frame_transport(const struct frame *f, uint8_t proto,
			       uint32_t *len);

/* Length of the header that stands before each packet on both sides. */
#define FRAME_LINK_LEN 14u
/* Writes the link header of 'f' to 'p'. */
void frame_link_header(const struct frame *f, uint8_t p[FRAME_LINK_LEN]);
/* Whether a frame that came out of the second tap is one of ours. */
bool frame_link_is_ours(const uint8_t *p, size_t len);

/*
 * Writes the frames with their times of injection as a nanosecond pcap file.
 * 0, or -1 with errno set.
 */
int frames_write(const struct frames *fs, const char *path);
/* The same with all times between frames multiplied by 'stretch' / 10000. */
int frames_write_stretched(const struct frames *fs, const char *path,
			   uint32_t stretch);

/* Describes 'f' in one line: addresses, protocol, ports, flags, lengths. */
void frame_summary(const struct frame *f, char *buf, size_t size);

#endif
