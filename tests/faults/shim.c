/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shim.c - preloaded into ctreplay, makes a file fail or change while it is read.
 *
 * FAULT_FILE is that file.  With
 *
 *	FAULT_EIO=N	reading its byte N fails with EIO
 *	FAULT_SHORT=1	every second read(2) fails with EINTR, the others return one byte
 *	FAULT_CUT=N	the file is cut to N bytes after its first read(2) or mmap(2)
 *	FAULT_GROW=F	the bytes of file F are appended to it at that time
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct stat file;
static int writable = -1, more = -1;	/* opened before the sandbox forbids it */
static long eio = -1, cut = -1;
static bool bytewise, changed;

static long number(const char *name)
{
	const char *s = getenv(name);

	return s ? atol(s) : -1;
}

__attribute__((constructor))
static void begin(void)
{
	const char *path = getenv("FAULT_FILE"), *grow = getenv("FAULT_GROW");

	if (!path || stat(path, &file) < 0)
		return;
	writable = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	more = grow ? open(grow, O_RDONLY | O_CLOEXEC) : -1;
	eio = number("FAULT_EIO");
	cut = number("FAULT_CUT");
	bytewise = getenv("FAULT_SHORT") != NULL;
}

static bool concerned(int fd)
{
	struct stat st;

	return writable >= 0 && fstat(fd, &st) == 0 &&
	       st.st_dev == file.st_dev && st.st_ino == file.st_ino;
}

static void change(void)
{
	char bytes[65536];
	ssize_t n;

	if (changed)
		return;
	changed = true;
	if (cut >= 0 && ftruncate(writable, cut) < 0)
		abort();
	while (more >= 0 &&
	       (n = syscall(SYS_read, more, bytes, sizeof(bytes))) > 0)
		if (write(writable, bytes, (size_t)n) != n)
			abort();
}

ssize_t read(int fd, void *to, size_t n)
{
	static bool interrupted;
	ssize_t got;
	off_t at;

	if (!concerned(fd))
		return syscall(SYS_read, fd, to, n);
	at = lseek(fd, 0, SEEK_CUR);
	if (bytewise) {
		interrupted = !interrupted;
		if (interrupted) {
			errno = EINTR;
			return -1;
		}
		n = n ? 1 : 0;
	}
	if (eio >= 0 && at >= eio) {
		errno = EIO;
		return -1;
	}
	if (eio >= 0 && at + (off_t)n > eio)
		n = (size_t)(eio - at);
	got = syscall(SYS_read, fd, to, n);
	change();
	return got;
}

/* A mapped page that cannot be read raises SIGBUS.  Here, mapping fails instead, so that
 * the program reads. */
void *mmap(void *addr, size_t len, int prot, int flags, int fd, off_t offset)
{
	void *p;

	if ((eio >= 0 || bytewise) && fd >= 0 && concerned(fd)) {
		errno = ENODEV;
		return MAP_FAILED;
	}
	p = (void *)(uintptr_t)syscall(SYS_mmap, addr, len, prot, flags, fd,
				       offset);
	if (p != MAP_FAILED && fd >= 0 && concerned(fd))
		change();
	return p;
}
