/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * split.c - the frames of a capture of generate.c, in several files.
 *
 *	split [-t] [-x] NUMBER FILE DIRECTORY
 *
 * Each file has as many of the frames, one file after the other; with -t each frame goes
 * to the next file in turn.  -x writes pcapng.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX	64
#define HEADER		24	/* of a pcap file: draft-ietf-opsawg-pcap */
#define RECORD		16
#define FRAME_MAX	65535

static uint32_t le32(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static void put32(FILE *out, uint32_t v)
{
	uint8_t p[4] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 24) };

	fwrite(p, 4, 1, out);
}

/* A section and an interface of Ethernet (draft-ietf-opsawg-pcapng). */
static void begin(FILE *out, const uint8_t *header, bool ng)
{
	static const uint32_t blocks[] = {
		0x0a0d0d0a, 28, 0x1a2b3c4d, 1, ~0u, ~0u, 28, 1, 20, 1, 262144, 20,
	};

	if (!ng) {
		fwrite(header, HEADER, 1, out);
		return;
	}
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++)
		put32(out, blocks[i]);
}

static void write_frame(FILE *out, const uint8_t *record, const uint8_t *data, bool ng)
{
	uint64_t time = (uint64_t)le32(record) * 1000000 + le32(record + 4);
	uint32_t n = le32(record + 8), padded = (n + 3) & ~3u;
	static const uint8_t zeros[4];

	if (!ng) {
		fwrite(record, RECORD, 1, out);
		fwrite(data, n, 1, out);
		return;
	}
	put32(out, 6);
	put32(out, 32 + padded);
	put32(out, 0);
	put32(out, (uint32_t)(time >> 32));
	put32(out, (uint32_t)time);
	put32(out, n);
	put32(out, le32(record + 12));
	fwrite(data, n, 1, out);
	fwrite(zeros, padded - n, 1, out);
	put32(out, 32 + padded);
}

static bool read_frame(FILE *in, uint8_t record[RECORD], uint8_t data[FRAME_MAX])
{
	return fread(record, RECORD, 1, in) == 1 && le32(record + 8) <= FRAME_MAX &&
	       fread(data, le32(record + 8), 1, in) == 1;
}

static bool split(FILE *in, FILE **out, unsigned int n, bool turns, bool ng)
{
	static uint8_t header[HEADER], record[RECORD], data[FRAME_MAX];
	uint64_t frames = 0, i = 0;
	bool ok = true;

	if (fread(header, HEADER, 1, in) != 1)
		return false;
	while (read_frame(in, record, data))
		frames++;
	if (fseek(in, HEADER, SEEK_SET) != 0)
		return false;
	for (unsigned int k = 0; k < n; k++)
		begin(out[k], header, ng);
	for (; read_frame(in, record, data); i++)
		write_frame(out[turns ? i % n : i * n / frames], record, data, ng);
	for (unsigned int k = 0; k < n; k++)
		ok = fclose(out[k]) == 0 && ok;
	return ok;
}

int main(int argc, char **argv)
{
	bool turns = false, ng = false;
	FILE *in, *out[FILES_MAX];
	char path[4096];
	int c, n;

	while ((c = getopt(argc, argv, "tx")) != -1) {
		turns |= c == 't';
		ng |= c == 'x';
	}
	n = argc - optind == 3 ? atoi(argv[optind]) : 0;
	if (n < 1 || n > FILES_MAX) {
		fprintf(stderr, "usage: split [-t] [-x] NUMBER FILE DIRECTORY\n");
		return 2;
	}
	in = fopen(argv[optind + 1], "rb");
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%02d.%s", argv[optind + 2], i,
			 ng ? "pcapng" : "pcap");
		out[i] = fopen(path, "wb");
		if (!out[i] || !in) {
			perror(path);
			return 1;
		}
	}
	return split(in, out, (unsigned int)n, turns, ng) ? 0 : 1;
}
