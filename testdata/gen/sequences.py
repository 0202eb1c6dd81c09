# SPDX-License-Identifier: GPL-2.0-only
"""TCP conversations written by hand, each for rules of nf_conntrack_proto_tcp.c that no ordinary
program makes a recording of on demand.  The line that matters carries a comment."""

from . import frames as f
from .case import Registry

capture = Registry()

OPEN = """
 0.000 > S    0:0(0)          <mss 1460,sackOK,wscale 7>
 0.010 < S.   0:0(0)   ack 1  win 65160 <mss 1460,sackOK,wscale 7>
 0.020 > .    1:1(0)   ack 1  win 502
"""


@capture("tcp-syn-retransmit.pcap")
def syn_retransmit():
    """The SYN is sent four times before its answer comes"""
    return f.conversation("""
 0.000 > S    0:0(0)          <mss 1460,sackOK,wscale 7>
 1.000 > S    0:0(0)          <mss 1460,sackOK,wscale 7>
 3.000 > S    0:0(0)          <mss 1460>                     # last try, without options
 7.000 > S    0:0(0)          <mss 1460>
 7.100 < S.   0:0(0)   ack 1  win 65160 <mss 1460>
 7.200 > .    1:1(0)   ack 1
 7.300 > P.   1:101(100) ack 1
 7.400 < .    1:1(0)   ack 101
""")


@capture("tcp-synack-resent.pcap")
def synack_resent():
    """The SYN/ACK is lost and sent again, before and after the connection is established; the last
    ACK is lost, so the data brings it"""
    return f.conversation("""
 0.000 > S    0:0(0)          <mss 1460,sackOK,wscale 7>
 0.010 < S.   0:0(0)   ack 1  win 65160 <mss 1460,sackOK,wscale 7>
 1.010 < S.   0:0(0)   ack 1  win 65160 <mss 1460,sackOK,wscale 7>
 1.020 > P.   1:21(20) ack 1  win 502
 1.500 < S.   0:0(0)   ack 1  win 65160 <mss 1460,sackOK,wscale 7>   # ignored: established
 1.510 > .    21:21(0) ack 1  win 502
 1.520 < .    1:1(0)   ack 21 win 509
""")


@capture("tcp-syn-answered-by-rst.pcap")
def syn_answered_by_rst():
    """Refused; then refused with a RST that does not acknowledge the SYN (invalid), and tried again
    from the same port"""
    return f.conversation("""
 0.000 > S    0:0(0)          <mss 1460,sackOK,wscale 7>
 0.010 < R.   0:0(0)   ack 1  win 0
 1.000 > S    5000:5000(0)    <mss 1460,sackOK,wscale 7>
 1.010 < R.   0:0(0)   ack 77 win 0                        # acknowledges what was never sent
 1.020 < R    0:0(0)          win 0
 1.030 < R.   0:0(0)   ack 5001 win 0
""")


@capture("tcp-fastopen.pcap")
def fastopen():
    """Data in the SYN (RFC 7413), acknowledged by the SYN/ACK, which carries data too"""
    return f.conversation("""
 0.000 > S    0:100(100)        <mss 1460,sackOK,wscale 7,hex 220a0102030405060708>
 0.010 < S.   0:50(50) ack 101  win 65160 <mss 1460,sackOK,wscale 7>
 0.020 > .    101:101(0) ack 51 win 502
 0.030 > F.   101:101(0) ack 51 win 502
 0.040 < F.   51:51(0) ack 102  win 509
 0.050 > .    102:102(0) ack 52 win 502
""")


@capture("tcp-ecn.pcap")
def ecn():
    """ECN: SYN with ECE and CWR, SYN/ACK with ECE, later ECE and CWR on data; AccECN's AE in a second
    connection: conntrack looks past these bits"""
    return f.conversation("""
 0.000 > SEW  0:0(0)            <mss 1460,sackOK,wscale 7>
 0.010 < S.E  0:0(0)   ack 1    win 65160 <mss 1460,sackOK,wscale 7>
 0.020 > .    1:1(0)   ack 1    win 502
 0.030 > P.W  1:101(100) ack 1  win 502
 0.040 < .E   1:1(0)   ack 101  win 509
""") + f.conversation("""
 1.000 > SEWA 0:0(0)            <mss 1460,sackOK,wscale 7>
 1.010 < S.WA 0:0(0)   ack 1    win 65160 <mss 1460,sackOK,wscale 7>
 1.020 > .A   1:1(0)   ack 1    win 502
""", client=(f.CLIENT, 40001))


@capture("tcp-simultaneous-open.pcap")
def simultaneous_open():
    """Crossed SYNs, answered by crossed SYN/ACKs (RFC 9293, figure 7); tcp-simopen.pcap is a recorded one"""
    return f.conversation("""
 0.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.001 < S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.010 > S.   0:0(0)   ack 1    <mss 1460,sackOK,wscale 7>
 0.011 < S.   0:0(0)   ack 1    <mss 1460,sackOK,wscale 7>
 0.020 > P.   1:11(10) ack 1    win 502
 0.030 < .    1:1(0)   ack 11   win 502
""")


@capture("tcp-split-handshake.pcap")
def split_handshake():
    """The server answers the SYN with an ACK and a SYN of its own; the client acknowledges that one"""
    return f.conversation("""
 0.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.010 < .    1:1(0)   ack 1    win 65160
 0.020 < S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.030 > S.   0:0(0)   ack 1    <mss 1460,sackOK,wscale 7>
 0.040 < .    1:1(0)   ack 1    win 509
 0.050 > P.   1:11(10) ack 1    win 502
""")


@capture("tcp-challenge-ack.pcap")
def challenge_ack():
    """LAST_ACK: a SYN of the client is let through, the server's answer is a challenge ACK (RFC 5961)
    and must not be taken for the acknowledgement of the FIN"""
    return f.conversation(OPEN + """
 1.000 < F.   1:1(0)   ack 1    win 509
 1.010 > .    1:1(0)   ack 2    win 502
 1.020 > F.   1:1(0)   ack 2    win 502
 1.500 > S    900000:900000(0)  <mss 1460,sackOK,wscale 7>   # ignored in LAST_ACK
 1.510 < .    2:2(0)   ack 2    win 509                      # challenge ACK
 1.520 > R    2:2(0)            win 0                        # the client's answer to it
 2.500 > S    900000:900000(0)  <mss 1460,sackOK,wscale 7>
 2.510 < S.   700000:700000(0) ack 900001 <mss 1460,sackOK,wscale 7>
""")


@capture("tcp-challenge-ack-syn-sent.pcap")
def challenge_ack_syn_sent():
    """The client forgot a connection that the server still has: the SYN is answered by an ACK, that by
    a RST with exactly its acknowledgement number, and the next SYN succeeds"""
    return f.conversation("""
 0.000 > S    0:0(0)              <mss 1460,sackOK,wscale 7>
 0.010 < .    30000:30000(0) ack -5000 win 509              # half-open: acknowledges older data
 0.020 > R    -5000:-5000(0)      win 0
 1.000 > S    0:0(0)              <mss 1460,sackOK,wscale 7>
 1.010 < S.   60000:60000(0) ack 1 win 65160 <mss 1460,sackOK,wscale 7>
 1.020 > .    1:1(0)   ack 60001  win 502
""")


@capture("tcp-out-of-sync.pcap")
def out_of_sync():
    """A SYN in ESTABLISHED is ignored; answered by a SYN/ACK it shows that we were out of sync, and the
    entry starts again with the new numbers"""
    return f.conversation(OPEN + """
 1.000 > P.   1:101(100) ack 1    win 502
 1.010 < .    1:1(0)   ack 101    win 509
 9.000 > S    800000:800000(0)    <mss 1460,sackOK,wscale 9>    # after a crash of both
 9.010 < S.   900000:900000(0) ack 800001 win 64000 <mss 1400,sackOK,wscale 2>
 9.020 > .    800001:800001(0) ack 900001 win 502
 9.030 > P.   800001:800101(100) ack 900001 win 502
 9.040 < .    900001:900001(0) ack 800101 win 16000
""")


@capture("tcp-rst.pcap")
def rst():
    """RST: out of the window (invalid), in the window but not exact (the entry stays, with less time),
    exact (CLOSE); after it data, and the RSTs that answer that"""
    return f.conversation(OPEN + """
 0.100 > P.   1:101(100) ack 1    win 502
 0.110 < .    1:1(0)   ack 101    win 509
 1.000 < R    -70000:-70000(0)    win 0           # far below
 1.100 < R    9000000:9000000(0)  win 0           # far above
 1.200 > R    5000:5000(0)        win 0           # in the window, not exact
 1.300 > P.   101:201(100) ack 1  win 502
 1.310 < .    1:1(0)   ack 201    win 509
 1.400 < R    1:1(0)              win 0           # exact
 1.500 > P.   201:301(100) ack 1  win 502
 1.510 < R    1:1(0)              win 0
 1.520 < R    1:1(0)              win 0
""")


@capture("tcp-rst-in-handshake.pcap")
def rst_in_handshake():
    """RST of the client in SYN_SENT and in SYN_RECV; and one from the server after the ACK of its SYN/ACK"""
    first = f.conversation("""
 0.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.010 > R    1:1(0)            win 0
""")
    second = f.conversation("""
 1.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 1.010 < S.   0:0(0)   ack 1    win 65160 <mss 1460,sackOK,wscale 7>
 1.020 > R    1:1(0)            win 0
""", client=(f.CLIENT, 40001))
    third = f.conversation("""
 2.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 2.010 < S.   0:0(0)   ack 1    win 65160 <mss 1460,sackOK,wscale 7>
 2.020 > .    1:1(0)   ack 1    win 502
 2.030 < R.   1:1(0)   ack 1    win 0
""", client=(f.CLIENT, 40002))
    return first + second + third


@capture("tcp-close.pcap")
def close():
    """Four ways to close: FIN of each side with an ACK between, FIN/ACK to FIN, both at once (crossed
    FINs), and with both FINs retransmitted"""
    ways = """
 1.000 > F.   1:1(0)   ack 1    win 502
 1.010 < .    1:1(0)   ack 2    win 509
 1.020 < F.   1:1(0)   ack 2    win 509
 1.030 > .    2:2(0)   ack 2    win 502
""", """
 1.000 < F.   1:1(0)   ack 1    win 509
 1.010 > F.   1:1(0)   ack 2    win 502
 1.020 < .    2:2(0)   ack 2    win 509
""", """
 1.000 > F.   1:1(0)   ack 1    win 502
 1.001 < F.   1:1(0)   ack 1    win 509
 1.010 > .    2:2(0)   ack 2    win 502
 1.011 < .    2:2(0)   ack 2    win 509
""", """
 1.000 > F.   1:1(0)   ack 1    win 502
 1.300 > F.   1:1(0)   ack 1    win 502
 1.310 < F.   1:1(0)   ack 2    win 509
 1.610 < F.   1:1(0)   ack 2    win 509
 1.620 > .    2:2(0)   ack 2    win 502
 1.630 > .    2:2(0)   ack 2    win 502
 1.640 < F.   1:1(0)   ack 2    win 509
 1.650 > .    2:2(0)   ack 2    win 502
"""
    return [row for n, way in enumerate(ways)
            for row in f.conversation(OPEN + way, client=(f.CLIENT, 40000 + n), start=3 * n)]


CLOSED = OPEN + """
 1.000 > F.   1:1(0)   ack 1    win 502
 1.010 < F.   1:1(0)   ack 2    win 509
 1.020 > .    2:2(0)   ack 2    win 502
"""


@capture("tcp-reopen.pcap")
def reopen():
    """The port is used again in TIME_WAIT: by the client, then by the server (a SYN the other way); and a
    late SYN/ACK and late data in TIME_WAIT, which open nothing"""
    return f.conversation(CLOSED + """
 2.000 > S    70000:70000(0)            <mss 1460,sackOK,wscale 7>        # new entry
 2.010 < S.   80000:80000(0) ack 70001  win 65160 <mss 1460,sackOK,wscale 7>
 2.020 > F.   70001:70001(0) ack 80001  win 502
 2.030 < F.   80001:80001(0) ack 70002  win 509
 2.040 > .    70002:70002(0) ack 80002  win 502
 3.000 < S.   80000:80000(0) ack 70001  win 65160 <mss 1460,sackOK,wscale 7>   # late
 3.010 > P.   70002:70012(10) ack 80002 win 502
 3.020 < .    80002:80002(0) ack 70002  win 509
 4.000 < S    90000:90000(0)            <mss 1460,sackOK,wscale 7>        # from the other side
 4.010 > S.   99000:99000(0) ack 90001  win 65160 <mss 1460,sackOK,wscale 7>
 4.020 < .    90001:90001(0) ack 99001  win 509
""")


@capture("tcp-reopen-closed.pcap")
def reopen_closed():
    """The port is used again after a RST, at once, and with the same initial sequence number"""
    return f.conversation(OPEN + """
 1.000 > R.   1:1(0)   ack 1    win 0
 1.001 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 1.010 < S.   5000:5000(0) ack 1 win 65160 <mss 1460,sackOK,wscale 7>
 1.020 > .    1:1(0)   ack 5001 win 502
 1.030 < R    5001:5001(0)      win 0
 1.040 < R    5001:5001(0)      win 0
 1.050 > S    300:300(0)        <mss 1460,sackOK,wscale 7>
""")


@capture("tcp-pickup.pcap")
def pickup():
    """Loose pick-up, in five ways: data first, an ACK of the server first, a FIN first, a RST first and a
    SYN/ACK first (the last two make no entry)"""
    ways = """
 0.000 > P.   5000:5100(100) ack 7000     win 502
 0.010 < .    7000:7000(0) ack 5100       win 509
 0.020 < P.   7000:8400(1400) ack 5100    win 509
 0.030 > .    5100:5100(0) ack 8400       win 502
""", """
 0.000 < .    7000:7000(0) ack 5000       win 509
 0.010 > P.   5000:5100(100) ack 7000     win 502
 0.020 < .    7000:7000(0) ack 5100       win 509
""", """
 0.000 > F.   5000:5000(0) ack 7000       win 502
 0.010 < F.   7000:7000(0) ack 5001       win 509
 0.020 > .    5001:5001(0) ack 7001       win 502
""", """
 0.000 < R    7000:7000(0)                win 0
 0.010 > R.   5000:5000(0) ack 7000       win 0
""", """
 0.000 < S.   7000:7000(0) ack 5000       win 65160 <mss 1460>
 0.010 > .    5000:5000(0) ack 7001       win 502
 0.020 < .    7001:7001(0) ack 5000       win 509
"""
    return [row for n, way in enumerate(ways)
            for row in f.conversation(way, client=(f.CLIENT, 40000 + n), start=n)]


@capture("tcp-pickup-unscaled.pcap", snaplen=100)
def pickup_unscaled():
    """Picked up after the handshake, so the window scale is not known: more in flight than the window
    field says"""
    rows = " 0.000 > .   0:0(0)  ack 0  win 500\n"
    for n in range(40):
        rows += f" {0.01 * (n + 1):.3f} < .  {1400 * n}:{1400 * n + 1400}(1400) ack 0 win 500\n"
    rows += " 0.500 > .   0:0(0)  ack 28000  win 500\n 0.510 > .  0:0(0)  ack 56000  win 500\n"
    # The bytes of the data do not matter: the snap length keeps the file short.
    return f.conversation(rows)


@capture("tcp-window.pcap")
def window():
    """Out of the window, one rule a line: data over the bound, data below it, an ACK of what was never
    sent, an ACK too old; and what is on the last allowed octet of each"""
    return f.conversation("""
 0.000 > S    0:0(0)                  win 1000 <mss 1460>
 0.010 < S.   0:0(0)   ack 1          win 2000 <mss 1460>
 0.020 > .    1:1(0)   ack 1          win 1000
 0.100 > P.   1:1001(1000) ack 1      win 1000
 0.110 > P.   1001:2001(1000) ack 1   win 1000     # fills the server's window
 0.120 > P.   2001:2002(1) ack 1      win 1000     # one octet over
 0.130 > P.   2102:2202(100) ack 1    win 1000     # all of it over
 0.140 < .    1:1(0)   ack 2001       win 2000
 0.150 > P.   1:101(100) ack 1        win 1000     # sent again: below, but in a window's reach
 0.160 > P.   -1200:-1100(100) ack 1  win 1000     # below the lower bound
 0.170 < .    1:1(0)   ack 9000       win 2000     # acknowledges what was never sent
 0.180 < P.   1:501(500) ack 2001     win 2000
 0.190 > .    2001:2001(0) ack 501    win 1000
 0.200 < .    501:501(0) ack -69000   win 2000     # too old an ACK
 0.210 < .    501:501(0) ack 1        win 2000     # old, but allowed
 0.220 < P.   501:1501(1000) ack 2001 win 0        # window closes
 0.230 > P.   2001:2002(1) ack 501    win 1000     # probe of the closed window
 0.240 < .    1501:1501(0) ack 2001   win 0
 0.250 < .    1501:1501(0) ack 2002   win 2000
 0.260 > .    2001:2001(0) ack 1501   win 1000     # keepalive: one below
""")


@capture("tcp-window-scale.pcap")
def window_scale():
    """Window scaling: only when both offer it; a factor over 14; and a window that only fits scaled"""
    def rows(first, second, start, port):
        return f.conversation(f"""
 0.000 > S    0:0(0)                    win 1000 <mss 1460{first}>
 0.010 < S.   0:0(0)   ack 1            win 1000 <mss 1460{second}>
 0.020 > .    1:1(0)   ack 1            win 100
 0.030 > P.   1:1401(1400) ack 1        win 100
 0.040 < .    1:1(0)   ack 1401         win 100
 0.050 > .    1401:2801(1400) ack 1     win 100
 0.060 > .    2801:4201(1400) ack 1     win 100
 0.070 > P.   9000:9100(100) ack 1      win 100
""", client=(f.CLIENT, port), start=start)
    return (rows(",wscale 7", ",wscale 7", 0, 40000) + rows(",wscale 7", "", 1, 40001)
            + rows("", ",wscale 7", 2, 40002) + rows(",wscale 15", ",wscale 0", 3, 40003))


@capture("tcp-sack.pcap")
def sack():
    """Selective acknowledgement: a segment is lost, two SACK blocks, D-SACK; a SACK beyond what was sent
    (invalid); SACK in a connection that did not agree on it"""
    agreed = f.conversation(OPEN + """
 0.100 > .    1:101(100) ack 1      win 502
 0.110 > .    201:301(100) ack 1    win 502          # 101 is lost
 0.120 < .    1:1(0)   ack 101      win 509 <sack 201-301>
 0.130 > .    401:501(100) ack 1    win 502          # 301 is lost
 0.140 < .    1:1(0)   ack 101      win 509 <sack 401-501 201-301>
 0.150 > .    101:201(100) ack 1    win 502
 0.160 < .    1:1(0)   ack 301      win 509 <sack 401-501>
 0.170 > .    301:401(100) ack 1    win 502
 0.180 < .    1:1(0)   ack 501      win 509
 0.190 > .    101:201(100) ack 1    win 502          # needlessly again
 0.200 < .    1:1(0)   ack 501      win 509 <sack 101-201>
 0.210 < .    1:1(0)   ack 501      win 509 <sack 900000-900100>
 0.220 < .    1:1(0)   ack 501      win 509 <TS 1000 2000,sack 401-501>
""")
    not_agreed = f.conversation("""
 1.000 > S    0:0(0)                <mss 1460>
 1.010 < S.   0:0(0)   ack 1        <mss 1460>
 1.020 > .    1:101(100) ack 1
 1.030 > .    201:301(100) ack 1
 1.040 < .    1:1(0)   ack 101      <sack 201-301>
""", client=(f.CLIENT, 40001))
    return agreed + not_agreed


@capture("tcp-retransmission.pcap")
def retransmission():
    """The same segment five times without an answer: after nf_conntrack_tcp_max_retrans (3) the entry
    gets the short timeout; then it is acknowledged, and data the other way stays unacknowledged"""
    return f.conversation(OPEN + """
 1.000 > P.   1:101(100) ack 1    win 502
 1.200 > P.   1:101(100) ack 1    win 502
 1.600 > P.   1:101(100) ack 1    win 502
 2.400 > P.   1:101(100) ack 1    win 502
 4.000 > P.   1:101(100) ack 1    win 502
 7.200 > P.   1:101(100) ack 1    win 502
 7.210 < .    1:1(0)   ack 101    win 509
 8.000 < P.   1:201(200) ack 101  win 509
 9.000 < P.   1:201(200) ack 101  win 509
""")


@capture("tcp-wrap.pcap")
def wrap():
    """Sequence numbers that pass 2^32 on both sides, in the handshake and in the data"""
    return f.conversation(OPEN + """
 0.100 > P.   1:1001(1000) ack 1         win 502
 0.110 < .    1:1(0)   ack 1001          win 509
 0.120 < P.   1:1001(1000) ack 1001      win 509
 0.130 > .    1001:1001(0) ack 1001      win 502
 0.140 > F.   1001:1001(0) ack 1001      win 502
 0.150 < F.   1001:1001(0) ack 1002      win 509
 0.160 > .    1002:1002(0) ack 1002      win 502
""", isn=(2 ** 32 - 500, 2 ** 32 - 1))


@capture("tcp-flags.pcap")
def flags():
    """Every combination of SYN, FIN, RST, ACK, PSH and URG as the first packet of its flow (64 flows), and
    one with the reserved bits set: which the kernel calls invalid, and which of the others make entries"""
    rows = []
    for n in range(64):
        letters = "".join(c for bit, c in enumerate("FSRP.U") if n >> bit & 1)
        segment = f.tcp(f.CLIENT, f.SERVER, 41000 + n, 80, letters, 1000, 2000 if "." in letters else 0)
        rows.append((n / 100, f.eth(f.ip4(f.CLIENT, f.SERVER, f.TCP, segment))))
    segment = f.tcp(f.CLIENT, f.SERVER, 41064, 80, "S", 1000, reserved=7)
    return rows + [(0.64, f.eth(f.ip4(f.CLIENT, f.SERVER, f.TCP, segment)))]


@capture("tcp-malformed.pcap")
def malformed():
    """TCP headers that are broken: data offset 4 and 15 (over the end), a header of 19, of 8 and of no
    octets; options with a length of 0, of 1, and over the end; port 0"""
    c, s = f.CLIENT, f.SERVER

    def whole(n, **options):
        return f.tcp(c, s, 40000 + n, 80, "S", 1000, **options)

    segments = [whole(0, doff=4), whole(1, doff=15), whole(2)[:19], whole(3)[:8], b"",
                whole(5, options=bytes.fromhex("0300010103000101")),
                whole(6, options=bytes.fromhex("030101010301" + "0101")),
                whole(7, options=bytes.fromhex("01010101" + "01010308")),
                whole(8, options=bytes.fromhex("0204" + "05b4" + "00000000")),
                f.tcp(c, s, 0, 80, "S", 1000), f.tcp(c, s, 40010, 0, "S", 1000)]
    return [(n / 100, f.eth(f.ip4(c, s, f.TCP, segment))) for n, segment in enumerate(segments)]


@capture("tcp-self.pcap")
def self_connection():
    """A connection of a socket to itself (same address and port on both ends): the reply direction's tuple
    is the original's. TCP opens it by crossing its own SYN; UDP and ICMP the same way"""
    c = f.CLIENT
    rows = f.conversation("""
 0.000 > S    0:0(0)            <mss 1460,sackOK,wscale 7>
 0.001 > S.   0:0(0)   ack 1    <mss 1460,sackOK,wscale 7>
 0.002 > .    1:1(0)   ack 1    win 502
 0.010 > P.   1:6(5)   ack 1    win 502
 0.011 > .    6:6(0)   ack 6    win 502
""", client=(c, 40000), server=(c, 40000), isn=(100_000, 100_000))
    datagram = f.ip4(c, c, f.UDP, f.udp(c, c, 40000, 40000, b"hello"))
    echo = f.ip4(c, c, f.ICMP, f.icmp(8, 0, f.echo_rest(9, 1), b"hello"))
    return rows + [(0.1, f.eth(datagram)), (0.2, f.eth(datagram)), (0.3, f.eth(echo)), (0.4, f.eth(echo))]


@capture("tcp-timeouts.pcap")
def timeouts():
    """One connection in each state, then ten minutes of silence with a datagram now and then: what has
    expired when"""
    stages = [" 0.000 > S 0:0(0) <mss 1460>\n",
              " 0.000 > S 0:0(0) <mss 1460>\n 0.010 < S. 0:0(0) ack 1 <mss 1460>\n", OPEN,
              OPEN + " 1.000 > F. 1:1(0) ack 1 win 502\n",
              OPEN + " 1.000 > F. 1:1(0) ack 1 win 502\n 1.010 < . 1:1(0) ack 2 win 509\n",
              OPEN + " 1.000 > F. 1:1(0) ack 1 win 502\n 1.010 < F. 1:1(0) ack 2 win 509\n",
              CLOSED, OPEN + " 1.000 > R. 1:1(0) ack 1 win 0\n"]
    rows = [row for n, stage in enumerate(stages)
            for row in f.conversation(stage, client=(f.CLIENT, 40000 + n), start=2 * n)]
    for n, at in enumerate((20, 40, 60, 80, 120, 140, 200, 320, 600)):
        tick = f.udp(f.OTHER, f.ROUTER, 50000 + n, 514, b"tick")
        rows.append((at, f.eth(f.ip4(f.OTHER, f.ROUTER, f.UDP, tick))))
    return rows


@capture("tcp6.pcap")
def over_ipv6():
    """Opened, used and closed over IPv6, with a hop-by-hop and a destination options header before TCP"""
    client, server = (f.CLIENT6, 40000), (f.SERVER6, 80)
    rows = f.conversation(CLOSED, client=client, server=server)
    syn = f.tcp(f.CLIENT6, f.SERVER6, 40001, 80, "S", 1000)
    pad = bytes.fromhex("010400000000")
    extended = f.ip6(f.CLIENT6, f.SERVER6, f.TCP, syn, headers=[(0, pad), (60, pad)])
    answer = f.tcp(f.SERVER6, f.CLIENT6, 80, 40001, "S.", 5000, 1001)
    return rows + [(3, f.eth(extended)), (3.01, f.eth(f.ip6(f.SERVER6, f.CLIENT6, f.TCP, answer), back=True))]
