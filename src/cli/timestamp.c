/* SPDX-License-Identifier: GPL-2.0-only */
#include "cli/timestamp.h"

#include <ctype.h>
#include <string.h>

#define NSEC 1000000000ull
#define SECONDS_MAX 18446744072ull	/* 64 bits of nanoseconds hold no more */

/* Reads a number of 'min' to 'max' digits. */
static bool read_digits(const char **s, unsigned int min, unsigned int max,
		   uint64_t *out)
{
	unsigned int n = 0;

	*out = 0;
	for (; n < max && isdigit((unsigned char)**s); n++)
		*out = *out * 10 + (uint64_t)(*(*s)++ - '0');
	return n >= min && !isdigit((unsigned char)**s);
}

/* Reads an optional ".digits" as nanoseconds. */
static bool read_fraction(const char **s, uint64_t *nanoseconds)
{
	uint64_t unit = NSEC / 10;

	*nanoseconds = 0;
	if (**s != '.' && **s != ',')
		return true;
	if (!isdigit((unsigned char)*++*s))
		return false;
	for (; isdigit((unsigned char)**s); ++*s, unit /= 10)
		*nanoseconds += unit * (uint64_t)(**s - '0');
	return true;
}

static bool skip(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

/* Days from the epoch to a date of the Gregorian calendar.  The years begin in
 * March, so that the leap day is the last of a year. */
static uint64_t days_of(uint64_t year, uint64_t month, uint64_t day)
{
	uint64_t y = month <= 2 ? year - 1 : year;
	uint64_t of_era = y % 400;
	uint64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
			   day - 1;

	return y / 400 * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static uint64_t month_length(uint64_t year, uint64_t month)
{
	static const uint8_t length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
					  30, 31 };
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return length[month - 1] + (month == 2 && leap);
}

static bool read_date(const char **s, uint64_t *days)
{
	uint64_t year, month, day;

	if (!read_digits(s, 4, 4, &year) || !skip(s, '-') ||
	    !read_digits(s, 2, 2, &month) || !skip(s, '-') ||
	    !read_digits(s, 2, 2, &day))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    day > month_length(year, month))
		return false;
	*days = days_of(year, month, day);
	return true;
}

static bool read_time_of_day(const char **s, uint64_t *seconds,
			     uint64_t *nanoseconds)
{
	uint64_t h, m, sec = 0;

	*nanoseconds = 0;
	if (!read_digits(s, 2, 2, &h) || !skip(s, ':') ||
	    !read_digits(s, 2, 2, &m))
		return false;
	if (skip(s, ':') && (!read_digits(s, 2, 2, &sec) ||
			     !read_fraction(s, nanoseconds)))
		return false;
	*seconds = h * 3600 + m * 60 + sec;
	return h < 24 && m < 60 && sec <= 60;
}

/* Reads "Z", "+02:00", "+0200", "+02" or nothing, as seconds east of UTC. */
static bool read_zone(const char **s, int64_t *offset)
{
	uint64_t h, m = 0;
	int sign = **s == '-' ? -1 : 1;

	*offset = 0;
	if (skip(s, 'Z') || skip(s, 'z') || !**s)
		return true;
	if (!skip(s, '+') && !skip(s, '-'))
		return false;
	if (strlen(*s) == 4) {
		if (!read_digits(s, 4, 4, &h))
			return false;
		m = h % 100;
		h /= 100;
	} else if (!read_digits(s, 2, 2, &h) ||
		   (skip(s, ':') && !read_digits(s, 2, 2, &m))) {
		return false;
	}
	*offset = sign * (int64_t)(h * 3600 + m * 60);
	return h < 24 && m < 60;
}

static bool read_iso(const char *s, struct timestamp *t)
{
	uint64_t days, seconds = 0, nanoseconds = 0;
	int64_t offset = 0;

	if (!read_date(&s, &days))
		return false;
	if (*s) {
		if (!skip(&s, 'T') && !skip(&s, 't') && !skip(&s, ' '))
			return false;
		if (!read_time_of_day(&s, &seconds, &nanoseconds) ||
		    !read_zone(&s, &offset))
			return false;
	}
	seconds += days * 86400;
	if (offset > (int64_t)seconds)
		return false;
	seconds -= (uint64_t)offset;
	if (*s || seconds > SECONDS_MAX)
		return false;
	*t = (struct timestamp){ .nanoseconds = seconds * NSEC + nanoseconds };
	return true;
}

static bool read_of_day(const char *s, struct timestamp *t)
{
	uint64_t seconds, nanoseconds;

	if (!read_time_of_day(&s, &seconds, &nanoseconds) || *s)
		return false;
	*t = (struct timestamp){ .of_day = true,
				 .nanoseconds = seconds * NSEC + nanoseconds };
	return true;
}

bool timestamp_read(const char *s, struct timestamp *t)
{
	bool relative = *s == '+';
	uint64_t seconds, nanoseconds;

	if (!relative && strlen(s) > 4 && s[4] == '-')
		return read_iso(s, t);
	if (!relative && strlen(s) > 2 && s[2] == ':')
		return read_of_day(s, t);
	s += relative;
	if (!read_digits(&s, 1, 11, &seconds) || !read_fraction(&s, &nanoseconds) || *s ||
	    seconds > SECONDS_MAX)
		return false;
	*t = (struct timestamp){ .relative = relative,
				 .nanoseconds = seconds * NSEC + nanoseconds };
	return true;
}
