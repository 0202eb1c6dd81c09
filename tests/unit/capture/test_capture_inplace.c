/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Compares the frames of generated pcap and pcapng files with those that libpcap
 * reads from the same file: both byte orders, unusual records between ordinary
 * ones, damaged and cut files.  So it compares the fast paths (pcap_inplace.c,
 * pcapng_inplace.c) with libpcap.
 */
#include "support/captures.h"
#include "support/effort.h"

#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define BATCHES	3	/* in use at the same time */

/* A pseudo-random generator (xorshift64), the same on all machines. */
static uint64_t seed;

static uint32_t draw(uint32_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)((seed >> 32) % n);
}

struct generated {
	bool be, nano;
	uint32_t snaplen;
	unsigned kind;		/* of sizes */
	uint32_t interfaces;	/* pcapng */
	bool unusual;		/* pcapng: stamps in all units, other blocks */
	FILE *fp;
};

/* Seeds the generator for file number 'number'. */
static void begin_file(uint64_t number)
{
	seed = number * 0x9e3779b97f4a7c15u;
	draw(2);
}

static const char *open_file(struct generated *g, const struct testbed *t,
			     const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", t->dir, name);
	g->fp = fopen(path, "w");
	assert_non_null(g->fp);
	return path;
}

/* Cuts a third of the files, but not within their first 'head' bytes. */
static void end_file(struct generated *g, const char *path, long head)
{
	long len = ftell(g->fp);

	assert_int_equal(fclose(g->fp), 0);
	if (draw(3) == 0 && len > head)
		assert_int_equal(truncate(path, head +
					  draw((uint32_t)(len - head))), 0);
}

static void write32(const struct generated *g, uint32_t v)
{
	struct image im = { .len = 0 };

	put32(&im, g->be, v);
	fwrite(im.bytes, 1, im.len, g->fp);
}

static uint32_t draw_size(const struct generated *g)
{
	if (draw(200) == 0)
		return draw(70000);
	if (draw(100) == 0)
		return 0;
	return g->kind == 0 ? 54 + draw(74) : g->kind == 1 ? 1400 + draw(200) :
							     draw(2000);
}

static void write_record(const struct generated *g)
{
	uint32_t caplen = draw_size(g), second = g->nano ? 1000000000 : 1000000;
	bool wrong = draw(3000) == 0;

	write32(g, draw(UINT32_MAX));
	write32(g, draw(100) ? draw(second) : second + draw(second));
	write32(g, wrong ? 300000 + draw(0x7fffffff) : caplen);
	write32(g, draw(50) ? caplen + draw(2) * draw(3000) : draw(caplen + 1));
	while (caplen-- > 0)
		putc((int)draw(256), g->fp);
}

static void write_image(const struct generated *g, const struct image *im)
{
	fwrite(im->bytes, 1, im->len, g->fp);
}

/* An interface with a resolution, and sometimes an offset, of its stamps. */
static void write_interface(const struct generated *g)
{
	static const uint8_t resolutions[] = { 6, 9, 6, 3, 0 };
	struct image body = { .len = 0 }, block = { .len = 0 };

	put16(&body, g->be, 1);
	put16(&body, g->be, 0);
	put32(&body, g->be, 262144);
	put16(&body, g->be, 9);		/* if_tsresol */
	put16(&body, g->be, 1);
	put(&body, (uint8_t[4]){ resolutions[draw(g->unusual ? 5 : 2)] }, 4);
	if (g->unusual && draw(4) == 0) {
		put16(&body, g->be, 14);	/* if_tsoffset */
		put16(&body, g->be, 8);
		put32(&body, g->be, g->be ? 0 : 86400);
		put32(&body, g->be, g->be ? 86400 : 0);
	}
	put32(&body, g->be, 0);		/* opt_endofopt */
	put_block(&block, g->be, 1, &body);
	write_image(g, &block);
}

/* A packet block with options, which are ignored. */
static void write_packet(const struct generated *g)
{
	uint32_t caplen = draw_size(g), pad = -caplen % 4;
	uint32_t options = draw(4) ? 0 : 4 * draw(5);
	uint32_t len = 32 + caplen + pad + options;

	write32(g, 6);
	write32(g, len);
	write32(g, draw(2000) ? draw(g->interfaces) : g->interfaces);
	write32(g, draw(3) * 0x10000);
	write32(g, draw(UINT32_MAX));
	write32(g, draw(2000) ? caplen : caplen + pad + options + 1 + draw(9));
	write32(g, draw(50) ? caplen + draw(2) * draw(3000) : draw(caplen + 1));
	for (uint32_t n = caplen + pad + options; n > 0; n--)
		putc((int)draw(256), g->fp);
	write32(g, draw(2000) ? len : len + 4);
}

/* A block that is skipped. */
static void write_other(const struct generated *g)
{
	struct image body = { .len = 4 * draw(20) }, block = { .len = 0 };

	put_block(&block, g->be, 4 + draw(2) * 0x80000000u, &body);
	write_image(g, &block);
}

/* As generate(), in pcapng format. */
static const char *generate_pcapng(struct testbed *t, uint64_t number)
{
	struct generated g;
	struct image im = { .len = 0 };
	const char *path;

	begin_file(number);
	g = (struct generated){ .be = draw(2), .kind = draw(3),
				.interfaces = 1 + draw(4),
				.unusual = draw(3) == 0 };
	path = open_file(&g, t, "generated.pcapng");
	put_section(&im, g.be);
	write_image(&g, &im);
	for (uint32_t n = 0; n < g.interfaces; n++)
		write_interface(&g);
	for (uint32_t n = draw(1800); n > 0; n--) {
		if (draw(g.unusual ? 50 : 1000) == 0)
			write_other(&g);
		if (draw(g.unusual ? 300 : 2000) == 0) {
			write_interface(&g);
			g.interfaces++;
		}
		write_packet(&g);
	}
	end_file(&g, path, 1000);
	return path;
}

/* Makes a capture of some hundred kilobytes with a valid header. */
static const char *generate(struct testbed *t, uint64_t number)
{
	static const uint32_t snaplens[] = { 0, 100, 1500, 65535, 262144 };
	static const uint32_t linktypes[] = { 1, 1, 101, 113, 239 };
	struct generated g;
	struct image im = { .len = 0 };
	const char *path;

	begin_file(number);
	g = (struct generated){ .be = draw(2), .nano = draw(2), .kind = draw(3),
				.snaplen = snaplens[draw(5)] };
	path = open_file(&g, t, "generated.pcap");
	put_header(&im, g.be, g.nano ? NANO : MICRO, g.snaplen,
		   linktypes[draw(5)]);
	write_image(&g, &im);
	for (uint32_t n = draw(1800); n > 0; n--)
		write_record(&g);
	end_file(&g, path, 24);
	return path;
}

/* Compares a frame with libpcap's next one; returns libpcap's status. */
static int compare_next(pcap_t *p, const struct frame *f)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int res = pcap_next_ex(p, &h, &data);

	if (!f || res != 1)
		return res;
	/* Some releases read a pcap file's seconds as a signed number. */
	if (h->ts.tv_sec < 0)
		h->ts.tv_sec = (uint32_t)h->ts.tv_sec;
	/* Times after the year 2262 become the last one. */
	if (h->ts.tv_sec < 9223372035)
		assert_int_equal(f->time, (uint64_t)h->ts.tv_sec * 1000000000 +
					  (uint64_t)h->ts.tv_usec);
	else
		assert_int_equal(f->time, 9223372035000000000);
	assert_int_equal(f->caplen, h->caplen);
	assert_int_equal(f->wirelen, h->len > h->caplen ? h->len : h->caplen);
	assert_int_equal(f->linktype, pcap_datalink(p));
	assert_memory_equal(f->data, data, h->caplen);
	return res;
}

struct run {
	struct frame_batch *batch[BATCHES];
	pcap_t *pcap;
	uint64_t frames;	/* compared so far */
};

/* A batch's frames must be unchanged although others were filled since. */
static void check_batch(struct run *run, struct frame_batch *b)
{
	for (size_t i = 0; i < frame_batch_count(b); i++) {
		const struct frame *f = frame_batch_get(b, i);

		assert_int_equal(f->number, ++run->frames);
		assert_false(f->filtered_out);
		assert_int_equal(compare_next(run->pcap, f), 1);
	}
	frame_batch_clear(b);
}

/* Reads up to 'max' frames of 'path' (0: all); libpcap reads the same bytes from
 * 'file'. */
static void compare(struct testbed *t, const char *path, const char *file,
		    uint64_t max)
{
	struct capture_options opt = { .files = &path, .nfiles = 1,
				       .diag = &t->sink.diag, .max_frames = max };
	struct run run = { .frames = 0 };
	char err[PCAP_ERRBUF_SIZE];
	enum capture_status status;
	unsigned damaged = 0, n = 0;
	struct capture *c;

	t->sink.text[0] = '\0';
	run.pcap = pcap_open_offline_with_tstamp_precision(
		file, PCAP_TSTAMP_PRECISION_NANO, err);
	assert_non_null(run.pcap);
	for (unsigned i = 0; i < BATCHES; i++)
		run.batch[i] = frame_batch_create();
	assert_int_equal(capture_open(&c, &opt), CAPTURE_OK);
	do {
		struct frame_batch *b = run.batch[n++ % BATCHES];

		check_batch(&run, b);
		status = capture_next(c, b);
		damaged += status == CAPTURE_DAMAGED;
	} while (status != CAPTURE_END);
	for (unsigned i = 0; i < BATCHES; i++)
		check_batch(&run, run.batch[n++ % BATCHES]);

	assert_int_equal(capture_frames(c), run.frames);
	if (!max || run.frames < max) {
		int res = compare_next(run.pcap, NULL);

		assert_true(res == PCAP_ERROR || res == PCAP_ERROR_BREAK);
		assert_int_equal(damaged, res == PCAP_ERROR);
		/* pcapng.c has its own messages. */
		if (damaged && !strstr(file, ".pcapng"))
			assert_said(t, pcap_geterr(run.pcap));
	}
	capture_close(c);
	for (unsigned i = 0; i < BATCHES; i++)
		frame_batch_free(run.batch[i]);
	pcap_close(run.pcap);
}

static void inplace_agrees_on_pcap(void **state)
{
	struct testbed *t = *state;

	for (uint64_t i = 1; i <= effort(120); i++) {
		const char *path = generate(t, i);

		compare(t, path, path, i % 4 ? 0 : 1 + draw(1500));
	}
}

static void inplace_agrees_on_pcapng(void **state)
{
	struct testbed *t = *state;

	for (uint64_t i = 1; i <= effort(120); i++) {
		const char *path = generate_pcapng(t, i);

		compare(t, path, path, i % 4 ? 0 : 1 + draw(1500));
	}
}

/* A process that writes the file in pieces of any size. */
static pid_t write_pieces(const char *path, const int ends[2])
{
	pid_t pid = fork();
	char piece[5000];
	int fd;

	if (pid != 0)
		return pid;
	close(ends[0]);	/* so that SIGPIPE ends the writer after the reader */
	fd = open(path, O_RDONLY);
	for (;;) {
		ssize_t n = read(fd, piece, 1 + draw(draw(2) ? 20 : 5000));

		if (n <= 0 || write(ends[1], piece, (size_t)n) != n)
			_exit(n != 0);
	}
}

static void inplace_agrees_on_pipes(void **state)
{
	struct testbed *t = *state;

	for (uint64_t i = 1001; i <= 1000 + effort(30); i++) {
		const char *path = i % 2 ? generate(t, i) : generate_pcapng(t, i);
		char name[32];
		int ends[2], status;
		pid_t pid;

		assert_int_equal(pipe(ends), 0);
		pid = write_pieces(path, ends);
		close(ends[1]);
		snprintf(name, sizeof(name), "/dev/fd/%d", ends[0]);
		compare(t, name, path, 0);
		close(ends[0]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(inplace_agrees_on_pcap),
		TEST(inplace_agrees_on_pcapng),
		TEST(inplace_agrees_on_pipes),
	};

	return cmocka_run_group_tests_name("capture_inplace", tests, NULL, NULL);
}
