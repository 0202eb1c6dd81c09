/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * floor.c - the least that any reader of captures does: pcap_next_ex() until
 * the end, with libpcap's own defaults.
 */
#include <pcap/pcap.h>
#include <stdio.h>

int main(int argc, char **argv)
{
	char err[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *data;
	unsigned long long frames = 0, bytes = 0;
	pcap_t *p;
	int res;

	if (argc != 2) {
		fprintf(stderr, "usage: floor FILE\n");
		return 2;
	}
	p = pcap_open_offline(argv[1], err);
	if (!p) {
		fprintf(stderr, "floor: %s\n", err);
		return 2;
	}
	while ((res = pcap_next_ex(p, &h, &data)) == 1) {
		frames++;
		bytes += h->caplen;
	}
	if (res != PCAP_ERROR_BREAK)
		pcap_perror(p, "floor");
	printf("%llu frames, %llu bytes\n", frames, bytes);
	pcap_close(p);
	return res == PCAP_ERROR_BREAK ? 0 : 3;
}
