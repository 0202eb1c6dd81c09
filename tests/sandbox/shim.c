/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shim.c - preloaded into ctreplay, tries from inside what an attacker would try: when
 * a thread starts, when the first results are written, and at the end.
 *
 * It writes a line for each attempt to standard error:
 *
 *	shim WHEN NAME done|refused ERRNO
 *
 * and before them what the kernel has: "shim kernel landlock VERSION seccomp 0|1".
 * SHIM_SECRET is a file that ctreplay is not told to read, in a directory that can be
 * written; SHIM_CAPTURE is one that it is told to read.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *secret, *capture;
static int listener = -1, caller = -1;	/* sockets made before the sandbox */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static struct sockaddr_un address = { .sun_family = AF_UNIX };

static ssize_t real_write(int fd, const void *p, size_t n)
{
	return syscall(SYS_write, fd, p, n);
}

static void say(const char *fmt, ...)
{
	char line[200];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (n > 0 && real_write(STDERR_FILENO, line, (size_t)n) < 0)
		abort();
}

/* Closes the file that an attempt has opened, and passes on a failure (-1, errno). */
static int close_it(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd;
}

static const char *beside(const char *name)
{
	static char path[4096];

	snprintf(path, sizeof(path), "%s.%s", secret, name);
	return path;
}

static int read_capture(void)
{
	return close_it(open(capture, O_RDONLY));
}

static void *nothing(void *arg)
{
	return arg;
}

static int thread(void)
{
	pthread_t t;

	errno = pthread_create(&t, NULL, nothing, NULL);
	return errno ? -1 : pthread_join(t, NULL);
}

static int memory(void)
{
	void *p = mmap(NULL, 1 << 24, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 1 << 24);
}

static int read_secret(void)
{
	return close_it(open(secret, O_RDONLY));
}

static int read_passwd(void)
{
	return close_it(open("/etc/passwd", O_RDONLY));
}

static int list_root(void)
{
	return close_it(open("/", O_RDONLY | O_DIRECTORY));
}

static int write_secret(void)
{
	return close_it(open(secret, O_WRONLY | O_APPEND));
}

static int write_capture(void)
{
	return close_it(open(capture, O_RDWR));
}

static int truncate_capture(void)
{
	struct stat st;

	return stat(capture, &st) < 0 ? -1 : truncate(capture, st.st_size);
}

static int create_file(void)
{
	return close_it(open(beside("new"), O_WRONLY | O_CREAT, 0600));
}

static int rename_file(void)
{
	char to[4096];

	snprintf(to, sizeof(to), "%s", beside("moved"));
	return rename(secret, to) < 0 ? -1 : rename(to, secret);
}

static int change_mode(void)
{
	return chmod(secret, 0600);
}

static int make_link(void)
{
	unlink(beside("link"));
	return symlink("/", beside("link"));
}

static int make_socket(void)
{
	return close_it(socket(AF_INET, SOCK_STREAM, 0));
}

static int make_unix_socket(void)
{
	return close_it(socket(AF_UNIX, SOCK_STREAM, 0));
}

static int make_netlink_socket(void)
{
	return close_it(socket(AF_NETLINK, SOCK_RAW, 0));
}

/* With a socket from before the sandbox, as one that another process passed on. */
static int connect_socket(void)
{
	int rc = connect(caller, (struct sockaddr *)&address, sizeof(address));

	return rc < 0 && errno == EISCONN ? 0 : rc;
}

static int signal_parent(void)
{
	return kill(getppid(), 0);
}

static int make_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid < 0 ? -1 : waitpid(pid, NULL, 0) < 0 ? -1 : 0;
}

/* For attempts that cannot be undone: in a child, or here if fork(2) is refused. */
static int in_child(int attempt(void))
{
	pid_t pid = fork();
	int status;

	if (pid < 0)
		return attempt();
	if (pid == 0)
		_exit(attempt() < 0 ? errno : 0);
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return status ? -1 : 0;
}

/* With an empty environment, so that the shim is not preloaded there. */
static int execute(void)
{
	char name[] = "true", *argv[] = { name, NULL }, *none[] = { NULL };

	return execve("/bin/true", argv, none);
}

/* If this succeeded without a child, the lines after it would be missing. */
static int run_program(void)
{
	return in_child(execute);
}

static int make_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -1 : munmap(p, 4096);
}

static int turn_into_code(void)
{
	void *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int rc = mprotect(p, 4096, PROT_READ | PROT_EXEC);
	int err = errno;

	munmap(p, 4096);
	errno = err;
	return rc;
}

static int be_traced(void)
{
	return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
}

static int trace(void)
{
	return in_child(be_traced);
}

static int read_process(void)
{
	char byte, from = 0;
	struct iovec to = { &byte, 1 }, in = { &from, 1 };

	return (int)process_vm_readv(getpid(), &to, 1, &in, 1, 0);
}

static int make_ring(void)
{
	char parameters[120] = { 0 };

	return close_it((int)syscall(SYS_io_uring_setup, 4, parameters));
}

static int make_memory_file(void)
{
	return close_it((int)syscall(SYS_memfd_create, "shim", 0));
}

static int make_namespace(void)
{
	return unshare(CLONE_FILES);
}

static int change_directory(void)
{
	return chdir(".");
}

static int push_input(void)
{
	/* Stands for TIOCSTI, which would need a terminal. */
	return fcntl(STDIN_FILENO, F_SETOWN, getpid());
}

#define ATTEMPTS(X)							\
	X(read_capture) X(thread) X(memory)				\
	X(read_secret) X(read_passwd) X(list_root)			\
	X(write_secret) X(write_capture) X(truncate_capture)		\
	X(create_file) X(rename_file) X(change_mode) X(make_link)	\
	X(make_socket) X(make_unix_socket) X(make_netlink_socket)	\
	X(connect_socket) X(signal_parent) X(make_process)		\
	X(run_program) X(make_code) X(turn_into_code) X(read_process)	\
	X(make_ring) X(make_memory_file) X(make_namespace)		\
	X(change_directory) X(push_input) X(trace)

static void try_all(const char *when)
{
	static const struct { const char *name; int (*attempt)(void); } all[] = {
#define ATTEMPT(name) { #name, name },
		ATTEMPTS(ATTEMPT)
#undef ATTEMPT
	};

	pthread_mutex_lock(&one);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		errno = 0;
		if (all[i].attempt() >= 0)
			say("shim %s %s done\n", when, all[i].name);
		else
			say("shim %s %s refused %s\n", when, all[i].name,
			    strerrorname_np(errno));
	}
	pthread_mutex_unlock(&one);
}

__attribute__((constructor))
static void begin(void)
{
	unsigned int action = SECCOMP_RET_ERRNO;
	long version = syscall(444, NULL, 0, 1);

	secret = getenv("SHIM_SECRET");
	capture = getenv("SHIM_CAPTURE");
	if (!secret || !capture)
		return;
	say("shim kernel landlock %ld seccomp %d\n", version > 0 ? version : 0,
	    syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0);
	if (strlen(beside("socket")) >= sizeof(address.sun_path))
		say("shim: SHIM_SECRET is too long\n");
	else
		strcpy(address.sun_path, beside("socket"));
	unlink(address.sun_path);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	caller = socket(AF_UNIX, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    listen(listener, 1) < 0)
		say("shim cannot listen: %s\n", strerror(errno));
}

__attribute__((destructor))
static void end(void)
{
	if (secret && capture)
		try_all("exit");
}

/* ctreplay's threads set their name when they start. */
int pthread_setname_np(pthread_t t, const char *name)
{
	static atomic_flag tried = ATOMIC_FLAG_INIT;

	(void)name;
	if (secret && capture && pthread_equal(t, pthread_self()) &&
	    !atomic_flag_test_and_set(&tried))
		try_all("thread");
	return 0;
}

/* ctreplay's write(2), from any of its threads. */
ssize_t write(int fd, const void *p, size_t n)
{
	static atomic_flag tried = ATOMIC_FLAG_INIT;

	if (fd == STDOUT_FILENO && secret && capture &&
	    !atomic_flag_test_and_set(&tried))
		try_all("write");
	return real_write(fd, p, n);
}
