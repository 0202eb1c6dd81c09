/* SPDX-License-Identifier: GPL-2.0-only */
#include "host.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <linux/if_ether.h>

#include "util.h"

enum { IP_LEN = 20, UDP_LEN = 8 };

struct host *host_new(const char *text)
{
	struct host *h = xmalloc(sizeof(*h));
	char address[16], end;

	memset(h, 0, sizeof(*h));
	if (sscanf(text, "%15[0-9.]/%u%c", address, &h->prefix, &end) == 2 &&
	    h->prefix >= 1 && h->prefix <= 30 &&
	    inet_pton(AF_INET, address, h->address) == 1)
		return h;
	free(h);
	return NULL;
}

void host_free(struct host *h)
{
	for (unsigned int i = 0; h && i < h->nsockets; i++)
		close(h->sockets[i].fd);
	free(h);
}

char *host_link_commands(const struct host *h, const char *device)
{
	struct frame f = { .ethertype = ETH_P_IP };
	uint8_t link[FRAME_LINK_LEN];
	char address[16];

	frame_link_header(&f, link);
	inet_ntop(AF_INET, h->address, address, sizeof(address));
	/* Without "brd +" ip(8) sets no broadcast address. */
	return xasprintf("link set %s address %02x:%02x:%02x:%02x:%02x:%02x arp off\n"
			 "addr add %s/%u brd + dev %s\n"
			 "link set %s up\n"
			 "route add default dev %s\n",
			 device, link[0], link[1], link[2], link[3], link[4],
			 link[5], address, h->prefix, device, device, device);
}

static bool is_from(const struct host *h, const struct frame *f)
{
	return !memcmp(f->data + 12, h->address, 4);
}

static bool concerns(const struct host *h, const struct frame *f)
{
	if (f->ethertype != ETH_P_IP || f->caplen < IP_LEN + UDP_LEN ||
	    f->caplen < f->len || f->data[0] != 0x45 ||
	    f->data[9] != IPPROTO_UDP || frame_is_fragment(f))
		return false;
	return is_from(h, f) || !memcmp(f->data + 16, h->address, 4);
}

size_t host_filter(const struct host *h, struct frames *fs)
{
	size_t n = 0, all = fs->n;
	uint64_t gap = 0;

	for (size_t i = 0; i < all; i++) {
		gap += fs->v[i].gap;
		if (!concerns(h, &fs->v[i])) {
			free(fs->v[i].data);
			continue;
		}
		fs->v[n] = fs->v[i];
		fs->v[n++].gap = gap;
		gap = 0;
	}
	fs->n = n;
	return all - n;
}

/*
 * Returns the socket bound to 'port'. It is opened when a packet first uses the
 * port, so that the kernel answers none with an ICMP error.
 */
static int socket_of(struct host *h, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd, one = 1;

	for (unsigned int i = 0; i < h->nsockets; i++)
		if (h->sockets[i].port == port)
			return h->sockets[i].fd;
	if (h->nsockets == ARRAY_SIZE(h->sockets))
		die("the host uses too many ports");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	memcpy(&sin.sin_addr, h->address, 4);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)) ||
	    bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		die("cannot open a socket on port %u: %s", port, strerror(errno));
	h->sockets[h->nsockets].port = port;
	h->sockets[h->nsockets++].fd = fd;
	return fd;
}

static void send_datagram(struct host *h, const struct frame *f)
{
	const uint8_t *udp = f->data + IP_LEN;
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(get16(udp + 2)) };

	memcpy(&to.sin_addr, f->data + 16, 4);
	if (sendto(socket_of(h, get16(udp)), udp + UDP_LEN,
		   f->len - IP_LEN - UDP_LEN, 0, (struct sockaddr *)&to,
		   sizeof(to)) < 0)
		die("cannot send from port %u: %s", get16(udp), strerror(errno));
}

static void write_frame(int tap, const struct frame *f)
{
	static uint8_t buf[FRAME_LINK_LEN + 65536];

	frame_link_header(f, buf);
	memcpy(buf + FRAME_LINK_LEN, f->data, f->len);
	while (write(tap, buf, FRAME_LINK_LEN + f->len) < 0)
		if (errno != EINTR)
			die("cannot write to a tap: %s", strerror(errno));
}

/*
 * Reads the tap until it is empty. The first frame replaces '*sent' unless that
 * is NULL; returns the number of other frames.
 */
static unsigned int read_frames(int tap, struct frame *sent)
{
	static uint8_t buf[FRAME_LINK_LEN + 65536];
	unsigned int others = 0;

	for (;;) {
		ssize_t n = read(tap, buf, sizeof(buf));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n < 0)
			die("cannot read a tap: %s", strerror(errno));
		if (!sent || n <= FRAME_LINK_LEN) {
			others++;
			continue;
		}
		sent->caplen = sent->len = (uint32_t)n - FRAME_LINK_LEN;
		sent->data = xrealloc(sent->data, sent->len);
		memcpy(sent->data, buf + FRAME_LINK_LEN, sent->len);
		sent = NULL;
	}
	if (sent)
		die("a datagram from a socket did not leave the tap");
	return others;
}

unsigned int host_pass(struct host *h, int tap, struct frame *f)
{
	if (is_from(h, f)) {
		send_datagram(h, f);
		return read_frames(tap, f);
	}
	socket_of(h, get16(f->data + IP_LEN + 2));
	write_frame(tap, f);
	return read_frames(tap, NULL);
}
