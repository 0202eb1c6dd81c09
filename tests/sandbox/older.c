/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * older.c - runs a program as if the kernel had no Landlock or no seccomp: a filter
 * answers these system calls as such a kernel does.
 *
 *	older landlock|seccomp|seccomp-refused PROGRAM [ARGUMENT]...
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LANDLOCK_FIRST	444	/* landlock_create_ruleset(2) */
#define LANDLOCK_LAST	446	/* landlock_restrict_self(2) */

#define LOAD(member) \
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define RETURN(what)	BPF_STMT(BPF_RET | BPF_K, (what))
#define ANSWER(error)	RETURN(SECCOMP_RET_ERRNO | (error))
#define UNLESS(number, skip) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, (skip))

static const struct sock_filter no_landlock[] = {
	LOAD(nr),
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, LANDLOCK_FIRST, 0, 2),
	BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, LANDLOCK_LAST, 1, 0),
	ANSWER(ENOSYS),
	RETURN(SECCOMP_RET_ALLOW),
};

/* prctl(2) is the older interface of seccomp. */
#define NO_SECCOMP(of_seccomp, of_prctl)			\
	LOAD(nr),						\
	UNLESS(SYS_seccomp, 1),					\
	ANSWER(of_seccomp),					\
	UNLESS(SYS_prctl, 3),					\
	LOAD(args[0]),						\
	UNLESS(PR_SET_SECCOMP, 1),				\
	ANSWER(of_prctl),					\
	RETURN(SECCOMP_RET_ALLOW),

static const struct sock_filter no_seccomp[] = { NO_SECCOMP(ENOSYS, EINVAL) };
/* As in a container that forbids seccomp. */
static const struct sock_filter refused[] = { NO_SECCOMP(EPERM, EPERM) };

static int answer(const struct sock_filter *filter, size_t n)
{
	struct sock_filter copy[16];
	struct sock_fprog program = { (unsigned short)n, copy };

	memcpy(copy, filter, n * sizeof(*filter));
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -1 :
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#define ANSWER_WITH(filter) answer(filter, sizeof(filter) / sizeof(filter[0]))

int main(int argc, char **argv)
{
	int rc;

	if (argc < 3)
		return 2;
	if (strcmp(argv[1], "landlock") == 0)
		rc = ANSWER_WITH(no_landlock);
	else if (strcmp(argv[1], "seccomp") == 0)
		rc = ANSWER_WITH(no_seccomp);
	else
		rc = ANSWER_WITH(refused);
	if (rc == 0)
		execv(argv[2], argv + 2);
	perror(argv[2]);
	return 77;
}
