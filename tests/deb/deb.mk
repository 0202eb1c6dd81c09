# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-deb       builds the Debian packages (make deb, with lintian), installs
##                 them in a bare Debian and runs them there; needs root,
##                 debootstrap and a Debian mirror, SKIP without the first two
#
#	BASE_CACHE=DIR  keep the bare Debian there, which saves a minute

check-deb:
	@MAKE="$(MAKE)" B=$(B) VERSION=$(VERSION) BASE_CACHE=$(BASE_CACHE) \
		sh tests/deb/run.sh

.PHONY: check-deb
