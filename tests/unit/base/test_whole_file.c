/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * whole_file.c: the file gets its name when it is kept, and in no other case; what had
 * the name before stays until then.
 */
#include "support/captures.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/whole_file.h"

struct place {
	char dir[40], path[64], link[64];
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	strcpy(p->dir, "/tmp/test_whole_file.XXXXXX");
	assert_non_null(mkdtemp(p->dir));
	snprintf(p->path, sizeof(p->path), "%s/file", p->dir);
	snprintf(p->link, sizeof(p->link), "%s/link", p->dir);
	*state = p;
	return 0;
}

/* Nothing else may be left there. */
static int remove_place(void **state)
{
	struct place *p = *state;

	unlink(p->path);
	unlink(p->link);
	assert_int_equal(rmdir(p->dir), 0);
	free(p);
	return 0;
}

static void put_file(const char *path, const char *text)
{
	FILE *fp = fopen(path, "w");

	assert_non_null(fp);
	fputs(text, fp);
	fclose(fp);
}

static void assert_text(const char *path, const char *wanted)
{
	char text[20] = "";
	FILE *fp = fopen(path, "r");

	if (!wanted) {
		assert_null(fp);
		return;
	}
	assert_non_null(fp);
	assert_int_equal(fread(text, 1, sizeof(text) - 1, fp), strlen(wanted));
	assert_string_equal(text, wanted);
	fclose(fp);
}

/* Opens it by that path and writes to it. */
static void begin(struct whole_file *w, const char *path)
{
	assert_true(whole_file_open(w, path));
	assert_int_equal(write(w->fd, "new", 3), 3);
	close(w->fd);
}

static void whole_file_kept(void **state)
{
	const struct place *p = *state;
	struct whole_file w;

	begin(&w, p->path);
	assert_text(p->path, NULL);
	assert_int_equal(whole_file_keep(&w), 0);
	assert_text(p->path, "new");
	put_file(p->path, "old");
	begin(&w, p->path);
	assert_text(p->path, "old");
	assert_int_equal(whole_file_keep(&w), 0);
	assert_text(p->path, "new");
	assert_int_equal(whole_file_keep(&w), 0);
	whole_file_drop(&w);
	assert_text(p->path, "new");
}

static void whole_file_dropped(void **state)
{
	const struct place *p = *state;
	struct whole_file w;

	begin(&w, p->path);
	whole_file_drop(&w);
	assert_text(p->path, NULL);
	put_file(p->path, "old");
	begin(&w, p->path);
	whole_file_drop(&w);
	assert_text(p->path, "old");
}

/* The name cannot be given: there is a directory now. */
static void whole_file_not_renamed(void **state)
{
	const struct place *p = *state;
	struct whole_file w;

	begin(&w, p->path);
	assert_int_equal(mkdir(p->path, 0700), 0);
	assert_int_equal(whole_file_keep(&w), EISDIR);
	assert_int_equal(rmdir(p->path), 0);
}

static void whole_file_of_a_killed_process(void **state)
{
	const struct place *p = *state;
	int ends[2];
	char byte;
	pid_t pid;

	put_file(p->path, "old");
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (pid == 0) {
		struct whole_file w;

		if (!whole_file_open(&w, p->path) || write(w.fd, "new", 3) != 3)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	close(ends[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* The finisher has the pipe, too, and ends when it is done. */
	assert_int_equal(read(ends[0], &byte, 1), 0);
	close(ends[0]);
	assert_text(p->path, "old");
}

static void whole_file_links_and_modes(void **state)
{
	const struct place *p = *state;
	struct whole_file w;
	struct stat st;

	assert_int_equal(symlink("file", p->link), 0);
	assert_false(whole_file_open(&w, p->link));	/* it leads nowhere */
	put_file(p->path, "old");
	assert_int_equal(chmod(p->path, 0640), 0);
	begin(&w, p->link);
	assert_int_equal(whole_file_keep(&w), 0);
	assert_text(p->path, "new");
	assert_int_equal(lstat(p->link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(unlink(p->path), 0);
	umask(027);
	begin(&w, p->path);
	assert_int_equal(whole_file_keep(&w), 0);
	assert_int_equal(stat(p->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(umask(022), 027);
}

static void whole_file_refused(void **state)
{
	const struct place *p = *state;
	char path[40];
	struct whole_file w;
	int fd = open(p->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	assert_false(whole_file_open(&w, p->dir));
	assert_false(whole_file_open(&w, "/dev/null"));
	assert_false(whole_file_open(&w, "/nowhere/at/all"));
	assert_int_equal(w.fd, -1);
	whole_file_drop(&w);
	assert_int_equal(whole_file_keep(&w), 0);
	/* A file without a name, by a path that seems to have one. */
	assert_true(fd >= 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	assert_false(whole_file_open(&w, path));
	close(fd);
}

#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACED(whole_file_kept),
		PLACED(whole_file_dropped),
		PLACED(whole_file_not_renamed),
		PLACED(whole_file_of_a_killed_process),
		PLACED(whole_file_links_and_modes),
		PLACED(whole_file_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
