/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.c - programs beside each other: time, processor time, memory.
 *
 *	measure [-r runs] [-p packets] [-b old -n new] LABEL COMMAND [ARGUMENT]...
 *		[ ';' LABEL ... ]
 *
 * The commands run in turns (A B C A B C ...), so that a busy minute of the
 * machine hits all of them, with standard input, output and error on
 * /dev/null.  Each line of the table is a command's medians, and their ratio
 * to the first command's.  One that needs longer than SLOW seconds runs once.
 *
 * With -b and -n, each command of the program 'new' is also run with the program
 * 'old' in its place, directly before it, and the table shows these pairs alone, with
 * the ratio of their medians.  A pair that 'old' has not all the options for is told.
 *
 * Nothing here passes or fails by time; the exit status is 1 where a command
 * failed.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMANDS_MAX	32
#define RUNS_MAX	101
#define SLOW		15.0

struct command {
	const char *label;
	char **argv;
	int runs;
	bool failed;
	struct command *old;	/* the same of the program to compare with, or NULL */
	double wall[RUNS_MAX], cpu[RUNS_MAX], mib[RUNS_MAX];
};

struct measure {
	struct command command[COMMANDS_MAX];
	struct command old[COMMANDS_MAX];
	char *old_program, *new_program;
	int ncommands, runs;
	double packets;
};

static double seconds(const struct timeval *t)
{
	return (double)t->tv_sec + (double)t->tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* posix_spawn(3) shares memory until exec, so that the child's peak is its own. */
static bool run_once(char **argv, struct rusage *use, int *status)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int err;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	err = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (err)
		return false;
	while (wait4(pid, status, 0, use) < 0)
		if (errno != EINTR)
			return false;
	return true;
}

static void run(struct command *c)
{
	struct rusage use;
	double start = now();
	int status;

	if (!run_once(c->argv, &use, &status) || status != 0) {
		c->failed = true;
		return;
	}
	c->wall[c->runs] = now() - start;
	c->cpu[c->runs] = seconds(&use.ru_utime) + seconds(&use.ru_stime);
	c->mib[c->runs++] = (double)use.ru_maxrss / 1024;
}

/* Whether it is one of -n, which is all that -b shows. */
static bool shown(const struct measure *m, const struct command *c)
{
	return !m->old_program || c->old;
}

static bool wanted(const struct command *c, int round)
{
	return !c->failed && (round == 0 || c->wall[0] < SLOW);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(const double *v, int n)
{
	double sorted[RUNS_MAX];

	memcpy(sorted, v, (size_t)n * sizeof(*v));
	qsort(sorted, (size_t)n, sizeof(*v), by_value);
	return n & 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

static void print(const struct measure *m, const struct command *c)
{
	const struct command *floor = &m->command[0];
	double wall, cpu;

	if (c->failed || !floor->runs) {
		printf("%-34s failed\n", c->label);
		return;
	}
	wall = median(c->wall, c->runs);
	cpu = median(c->cpu, c->runs);
	printf("%-34s %8.3f %8.3f %7.1f %12.0f %7.2f %7.2f  %d\n", c->label,
	       wall, cpu, median(c->mib, c->runs), m->packets / wall,
	       wall / median(floor->wall, floor->runs),
	       cpu / median(floor->cpu, floor->runs), c->runs);
}

static void print_pair(const struct command *c)
{
	const struct command *old = c->old;
	double wall, cpu, old_wall, old_cpu;

	if (c->failed || old->failed || !old->runs) {
		printf("%-34s %s\n", c->label,
		       c->failed ? "failed" : "not with the old program");
		return;
	}
	wall = median(c->wall, c->runs);
	cpu = median(c->cpu, c->runs);
	old_wall = median(old->wall, old->runs);
	old_cpu = median(old->cpu, old->runs);
	printf("%-34s %8.3f %8.3f %7.3f %8.3f %8.3f %7.3f  %d\n", c->label, old_wall,
	       wall, wall / old_wall, old_cpu, cpu, cpu / old_cpu, c->runs);
}

static bool usage(void)
{
	fprintf(stderr, "usage: measure [-r runs] [-p packets] [-b old -n new] "
		"LABEL COMMAND [ARGUMENT]... [ ';' LABEL ... ]\n");
	return false;
}

static bool parse(int argc, char **argv, struct measure *m)
{
	int c;

	while ((c = getopt(argc, argv, "+r:p:b:n:")) != -1) {
		if (c == 'r')
			m->runs = atoi(optarg);
		else if (c == 'p')
			m->packets = atof(optarg);
		else if (c == 'b')
			m->old_program = optarg;
		else if (c == 'n')
			m->new_program = optarg;
		else
			return usage();
	}
	if (m->runs < 1 || m->runs > RUNS_MAX || !m->old_program != !m->new_program)
		return usage();
	for (int i = optind; i < argc; i++) {
		struct command *next = &m->command[m->ncommands++];

		if (m->ncommands > COMMANDS_MAX || i + 1 >= argc)
			return usage();
		next->label = argv[i];
		next->argv = &argv[i + 1];
		while (i < argc && strcmp(argv[i], ";") != 0)
			i++;
		if (i < argc)
			argv[i] = NULL;
	}
	return m->ncommands > 0 || usage();
}

/* Gives each command of -n its pair. */
static bool pair_up(struct measure *m)
{
	for (int i = 0; i < m->ncommands; i++) {
		struct command *c = &m->command[i], *old = &m->old[i];
		size_t n = 0;

		if (!m->old_program || strcmp(c->argv[0], m->new_program) != 0)
			continue;
		while (c->argv[n])
			n++;
		old->argv = calloc(n + 1, sizeof(*old->argv));
		if (!old->argv)
			return false;
		memcpy(old->argv, c->argv, n * sizeof(*old->argv));
		old->argv[0] = m->old_program;
		c->old = old;
	}
	return true;
}

static void run_round(struct measure *m, int round)
{
	for (int i = 0; i < m->ncommands; i++) {
		struct command *c = &m->command[i];

		if (!shown(m, c) || !wanted(c, round))
			continue;
		if (c->old && wanted(c->old, round))
			run(c->old);
		run(c);
	}
}

int main(int argc, char **argv)
{
	static struct measure m = { .runs = 5 };
	int failed = 0;

	if (!parse(argc, argv, &m) || !pair_up(&m))
		return 2;
	for (int round = 0; round < m.runs; round++)
		run_round(&m, round);
	if (m.old_program)
		printf("%-34s %8s %8s %7s %8s %8s %7s  %s\n", "", "old wall", "wall s",
		       "x wall", "old CPU", "CPU s", "x CPU", "runs");
	else
		printf("%-34s %8s %8s %7s %12s %7s %7s  %s\n", "", "wall s", "CPU s",
		       "MiB", "packets/s", "x wall", "x CPU", "runs");
	for (int i = 0; i < m.ncommands; i++) {
		struct command *c = &m.command[i];

		if (c->old)
			print_pair(c);
		else if (shown(&m, c))
			print(&m, c);
		failed |= c->failed;
	}
	return failed;
}
