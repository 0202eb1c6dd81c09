/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE 1
#include "guard.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

static const char *const global_names[] = {
	"nf_conntrack_max", "nf_conntrack_expect_max"
};

struct request {
	char name[64];		/* empty: restore all settings */
	char value[64];
};

static int child_end = -1;
static char tmpdir[4096];
static char saved[ARRAY_SIZE(global_names)][64];
static volatile sig_atomic_t interrupted;

static const char *global_path(const char *name, char *buf, size_t size)
{
	snprintf(buf, size, "/proc/sys/net/netfilter/%s", name);
	return buf;
}

static int set_one(const struct request *q)
{
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(global_names); i++) {
		if (strcmp(q->name, global_names[i]))
			continue;
		global_path(q->name, path, sizeof(path));
		if (!saved[i][0] &&
		    file_read(path, saved[i], sizeof(saved[i])))
			return errno;
		return file_write(path, q->value) ? errno : 0;
	}
	return EINVAL;
}

static void put_back(void)
{
	char path[128];

	for (size_t i = 0; i < ARRAY_SIZE(global_names); i++) {
		if (!saved[i][0])
			continue;
		global_path(global_names[i], path, sizeof(path));
		if (file_write(path, saved[i]))
			fprintf(stderr, "check-kernel: cannot restore %s to %s: %s\n",
				path, saved[i], strerror(errno));
		saved[i][0] = '\0';
	}
}

/* Answers one request; false when the child has exited. */
static bool serve(int fd)
{
	struct request q;
	int err = 0;
	ssize_t n = recv(fd, &q, sizeof(q), 0);

	if (n < 0 && errno == EINTR)
		return true;
	if (n != (ssize_t)sizeof(q))
		return false;
	if (q.name[0])
		err = set_one(&q);
	else
		put_back();
	return send(fd, &err, sizeof(err), MSG_NOSIGNAL) == sizeof(err);
}

static void on_signal(int sig)
{
	interrupted = sig;
}

static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	struct sigaction sa = { .sa_handler = on_signal };

	for (size_t i = 0; i < ARRAY_SIZE(signals); i++)
		sigaction(signals[i], &sa, NULL);
}

static void make_tmpdir(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(tmpdir, sizeof(tmpdir), "%s/check-kernel.XXXXXX",
		 base && *base ? base : "/tmp");
	if (!mkdtemp(tmpdir))
		die("cannot make a directory %s: %s", tmpdir,
		    strerror(errno));
}

static void remove_tmpdir(void)
{
	DIR *d = opendir(tmpdir);
	struct dirent *e;
	char *path;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		path = xasprintf("%s/%s", tmpdir, e->d_name);
		unlink(path);
		free(path);
	}
	if (d)
		closedir(d);
	rmdir(tmpdir);
}

static int child(guard_body *body, void *arg, int fd)
{
	signal(SIGINT, SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	child_end = fd;
	return body(arg);
}

static int watch(pid_t pid, int fd)
{
	bool killed = false;
	int status;

	while (serve(fd))
		if (interrupted && !killed) {
			kill(pid, SIGTERM);
			killed = true;
		}
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		if (interrupted)
			kill(pid, SIGTERM);
	put_back();
	remove_tmpdir();
	if (interrupted)
		return 128 + interrupted;
	return WIFEXITED(status) ? WEXITSTATUS(status)
				 : 128 + WTERMSIG(status);
}

int guard_run(guard_body *body, void *arg)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		die("socketpair: %s", strerror(errno));
	make_tmpdir();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		close(ends[0]);
		exit(child(body, arg, ends[1]));
	}
	close(ends[1]);
	catch_signals();
	return watch(pid, ends[0]);
}

bool guard_is_global(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(global_names); i++)
		if (!strcmp(name, global_names[i]))
			return true;
	return false;
}

static int ask(const struct request *q)
{
	int err;

	if (send(child_end, q, sizeof(*q), MSG_NOSIGNAL) < 0 ||
	    recv(child_end, &err, sizeof(err), 0) != sizeof(err))
		die("the guard process has exited");
	errno = err;
	return err ? -1 : 0;
}

int guard_set(const char *name, const char *value)
{
	struct request q;

	memset(&q, 0, sizeof(q));
	snprintf(q.name, sizeof(q.name), "%s", name);
	snprintf(q.value, sizeof(q.value), "%s", value);
	return ask(&q);
}

void guard_restore(void)
{
	struct request q;

	memset(&q, 0, sizeof(q));
	ask(&q);
}

const char *guard_tmpdir(void)
{
	return tmpdir;
}
