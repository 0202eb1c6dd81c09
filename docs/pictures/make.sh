#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make.sh
#
# Makes the pictures of this folder anew ("make pictures").  Look at each of them before
# you commit it.  It needs chromium and python3, for Wireshark's what wireshark.sh names;
# pngquant and optipng make the files smaller where they are installed.
#
#	CTREPLAY	the program (build/ctreplay)

set -eu
ctreplay=$(realpath "${CTREPLAY-build/ctreplay}")
cd "$(dirname "$0")"

python3 report.py "$ctreplay" . || [ $? -eq 77 ]
sh wireshark.sh "$ctreplay" "$PWD/wireshark.png" || [ $? -eq 77 ]
for picture in *.png; do
	! command -v pngquant >/dev/null ||
		pngquant --force --skip-if-larger --strip --output "$picture" 128 "$picture" || :
	! command -v optipng >/dev/null || optipng -quiet -strip all "$picture"
	bytes=$(wc -c <"$picture")
	echo "$picture: $bytes bytes"
	[ "$bytes" -lt 200000 ]
done
