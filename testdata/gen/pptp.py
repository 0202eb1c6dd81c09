# SPDX-License-Identifier: GPL-2.0-only
"""PPTP (RFC 2637): control connections, calls and their GRE packets."""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

GRE = 47
C, S, O = f.CLIENT, f.SERVER, f.OTHER
PNS, PAC = 0x0B01, 0x0A02          # call ids

# Control messages, by number, with the octets behind their headers.
(START, STARTED, STOP, STOPPED, ECHO, ECHOED, CALL, CALLED, INCOMING, TAKEN, CONNECTED, CLEAR, CLEARED,
 ERRORS, LINK) = range(1, 16)
SIZES = {START: 144, STARTED: 144, STOP: 4, STOPPED: 4, ECHO: 4, ECHOED: 8, CALL: 156, CALLED: 20, INCOMING: 208,
         TAKEN: 12, CONNECTED: 16, CLEAR: 4, CLEARED: 136, ERRORS: 28, LINK: 12}


def message(kind, head=b"", *, size=None, cookie=0x1A2B3C4D, control=1):
    body = head.ljust(SIZES.get(kind, 0), b"\0")[:size]
    return struct.pack("!HHIHH", 12 + len(body), control, cookie, kind, 0) + body


def started(result=1):
    return message(STARTED, struct.pack("!HB", 0x0100, result))


def call(pns=PNS):
    return message(CALL, struct.pack("!HH", pns, 1))


def called(pac=PAC, pns=PNS, result=1):
    return message(CALLED, struct.pack("!HHB", pac, pns, result))


def incoming(pac=PAC):
    return message(INCOMING, struct.pack("!HH", pac, 1))


def taken(pns=PNS, pac=PAC, result=1):
    return message(TAKEN, struct.pack("!HHB", pns, pac, result))


def connected(pns=PNS):
    return message(CONNECTED, struct.pack("!H", pns))


def cleared(pac=PAC):
    return message(CLEARED, struct.pack("!HB", pac, 4))


class Session:
    """A control connection; what it sends is put behind what there is already."""

    def __init__(self, rows, port=1041, client=C, server=S, isn=(1000, 5000)):
        self.rows, self.port, self.ends, self.seq = rows, port, (client, server), list(isn)
        self.segment(0, "S")
        self.segment(1, "S.")
        self.segment(0, ".")

    def put(self, back, packet):
        self.rows.append((len(self.rows) * 0.01, f.eth(packet, back=bool(back))))

    def segment(self, back, flags, data=b""):
        src, dst = self.ends[back], self.ends[1 - back]
        sport, dport = (1723, self.port) if back else (self.port, 1723)
        self.put(back, f.ip4(src, dst, f.TCP, f.tcp(src, dst, sport, dport, flags, self.seq[back],
                                                    self.seq[1 - back] if "." in flags else 0, data=data)))
        self.seq[back] += len(data) + ("S" in flags) + ("F" in flags)

    def pns(self, *data):
        for each in data:
            self.segment(0, "P.", each)

    def pac(self, *data):
        for each in data:
            self.segment(1, "P.", each)

    def start(self):
        self.pns(message(START, b"\1\0"))
        self.pac(started())
        return self

    def gre(self, back, key):
        """An LCP echo in a call's packet."""
        data = b"\xff\x03\xc0\x21\x09\x01\x00\x08\0\0\0\1"
        src, dst = self.ends[back], self.ends[1 - back]
        self.put(back, f.ip4(src, dst, GRE, struct.pack("!HHHHI", 0x3001, 0x880B, len(data), key, 1) + data))

    def talk(self, pns=PNS, pac=PAC):
        """Three packets of a call, which the PNS begins."""
        self.gre(0, pac)
        self.gre(1, pns)
        self.gre(0, pac)

    def tunnel(self, back):
        src, dst = self.ends[back], self.ends[1 - back]
        self.put(back, f.ip4(src, dst, GRE, struct.pack("!HH", 0, 0x0800) + f.ip4("10.0.0.1", "10.0.0.2", 253, b"x")))

    def close(self):
        self.segment(0, "F.")
        self.segment(1, "F.")
        self.segment(0, ".")


@capture("pptp-outgoing.pcap")
def outgoing():
    """Outgoing call: both directions expected, the first GRE packet is the PNS's; link info, echo; the call is
    cleared, its GRE connection with it, what still comes is NEW; another call in the same session, where the PAC
    sends first; STOP and close"""
    rows = []
    s = Session(rows).start()
    s.pns(call())
    s.pac(called())
    s.talk()
    s.pns(message(LINK, struct.pack("!H", PAC)), message(ECHO, struct.pack("!I", 7)))
    s.pac(message(ECHOED, struct.pack("!IB", 7, 1)), message(LINK, struct.pack("!H", PNS)))
    s.pns(message(CLEAR, struct.pack("!H", PNS)))
    s.pac(message(ERRORS, struct.pack("!H", PNS)), cleared())
    s.gre(1, PNS)
    s.pns(call(PNS + 1))
    s.pac(called(PAC + 1, PNS + 1))
    s.gre(1, PNS + 1)
    s.gre(0, PAC + 1)
    s.gre(1, PNS + 1)
    s.pns(message(STOP, b"\1"))
    s.pac(message(STOPPED, b"\1"))
    s.close()
    return rows


@capture("pptp-incoming.pcap")
def incoming_call():
    """Incoming call: requested by the PAC, first refused by the PNS, then taken and connected; the notice that it
    was cleared comes before any GRE packet, and the expectations go"""
    rows = []
    s = Session(rows).start()
    s.pac(incoming())
    s.pns(taken(result=2))
    s.pac(connected(), incoming())
    s.pns(taken())
    s.pac(connected())
    s.gre(1, PNS)
    s.gre(0, PAC)
    s.pac(cleared(), incoming(PAC + 1))
    s.pns(taken(PNS + 1, PAC + 1))
    s.pac(connected(PNS + 1), cleared(PAC + 1))
    s.gre(0, PAC + 1)
    return rows


@capture("pptp-several.pcap")
def several():
    """A reply sent again makes its expectations anew; a second call while the first stands gets none and costs the
    first's; a call whose PNS id alone changed takes the keys with it; two sessions between the same hosts whose
    calls differ in one id, the older's key is found; answers to those calls"""
    rows = []
    a = Session(rows, 1041).start()
    a.pns(call())
    a.pac(called(), called())
    a.pns(call(PNS + 1))
    a.pac(called(PAC + 1, PNS + 1))
    a.talk()
    a.talk(PNS + 1, PAC + 1)
    b = Session(rows, 1042, isn=(7000, 9000)).start()
    b.pns(call(1))
    b.pac(called(2, 1))
    c = Session(rows, 1043, isn=(17000, 19000)).start()
    c.pns(call(3))
    c.pac(called(2, 3))
    b.talk(1, 2)
    c.gre(1, 3)
    c.gre(0, 2)
    d = Session(rows, 1044, client=O, isn=(27000, 29000)).start()
    d.pns(call(5))
    d.pac(called(6, 5))
    d.pns(call(7))
    d.pac(called(6, 7))
    d.talk(7, 6)
    return rows


@capture("pptp-end.pcap")
def end():
    """What a control connection's end takes along, here as its port is used again: the call's GRE connection; the
    expectations of a call that sent nothing; without a call a plain GRE tunnel between the two, whose keys are
    0 too"""
    rows = []
    s = Session(rows).start()
    s.pns(call())
    s.pac(called())
    s.talk()
    s.tunnel(0)
    s.close()
    s = Session(rows, isn=(100000, 200000)).start()
    s.gre(0, PAC)
    s.pns(call())
    s.pac(called())
    s.close()
    s = Session(rows, isn=(300000, 400000)).start()
    s.gre(1, PNS)
    s.tunnel(0)
    s.tunnel(1)
    s.close()
    Session(rows, isn=(500000, 600000))
    return rows


@capture("pptp-damage.pcap")
def damage():
    """Nothing of which makes an expectation: messages before the session, one octet short, with a wrong cookie or
    of management type, in two segments, from the wrong side, unknown, for other call ids, refused, behind another
    in the same segment; at last a right one with more behind it"""
    rows = []
    s = Session(rows)
    s.pns(call())
    s.pac(called())
    s.pns(message(START, size=143), message(START))
    s.pac(started(2), called())
    s.pns(message(START), message(STOP, b"\1"))
    s.pac(message(STOPPED, b"\1"))
    s.pns(message(START))
    s.pac(started())
    s.pns(message(CALL, struct.pack("!H", PNS), size=155), call())
    s.pac(message(CALLED, struct.pack("!HHB", PAC, PNS, 1), size=19),
          message(CALLED, struct.pack("!HHB", PAC, PNS, 1), cookie=0x1A2B3C4E),
          message(CALLED, struct.pack("!HHB", PAC, PNS, 1), control=2),
          called(PAC, PNS + 1), called()[:11], called()[11:], called()[:4], b"", message(0), message(16, b"x" * 40),
          message(0xFFFF), call(), message(ECHO)[:12], message(ECHO) + called())
    s.pns(called(), started())
    s.gre(0, PAC)
    s.gre(1, PNS)
    s.pac(called(result=2), called())
    s.pns(call())
    s.pac(called() + message(ECHO))
    s.talk()
    return rows
