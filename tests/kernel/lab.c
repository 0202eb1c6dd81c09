/* SPDX-License-Identifier: GPL-2.0-only */
#define _GNU_SOURCE 1
#include "lab.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/if.h>
#include <linux/if_tun.h>

#include "ctnl.h"
#include "frames.h"
#include "guard.h"
#include "inject.h"
#include "nflog.h"
#include "sysctl.h"
#include "util.h"

static const char link_commands[] =
	"link add wire type bridge mcast_snooping 0 stp_state 0"
	" nf_call_iptables 1 nf_call_ip6tables 1\n"
	"link set first addrgenmode none mtu 65521 master wire up\n"
	"link set second addrgenmode none mtu 65521 master wire up\n"
	"link set wire addrgenmode none mtu 65521 up\n";

/*
 * INVALID and UNTRACKED packets belong to no connection and have no direction.
 * The most frequent states come first.
 */
static const struct {
	const char *state, *direction, *word;
} rules[] = {
	{ "established", "original", "ESTABLISHED original" },
	{ "established", "reply",    "ESTABLISHED reply" },
	{ "new",         "original", "NEW original" },
	{ "invalid",     NULL,       "INVALID" },
	{ "related",     "original", "RELATED original" },
	{ "related",     "reply",    "RELATED reply" },
	{ "untracked",   NULL,       "UNTRACKED" },
	{ "new",         "reply",    "NEW reply" },
};

/* Runs a program with 'input' on its standard input. */
static void run(const char *const *argv, const char *input)
{
	int fds[2], status;
	pid_t pid;
	FILE *to;

	if (pipe2(fds, O_CLOEXEC))
		die("pipe: %s", strerror(errno));
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		union { const char *const *in; char *const *out; } u = { argv };

		dup2(fds[0], 0);
		execvp(argv[0], u.out);
		_exit(127);
	}
	close(fds[0]);
	to = fdopen(fds[1], "w");
	if (!to || fputs(input, to) < 0 || fclose(to))
		die("%s: cannot write to it: %s", argv[0], strerror(errno));
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		skip("%s(8) is missing", argv[0]);
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		skip("%s(8) cannot set up the namespace", argv[0]);
}

static int open_tap(const char *name, bool card)
{
	struct ifreq ifr = {
		.ifr_flags = (short)(IFF_TAP | IFF_NO_PI |
				     (card ? IFF_VNET_HDR : 0)),
	};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		skip("/dev/net/tun: %s", strerror(errno));
	strcpy(ifr.ifr_name, name);
	if (ioctl(fd, TUNSETIFF, &ifr))
		skip("TUNSETIFF: %s", strerror(errno));
	return fd;
}

/*
 * The rules with which a firewall assigns each helper to its usual port, and in
 * a host netbios-ns to another one, too.
 */
static void helper_rules(FILE *out, bool host)
{
	static const struct {
		const char *type, *protocol;
		unsigned int port;
		bool ipv4_only;
	} helpers[] = {
		{ "ftp", "tcp", 21, false }, { "irc", "tcp", 6667, true },
		{ "tftp", "udp", 69, false }, { "sip", "tcp", 5060, false },
		{ "sip", "udp", 5060, false }, { "RAS", "udp", 1719, false },
		{ "Q.931", "tcp", 1720, false }, { "pptp", "tcp", 1723, true },
		{ "amanda", "udp", 10080, false },
		{ "netbios-ns", "udp", 137, true }, { "snmp", "udp", 161, true },
		{ "sane", "tcp", 6566, false },
	};
	static const char *const hooks[] = { "prerouting", "output" };

	for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
		fprintf(out, " ct helper h%zu { type \"%s\" protocol %s; %s}\n", i,
			helpers[i].type, helpers[i].protocol,
			helpers[i].ipv4_only ? "l3proto ip; " : "");
	for (size_t hook = 0; hook < ARRAY_SIZE(hooks); hook++) {
		fprintf(out, " chain helpers_%s {\n"
			"  type filter hook %s priority filter; policy accept;\n",
			hooks[hook], hooks[hook]);
		for (size_t i = 0; i < ARRAY_SIZE(helpers); i++)
			fprintf(out, "  %s dport %u ct helper set \"h%zu\"\n",
				helpers[i].protocol, helpers[i].port, i);
		if (host)
			fputs("  udp dport 1137 ct helper set \"h9\"\n", out);
		fputs(" }\n", out);
	}
}

/*
 * A host receives a copy of its own broadcasts, which are no frames of the
 * capture.
 */
static void word_rules(FILE *out, const char *hook)
{
	fprintf(out, " chain words_%s {\n"
		"  type filter hook %s priority 0; policy accept;\n", hook, hook);
	if (!strcmp(hook, "input"))
		fputs("  fib saddr type local accept\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		fprintf(out, "  ct state %s ", rules[i].state);
		if (rules[i].direction)
			fprintf(out, "ct direction %s ", rules[i].direction);
		fprintf(out, "log prefix \"%s\" group %u queue-threshold 1 accept\n",
			rules[i].word, NFLOG_RULES_GROUP);
	}
	fputs(" }\n", out);
}

static char *ruleset(const struct setup *setup)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		die("out of memory");
	fputs("table inet lab {\n", out);
	if (setup->host) {
		word_rules(out, "input");
		word_rules(out, "output");
	} else {
		word_rules(out, "forward");
	}
	if (setup->helpers)
		helper_rules(out, setup->host);
	fputs(" chain before {\n"
	      "  type filter hook prerouting priority raw; policy accept;\n",
	      out);
	for (size_t i = 0; i < setup->nraw_rules; i++)
		fprintf(out, "  %s\n", setup->raw_rules[i]);
	fputs(" }\n}\n", out);
	fclose(out);
	return text;
}

static void must_write(const char *path, const char *value)
{
	if (file_write(path, value))
		skip("%s: %s", path, strerror(errno));
}

/* Without IPv6 addresses the devices send no MLD reports. */
static void silence(void)
{
	must_write("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	must_write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
}

void lab_checksum(const struct setup *setup)
{
	must_write("/proc/sys/net/netfilter/nf_conntrack_checksum",
		   setup->checksum ? "1" : "0");
}

static void configure(const struct setup *setup)
{
	must_write("/proc/sys/net/bridge/bridge-nf-call-iptables", "1");
	must_write("/proc/sys/net/bridge/bridge-nf-call-ip6tables", "1");
	must_write("/proc/sys/net/netfilter/nf_conntrack_log_invalid", "255");
	must_write("/proc/sys/net/netfilter/nf_log/2", "nfnetlink_log");
	must_write("/proc/sys/net/netfilter/nf_log/10", "nfnetlink_log");
	lab_checksum(setup);
	for (size_t i = 0; i < setup->nsysctls; i++)
		lab_sysctl(setup->sysctls[i]);
}

void lab_sysctl(const char *name_and_value)
{
	const char *setting = sysctl_usable(name_and_value), *path, *eq;
	char name[96];

	if (!setting)
		return;
	path = sysctl_path(setting);
	eq = strchr(setting, '=');
	if (!eq)
		die("%s: expected NAME=VALUE", setting);
	snprintf(name, sizeof(name), "%.*s", (int)(eq - setting), setting);
	if (guard_is_global(name)) {
		if (guard_set(name, eq + 1))
			die("%s: %s", setting, strerror(errno));
		return;
	}
	if (file_write(path, eq + 1))
		die("%s: %s: %s", setting, path, strerror(errno));
}

static bool probe_passes(struct lab *lab, const uint8_t *data, uint32_t len,
			 uint16_t ethertype)
{
	struct frames fs = { 0 };
	struct verdict v = { 0 };
	bool passed;

	frames_add(&fs, data, len, len, ethertype);
	inject_one(lab, &fs.v[0], &v);
	passed = v.word == WORD_NEW && v.words == 1 && v.out == 1;
	free(v.reason);
	free(v.events);
	frames_free(&fs);
	return passed;
}

/*
 * Before the test starts, one UDP datagram of each family must pass as NEW. A
 * bridge port may take a moment until it forwards.
 */
static void probe(struct lab *lab)
{
	static const uint8_t four[28] = {
		0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0xf6, 0xcd,
		192, 0, 2, 1, 192, 0, 2, 2, 0, 9, 0, 9, 0, 8, 0, 0
	};
	static const uint8_t six[48] = {
		0x60, 0, 0, 0, 0, 8, 17, 64,
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
		0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2,
		0, 9, 0, 9, 0, 8, 0xa4, 0x57
	};

	for (unsigned int i = 0; i < 100; i++) {
		bool ok = probe_passes(lab, four, sizeof(four), 0x0800) &&
			  probe_passes(lab, six, sizeof(six), 0x86dd);

		lab_flush(lab);
		if (ok)
			return;
		sleep_ns(10 * NSEC_PER_MSEC);
	}
	skip("connection tracking does not see bridged frames here");
}

/* Gives the first tap the host's address; the second tap is not used. */
static void settle(struct lab *lab, const char *address)
{
	static const char *const ip[] = { "ip", "-batch", "-", NULL };
	char *commands;

	lab->host = host_new(address);
	if (!lab->host)
		die("%s: expected ADDRESS/PREFIX", address);
	/* The capture's other hosts may have any address. */
	must_write("/proc/sys/net/ipv4/conf/all/rp_filter", "0");
	must_write("/proc/sys/net/ipv4/conf/default/rp_filter", "0");
	must_write("/proc/sys/net/ipv4/conf/first/rp_filter", "0");
	commands = host_link_commands(lab->host, "first");
	run(ip, commands);
	free(commands);
}

void lab_open(struct lab *lab, const struct setup *setup)
{
	static const char *const ip[] = { "ip", "-batch", "-", NULL };
	static const char *const nft[] = { "nft", "-f", "-", NULL };
	char *text;

	if (unshare(CLONE_NEWNET))
		skip("cannot make a network namespace: %s", strerror(errno));
	silence();
	lab->strays = 0;
	lab->host = NULL;
	lab->card = setup->card;
	lab->in = open_tap("first", lab->card);
	lab->out = open_tap("second", false);
	if (setup->host)
		settle(lab, setup->host);
	else
		run(ip, link_commands);
	lab->log = nflog_open();
	if (lab->log < 0)
		skip("NFLOG: %s", strerror(errno));
	lab->events = -1;
	text = ruleset(setup);
	run(nft, text);
	free(text);
	configure(setup);
	if (!lab->host)
		probe(lab);
	if (setup->events && (lab->events = ctnl_events_open()) < 0)
		die("conntrack events: %s", strerror(errno));
}

void lab_close(struct lab *lab)
{
	host_free(lab->host);
	close(lab->in);
	close(lab->out);
	close(lab->log);
	if (lab->events >= 0)
		close(lab->events);
	if (unshare(CLONE_NEWNET))
		die("unshare: %s", strerror(errno));
	guard_restore();
}

void lab_flush(struct lab *lab)
{
	struct verdict nobody = { 0 };

	if (ctnl_flush())
		die("cannot empty the connection table: %s", strerror(errno));
	/* The DESTROY events of the deleted entries belong to no frame. */
	if (lab->events >= 0 && ctnl_events_drain(lab->events, &nobody))
		die("conntrack events: %s", strerror(errno));
	free(nobody.events);
}
