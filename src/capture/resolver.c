/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/resolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <stddef.h>
#include <string.h>

typedef int getaddrinfo_fn(const char *, const char *, const struct addrinfo *,
			   struct addrinfo **);

/* The C library's function; dlsym(3) gives it as an object pointer. */
static getaddrinfo_fn *next_getaddrinfo(void)
{
	void *sym = dlsym(RTLD_NEXT, "getaddrinfo");
	getaddrinfo_fn *fn;

	memcpy(&fn, &sym, sizeof(fn));
	return fn;
}

/* libpcap must see these two, whatever -fvisibility says. */
#define SEEN	__attribute__((visibility("default")))

SEEN
int getaddrinfo(const char *restrict node, const char *restrict service,
		const struct addrinfo *restrict hints,
		struct addrinfo **restrict res)
{
	getaddrinfo_fn *next = next_getaddrinfo();
	struct addrinfo numeric = { .ai_family = AF_UNSPEC };

	if (!next)
		return EAI_FAIL;
	if (hints)
		numeric = *hints;
	if (node)
		numeric.ai_flags |= AI_NUMERICHOST;
	return next(node, service, &numeric, res);
}

/* nsswitch.conf(5) may send names of networks to DNS, too. */
SEEN
int getnetbyname_r(const char *restrict name, struct netent *restrict ret,
		   char *restrict buf, size_t len,
		   struct netent **restrict result, int *restrict h_errnop)
{
	(void)name, (void)ret, (void)buf, (void)len;
	*result = NULL;
	*h_errnop = HOST_NOT_FOUND;
	return 0;
}

bool resolver_is_ours(void)
{
	void *sym = dlsym(RTLD_DEFAULT, "getaddrinfo");
	getaddrinfo_fn *fn;

	memcpy(&fn, &sym, sizeof(fn));
	return fn == getaddrinfo;
}

void resolver_prepare(void (*path)(void *arg, const char *path), void *arg)
{
	/* The sources "files" and "db" of nsswitch.conf(5); libpcap itself
	 * reads ethers(5). */
	static const char *const paths[] = {
		"/etc/services", "/etc/protocols", "/etc/ethers",
		"/var/lib/misc/services.db", "/var/lib/misc/protocols.db",
		"/var/lib/misc/ethers.db",
	};

	getservbyname("ctreplay", "tcp");
	getprotobyname("ctreplay");
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		path(arg, paths[i]);
}
