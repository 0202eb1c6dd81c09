/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/filter.h"

#include <ctype.h>
#include <errno.h>
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "capture/filter_program.h"
#include "capture/link/linktype.h"
#include "capture/resolver.h"

#define COMPILE_BYTES (1024u * 1024)

struct bpf_set {
	struct filter_program *fast;	/* of it, or NULL */
	struct bpf_program program;
};

/* "ip.addr == 192.0.2.1", "tcp.port": a letter, a full stop, a letter. */
static bool is_of_wireshark(const char *expr)
{
	for (const char *p = expr; *p; p++)
		if (p > expr && *p == '.' && isalpha((unsigned char)p[-1]) &&
		    isalpha((unsigned char)p[1]))
			return true;
	return false;
}

static void say_refused(const char *what, const char *expr, const char *why,
			const struct diag *diag)
{
	const char *hint = "; see pcap-filter(7)";

	if (strstr(why, "unknown host") || strstr(why, "unknown network"))
		hint = "; names are never looked up, give the address";
	else if (strstr(why, "not implemented"))
		hint = "; libpcap cannot look into frames of this link type";
	else if (is_of_wireshark(expr))
		hint = "; this looks like a filter of Wireshark, and must be one of "
		       "tcpdump, such as 'host 192.0.2.1 and tcp port 80'";
	diag_say(diag, DIAG_ERROR, "%s: '%s': %s%s", what, expr, why, hint);
}

static struct bpf_set *out_of_memory(const char *what, const struct diag *diag)
{
	diag_say(diag, DIAG_ERROR, "%s: out of memory", what);
	errno = ENOMEM;
	return NULL;
}

/* libpcap's parser may crash when memory runs out, so there must be more than it
 * can need. */
static bool has_memory(void)
{
	void *volatile p = malloc(COMPILE_BYTES);	/* not optimised away */

	free(p);
	return p != NULL;
}

/* NULL after a message, with errno ENOMEM for a lack of memory. */
static struct bpf_set *compile_for(pcap_t *p, const char *expr, const char *what,
				   const struct diag *diag)
{
	struct bpf_set *set = malloc(sizeof(*set));

	if (!set || !has_memory()) {
		free(set);
		return out_of_memory(what, diag);
	}
	errno = EINVAL;
	if (!resolver_is_ours()) {
		/* Something else defines getaddrinfo(3) (see resolver.h):
		 * no filter is better than an unexpected query. */
		diag_say(diag, DIAG_ERROR,
			 "%s: this build cannot keep libpcap from looking up names",
			 what);
		free(set);
		return NULL;
	}
	if (pcap_compile(p, &set->program, expr, 1, PCAP_NETMASK_UNKNOWN) < 0) {
		say_refused(what, expr, pcap_geterr(p), diag);
		free(set);
		errno = EINVAL;
		return NULL;
	}
	set->fast = filter_program_create(set->program.bf_insns, set->program.bf_len);
	return set;
}

/* Closes 'p' in any case. */
static struct bpf_set *compile_and_close(pcap_t *p, const char *expr,
					 const char *what,
					 const struct diag *diag)
{
	struct bpf_set *set;
	int error;

	if (!p)
		return out_of_memory(what, diag);
	set = compile_for(p, expr, what, diag);
	error = errno;
	pcap_close(p);
	errno = error;
	return set;
}

struct bpf_set *bpf_compile(const char *expr, int linktype, const char *what,
			    const struct diag *diag)
{
	return compile_and_close(pcap_open_dead(linktype, SNAPLEN_MAX), expr,
				 what, diag);
}

static noinline bool ask_libpcap(const struct bpf_set *set, const uint8_t *data,
				 uint32_t caplen, uint32_t wirelen)
{
	const struct pcap_pkthdr h = { .caplen = caplen, .len = wirelen };

	return pcap_offline_filter(&set->program, &h, data) != 0;
}

bool bpf_matches(const struct bpf_set *set, const uint8_t *data,
		 uint32_t caplen, uint32_t wirelen)
{
	if (unlikely(!set->fast))
		return ask_libpcap(set, data, caplen, wirelen);
	return filter_program_run(set->fast, data, caplen, wirelen);
}

void bpf_set_free(struct bpf_set *set)
{
	if (!set)
		return;
	filter_program_free(set->fast);
	pcap_freecode(&set->program);
	free(set);
}

struct bank_entry {
	int linktype;
	bool swapped;
	struct bpf_set *set;	/* NULL: does not compile; a message was given */
};

struct bpf_bank {
	const char *expr, *what;
	const struct diag *diag;
	struct bank_entry *entries;	/* the most recently used one is first */
	size_t n;
	bool no_memory;
};

struct bpf_bank *bpf_bank_create(const char *expr, const char *what,
				 const struct diag *diag)
{
	struct bpf_bank *bank = calloc(1, sizeof(*bank));

	if (bank)
		*bank = (struct bpf_bank){ expr, what, diag, NULL, 0,
					    false };
	return bank;
}

static struct bank_entry *add_entry(struct bpf_bank *bank, int linktype,
				    bool swapped)
{
	struct bank_entry *e = realloc(bank->entries,
				       (bank->n + 1) * sizeof(*e));

	if (!e) {
		out_of_memory(bank->what, bank->diag);
		bank->no_memory = true;
		return NULL;
	}
	bank->entries = e;
	e += bank->n++;
	e->linktype = linktype;
	e->swapped = swapped;
	e->set = compile_and_close(linktype_pcap(linktype, swapped),
				   bank->expr, bank->what, bank->diag);
	bank->no_memory |= !e->set && errno == ENOMEM;
	return e;
}

bool bpf_bank_lacks_memory(const struct bpf_bank *bank)
{
	return bank->no_memory;
}

const struct bpf_set *bpf_bank_get(struct bpf_bank *bank, int linktype,
				   bool swapped)
{
	struct bank_entry *e = bank->entries, first;
	size_t i = 0;

	while (i < bank->n && (e[i].linktype != linktype ||
			       e[i].swapped != swapped))
		i++;
	if (i == bank->n && !add_entry(bank, linktype, swapped))
		return NULL;
	e = bank->entries;
	first = e[i];
	if (i) {
		e[i] = e[0];
		e[0] = first;
	}
	return first.set;
}

void bpf_bank_free(struct bpf_bank *bank)
{
	if (!bank)
		return;
	for (size_t i = 0; i < bank->n; i++)
		bpf_set_free(bank->entries[i].set);
	free(bank->entries);
	free(bank);
}
