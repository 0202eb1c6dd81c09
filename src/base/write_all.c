/* SPDX-License-Identifier: GPL-2.0-only */
#include "base/write_all.h"

#include <errno.h>
#include <unistd.h>

int write_all(int fd, const void *p, size_t n)
{
	const char *from = p;

	while (n > 0) {
		ssize_t done = write(fd, from, n);

		if (done < 0) {
			if (errno != EINTR)
				return errno;
			continue;
		}
		from += done;
		n -= (size_t)done;
	}
	return 0;
}
