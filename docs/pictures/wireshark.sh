#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# wireshark.sh CTREPLAY OUT.png
#
# Wireshark's window with a capture of --annotate, the profile and the Lua file of this
# repository, in a home of its own on an X server of its own.  It needs Wireshark's
# window (Debian: wireshark), xvfb, and ImageMagick's import.

set -eu

ctreplay=$1
out=$2
cd "$(dirname "$0")/../.."

for tool in wireshark xvfb-run import convert; do
	command -v "$tool" >/dev/null || {
		echo "$0: no $tool here" >&2
		exit 77
	}
done

home=$(mktemp -d)
trap 'rm -rf "$home"' EXIT
trap 'exit 1' HUP INT TERM
profile=$home/.config/wireshark/profiles/ctreplay
mkdir -p "$profile" "$home/.local/lib/wireshark/plugins" "$home/run"
chmod 700 "$home/run"
cp wireshark/colorfilters wireshark/preferences "$profile"
cp wireshark/ctreplay.lua "$home/.local/lib/wireshark/plugins"
# What a first start would ask, and the window's size; no version check.
cat >"$home/.config/wireshark/preferences" <<-'END'
	privs.warn_if_elevated: FALSE
	privs.warn_if_no_npf: FALSE
	gui.update.enabled: FALSE
	END
cat >"$home/.config/wireshark/recent_common" <<-'END'
	gui.geometry_main_x: 0
	gui.geometry_main_y: 0
	gui.geometry_main_width: 1280
	gui.geometry_main_height: 620
	gui.geometry_main_maximized: FALSE
	END
cat "$home/.config/wireshark/preferences" >>"$profile/preferences"
# Columns as wide as their words, and no bytes.
cat >"$profile/recent" <<-'END'
	column.width: %m, 46, %t, 96, %Cus:ct.state, 104, %Cus:ct.dir, 70, %Cus:ct.id, 44, %s, 112, %d, 112, %p, 66, %L, 56, %Cus:ct.proto_state, 104, "%Cus:ct.reason || ct.why", 124, %Cus:ct.rule, 136, %i, 300
	gui.geometry_main_upper_pane: 300
	gui.byte_view_show: FALSE
	gui.packet_list_show: TRUE
	gui.tree_view_show: TRUE
	END
"$ctreplay" -q --annotate "$home/tcp-rst.pcapng" --firewall tests/rules/cases/router \
	testdata/tcp-rst.pcap

export HOME="$home" XDG_RUNTIME_DIR="$home/run" XDG_CONFIG_HOME="$home/.config"
export QT_QPA_PLATFORM=xcb LC_ALL=C.UTF-8 picture="$home/window.png"
cd "$home"
# The window is there when its picture no longer changes.
xvfb-run -a -s "-screen 0 1280x620x24 -nolisten tcp" sh -c '
	wireshark -C ctreplay -g 8 tcp-rst.pcapng >wireshark.log 2>&1 &
	pid=$!
	before=
	for _ in $(seq 60); do
		sleep 1
		import -window root "$picture" 2>/dev/null || continue
		now=$(convert "$picture" -colors 64 rgb:- | cksum)
		colours=$(convert "$picture" -format %k info:)
		[ "$now" != "$before" ] || [ "$colours" -lt 200 ] || break
		before=$now
	done
	kill $pid
	wait $pid || :' 2>/dev/null
mv "$picture" "$home/out.png"
cd "$OLDPWD"
cp "$home/out.png" "$out"
