#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh
#
# Compares the options, reasons, sysctls, link types and kernels' behaviours that --help, the
# manual page, the completions, docs and the README name with the lists in the source.  CTREPLAY is the
# program, LISTS prints the lists (lists.c).

LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.." || exit 2
CTREPLAY=${CTREPLAY:-build/ctreplay}
LISTS=${LISTS:-build/tests/options/lists}
man=man/ctreplay.1

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

. tests/tally.sh

# same WHAT NAME: compares $tmp/there (the document) with $tmp/wanted (the source)
# as sets; NAME stands for the document in the difference.
same() {
	sort -u "$tmp/wanted" >"$tmp/source"
	sort -u "$tmp/there" >"$tmp/$2"
	if (cd "$tmp" && diff -u source "$2") >"$tmp/diff" && [ -s "$tmp/source" ]; then
		pass "$1"
	else
		fail "$1" "$tmp/diff"
	fi
}

# section NAME: prints a section of the manual page without mdoc's escapes.
section() {
	awk -v name="$1" '
		/^\.Sh / { inside = $0 == ".Sh " name; next }
		inside
	' "$man" | sed 's/\\-/-/g; s/\\&//g'
}

"$LISTS" options >"$tmp/options" || exit 2
"$LISTS" help >"$tmp/texts" || exit 2
"$LISTS" reasons >"$tmp/reasons" || exit 2
"$LISTS" sysctls >"$tmp/sysctls" || exit 2
"$LISTS" linktypes >"$tmp/linktypes" || exit 2
"$LISTS" behaviours >"$tmp/behaviours" || exit 2
"$LISTS" versions >"$tmp/versions" || exit 2

# --help: "  -r, --read FILE   text" and "      --at TIME   text".
cp "$tmp/options" "$tmp/wanted"
$CTREPLAY --help | sed -n 's/^ *\(-[^ ].*\)/\1/p' | sed 's/  .*//' >"$tmp/there"
same "--help" help

# No two options share a letter or a long name.
"$LISTS" options | sed -n 's/^-\(.\),.*/\1/p' | sort | uniq -d >"$tmp/there"
"$LISTS" options | sed 's/.*--\([^ []*\).*/\1/' | sort | uniq -d >>"$tmp/there"
if [ -s "$tmp/there" ]; then
	fail "given twice:" "$tmp/there"
fi

if [ -e "$man" ]; then
	# .It Fl r Ar FILE , Fl -read Ar FILE
	cp "$tmp/options" "$tmp/wanted"
	section OPTIONS | awk '
		/^\.It Fl / {
			sub(/^\.It /, "")
			n = split($0, part, / , /)
			for (i = 1; i <= n; i++) {
				split(part[i], w, " ")
				arg[i] = part[i] ~ / Ar / ? part[i] : ""
				sub(/.* Ar /, "", arg[i])
				gsub(/ Ns /, "", arg[i])
				name[i] = "-" w[2]
				# Fl -dedup Ns Op = Ns Ar SECONDS
				if (part[i] ~ / Ns Op = Ns Ar /) {
					name[i] = name[i] "[=" arg[i] "]"
					arg[i] = ""
				}
			}
			if (n == 2 && arg[1] != arg[2])
				print $0 ": two arguments"
			print (n == 2 ? name[1] ", " name[2] : name[1]) \
				(arg[n] == "" ? "" : " " arg[n])
		}' >"$tmp/there"
	same "manual: options" manual

	cp "$tmp/reasons" "$tmp/wanted"
	section REASONS | awk '
		function out() { if (code != "") print code " " text own }
		/^\.It Sy / { out(); code = $3; text = own = ""; next }
		/^\.Dq / && text == "" {
			text = substr($0, 5)
			if (text !~ /^"/)
				text = "\"" text "\""
		}
		/^\.Pq own words/ { own = " OWN" }
		END { out() }' >"$tmp/there"
	same "manual: reasons" manual

	# Each link type of libpcap's header has a name in one part of the manual's
	# list: those that are read in the first.  The header has several names for
	# some, and the manual names newer ones, too.
	section "LINK TYPES" | awk '
		/^\.Ss / { part = $0 == ".Ss Read" ? "read" : "-" }
		{ for (i = 1; i < NF; i++) if ($i == "Dv") print $(i + 1), part }
		/^\.Dv / { print $2, part }' | sort -u >"$tmp/named"
	awk 'FILENAME ~ /named$/ { part[$1] = $2; times[$1]++; next }
		{ names[$1] = names[$1] " " $2; is[$1] = $3 }
		END {
			for (n in names) {
				found = 0
				k = split(names[n], name, " ")
				for (i = 1; i <= k; i++)
					if (name[i] in part) {
						found += times[name[i]]
						if (part[name[i]] != is[n])
							print name[i] " is not " part[name[i]]
					}
				if (found == 0 && names[n] !~ /^ USER[0-9]*$/)
					print names[n] " (" n ") is not listed"
			}
			for (name_ in times)
				if (times[name_] > 1)
					print name_ " is in two parts"
		}' "$tmp/named" "$tmp/linktypes" >"$tmp/there"
	if [ -s "$tmp/there" ] || [ "$(wc -l <"$tmp/linktypes")" -lt 150 ]; then
		fail "manual: link types" "$tmp/there"
	else
		pass "manual: link types"
	fi

	# .It Va nf_conntrack_udp_timeout Pq 30 s
	cp "$tmp/sysctls" "$tmp/wanted"
	section SYSCTLS | awk '/^\.It Va / { print $3, $5 }' >"$tmp/there"
	same "manual: sysctls and their defaults" manual

	# What is not the same in all kernels: the entry says "since Linux 6.2,
	# 5.10.163 and 6.1.4" or "before Linux ...".
	{ section REASONS; section SYSCTLS; } | awk '
		/^\.It (Sy|Va) / { name = $3; next }
		{ sub(/^\.[A-Z][a-z] /, ""); text[name] = text[name] " " $0 }
		END {
			while ((getline line <LIST) > 0) {
				split(line, w, " ")
				list = line
				sub(/^[^ ]* [^ ]* /, "", list)
				gsub(/, /, " ", list)
				n = split(list, release, " ")
				list = release[1]
				for (i = 2; i <= n; i++)
					list = list (i == n ? " and " : ", ") release[i]
				# Behind the last number may be no other one.
				said = tolower(text[w[2]]) " "
				gsub(/\./, "_", said)
				want = list
				gsub(/\./, "_", want)
				if (said !~ "(since|before) linux " want "[^0-9_]" &&
				    said !~ "(since|before) linux " want "_[^0-9]")
					print w[1] " " w[2] ": not a word of Linux " list
			}
		}' LIST="$tmp/versions" >"$tmp/there"
	if [ -s "$tmp/there" ] || [ "$(wc -l <"$tmp/versions")" -lt 50 ]; then
		fail "manual: since and until which kernel" "$tmp/there"
	else
		pass "manual: since and until which kernel"
	fi
else
	echo "SKIP: there is no $man yet"
fi

# docs/kernels.md: each behaviour once, with its releases.
sort "$tmp/behaviours" >"$tmp/wanted"
awk '/^### `/ { name = substr($2, 2, length($2) - 2) }
	/^- Releases: / { sub(/^- Releases: /, ""); print name " " $0 }' \
	docs/kernels.md >"$tmp/there"
sort "$tmp/there" | uniq -d >"$tmp/twice"
if [ -s "$tmp/twice" ]; then
	fail "docs/kernels.md: given twice" "$tmp/twice"
fi
same "docs/kernels.md: behaviours and their releases" kernels.md

# bash has them in a variable, fish as "-s r -l read", zsh as {-r+,--read=}.
long_options() {
	case $1 in
	*.bash)	bash_options "$1" | sed -n 's/^--//p' ;;
	*.fish)	sed -n 's/^complete .* -l \([a-z0-9-]*\).*/\1/p' "$1" ;;
	*)	grep -o -e "[{,'*]--[a-z][a-z0-9-]*" "$1" | sed 's/^.--//' ;;
	esac
}

letters() {
	case $1 in
	*.bash)	bash_options "$1" | sed -n 's/^-\(.\)$/\1/p' ;;
	*.fish)	sed -n 's/^complete .* -s \(.\) .*/\1/p' "$1" ;;
	*)	grep -o -e '{-[[:alnum:]]' "$1" | sed 's/{-//' ;;
	esac
}

# fish has "-l read ... -d 'TEXT'", zsh "--read=...[TEXT]"; bash shows no text.
# Each shell quotes an apostrophe in its own way, zsh a colon, too.
texts() {
	case $1 in
	*.fish)	sed -n "s/^complete .* -l \([a-z0-9-]*\) .*-d '\(.*\)'\$/\1 \2/p" "$1" |
			sed "s/\\\\'/'/g" ;;
	*)	sed -n "s/^	.*--\([a-z][a-z0-9-]*\)=*-*}*'*\[\([^]]*\)\].*/\1 \2/p" "$1" |
			sed "s/'\\\\''/'/g; s/\\\\:/:/g" ;;
	esac
}

bash_options() {
	sed -n "/^_ctreplay_options='/,/^'/p" "$1" | tr -s '[:space:]' '\n'
}

for file in completions/*; do
	[ -e "$file" ] || continue
	sed 's/.*--\([^ []*\).*/\1/' "$tmp/options" >"$tmp/wanted"
	long_options "$file" >"$tmp/there"
	same "$file: long options" completion

	sed -n 's/^-\(.\),.*/\1/p' "$tmp/options" >"$tmp/wanted"
	letters "$file" >"$tmp/there"
	same "$file: letters" completion

	case $file in
	*.bash)	;;
	*)	cp "$tmp/texts" "$tmp/wanted"
		texts "$file" >"$tmp/there"
		same "$file: descriptions" completion ;;
	esac

	sed 's/ .*//' "$tmp/sysctls" >"$tmp/wanted"
	grep -o -w -e 'nf_conntrack_[a-z0-9_]*' -e 'ipfrag_[a-z_]*' "$file" \
		>"$tmp/there"
	same "$file: sysctls" completion
done

# What README and docs/ name must exist; they need not name everything.
if [ -e README.md ]; then
	cat README.md docs/*.md >"$tmp/readme.md"
	sed 's/.*--\([^ []*\).*/\1/' "$tmp/options" >"$tmp/wanted"
	{
		cat "$tmp/wanted"
		grep ctreplay "$tmp/readme.md" | grep -o -e ' --[a-z][a-z0-9-]*' | sed 's/ --//'
	} >"$tmp/there"
	same "README.md, docs: options" readme
	sed 's/ .*//' "$tmp/sysctls" >"$tmp/wanted"
	{
		cat "$tmp/wanted"
		# "nf_conntrack_" alone stands for all sysctls.  docs/kernels.md names
		# functions and commits of the kernel, too.
		find README.md docs -name '*.md' ! -name kernels.md \
			-exec cat {} + |
			grep -o -w -e 'nf_conntrack_[a-z0-9_]*[a-z]'
	} >"$tmp/there"
	same "README.md, docs: sysctls" readme
fi

tally options
