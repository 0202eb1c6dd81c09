# SPDX-License-Identifier: GPL-2.0-only
"""SIP (RFC 3261) and the media that SDP (RFC 8866) announces."""

from . import frames as f
from .case import Registry

capture = Registry()

PHONE, PROXY, OTHER = f.CLIENT, f.SERVER, f.OTHER
PHONE6, PROXY6 = f.CLIENT6, f.SERVER6
SIP = 5060
RTP = b"\x80\x08\0\1\0\0\0\1\0\0\0\1sound"


def message(first, seq, *headers, body="", end="\r\n"):
    lines = [first, f"CSeq: {seq}", *headers, f"Content-Length: {len(body)}"]
    return (end.join(lines) + 2 * end + body).encode("latin-1")


def request(method, seq, *headers, body=""):
    return message(f"{method} sip:example.org SIP/2.0", f"{seq} {method}", *headers, body=body)


def answer(code, method, seq, *headers, body=""):
    return message(f"SIP/2.0 {code} -", f"{seq} {method}", *headers, body=body)


def sdp(host, *lines, family=4):
    """Lines that begin with "m=" or "c=" are taken as they are; a bare host is for the whole session."""
    session = [f"c=IN IP{family} {host}"] if host else []
    return "".join(line + "\r\n" for line in ["v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", *session, *lines])


def audio(port, kind="audio"):
    return f"m={kind} {port} RTP/AVP 8"


class Wire:
    def __init__(self, phone=PHONE, proxy=PROXY):
        self.rows, self.now, self.phone, self.proxy = [], 0.0, phone, proxy

    def wait(self, seconds):
        self.now += seconds

    def put(self, src, dst, proto, data):
        self.rows.append((self.now, f.eth(f.ip(src, dst, proto, data), back=src != self.phone)))
        self.now += 0.01

    def udp(self, src, dst, sport, dport, data=RTP):
        self.put(src, dst, f.UDP, f.udp(src, dst, sport, dport, data))

    def says(self, *messages, port=SIP):
        for each in messages:
            self.udp(self.phone, self.proxy, port, SIP, each)

    def hears(self, *messages, port=SIP):
        for each in messages:
            self.udp(self.proxy, self.phone, SIP, port, each)

    def media(self, to_phone=(), to_proxy=()):
        """One packet to each of the ports, from a port of its own."""
        for port in to_phone:
            self.udp(self.proxy, self.phone, 30000 + port % 1000, port)
        for port in to_proxy:
            self.udp(self.phone, self.proxy, 40000 + port % 1000, port)


class Tcp:
    """A connection of the wire's two hosts."""

    def __init__(self, wire, port, dport=SIP, called=False):
        self.wire, self.seq = wire, [100_000, 500_000]
        self.ends = [(wire.phone, port), (wire.proxy, dport)]
        if called:
            self.ends.reverse()
        self.segment(0, "S")
        self.segment(1, "S.")
        self.segment(0, ".")

    def segment(self, back, flags, data=b""):
        (src, sport), (dst, dport) = self.ends[back], self.ends[1 - back]
        self.wire.put(src, dst, f.TCP, f.tcp(src, dst, sport, dport, flags, self.seq[back],
                                             self.seq[1 - back] if "." in flags else 0, data=data))
        self.seq[back] += len(data) + ("S" in flags)

    def says(self, *data):
        for each in data:
            self.segment(0, "P.", each)

    def hears(self, *data):
        for each in data:
            self.segment(1, "P.", each)


def contact(port=5080, host=PHONE, more=""):
    return f"Contact: <sip:phone@{host}:{port}>{more}"


@capture("sip-register.pcap")
def register():
    """Registrations, with a call from the registrar after each step: asked for (not before the answer), refused,
    granted although a late answer to the first comes between, but not for calls from elsewhere; one of a list that
    names others, for two seconds, and over; taken back; for another host, for another transport, with a Contact that
    leads nowhere. The phone that was called has a helper of its own, but cannot register"""
    w = Wire()

    def call(port):
        w.udp(PROXY, PHONE, SIP, port, request("OPTIONS", 1))

    w.says(request("REGISTER", 1, contact(5080), "Expires: 600"))
    call(5080)
    w.hears(answer(100, "REGISTER", 1), answer(401, "REGISTER", 1))
    w.says(request("REGISTER", 2, contact(5082), "Expires: 600"))
    w.hears(answer(401, "REGISTER", 1), answer(200, "REGISTER", 2, contact(5082), "Expires: 300"))
    w.udp(OTHER, PHONE, SIP, 5082, request("OPTIONS", 1))
    call(5082)
    w.udp(PHONE, PROXY, 5082, SIP, request("REGISTER", 1, contact(5084), "Expires: 60"))
    w.says(request("REGISTER", 3, contact(5086, more=";expires=600")))
    w.hears(answer(200, "REGISTER", 3, "Expires: 5", f"Contact: <sip:a@{OTHER}:5086>, \"b\" <sip:b@{PHONE}:5084>,\r\n"
                   f" <sip:c@{PHONE}:5086;transport=tcp>, <sip:d@{PHONE}:5086;transport=UDP>;q=1;expires=2"))
    call(5086)
    w.wait(3)
    w.udp(PROXY, PHONE, 5061, 5086, request("OPTIONS", 1))
    w.says(request("REGISTER", 4, contact(5088), "Expires: 600"))
    w.hears(answer(200, "REGISTER", 4, contact(5088, more=";expires=600")))
    w.says(request("REGISTER", 5, contact(5088, more=";expires=0")))
    w.hears(answer(200, "REGISTER", 5))
    call(5088)
    w.says(request("REGISTER", 6, contact(5090, OTHER), "Expires: 60"),
           request("REGISTER", 7, contact(5090, more=";transport=TCP"), "Expires: 60"),
           request("REGISTER", 8, "Contact: *", "Expires: 60"),
           request("REGISTER", 9, "Expires: 60"))
    w.hears(answer(200, "REGISTER", 9, contact(5090)))
    call(5090)
    w.says(request("REGISTER", 10, contact(5092), "Expires: 60"), port=5061)
    w.hears(answer(200, "REGISTER", 10, contact(5092), "Expires: 60"), port=5061)
    w.says(request("REGISTER", 11, contact(5094), "Expires: 60"), port=5062)
    w.hears(answer(200, "REGISTER", 11, contact(5092), "Expires: 60"), port=5062)
    call(5092)
    call(5094)
    return w.rows


@capture("sip-media.pcap")
def media():
    """Calls over UDP and the media that is RELATED: RTP and RTCP, audio, video and image; a c= line of one medium; an
    odd port; ports of 0 and media of other kinds; a fourth medium; media of a third host; early media (183), a
    re-INVITE to other ports, UPDATE and PRACK; refusals of the INVITE and of something older; BYE"""
    w = Wire()

    def invite(seq, *lines, host=PHONE):
        w.says(request("INVITE", seq, body=sdp(host, *lines)))

    invite(1, audio(4000), audio(4010, "video"), audio(4020, "image"), audio(4030))
    w.hears(answer(183, "INVITE", 1, body=sdp(PROXY, audio(6000), audio(6010, "video"), audio(6020, "image"))))
    w.media((4000, 4001, 4010, 4011, 4020, 4021, 4030), (6000, 6001, 6010, 6021))
    w.hears(answer(200, "INVITE", 1, body=sdp(PROXY, audio(6002))))
    w.says(request("ACK", 1, body=sdp("", audio(4002) + f"\r\nc=IN IP4 {PHONE}")))
    w.media((4002,), (6002, 6003))
    invite(2, audio(4101), audio(0), audio(0, "video"), audio(4110, "text"), "a=sendrecv", audio(4121, "video"))
    w.hears(answer(180, "INVITE", 2))
    w.media((4100, 4101, 4110, 4120, 4121))
    invite(3, audio(4200) + f"\r\nc=IN IP4 {OTHER}", audio(4210, "video"))
    w.hears(answer(486, "INVITE", 2))
    w.media((4200, 4210))
    w.hears(answer(487, "INVITE", 3))
    w.media((4211,))
    invite(4, audio(4300))
    w.hears(answer(200, "INVITE", 4, body=sdp(PROXY, audio(6300))))
    w.says(request("PRACK", 5, body=sdp(PHONE, audio(4302))), request("UPDATE", 6, body=sdp(PHONE, audio(4304))))
    w.hears(answer(200, "PRACK", 5, body=sdp(PROXY, audio(6302))), answer(491, "UPDATE", 6))
    w.media((4300, 4302, 4304, 4305), (6300, 6302))
    w.hears(answer(491, "UPDATE", 4))
    w.media((4301, 4303), (6303,))
    w.says(request("INVITE", 7, body=sdp(PHONE, audio(4400))))
    w.says(request("BYE", 8))
    w.media((4400,))
    return w.rows


@capture("sip-forked.pcap")
def forked():
    """A proxy sends the same call to several phones behind one address: the second connection's description
    announces nothing new, and its refusal takes nothing away; whoever sends on what another host offered announces
    nothing. Then the same ports for another kind of medium, and media at the port that is registered"""
    w = Wire()
    body = sdp(PROXY, audio(7000), audio(7002, "video"))
    w.hears(request("INVITE", 1, body=body), port=5070)
    w.hears(request("INVITE", 1, body=body), port=5072)
    w.says(answer(200, "INVITE", 1), port=5070)
    w.says(request("INVITE", 1, body=body), request("INVITE", 2, body=body), port=5074)
    w.says(request("INVITE", 1, body=sdp(PHONE, audio(7100), audio(7102, "video"))), port=5074)
    w.says(request("INVITE", 1, body=sdp(PHONE, audio(7100), audio(7102, "video"))), port=5076)
    w.hears(answer(486, "INVITE", 1), port=5076)
    w.says(request("INVITE", 1, body=sdp(PHONE, audio(7102, "audio"))), port=5078)
    w.media((7100, 7101, 7102), ())
    w.says(request("REGISTER", 1, contact(7200), "Expires: 60"), port=5078)
    w.says(request("INVITE", 2, body=sdp(PHONE, audio(7200))), port=5078)
    w.hears(answer(200, "REGISTER", 1, contact(7200), "Expires: 60"), port=5078)
    w.media((7200, 7201), ())
    return w.rows


@capture("sip-media6.pcap")
def media6():
    """A registration and a call over IPv6: addresses in brackets and without, written at length, with "::" here and
    there, with an IPv4 address at the end, and in ways that are wrong"""
    w = Wire(PHONE6, PROXY6)
    w.says(request("REGISTER", 1, contact(5080, f"[{PHONE6}]"), "Expires: 60"))
    w.hears(answer(200, "REGISTER", 1, contact(5080, "[2001:DB8:1:0:0:0:0.0.0.16]"), "Expires: 60"))
    w.udp(PROXY6, PHONE6, SIP, 5080, request("OPTIONS", 1))
    w.says(request("REGISTER", 2, contact(5082, PHONE6), "Expires: 60"),
           request("REGISTER", 3, contact(5082, f"[{PHONE6}"), "Expires: 60"))
    spellings = ("2001:db8:1::10", "2001:0db8:0001:0000:0000:0000:0000:0010", "2001:db8:1::0:10",
                 "2001:DB8:1::0.0.0.16", "2001:db8:1:0:0::10", "2001:db8:1::10/127", "02001:db8:1::10",
                 "2001:db8:1::0010::")
    for n, host in enumerate(spellings):
        w.says(request("INVITE", 10 + n, body=sdp(host, audio(4000 + 10 * n), family=6)))
        w.media((4000 + 10 * n, 4001 + 10 * n))
    wrong = ("2001:db8:1::10::", ":2001:db8:1::10", "2001:db8:1:10", "2001:db8:1:0:0:0:0:0:10", "12001:db8:1::10",
             "2001:db8:1::1.2.3", "")
    for n, host in enumerate(wrong):
        w.says(request("INVITE", 20 + n, body=sdp(host, audio(4100 + 10 * n), family=6)))
    w.says(request("INVITE", 30, body=sdp(PHONE6, audio(4200))))          # IN IP4
    return w.rows


@capture("sip-tcp-segments.pcap")
def segments():
    """SIP over TCP, which is read segment by segment: two messages in one; one in two (not read); without
    Content-Length, with one that is too long, none or no number (what follows is not read); line ends and the compact
    names of headers; a keepalive; a registration, and the registrar calls by TCP and announces media in that call"""
    w = Wire()
    t = Tcp(w, 40000)

    def invite(seq, port, *headers):
        return request("INVITE", seq, *headers, body=sdp(PHONE, audio(port)))

    t.says(invite(1, 4000) + request("UPDATE", 2, body=sdp(PHONE, audio(4002))))
    w.media((4000, 4002))
    both = invite(3, 4010)
    t.says(both[:40], both[40:])
    w.media((4010,))
    body = sdp(PHONE, audio(4020))
    for n, length in enumerate(("", "Content-Length: 9999\r\n", "Content-Length: 0\r\n", "Content-Length: x\r\n",
                                "l : 99999999999\r\n")):
        t.says(f"INVITE sip:x SIP/2.0\r\nCSeq: {4 + n} INVITE\r\n{length}\r\n{body}".encode()
               + request("UPDATE", 9, body=sdp(PHONE, audio(4030 + n))))
    w.media((4020, 4030, 4031, 4032, 4033))
    t.says(f"invite sip:x SIP/2.0\ncseq\t:\r\n 10 INVITE\nL:\t{len(body)}\r\n\r\n{body}".encode())
    t.says(b"\r\n\r\n")
    w.media((4021,))
    t.says(request("REGISTER", 11, f"m:<sip:phone@{PHONE}:5080>", "Expires: 60"))
    t.hears(answer(100, "REGISTER", 11)[:-4] + b"\r\nx: y\r\n\r\n"
            + answer(200, "REGISTER", 11, f"M: sip:{PHONE}:5080;transport=tcp;expires=30"))
    call = Tcp(w, 5080, 50000, called=True)
    call.says(request("INVITE", 1, body=sdp(PROXY, audio(6000))))
    call.hears(answer(200, "INVITE", 1, body=sdp(PHONE, audio(4040))))
    w.media((4040, 4041), (6000, 6001))
    call.hears(request("REGISTER", 1, contact(5082), "Expires: 60"))
    return w.rows


@capture("sip-dropped.pcap")
def dropped():
    """What the kernel's helper drops, once as the first packet of a connection, whose entry never is made, and once
    on a connection that is there: no CSeq, none that fits 32 bits, no status, a port below 1024 or above 65535, media
    without an address, expires= that is no number, a port that another expectation holds. Beside them what looks
    like it and passes: methods that are not followed, other schemes, ports that are no numbers, too short messages"""
    w = Wire()
    bad = [
        b"INVITE sip:x SIP/2.0\r\nl: 0\r\n\r\n",
        b"INVITE sip:x SIP/2.0\r\nCSeq: x INVITE\r\n\r\n",
        b"INVITE sip:x SIP/2.0\r\nCSeqs: 1\r\nCSeq: 1 INVITE\r\n\r\n",
        b"BYE sip:x SIP/2.0\r\nCSeq: 4294967296 BYE\r\n\r\n",
        b"BYE sip:x SIP/2.0\r\nCSeq: 000000000001 BYE\r\n\r\n",
        b"SIP/2.0 OK\r\nCSeq: 1 INVITE\r\n\r\n",
        b"SIP/2.0 000 OK\r\nCSeq: 1 INVITE\r\n\r\n",
        b"sip/2.0 200 OK\r\n\r\n",
        b"SIP/2.0 200 OK\r\nCSeq: 99999999999 INVITE\r\n\r\n",
        request("INVITE", 1, body=sdp(PHONE, audio(80))),
        request("ACK", 1, body=sdp(PHONE, audio(65536))),
        request("INVITE", 1, body=sdp("", audio(4000))),
        request("INVITE", 1, body=sdp("phone.example.org", audio(4000))),
        request("INVITE", 1, body=sdp(PHONE + ".", audio(4000))),
        request("REGISTER", 1, contact(more=";expires=soon")),
        request("REGISTER", 1, contact(more=";expires=4294967296")),
    ]
    good = [
        b"MESSAGE sip:x SIP/2.0\r\n\r\n",
        b"INVITE\tsip:x SIP/2.0\r\n\r\n",
        b"INVITE  sip:x SIP/2.0\r\n\r\n",
        b"INVITE sip",
        b"SIP/2.0 20",
        b"SIP/2.0 200 OK\r\nCSeq: 1 MESSAGE\r\n\r\n",
        request("INVITE", 1, body=sdp(PHONE, audio("x"))),
        request("INVITE", 1, body=sdp(PHONE, audio(4294967296))),
        request("INVITE", 1, body=sdp(PHONE, "m=audio4000", audio(4000))),
        request("INVITE", 1, body="m=audio 4000\r\n"),
    ] + [request("REGISTER", 1, f"Contact: <{uri}>", "Expires: 60") for uri in (
        "sips:phone@example.org", f"sip:{PHONE}:", f"sip:{PHONE}:80", f"sip:{PHONE}:070000", f"sip:{PHONE}:123456",
        f"sip:{PHONE}:5060x", f"sip:256{PHONE}", f"sip:{PHONE}.1", f"sip:a@b@{PHONE}")] + [
        f"REGISTER sip:x SIP/2.0\r\nCSeq: 1 REGISTER\r\nExpires: 60\r\nContact: sip:{PHONE}:5080".encode(),
    ]
    for n, each in enumerate(bad):
        w.says(each, port=20000 + n)
    for n, each in enumerate(good):
        w.says(each, port=21000 + n)
    for n, each in enumerate(bad):
        w.hears(each.replace(PHONE.encode(), PROXY.encode()), port=21000 + n)
    # TFTP's transfer is expected at port 4001: as good for RTCP, but not for calls.
    w.udp(PHONE, PROXY, 4001, 69, b"\0\1file\0octet\0")
    w.says(request("INVITE", 1, body=sdp(PHONE, audio(4000))), port=22000)
    w.says(request("REGISTER", 1, contact(4001), "Expires: 60"), port=22001)
    return w.rows
