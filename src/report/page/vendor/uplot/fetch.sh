#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# fetch.sh
#
# Fetches the release of uPlot that is here once more from the npm registry, with npm,
# and compares it byte for byte.  To take another release: change the version and the
# checksum (npm view uplot@VERSION dist.integrity), run this, and copy what it names.
# No test runs this, since it needs a network.

set -eu

version=1.6.32
integrity=sha512-KIMVnG68zvu5XXUbC4LQEPnhwOxBuLyW1AHtpm6IKTXImkbLgkMy+jabjLgSLMasNuGGzQm/ep3tOkyTxpiQIw==

cd "$(dirname "$0")"
here=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

cd "$work"
npm pack --silent "uplot@$version" >/dev/null
archive=uplot-$version.tgz
got=sha512-$(openssl dgst -sha512 -binary "$archive" | base64 -w 0)
if [ "$got" != "$integrity" ]; then
	echo "$archive: $got, but $integrity is expected" >&2
	exit 1
fi
tar xzf "$archive"

status=0
for file in dist/uPlot.iife.js dist/uPlot.iife.min.js dist/uPlot.min.css LICENSE; do
	if cmp "package/$file" "$here/${file##*/}"; then
		echo "same: ${file##*/}"
	else
		status=1
		kept=$(mktemp -d)
		cp "package/$file" "$kept"
		echo "differs: ${file##*/}; the release's is $kept/${file##*/}" >&2
	fi
done
exit $status
