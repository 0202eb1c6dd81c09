/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <netdb.h>
#include <pcap/dlt.h>

#include "capture/filter.h"
#include "capture/resolver.h"

static void filter_marks_frames(void **state)
{
	struct testbed *t = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1 };
	struct outcome o;

	put_header(&im, false, MICRO, 65535, 1);
	put_record(&im, false, 1, 0, 60, 60, 1);
	put_record(&im, false, 2, 0, 60, 60, 2);
	path = write_file(t, 0, &im);
	opt.filter = "ether[0] = 2";
	o = run_options(t, &opt);
	assert_int_equal(o.frames, 2);
	assert_true(o.frame[0].filtered_out);
	assert_false(o.frame[1].filtered_out);
	opt.filter = "";
	o = run_options(t, &opt);
	assert_false(o.frame[0].filtered_out);
	opt.filter = "tcp prot 80";
	assert_int_equal(run_options(t, &opt).open, CAPTURE_USAGE);
	assert_said(t, "-f: 'tcp prot 80': ");
}

/* DLT_NULL's address family has the byte order of the capturing machine. */
static void filter_of_other_byte_order(void **state)
{
	struct testbed *t = *state;

	for (int be = 0; be < 2; be++) {
		struct image im = { .len = 0 };
		const char *path;
		struct capture_options opt = {
			.files = &path, .nfiles = 1, .filter = "ip",
		};

		put_header(&im, be, MICRO, 65535, 0);
		put32(&im, be, 1);
		put32(&im, be, 0);
		put32(&im, be, 24);	/* captured, on the wire */
		put32(&im, be, 24);
		put32(&im, be, 2);
		put(&im, "\x45\0\0\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
		path = write_file(t, 0, &im);
		assert_false(run_options(t, &opt).frame[0].filtered_out);
		opt.filter = "ip6";
		assert_true(run_options(t, &opt).frame[0].filtered_out);
	}
}

static void filter_of_packets(void **state)
{
	static const uint8_t dns[] =
		"\x45\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"
		"\x30\x39\0\x35\0\x0c\0\0data";
	struct testbed *t = *state;
	struct bpf_set *set;

	t->sink.said = 0;
	set = bpf_compile("udp port domain and src 10.0.0.1", DLT_RAW,
			  "--notrack", &t->sink.diag);
	assert_non_null(set);
	assert_true(bpf_matches(set, dns, 32, 32));
	assert_false(bpf_matches(set, dns, 15, 32));	/* beyond the captured bytes: no match */
	bpf_set_free(set);
	assert_null(bpf_compile("ether host 1:2:3:4:5:6", DLT_RAW, "--notrack",
				&t->sink.diag));
	assert_said(t, "--notrack: 'ether host");
	bpf_set_free(NULL);
}

/* A filter that libpcap has no code for is refused with the reason. */
static void filter_without_link_type(void **state)
{
	struct testbed *t = *state;

	t->sink.text[0] = '\0';
	assert_null(bpf_compile("tcp", DLT_IPOIB, "filter", &t->sink.diag));
	assert_said(t, "; libpcap cannot look into frames of this link type");
}

/* Not even a name in /etc/hosts is looked up. */
static void filter_never_looks_up_names(void **state)
{
	static const char *const names[] = {
		"host localhost", "host www.example.com", "src localhost",
		"net loopback", "dst net example.com",
	};
	struct testbed *t = *state;
	struct addrinfo *res = NULL;

	assert_true(resolver_is_ours());
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		t->sink.text[0] = '\0';
		assert_null(bpf_compile(names[i], DLT_RAW, "filter",
					&t->sink.diag));
		assert_said(t, "names are never looked up, give the address");
	}
	assert_int_equal(getaddrinfo("localhost", NULL, NULL, &res), EAI_NONAME);
	assert_int_equal(getaddrinfo("192.0.2.1", "80", NULL, &res), 0);
	freeaddrinfo(res);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(filter_marks_frames),
		TEST(filter_of_other_byte_order),
		TEST(filter_of_packets),
		TEST(filter_never_looks_up_names),
		TEST(filter_without_link_type),
	};

	return cmocka_run_group_tests_name("capture_filter", tests, NULL, NULL);
}
