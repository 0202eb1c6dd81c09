/* SPDX-License-Identifier: GPL-2.0-only */
/* SHA-1 against the examples of FIPS 180 and RFC 3174, and at each length of a
 * block. */
#include "support/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/sha1.h"

static void assert_digest(const void *data, size_t n, const char *expected)
{
	uint8_t digest[SHA1_SIZE], portable[SHA1_SIZE];
	char hex[2 * SHA1_SIZE + 1];

	sha1(data, n, digest);
	sha1_portable(data, n, portable);
	assert_memory_equal(digest, portable, SHA1_SIZE);
	for (unsigned int i = 0; i < SHA1_SIZE; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
	assert_string_equal(hex, expected);
}

/* FIPS 180-2, appendix A. */
static void sha1_examples_of_fips_180(void **state)
{
	static const char two_blocks[] =
		"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	char *million = malloc(1000000);

	(void)state;
	assert_non_null(million);
	memset(million, 'a', 1000000);
	assert_digest("abc", 3, "a9993e364706816aba3e25717850c26c9cd0d89d");
	assert_digest(two_blocks, strlen(two_blocks),
		      "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	assert_digest(million, 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
	free(million);
}

/* RFC 3174, section 7.3, TEST4, and the well-known digest of nothing. */
static void sha1_examples_of_rfc_3174(void **state)
{
	char text[640];

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)('0' + i % 8);
	assert_digest(text, sizeof(text), "dea356a2cddd90c7a7ecedc5ebb563934f460452");
	assert_digest("", 0, "da39a3ee5e6b4b0d3255bfef95601890afd80709");
}

/* The padding changes at 56 and 64 bytes; from sha1sum(1) over that many "x". */
static void sha1_around_the_padding(void **state)
{
	static const struct { size_t n; const char *digest; } cases[] = {
		{ 1, "11f6ad8ec52a2984abaafd7c3b516503785c2072" },
		{ 40, "47372a7b27569d25063df5cbbf7606f615a8ec2a" },
		{ 54, "31045e7bb077ff8d188a776b196b980388735dbb" },
		{ 55, "cef734ba81a024479e09eb5a75b6ddae62e6abf1" },
		{ 56, "901305367c259952f4e7af8323f480d59f81335b" },
		{ 57, "025ecbd5d70f8fb3c5457cd96bab13fda305dc59" },
		{ 63, "0ddc4e0cccd9a12850deb5abb0853a4425559fec" },
		{ 64, "bb2fa3ee7afb9f54c6dfb5d021f14b1ffe40c163" },
		{ 65, "78c741ddc482e4cdf8c474a0876347a0905b6233" },
		{ 119, "4300320394f7ee239bcdce7d3b8bcee173a0cd5c" },
		{ 120, "ceb2821639c4b6dcb10bce0e522ca2e608ce056d" },
		{ 127, "e463484d274607e1897d4099497cbf2aedcf8206" },
		{ 128, "150fa3fbdc899bd0b8f95a9fb6027f564d953762" },
	};
	char text[130];

	(void)state;
	memset(text, 'x', sizeof(text));
	for (size_t i = 0; i < ITEMS(cases); i++)
		assert_digest(text, cases[i].n, cases[i].digest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha1_examples_of_fips_180),
		cmocka_unit_test(sha1_examples_of_rfc_3174),
		cmocka_unit_test(sha1_around_the_padding),
	};

	return cmocka_run_group_tests_name("sha1", tests, NULL, NULL);
}
