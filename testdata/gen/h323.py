# SPDX-License-Identifier: GPL-2.0-only
"""H.323 calls and registrations, for the helpers of RAS, Q.931 and H.245 (nf_conntrack_h323_main.c): no
program of Debian 12 speaks it.  The messages are h323_messages.py's; addresses in them are the speaker's
own unless a case is about those that are not."""

import struct

from . import frames as f
from . import h323_messages as m
from .case import Registry

capture = Registry()

C, S, O = f.CLIENT, f.SERVER, f.OTHER
C6, S6 = f.CLIENT6, f.SERVER6
O6 = "2001:db8:3::30"
RAS, Q931 = 1719, 1720
STEP = 0.01


class Stage:
    """Frames one after the other; peers of the two sides."""

    def __init__(self, client=C, server=S):
        self.client, self.server = client, server
        self.at, self.frames = 0.0, []

    def put(self, packet, back=False):
        self.frames.append((self.at, f.eth(packet, back=back)))
        self.at = round(self.at + STEP, 6)
        return self

    def udp(self, src, sport, dst, dport, data):
        return self.put(f.ip(src, dst, f.UDP, f.udp(src, dst, sport, dport, data)), back=src == self.server)

    def media(self, src, sport, dst, dport):
        """One packet that looks like RTP (even ports) or RTCP (odd)."""
        data = bytes.fromhex("800800010000000000000001") if dport % 2 == 0 else bytes.fromhex("80c90001") + bytes(4)
        return self.udp(src, sport, dst, dport, data)

    def wait(self, seconds):
        self.at += seconds
        return self

    def connection(self, port, to=Q931, *, reverse=False):
        """reverse: the server calls."""
        return Connection(self, port, to, reverse).open()

    def close(self, *ends):
        for one in ends:
            one.close()
        return self.frames


class Connection:
    """TCP, with an acknowledgement for each segment of data."""

    def __init__(self, stage, port, to, reverse):
        self.stage = stage
        sides = (stage.server, stage.client) if reverse else (stage.client, stage.server)
        self.caller, self.called = (sides[0], port), (sides[1], to)
        self.seq = {self.caller: 1000, self.called: 5000}

    def segment(self, way, flags, data=b""):
        """way: ">" from who opened it."""
        src, dst = (self.caller, self.called) if way == ">" else (self.called, self.caller)
        ack = 0 if flags == "S" else self.seq[dst]
        packet = f.ip(src[0], dst[0], f.TCP, f.tcp(src[0], dst[0], src[1], dst[1], flags, self.seq[src], ack,
                                                   data=data))
        self.seq[src] += len(data) + sum(flag in flags for flag in "SF")
        self.stage.put(packet, back=src[0] == self.stage.server)
        return self

    def open(self):
        return self.segment(">", "S").segment("<", "S.").segment(">", ".")

    def say(self, way, *messages):
        """All of them in one segment."""
        return self.segment(way, "P.", b"".join(messages)).segment("<" if way == ">" else ">", ".")

    def close(self):
        return self.segment(">", "F.").segment("<", "F.").segment(">", ".")


def two_media(stage, caller, called):
    """RTP and RTCP both ways; (address, even port) of each."""
    for more in (0, 1):
        stage.media(caller[0], caller[1] + more, called[0], called[1] + more)
        stage.media(called[0], called[1] + more, caller[0], caller[1] + more)


def audio(number, address, port, media=True):
    """openLogicalChannel of an audio channel whose sender is at 'port' + 1 for RTCP."""
    return m.channel(number, m.audio, m.h2250(1, (address, port) if media else None, (address, port + 1)))


@capture("h323-call.pcap")
def call():
    """A call as H.323 was first: signalling on port 1720, its Connect says where H.245 listens, H.245 opens an
    audio channel each way, media flows; the first H.245 message of each side comes with its TPKT header in a
    segment of its own (NetMeeting)"""
    stage = Stage()
    q = stage.connection(40000)
    q.say(">", m.signal(m.setup(source=(C, 40000), dest=(S, Q931))))
    q.say("<", m.signal(m.call_proceeding()))
    q.say("<", m.signal(m.alerting(endpoint=m.gateway)))
    q.say("<", m.signal(m.connect(h245=(S, 30000))))
    h = stage.connection(40001, 30000)
    whole = m.tpkt(m.capabilities())
    h.say(">", whole[:4]).say(">", whole[4:]).say("<", whole[:4]).say("<", whole[4:])
    h.say(">", m.tpkt(m.master_slave()), m.tpkt(m.capabilities_ack()))
    h.say(">", m.tpkt(audio(1, C, 6000, media=False)))
    h.say("<", m.tpkt(m.channel_ack(1, media=(S, 7000), control=(S, 7001))))
    h.say("<", m.tpkt(audio(1, S, 7000, media=False)))
    h.say(">", m.tpkt(m.channel_ack(1, media=(C, 6000), control=(C, 6001))))
    two_media(stage, (C, 6000), (S, 7000))
    h.say(">", m.tpkt(m.end_session()))
    q.say(">", m.signal(m.release_complete()))
    return stage.close(h, q)


@capture("h323-call6.pcap")
def call6():
    """The same over IPv6, called by the server's side, with H.245 announced in Alerting"""
    stage = Stage(C6, S6)
    q = stage.connection(40000, reverse=True)
    q.say(">", m.signal(m.setup(h245=(S6, 30002))))
    q.say("<", m.signal(m.alerting(h245=(C6, 30000))))
    h = stage.connection(40001, 30000, reverse=True)
    h.say(">", m.tpkt(m.capabilities()))
    h.say("<", m.tpkt(audio(1, C6, 6000)), m.tpkt(m.channel(2, m.t120(), None, stack=(C6, 1503))))
    h.say(">", m.tpkt(m.channel_ack(1, media=(S6, 7000), control=(S6, 7001))),
          m.tpkt(m.channel_ack(2, stack=(S6, 1503))))
    two_media(stage, (S6, 7000), (C6, 6000))
    t = stage.connection(40002, 1503)
    u = stage.connection(40003, 1503, reverse=True)
    q.say("<", m.signal(m.release_complete()))
    return stage.close(t, u, h, q)


@capture("h323-fast-start.pcap")
def fast():
    """Fast start: Setup offers audio and video in both directions and T.120, CallProceeding and Connect accept;
    then H.245 tunnelled in Facility, Progress and Information opens another channel. Two signalling messages in
    one segment"""
    stage = Stage()
    q = stage.connection(40000)
    q.say(">", m.signal(m.setup(h245=(C, 30001), fast=[
        m.open_channel(1, m.audio, m.h2250(1, None, (C, 6001))),
        m.open_channel(1, m.null_data, None, reverse=(m.audio, m.h2250(1, (C, 6000), (C, 6001)))),
        m.open_channel(2, m.h263, m.h2250(2, None, (C, 6003))),
        m.open_channel(2, m.null_data, None, reverse=(m.video, m.h2250(2, (C, 6002), (C, 6003), True))),
        m.open_channel(3, m.t120(), None, stack=(C, 1503))])))
    q.say("<", m.signal(m.call_proceeding(fast=[
        m.open_channel(1, m.audio, m.h2250(1, (S, 7000), (S, 7001))),
        m.open_channel(1, m.null_data, None, reverse=(m.audio, m.h2250(1, None, (S, 7001))))])))
    two_media(stage, (C, 6000), (S, 7000))
    q.say("<", m.signal(m.connect(fast=[
        m.open_channel(2, m.g729_extended, m.h2250(2, (S, 7002), (S, 7003)))]), nonstd=True))
    stage.media(C, 6003, S, 7003).media(S, 7002, C, 6002)
    t = stage.connection(40001, 1503, reverse=True)
    q.say(">", m.signal(m.EMPTY, [m.master_slave(), m.capabilities(), audio(4, C, 6004)]),
          m.signal(m.facility(m.START_H245, h245=(C, 30003))))
    q.say("<", m.signal(m.progress(), [m.channel_ack(4, media=(S, 7004), control=(S, 7005))]))
    two_media(stage, (C, 6004), (S, 7004))
    q.say(">", m.signal(m.information(), [m.channel(5, m.audio, m.h2250(3, None, (C, 6007)))]))
    q.say("<", m.signal(m.EMPTY, [m.channel_ack(5, reverse=m.h2250(3, (S, 7006), (S, 7007)))]))
    stage.media(C, 6007, S, 7007)
    h = stage.connection(40002, 30003, reverse=True)
    h.say(">", m.tpkt(m.end_session()))
    q.say("<", m.signal(m.release_complete(), [m.end_session()]))
    return stage.close(t, h, q)


@capture("h323-forwarded.pcap")
def forwarded():
    """Facility forwards the call to another host (whose address could be anybody's, and whose H.245 address is
    then passed over); the second leg is RELATED and read as call signalling. Another Facility has the address
    but another reason"""
    stage = Stage()
    q = stage.connection(40000)
    q.say(">", m.signal(m.setup()))
    q.say("<", m.signal(m.facility(0, instead=(O, 1722))))
    q.say("<", m.signal(m.facility(m.FORWARDED, instead=(O, 1721), h245=(S, 30000))))
    q.say("<", m.signal(m.release_complete()))
    stage.server = O
    second = stage.connection(40001, 1721)
    second.say(">", m.signal(m.setup()))
    second.say("<", m.signal(m.connect(h245=(O, 30000))))
    h = stage.connection(40002, 30000)
    h.say("<", m.tpkt(audio(1, O, 7000)))
    stage.media(C, 6000, O, 7000)
    stage.close(h, second)
    stage.server = S
    return stage.close(stage.connection(40003, 1722), q)


def register(stage, client, server):
    signal = (client, Q931)
    return (stage.udp(client, 40010, server, RAS, m.gatekeeper_request((client, 40010)))
            .udp(server, RAS, client, 40010, m.gatekeeper_confirm((server, RAS)))
            .udp(client, 40010, server, RAS, m.registration_request([(server, 1), signal], (client, 40010), ttl=600))
            .udp(server, RAS, client, 40010, m.registration_confirm([(server, Q931)], ttl=90)))


@capture("h323-ras.pcap")
def ras():
    """Discovery, registration for 90 s, a call through the gatekeeper to the registered endpoint and two by it,
    admitted and located elsewhere, information, unregistration: afterwards nothing is expected and 30 s are
    left"""
    stage = Stage()
    register(stage, C, S)
    q = stage.connection(40020, Q931, reverse=True)
    q.say(">", m.signal(m.setup(h245=(S, 30000))))
    stage.udp(C, 40010, S, RAS, m.admission_request(dest=(C, Q931)))
    stage.udp(S, RAS, C, 40010, m.admission_confirm((C, Q931)))           # its own: to answer
    q.say("<", m.signal(m.connect(h245=(C, 30000))))
    h = stage.connection(40021, 30000, reverse=True)
    h.say("<", m.tpkt(audio(1, C, 6000)))
    two_media(stage, (S, 7000), (C, 6000))
    stage.udp(C, 40010, S, RAS, m.admission_request(source=(C, 40030)))
    stage.udp(S, RAS, C, 40010, m.admission_confirm((O, 1721)))
    stage.server = O
    p = stage.connection(40030, 1721)
    p.say(">", m.signal(m.setup())).say("<", m.signal(m.connect(h245=(O, 30001))))
    again = stage.connection(40031, 1721)                                 # as often as it likes
    stage.server = S
    stage.udp(C, 40010, S, RAS, m.location_request((C, 40010)))
    stage.udp(S, RAS, C, 40010, m.location_confirm((O, 1722), (S, RAS)))
    stage.server = O
    r = stage.connection(40032, 1722)
    stage.server = S
    stage.udp(C, 40010, S, RAS, m.info_response((C, 40010), [(C, Q931)]))
    stage.udp(C, 40010, S, RAS, m.disengage_request())
    stage.close(h, q)
    stage.server = O
    stage.close(p, again, r)
    stage.server = S
    stage.udp(C, 40010, S, RAS, m.unregistration_request([(C, Q931)]))
    return stage.udp(S, RAS, C, 40010, m.unregistration_confirm()).frames


@capture("h323-ras6.pcap")
def ras6():
    """The same discovery and registration over IPv6; the gatekeeper wants to be asked at another port, and from
    there answers a request that is RELATED: where it then sends the endpoint is not expected. Registration
    without a time to live lasts 300 s"""
    stage = Stage(C6, S6)
    register(stage, C6, S6)
    stage.udp(C6, 40011, S6, RAS, m.gatekeeper_request((C6, 40011)))
    stage.udp(S6, RAS, C6, 40011, m.gatekeeper_confirm((S6, 1718)))
    stage.udp(C6, 40011, S6, 1718, m.gatekeeper_request((C6, 40011)))
    stage.udp(S6, 1718, C6, 40011, m.gatekeeper_confirm((O6, RAS)))
    stage.udp(C6, 40011, S6, 1718, m.registration_request([(C6, 1730)], (C6, 40011)))
    stage.udp(S6, 1718, C6, 40011, m.registration_confirm([]))
    q = stage.connection(40020, 1730, reverse=True)
    q.say(">", m.signal(m.setup(h245=(S6, 30000))))
    return stage.close(q)


def damaged(message, at, value):
    return message[:at] + bytes([value]) + message[at + 1:]


@capture("h323-foreign.pcap")
def foreign():
    """Addresses that are not the speaker's, of the other family, of no IP, multicast, port 0, and a channel ended
    by the tunnel's limit of four: none is expected, but a call admitted to port 0 is"""
    stage = Stage()
    q = stage.connection(40000)
    for address in ((S, 30000), (O, 30000), (C6, 30000), (C, 0), b"NetBIOS name    "):
        q.say(">", m.signal(m.setup(h245=address)))
    q.say("<", m.signal(m.facility(m.FORWARDED, instead=(S6, 1721))))
    q.say("<", m.signal(m.facility(m.FORWARDED, instead=(S, 0))))
    q.say("<", m.signal(m.EMPTY, [
        audio(1, C, 6000), m.channel(1, m.audio, m.h2250(1, m.multicast(("239.1.1.1", 6000)), (S6, 6001))),
        m.channel(1, m.t120(12), None, stack=(S, 1503)), m.channel(1, m.audio, None, stack=(S, 1504)),
        audio(2, S, 6004)]))
    stage.udp(C, 40010, S, RAS, m.registration_request([(S, Q931), (C6, Q931), (C, 0)], (C, 40010)))
    stage.udp(S, RAS, C, 40010, m.admission_confirm((S6, 1721)))
    stage.udp(S, RAS, C, 40010, m.admission_confirm((S, 0)))
    return stage.close(q)


@capture("h323-damage.pcap")
def damage():
    """Messages that cannot be read or are read only in part: TPKT headers that lie, other call references and
    elements, no user-user element, alternatives that are not defined, additions up to too many, a time to
    live behind which nothing comes, tokens cut short; each on a connection of its own, and behind it in the segment
    a message that would be good"""
    stage = Stage()
    good = m.signal(m.setup(h245=(C, 30000)))
    inner, user = good[4:], m.user_information(m.setup(h245=(C, 30000)))
    cases = [
        damaged(good, 0, 2), damaged(good, 1, 1), damaged(good, 3, 3), damaged(good, 3, 4), good[:40], good[:4],
        good[:3], damaged(good, 4, 9), damaged(good, 5, 255), damaged(good, 8, 0x80),
        m.tpkt(m.q931(5, user, reference=b"")), m.tpkt(m.q931(5, user, reference=b"", elements=b"\x96")),
        m.tpkt(m.q931(5, user, elements=b"\xa1\x00")), m.tpkt(m.q931(5, user, elements=m.BEARER[:-1])),
        m.tpkt(inner[:inner.index(b"\x7e")]), m.tpkt(inner[:inner.index(b"\x7e")] + b"\x7e\x00\x01\x05"),
        m.tpkt(inner[:-1]), m.tpkt(inner + b"\0\0"),
        m.signal((7, b"\0")), m.signal((9, lambda p: p)), m.signal((60, lambda p: p)),
        m.signal(m.setup(h245=(C, 30000), called=())), m.signal(m.progress(h245=(C, 30000), tokens=()))[:-30],
        m.signal(m.EMPTY, [m.channel_rate(), m.end_session(), b"\x80", audio(1, C, 6000)]),
        m.signal(m.EMPTY, [b"", audio(1, C, 6000)]), m.signal(m.EMPTY, [audio(1, C, 6000)[:9]]),
        *(m.signal(m.setup(h245=(C, 30000), called=(), later=[None] * (n - 10) + [b"\0"])) for n in (26, 27, 32, 33)),
    ]
    for n, case in enumerate(cases):
        q = stage.connection(41000 + n)
        after = m.signal(m.call_proceeding(h245=(C, 31000 + n)))
        case = case.replace(struct.pack("!H", 30000), struct.pack("!H", 30000 + n))
        q.say(">", case + after).say(">", after if n % 2 else b"\0" + after)
    for n, message in enumerate((
            m.registration_request([(C, 1731)], (C, 41100), ttl=60, keep=False),
            m.registration_request([(C, 1732)], (C, 41101), ttl=60)[:-6],
            m.registration_confirm([], ttl=17179870), m.registration_confirm([], ttl=17179870) + bytes(2),
            m.registration_confirm([], ttl=8590000) + bytes(2), m.registration_confirm([], ttl=0xFFFFFFFF) + bytes(2),
            m.admission_confirm((O, 1733))[:-1], b"\x0e", b"\x80\0", b"\xc0\x01\0", bytes(40), b"\xff" * 40)):
        stage.udp(C, 41100 + n, S, RAS, message if n < 2 else m.disengage_request())
        stage.udp(S, RAS, C, 41100 + n, message)
        stage.udp(C, 41100 + n, S, RAS, m.disengage_request())
    return stage.frames


@capture("h323-clash.pcap")
def clash():
    """Expectations that are in each other's way: the same channel announced twice by one call (made anew) and
    by another (the packet is dropped, and what went before in it taken back), more than 20 of one call,
    a second registration for the same address"""
    stage = Stage()
    q, r = stage.connection(40000), stage.connection(40001)
    for one in (q, r):
        one.say("<", m.signal(m.alerting()))
    q.say(">", m.signal(m.setup(h245=(C, 30000))))
    q.say(">", m.signal(m.setup(h245=(C, 30000))))
    r.say(">", m.signal(m.setup(h245=(C, 30000))))                        # dropped
    r.say(">", m.signal(m.EMPTY, [m.channel(1, m.audio, m.h2250(1, (C, 6000), (C, 6001))),
                                  m.channel(1, m.audio, m.h2250(1, (C, 6003)))]))
    q.say(">", m.signal(m.EMPTY, [m.channel(1, m.audio, m.h2250(1, (C, 6004), (C, 6002)))]))   # dropped
    q.say(">", m.signal(m.setup(fast=[m.open_channel(n, m.audio, m.h2250(n, (C, 6100 + 2 * n)))
                                      for n in range(1, 33)])))
    for n in range(2):
        stage.udp(C, 40010 + n, S, RAS, m.registration_request([(C, Q931)], (C, 40010 + n)))
    stage.udp(S, RAS, C, 40011, m.registration_confirm([(S, Q931)], ttl=60))
    return stage.close(q, r)
