# SPDX-License-Identifier: GPL-2.0-only
"""What only some releases of Linux do, and no other capture shows: the helpers read each message in
one way before a release and in another since.  tests/kernel/recorded has what each kernel said."""

from . import broadcast
from . import frames as f
from . import h323
from . import h323_messages as m
from . import helpers
from . import sip
from .case import Registry

capture = Registry()

C, S = f.CLIENT, f.SERVER


def dcc(address, port):
    return f"PRIVMSG joe :\x01DCC SEND file {int.from_bytes(f.addr(address), 'big')} {port}\x01\r\n"


@capture("kernels/irc-own-address.pcap")
def irc_own_address():
    """DCC requests of a client that name the server's address, then its own; the server connects to both ports of
    the client"""
    rows = []
    chat = helpers.Connection(rows, helpers.IRC)
    chat.says(dcc(S, 1025))
    chat.syn(S, C, 30000, 1025)
    chat.says(dcc(C, 1026))
    chat.syn(S, C, 30001, 1026)
    return rows


@capture("kernels/sip-walk-headers.pcap")
def sip_walk_headers():
    """A REGISTER whose first two Contacts name no address, and whose third does; the answer, and a call to the port"""
    wire = sip.Wire()
    contacts = ("m: sip:a@b", "m: sip:c@d", f"Contact: sip:{C}:5080")
    wire.says(sip.request("REGISTER", 1, *contacts, "Expires: 60"))
    wire.hears(sip.answer(200, "REGISTER", 1, *contacts, "Expires: 60"))
    wire.udp(S, C, 5060, 5080, sip.request("OPTIONS", 2))
    return wire.rows


def of_length(length, seq, port):
    """A REGISTER that claims this length, with headers behind the claim."""
    return (f"REGISTER sip:example.org SIP/2.0\r\nCSeq: {seq} REGISTER\r\nContact: <sip:{C}:{port}>\r\n"
            f"Expires: 60\r\nContent-Length: {length}\r\nUser-Agent: {'x' * 120}\r\n\r\n").encode()


@capture("kernels/sip-content-length.pcap")
def sip_content_length():
    """REGISTER over TCP, a connection each: Content-Length 0, one that 32 bits hold as a negative number (the
    message would end within its last header), and 2^32; each is answered, and called back"""
    wire = sip.Wire()
    for number, length in enumerate((0, 2 ** 32 - 100, 2 ** 32)):
        port = 5080 + number
        one = sip.Tcp(wire, 40000 + number)
        one.says(of_length(length, number + 1, port))
        one.hears(sip.answer(200, "REGISTER", number + 1, f"Contact: <sip:{C}:{port}>;expires=60"))
        sip.Tcp(wire, 41000 + number, port, called=True)
    return wire.rows


def facility(rest):
    """Facility that ends with its reason, startH245, which is of no length."""
    def part(p):
        return p.flags(0, 0, 0, 1).oid().octets(m.GUID).choice(m.START_H245, 2, 4).octets(b"\0" + rest)
    user = m.Per().flags(0, 0).flags(0, 0).choice(6, 3, 7).add(part).bytes()
    return m.tpkt(m.q931(m.KINDS[6], user))


@capture("kernels/h323-choice-length.pcap")
def h323_choice_length():
    """Two messages in a segment: a Facility that ends with the length, 0, of its reason, and a Setup that says where
    H.245 listens; on one connection with an octet behind that length, on the other it is the message's last.
    Calls to both"""
    stage = h323.Stage()
    ends = []
    for number, rest in enumerate((b"\0", b"")):
        one = stage.connection(40000 + number)
        one.say(">", facility(rest), m.signal(m.setup(h245=(C, 30000 + number))))
        ends += [one, stage.connection(40010 + number, 30000 + number, reverse=True)]
    return stage.close(*reversed(ends))


@capture("kernels/netbios-port.pcap")
def netbios_port():
    """A name query to port 1137 of 192.0.2.255 (subnet /24): one neighbour answers from that port, another from
    NetBIOS's own"""
    wire = broadcast.Wire()
    wire.udp(C, broadcast.ALL, 5000, 1137, broadcast.query(1))
    wire.udp(broadcast.NEIGHBOURS[0], C, 1137, 5000)
    wire.udp(broadcast.NEIGHBOURS[1], C, broadcast.NETBIOS, 5000)
    return wire.rows
