/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE 1
#include "replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guard.h"
#include "sysctl.h"

/* Called for each line; returns NULL, or what is wrong with the line. */
typedef char *line_handler(void *arg, char *line);

struct command {
	const char *argv[256];
	size_t n;
};

static void add(struct command *c, const char *arg)
{
	if (c->n + 1 >= ARRAY_SIZE(c->argv))
		die("too many arguments for ctreplay");
	c->argv[c->n++] = arg;
	c->argv[c->n] = NULL;
}

/* Tells ctreplay the subnet that the kernel knows from the device's address,
 * and the ports of the lab's rules. */
static void add_subnet(struct command *c, const char *prefix)
{
	static const struct { const char *name, *ports; } helpers[] = {
		{ "netbios-ns", ":137,1137" }, { "snmp", "" },
	};
	static char texts[ARRAY_SIZE(helpers)][40];

	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++) {
		snprintf(texts[i], sizeof(texts[i]), "%s%s%s", helpers[i].name,
			 prefix, helpers[i].ports);
		add(c, "--helper");
		add(c, texts[i]);
	}
}

static void begin(struct command *c, const struct setup *setup)
{
	c->n = 0;
	add(c, setup->program);
	add(c, "-k");
	add(c, setup->card ? "auto" : setup->checksum ? "all" : "none");
	for (size_t i = 0; i < setup->nsysctls; i++) {
		const char *setting = sysctl_usable(setup->sysctls[i]);

		if (!setting)
			continue;
		add(c, "--sysctl");
		add(c, setting);
	}
	if (!setup->helpers)
		add(c, "--no-helpers");
	if (setup->host)
		add_subnet(c, strchr(setup->host, '/'));
	if (setup->kernel) {
		add(c, "--kernel");
		add(c, setup->kernel);
	}
	for (size_t i = 0; i < setup->nprogram_args; i++)
		add(c, setup->program_args[i]);
}

static _Noreturn void become(const struct command *c, int out, const char *err)
{
	union { const char *const *in; char *const *out; } u = { c->argv };
	int fd = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	dup2(out, 1);
	if (fd >= 0)
		dup2(fd, 2);
	execvp(c->argv[0], u.out);
	fprintf(stderr, "%s: %s\n", c->argv[0], strerror(errno));
	_exit(127);
}

/* The exit status and the first line on stderr of a program that failed. */
static char *complaint(const struct command *c, int status, const char *err)
{
	struct lines said = { 0 };
	char *text, how[64];

	if (WIFSIGNALED(status))
		snprintf(how, sizeof(how), "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(how, sizeof(how), "exit status %d",
			 WEXITSTATUS(status));
	if (lines_read(&said, err) || !said.n)
		lines_add(&said, "(no message)");
	text = xasprintf("%s: %s: %s", c->argv[0], how, said.v[0]);
	lines_free(&said);
	return text;
}

static char *read_lines(FILE *in, line_handler *fn, void *arg)
{
	char *line = NULL, *wrong = NULL;
	size_t room = 0;

	while (getline(&line, &room, in) > 0) {
		char *w;

		line[strcspn(line, "\n")] = '\0';
		w = wrong ? NULL : fn(arg, line);
		if (w)
			wrong = w;
	}
	free(line);
	return wrong;
}

static char *run(const struct command *c, line_handler *fn, void *arg)
{
	char *err = xasprintf("%s/stderr", guard_tmpdir());
	int fds[2], status;
	char *wrong;
	pid_t pid;
	FILE *in;

	if (pipe2(fds, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid)
		become(c, fds[1], err);
	close(fds[1]);
	in = fdopen(fds[0], "r");
	if (!in)
		die("fdopen: %s", strerror(errno));
	wrong = read_lines(in, fn, arg);
	fclose(in);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!wrong && status)
		wrong = complaint(c, status, err);
	free(err);
	return wrong;
}

struct packets {
	struct verdict *v;
	size_t n;
	replay_packet *fn;
	void *arg;
};

static char *copy(const char *s)
{
	return s ? xstrdup(s) : NULL;
}

static char *on_packet(void *arg, char *line)
{
	struct packets *p = arg;
	struct verdict *v;
	const char *type, *verdict;
	uint64_t number;
	struct json j;

	if (!json_read(&j, line))
		return xstrdup("ctreplay: a line is not a JSON object");
	type = json_get(&j, "type");
	if (!type || strcmp(type, "packet"))
		return NULL;
	number = json_number(&j, "number");
	if (!number || number > p->n)
		return xasprintf("ctreplay: no frame has number %llu",
				 (unsigned long long)number);
	v = &p->v[number - 1];
	if (v->words++)
		return xasprintf("ctreplay: frame %llu has two lines",
				 (unsigned long long)number);
	v->word = word_parse(json_get(&j, "ctstate"));
	v->dir = direction_parse(json_get(&j, "ctdir"));
	v->reason = copy(json_get(&j, "reason"));
	v->code = copy(json_get(&j, "reason_code"));
	verdict = json_get(&j, "verdict");
	v->dropped = verdict && !strcmp(verdict, "drop");
	if (p->fn)
		p->fn(p->arg, number, &j);
	return NULL;
}

char *replay_packets(const struct setup *setup, const char *path,
		     struct verdict *v, size_t n, replay_packet *fn, void *arg)
{
	struct packets p = { v, n, fn, arg };
	struct command c;

	begin(&c, setup);
	add(&c, "-o");
	add(&c, "json");
	add(&c, "-p");
	add(&c, path);
	return run(&c, on_packet, &p);
}

/* The sections as they come, and the one that lines are of. */
struct reader {
	struct sections *s;
	struct lines *now;
};

/* "[stamp]<tab>event" */
static char *on_event_line(struct lines *events, const char *line)
{
	const char *tab = strchr(line, '\t');

	if (line[0] != '[' || !tab)
		return xasprintf("ctreplay: this line is no event: %s", line);
	lines_add(events, tab + 1);
	return NULL;
}

static char *on_section_line(void *arg, char *line)
{
	struct reader *r = arg;

	if (!strncmp(line, "# table", 7))
		r->now = &r->s->table;
	else if (!strncmp(line, "# expectations", 14))
		r->now = &r->s->expect;
	else if (r->now == &r->s->events)
		return on_event_line(r->now, line);
	else if (*line && *line != '#')
		lines_add(r->now, line);
	return NULL;
}

char *replay_sections(const struct setup *setup, const char *path,
		      struct sections *s)
{
	/* A section that is alone has no heading. */
	struct reader r = { s, setup->events ? &s->events : &s->table };
	struct command c;

	begin(&c, setup);
	add(&c, "-t");
	add(&c, "--table-style");
	add(&c, "nf_conntrack");
	if (setup->helpers)
		add(&c, "-x");
	if (setup->events)
		add(&c, "-e");
	add(&c, path);
	return run(&c, on_section_line, &r);
}

static char *on_any_line(void *arg, char *line)
{
	(void)arg;
	(void)line;
	return NULL;
}

char *replay_try(const struct setup *setup, const char *first,
		 const char *second)
{
	struct command c;

	begin(&c, setup);
	add(&c, first);
	if (second)
		add(&c, second);
	return run(&c, on_any_line, NULL);
}
