#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A wire between two tap (or tun) devices that it makes, for what veth pairs cannot do; record.sh
runs it and moves the ends to their namespaces.

    wire.py [--tun] [--delay SECONDS] [--mirror NAME [--tag TPID:TCI]...] END END

--delay   each frame arrives that much later
--mirror  a third device gets a copy of each frame, as a switch's mirror port does
--tag     the copies carry this VLAN tag (outermost first), as on the trunk
"""

import argparse
import fcntl
import heapq
import itertools
import os
import select
import struct
import time

TUNSETIFF, IFF_TUN, IFF_TAP, IFF_NO_PI = 0x400454CA, 1, 2, 0x1000


def device(name, kind):
    descriptor = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(descriptor, TUNSETIFF, struct.pack("16sH22x", name.encode(), kind | IFF_NO_PI))
    return descriptor


def put(descriptor, frame):
    try:
        os.write(descriptor, frame)
    except OSError:     # the other end is down: a wire loses frames then
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tun", action="store_true")
    parser.add_argument("--delay", type=float, default=0)
    parser.add_argument("--mirror")
    parser.add_argument("--tag", action="append", default=[])
    parser.add_argument("ends", nargs=2)
    options = parser.parse_args()

    kind = IFF_TUN if options.tun else IFF_TAP
    ends = [device(name, kind) for name in options.ends]
    mirror = device(options.mirror, IFF_TAP) if options.mirror else None
    tags = b"".join(struct.pack("!HH", *(int(n, 0) for n in tag.split(":"))) for tag in options.tag)

    waiting, order = [], itertools.count()
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for end in select.select(ends, [], [], pause)[0]:
            try:
                frame = os.read(end, 65536)
            except OSError:
                continue
            other = ends[1] if end == ends[0] else ends[0]
            heapq.heappush(waiting, (time.monotonic() + options.delay, next(order), other, frame))
            if mirror is not None:
                put(mirror, frame[:12] + tags + frame[12:])
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, other, frame = heapq.heappop(waiting)
            put(other, frame)


if __name__ == "__main__":
    main()
