#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Guess:    Two programs that ping one host from another are two flows of Suricata, told apart
#           by the identifier in their echo requests, as they are two entries of connection
#           tracking.
# Really:   They are one flow, with the packets of both.  For ICMP Suricata compares addresses,
#           type and code; there is no identifier in a flow.
# Package:  suricata 1:7.0.10-1+deb13u4 (Debian 13)
# Seen:     in the flow records for a capture with two pings of two requests each, and one of
#           two UDP exchanges with other ports each
# Matters:  A monitor that pings from several processes is a single flow, for as long as one
#           of them goes on.  A count of flows is no count of conntrack's entries.
# shellcheck source-path=SCRIPTDIR source=pinned.bash
. "$(dirname "$0")/pinned.bash"

unpack trixie suricata=1:7.0.10-1+deb13u4
cd "$tmp"

python3 <<'END'
import struct

def checksum(data):
	total = sum(struct.unpack(f"!{len(data) // 2}H", data))
	while total >> 16:
		total = (total & 0xffff) + (total >> 16)
	return struct.pack("!H", ~total & 0xffff)

def frame(protocol, way, data):
	ends = [bytes((192, 0, 2, 1)), bytes((198, 51, 100, 2))][::way]
	head = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(data), 7, 0, 64, protocol, 0)
	head += b"".join(ends)
	head = head[:10] + checksum(head) + head[12:]
	return bytes.fromhex("020000000002020000000001" "0800") + head + data

def echo(kind, identifier, sequence):
	data = struct.pack("!HHH", kind << 8, 0, identifier) + struct.pack("!H", sequence)
	return data[:2] + checksum(data) + data[4:]

packets = []
for sequence in 1, 2:
	for n in 7, 8:
		packets.append(frame(1, 1, echo(8, n, sequence)))
		packets.append(frame(1, -1, echo(0, n, sequence)))
		packets.append(frame(17, 1, struct.pack("!HHHH", 40000 + n, 5000, 8, 0)))
		packets.append(frame(17, -1, struct.pack("!HHHH", 5000, 40000 + n, 8, 0)))

with open("in.pcap", "wb") as out:
	out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	for n, packet in enumerate(packets):
		out.write(struct.pack("<IIII", 1700000000 + n, 0, len(packet), len(packet)) + packet)
END

cat >suricata.yaml <<'END'
%YAML 1.1
---
outputs:
  - eve-log:
      enabled: yes
      filetype: regular
      filename: eve.json
      types:
        - flow
END
run suricata -c suricata.yaml -S /dev/null -l . -r in.pcap >said 2>&1

python3 - >got <<'END'
import json

for flow in map(json.loads, open("eve.json")):
	print(flow["proto"], flow["flow"]["pkts_toserver"], flow["flow"]["pkts_toclient"])
END
sort -o got got

check <<'END'
ICMP 4 4
UDP 2 2
UDP 2 2
END
