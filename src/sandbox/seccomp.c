/* SPDX-License-Identifier: GPL-2.0-only */
#include "sandbox/seccomp.h"

#include <errno.h>

#ifdef CTREPLAY_WITH_SECCOMP

#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/prctl.h>
#include <seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef PR_SET_VMA
#define PR_SET_VMA	0x53564d41	/* a name for memory; glibc does it */
#endif

/* Allowed with any arguments: none of these reaches beyond files that are open. */
static const int free_calls[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64), SCMP_SYS(close),
	SCMP_SYS(lseek), SCMP_SYS(_llseek), SCMP_SYS(ftruncate),
	SCMP_SYS(ftruncate64), SCMP_SYS(fsync), SCMP_SYS(fadvise64), SCMP_SYS(fadvise64_64),
	SCMP_SYS(readahead), SCMP_SYS(getdents64),
	/* whether a file exists, but not what is in it */
	SCMP_SYS(fstat), SCMP_SYS(fstat64), SCMP_SYS(stat), SCMP_SYS(stat64),
	SCMP_SYS(lstat), SCMP_SYS(lstat64), SCMP_SYS(newfstatat),
	SCMP_SYS(fstatat64), SCMP_SYS(statx), SCMP_SYS(access),
	SCMP_SYS(faccessat), SCMP_SYS(faccessat2),
	/* waiting, and the time */
	SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select), SCMP_SYS(pselect6),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep), SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_gettime64), SCMP_SYS(clock_getres), SCMP_SYS(gettimeofday),
	/* memory */
	SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(brk),
	SCMP_SYS(mincore), SCMP_SYS(getrandom), SCMP_SYS(sysinfo),
	/* threads */
	SCMP_SYS(futex), SCMP_SYS(futex_time64), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_setaffinity),
	SCMP_SYS(getcpu), SCMP_SYS(set_robust_list), SCMP_SYS(rseq),
	SCMP_SYS(membarrier), SCMP_SYS(gettid), SCMP_SYS(getpid),
	/* signals */
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(sigreturn), SCMP_SYS(sigaltstack),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit), SCMP_SYS(exit_group),
};

/* Allowed where (argument 'arg' & mask) == value. */
struct masked_call {
	int call;
	unsigned int arg;
	scmp_datum_t mask, value;
};

#define ALL_BITS	0xffffffffull	/* arguments of the type int */
#define OPEN_MASK	(O_ACCMODE | O_CREAT | O_TRUNC)
#ifdef __s390__
#define CLONE_FLAGS	1u	/* the second argument there */
#else
#define CLONE_FLAGS	0u
#endif

static const struct masked_call masked_calls[] = {
	/* For reading; Landlock decides which files. */
	{ SCMP_SYS(openat), 2, OPEN_MASK, O_RDONLY },
	{ SCMP_SYS(open), 1, OPEN_MASK, O_RDONLY },
	/* No executable memory. */
	{ SCMP_SYS(mmap), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mmap2), 2, PROT_EXEC, 0 },
	{ SCMP_SYS(mprotect), 2, PROT_EXEC, 0 },
	/* Threads, but no processes.  A filter cannot see the flags of clone3(2),
	 * which are in memory: see allow_special(). */
	{ SCMP_SYS(clone), CLONE_FLAGS, CLONE_VM | CLONE_THREAD,
	  CLONE_VM | CLONE_THREAD },
	/* isatty(3), the width of a terminal; but no pushing of input (TIOCSTI). */
	{ SCMP_SYS(ioctl), 1, ALL_BITS, TCGETS },
	{ SCMP_SYS(ioctl), 1, ALL_BITS, TIOCGWINSZ },
	{ SCMP_SYS(ioctl), 1, ALL_BITS, FIONREAD },
	{ SCMP_SYS(fcntl), 1, ALL_BITS, F_GETFD },
	{ SCMP_SYS(fcntl), 1, ALL_BITS, F_SETFD },
	{ SCMP_SYS(fcntl), 1, ALL_BITS, F_GETFL },
	{ SCMP_SYS(fcntl), 1, ALL_BITS, F_SETFL },
	{ SCMP_SYS(fcntl64), 1, ALL_BITS, F_GETFD },
	{ SCMP_SYS(fcntl64), 1, ALL_BITS, F_SETFD },
	{ SCMP_SYS(fcntl64), 1, ALL_BITS, F_GETFL },
	{ SCMP_SYS(fcntl64), 1, ALL_BITS, F_SETFL },
	{ SCMP_SYS(prctl), 0, ALL_BITS, PR_SET_NAME },
	{ SCMP_SYS(prctl), 0, ALL_BITS, PR_GET_NAME },
	{ SCMP_SYS(prctl), 0, ALL_BITS, PR_SET_VMA },
	/* Limits can be read, but not set. */
	{ SCMP_SYS(prlimit64), 2, ~0ull, 0 },
};

static int allow_free(scmp_filter_ctx ctx)
{
	int rc = 0;

	for (size_t i = 0; !rc && i < sizeof(free_calls) / sizeof(*free_calls); i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_ALLOW, free_calls[i], 0);
	return rc;
}

static int allow_masked(scmp_filter_ctx ctx)
{
	const size_t n = sizeof(masked_calls) / sizeof(*masked_calls);
	int rc = 0;

	for (size_t i = 0; !rc && i < n; i++) {
		const struct masked_call *m = &masked_calls[i];
		struct scmp_arg_cmp cmp = { m->arg, SCMP_CMP_MASKED_EQ,
					    m->mask, m->value };

		rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, m->call, 1, &cmp);
	}
	return rc;
}

/* Rules that depend on the process, or that fail with another error. */
static int allow_special(scmp_filter_ctx ctx)
{
	/* abort(3) and raise(3), but no signals to other processes. */
	struct scmp_arg_cmp self = { 0, SCMP_CMP_EQ, (scmp_datum_t)getpid(), 0 };
	int rc = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
					&self);

	/* The C library then falls back to clone(2). */
	return rc ? rc : seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS),
					  SCMP_SYS(clone3), 0);
}

int seccomp_enter(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!ctx)
		return -ENOMEM;
	/* Return the kernel's own error, not ECANCELED for all. */
	rc = seccomp_attr_set(ctx, SCMP_FLTATR_API_SYSRAWRC, 1);
	if (!rc)
		rc = allow_free(ctx);
	if (!rc)
		rc = allow_masked(ctx);
	if (!rc)
		rc = allow_special(ctx);
	if (!rc)
		rc = seccomp_load(ctx);
	seccomp_release(ctx);
	return rc;
}

#else

int seccomp_enter(void)
{
	return -EOPNOTSUPP;
}

#endif
