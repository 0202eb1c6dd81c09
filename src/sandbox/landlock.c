/* SPDX-License-Identifier: GPL-2.0-only */
#include "sandbox/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The kernel's interface, as in landlock(7): the headers of a machine are often older
 * than its kernel.
 */
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif

#define GET_VERSION	1u	/* LANDLOCK_CREATE_RULESET_VERSION */
#define PATH_BENEATH	1	/* LANDLOCK_RULE_PATH_BENEATH */

/* LANDLOCK_ACCESS_FS_... */
#define FS_READ_FILE	(1ull << 2)
#define FS_READ_DIR	(1ull << 3)
#define FS_VERSION_1	((1ull << 13) - 1)	/* all rights of version 1 */
#define FS_REFER	(1ull << 13)		/* version 2: link and rename */
#define FS_TRUNCATE	(1ull << 14)		/* version 3 */
#define FS_IOCTL_DEV	(1ull << 15)		/* version 5 */
/* LANDLOCK_ACCESS_NET_BIND_TCP and _CONNECT_TCP, version 4 */
#define NET_VERSION_4	3ull
/* LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET and _SIGNAL, version 6 */
#define SCOPE_VERSION_6	3ull

struct ruleset {
	uint64_t fs, net, scope;
};

struct path_rule {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

/* Asks for everything that this version can refuse; returns the size of the structure
 * that this version knows. */
static size_t refuse_all(struct ruleset *r, int version)
{
	*r = (struct ruleset){ .fs = FS_VERSION_1 };
	if (version >= 2)
		r->fs |= FS_REFER;
	if (version >= 3)
		r->fs |= FS_TRUNCATE;
	if (version < 4)
		return sizeof(r->fs);
	r->net = NET_VERSION_4;
	if (version >= 5)
		r->fs |= FS_IOCTL_DEV;
	if (version < 6)
		return sizeof(r->fs) + sizeof(r->net);
	r->scope = SCOPE_VERSION_6;
	return sizeof(*r);
}

int landlock_begin(int *version)
{
	struct ruleset r;
	size_t size;

	*version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, GET_VERSION);
	if (*version < 1)
		return -1;
	size = refuse_all(&r, *version);
	return (int)syscall(SYS_landlock_create_ruleset, &r, size, 0);
}

bool landlock_may_read(int rules, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct path_rule rule = { .allowed = FS_READ_FILE, .fd = fd };
	struct stat st;
	int err = 0;

	if (fd < 0)
		return true;	/* opening it later will fail as well */
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		rule.allowed |= FS_READ_DIR;
	/* EBADFD: a pipe or the like, through /dev/fd: Landlock takes no rule for it,
	 * and does not restrict it. */
	if (syscall(SYS_landlock_add_rule, rules, PATH_BENEATH, &rule, 0) < 0 &&
	    errno != EBADFD)
		err = errno;
	close(fd);
	errno = err;
	return err == 0;
}

bool landlock_enter(int rules)
{
	/* The kernel demands this of unprivileged processes: a set-user-ID program
	 * that they start gets no rights back. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return false;
	return syscall(SYS_landlock_restrict_self, rules, 0) == 0;
}
