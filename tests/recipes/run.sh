#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh [--update]
#
# Runs the commands that README.md, docs/questions.md and the manual page's EXAMPLES
# show: each line "$ ..." of a block that names ctreplay and has output below it.  sh
# runs it in the top directory, and its output must be the one that is shown, byte for
# byte.  CTREPLAY is the program.
#
# --update writes the present output into the documents.  Look at the difference
# before you commit it.

LC_ALL=C
TZ=UTC
NO_COLOR=1
export LC_ALL TZ NO_COLOR
cd "$(dirname "$0")/../.." || exit 2
CTREPLAY=${CTREPLAY:-build/ctreplay}
update=false
[ "${1-}" = --update ] && update=true

tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

# In the commands, "ctreplay" is the program under test.
mkdir "$tmp/bin"
printf '#!/bin/sh\nexec %s "$@"\n' "$CTREPLAY" >"$tmp/bin/ctreplay"
chmod +x "$tmp/bin/ctreplay"
PATH=$tmp/bin:$PATH
export PATH

passed=0
failed=0

# blocks DOCUMENT: writes command N to $tmp/N.cmd, the output that is shown to
# $tmp/N.want, and the number of the command's line to $tmp/N.line.  A block stands
# between ``` lines (Markdown), or between .Bd and .Ed below .Sh EXAMPLES (mdoc,
# whose escapes are undone).
blocks() {
	rm -f "$tmp"/*.cmd "$tmp"/*.want "$tmp"/*.line
	awk -v tmp="$tmp" -v mdoc="${1##*.}" '
		mdoc == "1" && /^\.Sh / { examples = $0 == ".Sh EXAMPLES" }
		mdoc == "1" && /^\.Bd / { inside = examples; cmd = ""; next }
		mdoc == "1" && /^\.Ed/ { inside = 0; cmd = "" }
		mdoc != "1" && /^```/ {
			fenced = !fenced
			inside = fenced && $0 == "```"
			cmd = ""
			next
		}
		!inside { next }
		{
			line = $0
			if (mdoc == "1") {
				gsub(/\\&/, "", line)
				gsub(/\\-/, "-", line)
				gsub(/\\e/, "\\", line)
			}
		}
		line ~ /^\$ / {
			cmd = substr(line, 3)
			next_cmd = NR
			shown = 0
			next
		}
		cmd ~ /ctreplay/ {
			if (!shown++) {
				n++
				print cmd >(tmp "/" n ".cmd")
				print next_cmd >(tmp "/" n ".line")
			}
			print line >(tmp "/" n ".want")
		}
	' "$1"
}

# unordered COMMAND: true if a pipeline also writes to standard error.  Its first and
# last program end at any time, so the order of the two streams is chance.
unordered() {
	grep -q ' | ' "$1" && [ -n "$(sh "$1" 2>&1 >/dev/null)" ]
}

# put DOCUMENT N: replaces the output that is shown for command N.
put() {
	lines=$(wc -l <"$tmp/$2.want")
	at=$(cat "$tmp/$2.line")
	{
		head -n "$at" "$1"
		case $1 in
		*.1)	sed 's/\\/\\e/g; s/^[.'\'']/\\\&&/' "$tmp/got" ;;
		*)	cat "$tmp/got" ;;
		esac
		tail -n "+$((at + lines + 1))" "$1"
	} >"$tmp/new" && cat "$tmp/new" >"$1"
}

check() {
	blocks "$1"
	# From the last to the first: --update moves only the lines behind.
	n=$(find "$tmp" -name '*.cmd' | wc -l)
	if [ "$n" -eq 0 ]; then
		failed=$((failed + 1))
		echo "FAIL $1: no command with output"
	fi
	while [ "$n" -gt 0 ]; do
		if grep -q '| tcpdump ' "$tmp/$n.cmd" &&
		   ! command -v tcpdump >/dev/null; then
			echo "SKIP: no tcpdump for: $(cat "$tmp/$n.cmd")"
			n=$((n - 1))
			continue
		fi
		# What -v says about the sandbox depends on the kernel.
		sh "$tmp/$n.cmd" 2>&1 | sed '/^ctreplay: note: sandbox: /d' \
			>"$tmp/got"
		if unordered "$tmp/$n.cmd"; then
			failed=$((failed + 1))
			echo "FAIL $1, line $(cat "$tmp/$n.line"): standard error" \
				"and the pipe's output in chance order"
		elif cmp -s "$tmp/$n.want" "$tmp/got"; then
			passed=$((passed + 1))
		elif $update; then
			put "$1" "$n"
			echo "$1: $(cat "$tmp/$n.cmd")"
		else
			failed=$((failed + 1))
			echo "FAIL $1, line $(cat "$tmp/$n.line"): $(cat "$tmp/$n.cmd")"
			(cd "$tmp" && diff -u "$n.want" got)
		fi
		n=$((n - 1))
	done
}

check README.md
check docs/questions.md
check man/ctreplay.1

echo "recipes: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
