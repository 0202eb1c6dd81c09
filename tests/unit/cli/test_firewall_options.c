/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of a firewall: what a directory has, what comes before it, and what the
 * second engine of --versus takes over.  Runs in the top directory, as all do. */
#include "cli/options.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#define ROUTER "tests/rules/cases/router"

static char said[1000];

static void say(void *arg, enum diag_level level, const char *text)
{
	(void)arg;
	if (level == DIAG_ERROR)
		snprintf(said, sizeof(said), "%s", text);
}

static const struct diag diag = { say, NULL };

/* Reads "ctreplay WORD..."; the caller frees '*o'. */
static enum options_result take(struct options *o, const char *line)
{
	static char copy[1000];
	char *argv[32], *next = copy;
	int argc = 0;

	snprintf(copy, sizeof(copy), "ctreplay %s", line);
	while (next)
		argv[argc++] = strsep(&next, " ");
	argv[argc] = NULL;
	said[0] = '\0';
	return options_read(o, argc, argv, &diag);
}

static void refuses(const char *line, const char *message)
{
	struct options o;

	assert_int_equal(take(&o, line), OPTIONS_BAD);
	assert_string_equal(said, message);
	options_free(&o);
}

static void directory_has_files(void **state)
{
	char path[FIREWALL_PATH_SIZE];
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "--firewall " ROUTER " a"), OPTIONS_RUN);
	assert_true(firewall_has_rules(&o.firewall));
	assert_string_equal(firewall_path(&o.firewall.file[FIREWALL_RULES6], path),
			    ROUTER "/rules6");
	assert_string_equal(firewall_path(&o.firewall.file[FIREWALL_IPSETS], path),
			    ROUTER "/ipsets");
	assert_string_equal(firewall_path(&o.firewall.file[FIREWALL_ROUTES], path),
			    ROUTER "/routes");
	options_free(&o);
	/* A file of its own comes before, wherever it stands. */
	assert_int_equal(take(&o, "--firewall " ROUTER " --routes r a"), OPTIONS_RUN);
	assert_string_equal(firewall_path(&o.firewall.file[FIREWALL_ROUTES], path), "r");
	options_free(&o);
	assert_int_equal(take(&o, "--firewall tests/rules/cases/drop-new a"),
			 OPTIONS_RUN);
	assert_null(o.firewall.file[FIREWALL_IPSETS].name);
	options_free(&o);
}

/* The router's kernel is 6.18.44. */
static void command_line_comes_first(void **state)
{
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "--kernel 6.1 --firewall " ROUTER " a"), OPTIONS_RUN);
	assert_int_equal(o.config.kernel.version[1], 1);
	options_free(&o);
	assert_int_equal(take(&o, "--firewall " ROUTER " --kernel 6.1 a"), OPTIONS_RUN);
	assert_int_equal(o.config.kernel.version[1], 1);
	options_free(&o);
	assert_int_equal(take(&o, "--firewall " ROUTER " a"), OPTIONS_RUN);
	assert_int_equal(o.config.kernel.version[1], 18);
	options_free(&o);
	assert_int_equal(take(&o, "--sysctl nf_conntrack_max=7 --firewall " ROUTER " a"),
			 OPTIONS_RUN);
	assert_int_equal(o.config.sysctl.max, 7);
	options_free(&o);
}

/* A kernel of before 5.10 is refused, unless --kernel says as which to behave. */
static void old_kernel(void **state)
{
	char dir[] = "/tmp/ctreplay-old-XXXXXX", path[64], line[128];
	struct options o;
	FILE *f;

	(void)state;
	assert_non_null(mkdtemp(dir));
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, i ? "kernel" : "rules");
		f = fopen(path, "w");
		assert_non_null(f);
		fputs(i ? "4.19.0-26-amd64\n" : "*filter\nCOMMIT\n", f);
		fclose(f);
	}
	snprintf(line, sizeof(line), "--firewall %s a", dir);
	assert_int_equal(take(&o, line), OPTIONS_BAD);
	options_free(&o);
	snprintf(line, sizeof(line), "--firewall %s --kernel 5.10 a", dir);
	assert_int_equal(take(&o, line), OPTIONS_RUN);
	assert_int_equal(o.config.kernel.version[1], 10);
	options_free(&o);
	unlink(path);
	snprintf(path, sizeof(path), "%s/rules", dir);
	unlink(path);
	rmdir(dir);
}

static void wrong_ones(void **state)
{
	(void)state;
	refuses("--firewall testdata a", "--firewall: there is neither a file 'rules' "
		"nor 'rules6' in testdata; ctreplay-snapshot writes them");
	refuses("--firewall none a", "--firewall: cannot open none: No such file or "
		"directory; name the directory that ctreplay-snapshot has written");
	refuses("--firewall README.md a", "--firewall: cannot open README.md: Not a "
		"directory; name the directory that ctreplay-snapshot has written");
	refuses("-R a", "-R goes with the rules of a firewall: --firewall DIR, or "
		"--rules FILE");
	refuses("--in eth0 a", "--in goes with the rules of a firewall: --firewall DIR, "
		"or --rules FILE");
	refuses("--hook through --rules r a", "--hook: invalid value 'through'; expected "
		"forward, input or output");
	refuses("--in a-name-that-is-long --rules r a", "--in: invalid interface "
		"'a-name-that-is-long'; expected its name, such as eth0");
	refuses("--rules r -R -o csv a", "-R has only the forms of -o text and -o json");
	refuses("--rules-seed x --rules r a", "--rules-seed: invalid number 'x'; "
		"expected 1 or more");
	refuses("--versus --rules=r -R a", "--versus prints the differences of two "
		"engines, and goes without -R");
}

static void second_takes_over(void **state)
{
	char path[FIREWALL_PATH_SIZE];
	struct options o;

	(void)state;
	assert_int_equal(take(&o, "--firewall " ROUTER " --local 192.0.2.9 --versus "
			      "--rules=new a"), OPTIONS_RUN);
	assert_string_equal(firewall_path(&o.second.firewall.file[FIREWALL_RULES],
					  path), "new");
	assert_string_equal(firewall_path(&o.second.firewall.file[FIREWALL_ROUTES],
					  path), ROUTER "/routes");
	assert_int_equal(o.second.firewall.nlocal, 1);
	assert_string_equal(o.second.firewall.local[0], "192.0.2.9");
	assert_string_equal(firewall_path(&o.firewall.file[FIREWALL_RULES], path),
			    ROUTER "/rules");
	options_free(&o);
	/* Only the second has a firewall. */
	assert_int_equal(take(&o, "--hook forward --versus --rules=new a"), OPTIONS_RUN);
	assert_false(firewall_has_rules(&o.firewall));
	assert_true(firewall_has_rules(&o.second.firewall));
	assert_int_equal(o.second.firewall.hook, HOOK_FORWARD);
	options_free(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(directory_has_files),
		cmocka_unit_test(command_line_comes_first),
		cmocka_unit_test(old_kernel),
		cmocka_unit_test(wrong_ones),
		cmocka_unit_test(second_takes_over),
	};

	return cmocka_run_group_tests_name("firewall_options", tests, NULL, NULL);
}
