/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void capture_refuses_other_files(void **state)
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
		{ "\n\r\r\n text", 9, "header is invalid" },
	};
	struct testbed *t = *state;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct image im = { .len = 0 };
		struct outcome o;

		put(&im, files[i].bytes, files[i].len);
		o = run_one(t, write_file(t, 0, &im));
		assert_int_equal(o.open, CAPTURE_USAGE);
		assert_int_equal(t->sink.said, 1);
		assert_said(t, files[i].said);
	}
}

/* A suggested command quotes a name with a blank. */
static void capture_quotes_names(void **state)
{
	struct testbed *t = *state;
	char path[100], expected[200];
	FILE *fp;

	snprintf(path, sizeof(path), "%s/a b.Z", t->dir);
	fp = fopen(path, "w");
	assert_non_null(fp);
	fputs("\x1f\x9d\x90", fp);
	fclose(fp);
	assert_int_equal(run_one(t, path).open, CAPTURE_USAGE);
	snprintf(expected, sizeof(expected), "zcat '%s' | ctreplay -", path);
	assert_said(t, expected);
}

static void capture_refuses_missing_files(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *path;

	assert_int_equal(run_one(t, "/nonexistent/x.pcap").open, CAPTURE_USAGE);
	assert_said(t, "/nonexistent/x.pcap: cannot be opened: No such file");
	assert_int_equal(run_one(t, t->dir).open, CAPTURE_USAGE);
	assert_said(t, "this directory has no files");

	put_seconds(&im, (uint32_t[]){ 1, 0 }, 1);
	path = write_file(t, 0, &im);
	chmod(path, 0);
	if (access(path, R_OK) != 0) {	/* root may read any file */
		assert_int_equal(run_one(t, path).open, CAPTURE_USAGE);
		assert_said(t, "cannot be opened: Permission denied");
	}
}

static void capture_refuses_link_types(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };

	put_header(&im, false, MICRO, 65535, 187);
	assert_int_equal(run_one(t, write_file(t, 0, &im)).open, CAPTURE_USAGE);
	assert_said(t, "link type 187 (BLUETOOTH_HCI_H4, ");
	im.len = 0;
	put_header(&im, false, MICRO, 65535, 64999);
	assert_int_equal(run_one(t, write_file(t, 0, &im)).open, CAPTURE_USAGE);
	assert_said(t, "link type 64999 (unknown to libpcap)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(capture_refuses_other_files),
		TEST(capture_quotes_names),
		TEST(capture_refuses_missing_files),
		TEST(capture_refuses_link_types),
	};

	return cmocka_run_group_tests_name("capture_files", tests, NULL, NULL);
}
