/* SPDX-License-Identifier: GPL-2.0-only */
#include "packet/crc32c.h"

#include <string.h>

/* Reflected polynomial 0x82f63b78, four bits at a time. */
uint32_t crc32c_portable(uint32_t crc, const uint8_t *p, uint32_t n)
{
	static const uint32_t nibble[16] = {
		0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
		0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
		0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
		0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
	};

	while (n--) {
		crc ^= *p++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return crc;
}

#ifdef __x86_64__

/* SSE 4.2 has an instruction for this polynomial. */
__attribute__((target("sse4.2")))
static uint32_t crc32c_instruction(uint32_t crc, const uint8_t *p, uint32_t n)
{
	uint64_t sum = crc, word;

	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		sum = __builtin_ia32_crc32di(sum, word);
	}
	crc = (uint32_t)sum;
	while (n--)
		crc = __builtin_ia32_crc32qi(crc, *p++);
	return crc;
}

uint32_t crc32c(uint32_t crc, const uint8_t *p, uint32_t n)
{
	if (__builtin_cpu_supports("sse4.2"))
		return crc32c_instruction(crc, p, n);
	return crc32c_portable(crc, p, n);
}

#else

uint32_t crc32c(uint32_t crc, const uint8_t *p, uint32_t n)
{
	return crc32c_portable(crc, p, n);
}

#endif
