/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/frame_runs.h"

#include <stdlib.h>

void frame_runs_free(struct frame_runs *r)
{
	free(r->run);
}

/* Makes space for one more; false at the limit, and without memory. */
static bool make_space(struct frame_runs *r)
{
	size_t capacity = r->capacity ? r->capacity * 2 : 16;
	struct frame_run *run;

	if (r->n < r->capacity)
		return true;
	if (capacity > FRAME_RUNS_MAX)
		return false;
	run = realloc(r->run, capacity * sizeof(*run));
	if (!run)
		return false;
	r->run = run;
	r->capacity = capacity;
	return true;
}

void frame_runs_begin(struct frame_runs *r, uint64_t number, const char *file,
		      uint64_t file_frame)
{
	r->file = file;
	if (r->end)
		return;
	if (make_space(r))
		r->run[r->n++] = (struct frame_run){ number, file_frame, file };
	else
		r->end = number;
}

bool frame_runs_find(const struct frame_runs *r, uint64_t number,
		     const char **file, uint64_t *file_frame)
{
	size_t low = 0, high = r->n;

	if (r->end && number >= r->end)
		return false;
	/* The last run that begins at 'number' or before. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (r->run[middle].number <= number)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	*file = r->run[low - 1].file;
	*file_frame = r->run[low - 1].file_frame + (number - r->run[low - 1].number);
	return true;
}
