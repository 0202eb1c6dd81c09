/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/link/linktype.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* draft-ietf-opsawg-pcap section 4. */
struct file_header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, accuracy;
	uint32_t snaplen;
	uint32_t linktype;
};

static pcap_t *open_header(uint32_t linktype, bool swapped)
{
	struct file_header h = {
		0xa1b2c3d4, 2, 4, 0, 0, SNAPLEN_MAX, linktype,
	};
	char err[PCAP_ERRBUF_SIZE];
	pcap_t *p = NULL;
	FILE *fp;

	if (swapped) {
		h.magic = __builtin_bswap32(h.magic);
		h.major = __builtin_bswap16(h.major);
		h.minor = __builtin_bswap16(h.minor);
		h.snaplen = __builtin_bswap32(h.snaplen);
		h.linktype = __builtin_bswap32(h.linktype);
	}
	fp = fmemopen(&h, sizeof(h), "r");
	if (!fp)
		return NULL;
	p = pcap_fopen_offline(fp, err);	/* reads only the header */
	if (!p)
		fclose(fp);
	return p;
}

int linktype_to_dlt(uint16_t linktype)
{
	pcap_t *p;
	int dlt;

	errno = 0;
	p = open_header(linktype, false);
	if (!p)
		return errno == ENOMEM ? -1 : linktype;
	dlt = pcap_datalink(p);
	pcap_close(p);
	return dlt;
}

int linktype_from_dlt(int dlt)
{
	struct file_header h = { .linktype = (uint32_t)dlt };
	pcap_t *p = pcap_open_dead(dlt, SNAPLEN_MAX);
	char *bytes = NULL;
	size_t n = 0;
	FILE *fp = open_memstream(&bytes, &n);
	bool memory = p && fp;
	pcap_dumper_t *d;

	errno = 0;
	d = memory ? pcap_dump_fopen(p, fp) : NULL;
	memory = memory && (d || errno != ENOMEM);
	if (d)
		pcap_dump_close(d);	/* and the stream */
	else if (fp)
		fclose(fp);
	if (d && bytes && n == sizeof(h))
		memcpy(&h, bytes, sizeof(h));
	else if (d)
		memory = false;
	if (p)
		pcap_close(p);
	free(bytes);
	return memory ? (int)h.linktype : -1;
}

pcap_t *linktype_pcap(int dlt, bool swapped)
{
	int linktype = linktype_from_dlt(dlt);

	return linktype < 0 ? NULL : open_header((uint32_t)linktype, swapped);
}

void summary_add(struct capture_summary *s, int dlt)
{
	for (size_t i = 0; i < s->nlinktypes; i++)
		if (s->linktypes[i] == dlt)
			return;
	if (s->nlinktypes < CAPTURE_LINKTYPES)
		s->linktypes[s->nlinktypes++] = dlt;
}

void summary_merge(struct capture_summary *s, const struct capture_summary *other)
{
	for (size_t i = 0; i < other->nlinktypes; i++)
		summary_add(s, other->linktypes[i]);
	s->nanoseconds |= other->nanoseconds;
	s->pcapng |= other->pcapng;
	s->interfaces |= other->interfaces;
}
