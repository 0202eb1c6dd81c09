# SPDX-License-Identifier: GPL-2.0-only
"""NetBIOS name service and SNMP: one asks the whole subnet, anyone answers.

Linux forgets what it expects up to an eighth of the time later than it says, as
its timers are coarse: late answers keep away from that.
"""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

C, S, O = f.CLIENT, f.SERVER, f.OTHER
ALL = "192.0.2.255"
NEIGHBOURS = [f"192.0.2.{n}" for n in (20, 21, 254)]
NETBIOS, SNMP = 137, 161


def query(ident=1):
    """RFC 1002, 4.2.12: who is WORKGROUP?"""
    name = b"".join(bytes((0x41 + (o >> 4), 0x41 + (o & 15))) for o in b"WORKGROUP".ljust(16))
    return struct.pack("!HHHHHH", ident, 0x0110, 1, 0, 0, 0) + b"\x20" + name + b"\0" + struct.pack("!HH", 32, 1)


def get(ident=1):
    """RFC 3416: SNMPv2c, community public, sysName.0"""
    def tlv(tag, value):
        return bytes((tag, len(value))) + value

    binding = tlv(0x30, tlv(6, bytes.fromhex("2b06010201010500")) + tlv(5, b""))
    pdu = tlv(0xA0, tlv(2, bytes((ident,))) + tlv(2, b"\0") + tlv(2, b"\0") + tlv(0x30, binding))
    return tlv(0x30, tlv(2, b"\1") + tlv(4, b"public") + pdu)


class Wire:
    def __init__(self):
        self.rows, self.now = [], 0.0

    def wait(self, seconds):
        self.now += seconds

    def udp(self, src, dst, sport, dport, data=b"answer"):
        self.rows.append((self.now, f.eth(f.ip4(src, dst, f.UDP, f.udp(src, dst, sport, dport, data)),
                                          back=src != C)))
        self.now += 0.01


@capture("netbios-broadcast.pcap")
def netbios():
    """A name query to 192.0.2.255 (subnet /24): two neighbours answer; others do from outside of the subnet, from
    another port, to another port. A query from a port of its own, answered two seconds later, and again after
    four; by then the first asks anew. Questions to 255.255.255.255, 192.0.2.0 and another subnet's broadcast
    address, each answered"""
    w = Wire()
    w.udp(C, ALL, NETBIOS, NETBIOS, query(1))
    for host in NEIGHBOURS[:2]:
        w.udp(host, C, NETBIOS, NETBIOS)
    w.udp(S, C, NETBIOS, NETBIOS)
    w.udp(NEIGHBOURS[2], C, 138, NETBIOS)
    w.udp(NEIGHBOURS[2], C, NETBIOS, 138)
    w.wait(0.5)
    w.udp(C, ALL, 40000, NETBIOS, query(2))
    w.wait(2)
    w.udp(NEIGHBOURS[0], C, NETBIOS, 40000)
    w.udp(C, NEIGHBOURS[0], 40000, NETBIOS, query(3))
    w.wait(2)
    w.udp(NEIGHBOURS[1], C, NETBIOS, 40000)
    w.udp(C, ALL, NETBIOS, NETBIOS, query(1))
    w.udp(NEIGHBOURS[2], C, NETBIOS, NETBIOS)
    for number, everyone in enumerate(("255.255.255.255", "192.0.2.0", "198.51.100.255")):
        w.udp(C, everyone, 40001 + number, NETBIOS, query(4 + number))
        w.udp(NEIGHBOURS[0] if number < 2 else S, C, NETBIOS, 40001 + number)
    return w.rows


@capture("netbios-again.pcap")
def again():
    """A name query to 192.0.2.255 sent three times, two seconds apart, and answered after each and at last: each
    question renews what is expected. (In Linux it does so or not, as it happens: the comparison of the two
    expectations includes memory that nobody wrote.)"""
    w = Wire()
    for number in range(3):
        w.udp(C, ALL, NETBIOS, NETBIOS, query(1))
        w.udp(f"192.0.2.{20 + number}", C, NETBIOS, NETBIOS)
        w.wait(2)
    w.udp("192.0.2.30", C, NETBIOS, NETBIOS)
    w.wait(2)
    w.udp("192.0.2.31", C, NETBIOS, NETBIOS)
    return w.rows


@capture("snmp-broadcast.pcap")
def snmp():
    """SNMP GET to 192.0.2.255 (subnet /24): answers from two agents, one of them twenty-five seconds later; one from
    outside of the subnet; one after 34 seconds; a GET to one agent alone"""
    w = Wire()
    w.udp(C, ALL, 40000, SNMP, get(1))
    w.udp(NEIGHBOURS[0], C, SNMP, 40000)
    w.udp(S, C, SNMP, 40000)
    w.udp(C, NEIGHBOURS[0], 40000, SNMP, get(2))
    w.wait(25)
    w.udp(NEIGHBOURS[1], C, SNMP, 40000)
    w.wait(9)
    w.udp(NEIGHBOURS[2], C, SNMP, 40000)
    w.udp(C, NEIGHBOURS[0], 40001, SNMP, get(3))
    w.udp(NEIGHBOURS[0], C, SNMP, 40001)
    return w.rows
