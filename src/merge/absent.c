/* SPDX-License-Identifier: GPL-2.0-only */
/* absent.c - takes the place of this folder where the library to read JSON is missing. */
#include "merge/merge.h"

enum merge_result merge(const struct options *opt, const struct diag *diag,
			const struct stop *stop)
{
	(void)opt;
	(void)stop;
	diag_say(diag, DIAG_ERROR, "--merge: this ctreplay was built without jansson, the "
		 "library that reads JSON");
	return MERGE_USAGE;
}
