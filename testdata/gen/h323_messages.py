# SPDX-License-Identifier: GPL-2.0-only
"""Messages of H.323, encoded by the recommendations: aligned PER (ITU-T X.691), H.225.0 version 4 with
its Q.931 around it, and H.245 version 7.  Each function is one type, its arguments what the cases vary."""

import struct

from . import frames as f

H225, H245 = bytes.fromhex("0008914a0004"), bytes.fromhex("000881750007")
GUID = bytes(range(16))


class Per:
    """Bits so far; every method returns the writer, so that calls are chained."""

    def __init__(self):
        self.text = ""

    def put(self, value, width):
        if width:
            self.text += format(value, f"0{width}b")
        return self

    def align(self):
        self.text += "0" * (-len(self.text) % 8)
        return self

    def octets(self, data):
        self.align()
        self.text += "".join(format(b, "08b") for b in data)
        return self

    def add(self, other):
        """Behind what is there: only right for parts that were made for this place."""
        return other(self)

    def word(self, value):
        return self.octets(struct.pack("!H", value))

    def wide(self, value):
        """INTEGER of a range above 64K, 'value' counted from its lowest."""
        size = max(1, (value.bit_length() + 7) // 8)
        return self.put(size - 1, 2).octets(value.to_bytes(size, "big"))

    def length(self, n):
        return self.octets(bytes([n]) if n < 128 else struct.pack("!H", 0x8000 | n))

    def string(self, data):
        return self.length(len(data)).octets(data)

    def oid(self, data=H225):
        return self.octets(bytes([len(data)]) + data)

    def flags(self, *present):
        for one in present:
            self.put(int(bool(one)), 1)
        return self

    def bytes(self):
        return int((self.text + "0" * (-len(self.text) % 8)) or "0", 2).to_bytes(
            max(1, (len(self.text) + 7) // 8), "big")

    def open(self, part):
        return self.string(part if isinstance(part, bytes) else part(Per()).bytes())

    def additions(self, *parts):
        """Behind the "...": each a part, or None where it is absent."""
        self.put(len(parts) - 1, 7).flags(*(p is not None for p in parts)).align()
        for part in parts:
            if part is not None:
                self.open(part)
        return self

    def choice(self, index, width, root, ext=True):
        """The alternative's number; 'width' bits where it is before the "..."."""
        if index < root:
            return self.put(0, int(ext)).put(index, width)
        return self.put(1, 1).put(index - root, 7)

    def list_of(self, parts, make):
        self.length(len(parts))
        for part in parts:
            make(part)(self)
        return self


def ended(parts):
    """Without the absent ones at the end."""
    parts = list(parts)
    while parts and parts[-1] is None:
        parts.pop()
    return parts


def extended(per, parts):
    parts = ended(parts)
    return per.additions(*parts) if parts else per


# H.225.0 -----------------------------------------------------------------------

def transport(address):
    """(address, port), or the bytes of a NetBIOS name."""
    def part(p):
        if isinstance(address, bytes):
            return p.choice(4, 3, 7).octets(address)
        packed = f.addr(address[0])
        p.choice(0 if len(packed) == 4 else 3, 3, 7)
        if len(packed) == 16:
            p.put(0, 1)
        return p.octets(packed).word(address[1])
    return part


def alias(name):
    """Digits are a number, anything else an h323-ID."""
    def part(p):
        if name.isdigit():
            p.choice(0, 1, 2).put(len(name) - 1, 7).align()
            for digit in name:
                p.put("#*,0123456789".index(digit) if digit in "#*," else int(digit) + 3, 4)
            return p
        text = name.encode("utf-16-be")
        return p.choice(1, 1, 2).octets(bytes([len(name) - 1]) + text)
    return part


def identifier(name):
    """BMPString (SIZE (1..128))"""
    return lambda p: p.put(len(name) - 1, 7).octets(name.encode("utf-16-be"))


def vendor(p):
    return p.flags(0, 1, 1, 0).octets(b"\xb5\0").word(21324).octets(b"\x07ctreplay").octets(b"\0" + b"1")


def terminal(p):
    """EndpointType of a terminal."""
    return p.flags(0, 0, 1, 0, 0, 0, 1).add(vendor).flags(0, 0).flags(0, 0)


def gateway(p):
    """EndpointType of a gateway to telephones, with a nonstandard part."""
    p.flags(0, 1, 0, 0, 1, 0, 0).add(nonstandard)
    p.flags(0, 1, 0).length(1).choice(7, 4, 9).flags(1, 0)
    p.additions(None, lambda q: q.length(0))            # supportedPrefixes: none
    return p.flags(0, 0)


def nonstandard(p):
    return p.choice(1, 1, 2).flags(0).octets(b"\xb5\0").word(21324).string(b"hello")


def call_identifier(p):
    return p.flags(0).octets(GUID)


def fast_start(channels):
    return lambda p: p.list_of(channels, lambda c: lambda q: q.open(c))


def fast_or_none(channels):
    return fast_start(channels) if channels else None


def setup(*, h245=None, source=None, dest=None, fast=(), endpoint=terminal, called=("5551234", "bob"), later=()):
    """later: additions from endpointIdentifier on."""
    def part(p):
        more = ended([source and transport(source), None, call_identifier, None, None, None,
                      fast_or_none(fast), lambda q: q.put(0, 1), lambda q: q.put(0, 1), *later])
        p.flags(1, h245, 1, called, dest, 0, 0, 0).oid()
        if h245:
            p.add(transport(h245))
        p.list_of(("alice",), alias).add(endpoint)
        if called:
            p.list_of(called, alias)
        if dest:
            p.add(transport(dest))
        p.put(0, 1).octets(GUID).choice(0, 2, 3).choice(0, 2, 4)
        return p.additions(*more)
    return 0, part


def answer(index, *, h245=None, fast=(), endpoint=terminal):
    """CallProceeding (1), Connect (2), Alerting (3)"""
    def part(p):
        p.flags(1, h245).oid()
        if index == 2:
            p = p.add(transport(h245)) if h245 else p
            p.add(endpoint).octets(GUID)
        else:
            p.add(endpoint)
            p = p.add(transport(h245)) if h245 else p
        return p.additions(*ended([call_identifier, None, None, None, fast_or_none(fast),
                                   lambda q: q.put(0, 1), lambda q: q.put(0, 1)]))
    return index, part


def call_proceeding(**options):
    return answer(1, **options)


def connect(**options):
    return answer(2, **options)


def alerting(**options):
    return answer(3, **options)


def information():
    return 4, lambda p: p.flags(1).oid().additions(call_identifier)


def release_complete(reason=3):
    return 5, lambda p: p.flags(1, 1).oid().choice(reason, 4, 12).additions(call_identifier)


FORWARDED, START_H245 = 1, 5


def facility(reason, *, instead=None, h245=None, fast=()):
    def part(p):
        p.flags(1, instead, 0, 1).oid()
        if instead:
            p.add(transport(instead))
        p.octets(GUID).choice(reason, 2, 4)
        if reason >= 4:
            p.open(b"\0")
        return p.additions(*ended([call_identifier, None, None, None, None, None,
                                   h245 and transport(h245), fast_or_none(fast)]))
    return 6, part


def clear_token(p):
    p.flags(0, 1, 1, 1, 1, 1, 1, 1, 1).oid(H225).wide(1000).add(identifier("pw"))
    p.flags(0)
    for bits in (b"\xaa\xbb", b"\xcc", b"\xf0"):
        p.octets(struct.pack("!H", len(bits) * 8)).octets(bits)
    p.put(0, 7).octets(bytes(8))                        # challenge
    p.string(b"\x12\x34")                               # random
    p.flags(0).oid(H225).string(b"cert").add(identifier("id"))
    return p.oid(H225).string(b"data")


def crypto_token(p):
    """cryptoEPPwdHash"""
    p.choice(0, 3, 8).add(alias("alice")).wide(1000).oid(H225).flags(0, 1, 1).string(b"\x01")
    return p.octets(bytes(8)).length(96).octets(bytes(12))


def security(p):
    """h245SecurityMode: TLS"""
    return p.choice(2, 2, 4).flags(0, 0).choice(1, 2, 3).choice(2, 2, 3).choice(1, 2, 3)


def progress(*, h245=None, fast=(), tokens=(clear_token,), cryptos=(crypto_token,)):
    def part(p):
        p.flags(1, h245, 1, tokens, cryptos, fast).oid().add(terminal)
        if h245:
            p.add(transport(h245))
        p.add(call_identifier).add(security)
        if tokens:
            p.list_of(tokens, lambda t: t)
        if cryptos:
            p.list_of(cryptos, lambda t: t)
        if fast:
            p.add(fast_start(fast))
        return p.additions(lambda q: q.put(0, 1), lambda q: q.put(0, 1))
    return 7, part


EMPTY = (8, lambda p: p)


def user_information(message, control=(), nonstd=False):
    """H323-UserInformation around a body; control: H.245 messages in the tunnel."""
    index, part = message
    p = Per().flags(0, 0).flags(1, nonstd).choice(index, 3, 7)
    p = p.add(part) if index < 7 else p.open(part)
    if nonstd:
        p.add(nonstandard)
    tunnel = (lambda q: q.list_of(control, lambda c: lambda r: r.open(c))) if control else None
    return p.additions(*ended([None, lambda q: q.put(int(bool(control)), 1), tunnel])).bytes()


def q931(kind, user, *, reference=b"\x12\x34", elements=b""):
    """Protocol discriminator, call reference, message type, elements, user-user."""
    inner = b"\x05" + user
    return (b"\x08" + bytes([len(reference)]) + reference + bytes([kind]) + elements
            + b"\x7e" + struct.pack("!H", len(inner)) + inner)


# Q.931 message types, as H.225.0 uses them, by number of the body's alternative.
KINDS = {0: 0x05, 1: 0x02, 2: 0x07, 3: 0x01, 4: 0x7B, 5: 0x5A, 6: 0x62, 7: 0x03, 8: 0x62}
BEARER = bytes.fromhex("04038090a5")
DISPLAY = b"\x28\x06alice\0"


def tpkt(data):
    return struct.pack("!BBH", 3, 0, 4 + len(data)) + data


def signal(message, control=(), elements=None, nonstd=False):
    """A whole TPKT of call signalling."""
    if elements is None:
        elements = BEARER + DISPLAY if message[0] == 0 else b""
    return tpkt(q931(KINDS.get(message[0], 0x62), user_information(message, control, nonstd), elements=elements))


# RAS -----------------------------------------------------------------------------

def ras(index, part):
    return Per().choice(index, 5, 24).add(part).bytes()


def gatekeeper_request(address):
    return ras(0, lambda p: p.flags(0, 0, 0, 0, 1).word(1).oid().add(transport(address))
               .add(terminal).list_of(("alice",), alias))


def gatekeeper_confirm(address):
    return ras(1, lambda p: p.flags(0, 0, 1).word(1).oid().add(identifier("gk")).add(transport(address)))


def lasting(ttl, keep):
    """timeToLive behind the "...", and what comes there at the same time in every real message."""
    return ended([None, ttl and (lambda q: q.wide(ttl - 1)), None, None, None,
                  (lambda q: q.put(0, 1)) if keep else None])


def registration_request(signals, address, *, ttl=None, keep=True):
    more = lasting(ttl, keep)
    return ras(3, lambda p: extended(
        p.flags(more, 0, 1, 0).word(1).oid().put(1, 1).list_of(signals, transport)
        .list_of((address,), transport).add(terminal).list_of(("alice",), alias).add(vendor), more))


def registration_confirm(signals, *, ttl=None, keep=True):
    more = lasting(ttl, keep)
    return ras(4, lambda p: extended(
        p.flags(more, 0, 1, 0).word(1).oid().list_of(signals, transport)
        .list_of(("alice",), alias).add(identifier("0001")), more))


def unregistration_request(signals):
    return ras(6, lambda p: p.flags(0, 0, 0, 0).word(1).list_of(signals, transport))


def unregistration_confirm():
    return ras(7, lambda p: p.flags(0, 0).word(1))


def admission_request(*, dest=None, source=None):
    def part(p):
        p.flags(0, 0, 1, dest, 0, source, 0, 0).word(1).choice(0, 2, 4).add(identifier("0001"))
        p.list_of(("5551234",), alias)
        p = p.add(transport(dest)) if dest else p
        p.list_of(("alice",), alias)
        p = p.add(transport(source)) if source else p
        return p.wide(1280).word(7).octets(GUID).flags(0, 0)
    return ras(9, part)


def admission_confirm(address):
    return ras(10, lambda p: p.flags(0, 0, 0).word(1).wide(1280).choice(0, 1, 2).add(transport(address)))


def location_request(address):
    return ras(18, lambda p: p.flags(0, 0, 0).word(1).list_of(("5551234",), alias).add(transport(address)))


def location_confirm(address, asked):
    return ras(19, lambda p: p.flags(0, 0).word(1).add(transport(address)).add(transport(asked)))


def info_response(address, signals):
    return ras(22, lambda p: p.flags(0, 0, 0, 0).word(1).add(terminal).add(identifier("0001"))
               .add(transport(address)).list_of(signals, transport))


def disengage_request():
    return ras(15, lambda p: p.flags(0, 0).word(1).add(identifier("0001")).octets(GUID).word(7).choice(1, 2, 3))


# H.245 -----------------------------------------------------------------------------

def unicast(address):
    def part(p):
        packed = f.addr(address[0])
        p.choice(0, 1, 2).choice(0 if len(packed) == 4 else 2, 3, 5).flags(0)
        return p.octets(packed).word(address[1])
    return part


def multicast(address):
    return lambda p: p.choice(1, 1, 2).choice(0, 1, 2).flags(0).octets(f.addr(address[0])).word(address[1])


def where(address):
    return address if callable(address) else unicast(address)


def h2250(session=1, media=None, control=None, more=False):
    """more: a dynamic payload type, behind what a reader of addresses looks at."""
    def part(p):
        p.flags(0, 0, 0, media, 0, control, 0, 0, 0, more, 0).octets(bytes([session]))
        for address in (media, control):
            if address:
                p.add(where(address))
        return p.put(5, 5) if more else p
    return part


def audio(p):
    """G.711 A-law, 20 frames"""
    return p.choice(3, 3, 6).choice(1, 4, 14).octets(b"\x13")


def g729_extended(p):
    """An alternative behind the "..." """
    return p.choice(3, 3, 6).choice(21, 4, 14).open(bytes(3))


def video(p):
    """H.261 QCIF"""
    return p.choice(2, 3, 6).choice(1, 3, 5).flags(0, 1, 0).put(0, 2).put(0, 1).word(1279).put(0, 1)


def h263(p):
    p.choice(2, 3, 6).choice(3, 3, 5).flags(0, 0, 1, 0, 0, 0, 0, 0).put(1, 5).wide(3839)
    return p.put(0, 5)


def t120(protocol=10):
    """T.120 data; 10: over a connection of its own (separateLANStack)"""
    def part(p):
        p.choice(4, 3, 6).flags(0).choice(1, 4, 10).choice(protocol, 3, 7)
        return p.open(b"\0").wide(621)
    return part


def null_data(p):
    return p.choice(1, 3, 6)


def over_ip(parameters, width, root):
    """multiplexParameters: the H.225.0 alternative is always behind the "..."."""
    return lambda p: p.choice(root, width, root).open(parameters)


def separate_stack(address):
    """NetworkAccessParameters: localAreaAddress"""
    return lambda p: p.flags(0, 1, 0).choice(0, 1, 2).choice(2, 2, 3).add(where(address)).put(0, 1)


def open_channel(number, data=audio, parameters=None, reverse=None, stack=None):
    """reverse: (data type, parameters or None)"""
    def part(p):
        p.flags(stack, reverse).word(number - 1)
        p.flags(0, 0).add(data)
        p.add(over_ip(parameters, 2, 3)) if parameters else p.choice(4, 2, 3).open(b"\0")
        if reverse:
            p.flags(0, reverse[1]).add(reverse[0])
            if reverse[1]:
                p.add(over_ip(reverse[1], 1, 2))
        return p.additions(separate_stack(stack)) if stack else p
    return part


def channel(*arguments, **options):
    """openLogicalChannel as a message."""
    return Per().choice(0, 2, 4).choice(3, 4, 11).add(open_channel(*arguments, **options)).bytes()


def ack_parameters(media=None, control=None):
    def part(p):
        p.choice(0, 0, 1).flags(0, 0, 1, media, control, 0).put(0, 8)
        for address in (media, control):
            if address:
                p.add(where(address))
        return p
    return part


def channel_ack(number, *, media=None, control=None, reverse=None, stack=None):
    def part(p):
        more = ended([stack and separate_stack(stack),
                      ack_parameters(media, control) if media or control else None])
        p.flags(more, reverse).word(number - 1)
        if reverse:
            p.flags(0, 0, 1).word(number).add(over_ip(reverse, 0, 1))
        return p.additions(*more) if more else p
    return Per().choice(1, 2, 4).choice(5, 5, 19).add(part).bytes()


def master_slave():
    return Per().choice(0, 2, 4).choice(1, 4, 11).flags(0).octets(b"\x32").wide(123456).bytes()


def capabilities():
    """terminalCapabilitySet, with nothing in it"""
    return Per().choice(0, 2, 4).choice(2, 4, 11).flags(0, 0, 0, 0).octets(b"\x01").oid(H245).bytes()


def capabilities_ack():
    return Per().choice(1, 2, 4).choice(3, 5, 19).flags(0).octets(b"\x01").bytes()


def end_session():
    return Per().choice(2, 2, 4).choice(5, 3, 7).choice(1, 2, 3).bytes()


def channel_rate():
    """logicalChannelRateRequest: an alternative behind the "..." """
    return Per().choice(0, 2, 4).choice(14, 4, 11).open(
        lambda q: q.flags(0).octets(b"\x01").word(0).wide(640)).bytes()
