/* SPDX-License-Identifier: GPL-2.0-only */
#include "support/captures.h"

#include <netdb.h>
#include <pcap/dlt.h>

#include "capture/filter.h"
#include "capture/resolver.h"

static void filters(void **state)
{
	struct room *r = *state;
	struct image im = { .len = 0 };
	const char *path;
	struct capture_options opt = { .files = &path, .nfiles = 1 };
	struct outcome o;

	put_header(&im, false, MICRO, 65535, 1);
	put_record(&im, false, 1, 0, 60, 60, 1);
	put_record(&im, false, 2, 0, 60, 60, 2);
	path = write_file(r, 0, &im);
	opt.filter = "ether[0] = 2";
	o = run_options(r, &opt);
	assert_int_equal(o.frames, 2);
	assert_true(o.frame[0].filtered_out);
	assert_false(o.frame[1].filtered_out);
	opt.filter = "";
	o = run_options(r, &opt);
	assert_false(o.frame[0].filtered_out);
	opt.filter = "tcp prot 80";
	assert_int_equal(run_options(r, &opt).open, CAPTURE_USAGE);
	assert_said(r, "filter: 'tcp prot 80': ");
}

/* DLT_NULL's family is in the byte order of the machine that captured. */
static void filters_of_the_other_byte_order(void **state)
{
	struct room *r = *state;

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
		path = write_file(r, 0, &im);
		assert_false(run_options(r, &opt).frame[0].filtered_out);
		opt.filter = "ip6";
		assert_true(run_options(r, &opt).frame[0].filtered_out);
	}
}

static void packet_filters(void **state)
{
	static const uint8_t dns[] =
		"\x45\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\0\0\1\x0a\0\0\2"
		"\x30\x39\0\x35\0\x0c\0\0data";
	struct room *r = *state;
	struct bpf_set *set;

	r->sink.said = 0;
	set = bpf_compile("udp port domain and src 10.0.0.1", DLT_RAW,
			  "--notrack", &r->sink.diag);
	assert_non_null(set);
	assert_true(bpf_matches(set, dns, 32, 32));
	assert_false(bpf_matches(set, dns, 15, 32));	/* beyond: no match */
	bpf_set_free(set);
	assert_null(bpf_compile("ether host 1:2:3:4:5:6", DLT_RAW, "--notrack",
				&r->sink.diag));
	assert_said(r, "--notrack: 'ether host");
	bpf_set_free(NULL);
}

/* Even a name that every machine knows without a network is not looked up. */
static void names_are_not_looked_up(void **state)
{
	static const char *const names[] = {
		"host localhost", "host www.example.com", "src localhost",
		"net loopback", "dst net example.com",
	};
	struct room *r = *state;
	struct addrinfo *res = NULL;

	assert_true(resolver_is_ours());
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		r->sink.text[0] = '\0';
		assert_null(bpf_compile(names[i], DLT_RAW, "filter",
					&r->sink.diag));
		assert_said(r, "names are never looked up, write the address");
	}
	assert_int_equal(getaddrinfo("localhost", NULL, NULL, &res), EAI_NONAME);
	assert_int_equal(getaddrinfo("192.0.2.1", "80", NULL, &res), 0);
	freeaddrinfo(res);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(filters),
		TEST(filters_of_the_other_byte_order),
		TEST(packet_filters),
		TEST(names_are_not_looked_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
