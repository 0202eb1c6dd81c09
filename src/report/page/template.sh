#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# template.sh PAGE.html
#
# Makes the C source of the page's template on standard output: what comes before its
# data and what comes after.  A line of its own that is "{{style FILE}}" or
# "{{script FILE}}" becomes an element with that file, which is named from the page's
# directory.  "{{style-src}}" and "{{script-src}}" become the hashes of these elements
# (Content Security Policy Level 3, section 2.3.1), "{{data}}" is where the data comes.
#
# It needs sha256sum, base64 and od of coreutils, or busybox, and awk.

set -eu

page=$1
dir=$(dirname "$page")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

fail()
{
	echo "$page: $*" >&2
	exit 1
}

# Standard input as an expression of a policy: 'sha256-BASE64'.
policy_hash()
{
	# One escape a byte, which printf makes a byte of.
	escapes=$(sha256sum | cut -c 1-64 | awk '{
		for (i = 1; i < 64; i += 2)
			printf "\\%03o", 16 * (index("0123456789abcdef", substr($0, i, 1)) - 1) + \
				index("0123456789abcdef", substr($0, i + 1, 1)) - 1
	}')
	# shellcheck disable=SC2059
	printf " 'sha256-%s'" "$(printf "$escapes" | base64)"
}

# An element that holds a file of the page.
element()
{
	test -f "$dir/$2" || fail "there is no $dir/$2"
	if grep -qi -e "</$1" -e '<!--' "$dir/$2"; then
		fail "$2 has a word that ends a <$1>, or hides its end"
	fi
	# The page is text in which each newline is one character.
	! grep -q "$(printf '\r')" "$dir/$2" || fail "$2 has carriage returns"
	printf '<%s>' "$1"
	cat "$dir/$2"
	echo "</$1>"
	policy_hash <"$dir/$2" >>"$work/$1-src"
}

# The bytes of standard input as the array NAME.
array()
{
	echo "const unsigned char $1[] = {"
	od -An -v -tu1 | awk '{ gsub(/ +/, ","); print substr($0, 2) "," }'
	echo "};"
	echo "const size_t $1_size = sizeof($1);"
}

: >"$work/style-src"
: >"$work/script-src"
while IFS= read -r line; do
	case $line in
	'{{style '*'}}' | '{{script '*'}}')
		file=${line#* }
		kind=${line%% *}
		element "${kind#??}" "${file%??}" ;;
	*)	printf '%s\n' "$line" ;;
	esac
done <"$page" >"$work/whole"

grep -q '{{data}}' "$work/whole" || fail "it has no place for the data: {{data}}"
styles=$(cat "$work/style-src")
scripts=$(cat "$work/script-src")
# Only in the head, before anything of a file.
sed -e "/<meta /s|{{style-src}}|${styles# }|" -e "/<meta /s|{{script-src}}|${scripts# }|" \
	"$work/whole" >"$work/page"
sed -e '/{{data}}/,$d' "$work/page" >"$work/head"
sed -n -e 's/{{data}}.*//p' "$work/page" | awk 'NR == 1 { printf "%s", $0 }' >>"$work/head"
sed -n -e '/{{data}}/,$p' "$work/page" | sed -e '1s/.*{{data}}//' >"$work/tail"

echo "/* Made by src/report/page/template.sh. */"
echo '#include "report/page_template.h"'
array page_head <"$work/head"
array page_tail <"$work/tail"
