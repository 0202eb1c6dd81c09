/* SPDX-License-Identifier: GPL-2.0-only */
#include "sandbox/sandbox.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef CTREPLAY_WITHOUT_SANDBOX

#include "sandbox/landlock.h"
#include "sandbox/seccomp.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
	__has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || \
	__has_feature(thread_sanitizer)
#define SANITIZED	true
#else
#define SANITIZED	false
#endif

/* Present in builds that measure coverage, by gcc and by clang. */
extern void __gcov_exit(void) __attribute__((weak));
extern int __llvm_profile_runtime __attribute__((weak));

struct sandbox {
	const char *none;	/* why there is no sandbox at all, or NULL */
	int rules, version;	/* Landlock's; rules -1: off, because of 'error' */
	int error;
};

/* Tools that examine this process open files and start programs from within it. */
static const char *examined(void)
{
	const char *preload = getenv("LD_PRELOAD");

	if (SANITIZED)
		return "this build has a sanitizer in it";
	if (__gcov_exit || &__llvm_profile_runtime)
		return "this build measures its coverage";
	if (preload && strstr(preload, "/vgpreload_"))
		return "this is run by valgrind";
	return NULL;
}

struct sandbox *sandbox_create(void)
{
	struct sandbox *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->rules = -1;
	s->none = examined();
	if (s->none)
		return s;
	s->rules = landlock_begin(&s->version);
	s->error = errno;
	return s;
}

/* Without this rule, Landlock would refuse a file that may be read: so it stays off. */
void sandbox_may_read(struct sandbox *s, const char *path)
{
	if (s->rules < 0 || landlock_may_read(s->rules, path))
		return;
	s->error = errno;
	close(s->rules);
	s->rules = -1;
}

static const char *landlock_part(struct sandbox *s, char *to, size_t size)
{
	if (s->rules >= 0 && !landlock_enter(s->rules))
		s->error = errno;
	else if (s->rules >= 0)
		s->error = 0;
	if (s->rules >= 0)
		close(s->rules);
	if (!s->error)
		snprintf(to, size, "on (version %d)", s->version);
	else if (s->error == ENOSYS || s->error == EOPNOTSUPP)
		snprintf(to, size, "off, this kernel has none");
	else
		snprintf(to, size, "off, the kernel says: %s", strerror(s->error));
	return to;
}

static const char *seccomp_part(char *to, size_t size)
{
	int error = -seccomp_enter();

	if (!error)
		return "on";
	if (error == EOPNOTSUPP)
		return "off, this build has no libseccomp";
	if (error == ENOSYS || error == EINVAL)
		return "off, this kernel has none";
	snprintf(to, size, "off, the kernel says: %s", strerror(error));
	return to;
}

void sandbox_enter(struct sandbox *s, const struct diag *notes)
{
	const char *landlock, *seccomp;
	char one[100], two[100];

	if (s->none) {
		if (notes)
			diag_say(notes, DIAG_NOTE, "sandbox: off, %s", s->none);
		free(s);
		return;
	}
	/* In this order: seccomp refuses the system calls of Landlock. */
	landlock = landlock_part(s, one, sizeof(one));
	seccomp = seccomp_part(two, sizeof(two));
	if (notes)
		diag_say(notes, DIAG_NOTE,
			 "sandbox: Landlock is %s; seccomp is %s", landlock,
			 seccomp);
	free(s);
}

void sandbox_free(struct sandbox *s)
{
	if (s && s->rules >= 0)
		close(s->rules);
	free(s);
}

#else

struct sandbox {
	char unused;
};

struct sandbox *sandbox_create(void)
{
	return calloc(1, sizeof(struct sandbox));
}

void sandbox_may_read(struct sandbox *s, const char *path)
{
	(void)s, (void)path;
}

void sandbox_enter(struct sandbox *s, const struct diag *notes)
{
	if (notes)
		diag_say(notes, DIAG_NOTE, "sandbox: off, this build has none");
	free(s);
}

void sandbox_free(struct sandbox *s)
{
	free(s);
}

#endif
