/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void no_captures(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		const char *said;
	} files[] = {
		{ "\x1f\x9d\x90", 3, "is compressed with compress; try: zcat /" },
		{ "LZIP\1", 5, "with lzip; try: lzip -dc /" },
		{ "PK\3\4", 4, "with zip; try: unzip -p /" },
		{ "snoop\0\0\0\0\0\0\2", 12, "snoop (RFC 1761) format" },
		{ "GMBU\0\2", 6, "Network Monitor 2 format" },
		{ "#!/bin/sh\n", 10, "begins with the bytes 23 21 2f 62" },
		{ "\n", 1, "begins with the bytes 0a;" },
		{ "\n\r\r\n text", 9, "header cannot be used" },
	};
	struct room *r = *state;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put(&im, files[i].bytes, files[i].len);
		o = run_one(r, write_file(r, 0, &im));
		assert_int_equal(o.open, CAPTURE_USAGE);
		assert_int_equal(r->sink.said, 1);
		assert_said(r, files[i].said);
	}
}

/* A suggested command quotes a name that a shell would take apart. */
static void odd_names(void **state)
{
	struct room *r = *state;
	char path[100], expected[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/a b.Z", r->dir);
	fp = fopen(path, "w");
	assert_non_null(fp);
	fputs("\x1f\x9d\x90", fp);
	fclose(fp);
	assert_int_equal(run_one(r, path).open, CAPTURE_USAGE);
	snprintf(expected, sizeof(expected), "zcat '%s' | ctreplay -", path);
	assert_said(r, expected);
}

static void no_files(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;

	assert_int_equal(run_one(r, "/nonexistent/x.pcap").open, CAPTURE_USAGE);
	assert_said(r, "/nonexistent/x.pcap: cannot be opened: No such file");
	assert_int_equal(run_one(r, r->dir).open, CAPTURE_USAGE);
	assert_said(r, "there is no file in this directory");

	put_seconds(&im, (uint32_t[]){ 1, 0 }, 1);
	path = write_file(r, 0, &im);
	chmod(path, 0);
	if (access(path, R_OK) != 0) {	/* root may read all */
		assert_int_equal(run_one(r, path).open, CAPTURE_USAGE);
		assert_said(r, "cannot be opened: Permission denied");
	}
}

static void link_types(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };

	put_header(&im, false, MICRO, 65535, 187);
	assert_int_equal(run_one(r, write_file(r, 0, &im)).open, CAPTURE_USAGE);
	assert_said(r, "link type 187 (BLUETOOTH_HCI_H4, ");
	im.len = 0;
	put_header(&im, false, MICRO, 65535, 64999);
	assert_int_equal(run_one(r, write_file(r, 0, &im)).open, CAPTURE_USAGE);
	assert_said(r, "link type 64999 (unknown to libpcap)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(no_captures),
		TEST(odd_names),
		TEST(no_files),
		TEST(link_types),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
