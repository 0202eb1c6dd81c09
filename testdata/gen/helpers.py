# SPDX-License-Identifier: GPL-2.0-only
"""FTP, IRC, TFTP, Amanda and SANE: what the programs that were recorded never say, and what lies."""

import struct

from . import frames as f
from .case import Registry

capture = Registry()

C, S, O = f.CLIENT, f.SERVER, f.OTHER
C6, S6 = f.CLIENT6, f.SERVER6
FTP, TFTP, SANE, IRC, AMANDA = 21, 69, 6566, 6667, 10080


class Talk:
    """A client and a server; each says the next thing ten milliseconds after the last one of the rows."""

    def __init__(self, rows, port, *, client=C, server=S, sport=40000, isn=(1000, 5000)):
        self.rows, self.ends, self.ports, self.seq = rows, (client, server), (sport, port), list(isn)

    def put(self, back, proto, payload):
        src, dst = self.ends[back], self.ends[1 - back]
        when = self.rows[-1][0] + 0.01 if self.rows else 0
        self.rows.append((when, f.eth(f.ip(src, dst, proto, payload), back=bool(back))))

    def wait(self, seconds):
        self.put(0, 253, b"")       # nobody's protocol: it only takes time
        self.rows[-1] = (self.rows[-1][0] + seconds, self.rows[-1][1])

    def syn(self, src, dst, sport, dport):
        """A connection beside; it gets no answer."""
        ends, self.ends = self.ends, (src, dst)
        self.put(0, f.TCP, f.tcp(src, dst, sport, dport, "S", 1))
        self.ends = ends


class Connection(Talk):
    def __init__(self, rows, port, **options):
        super().__init__(rows, port, **options)
        self.segment(0, "S")
        self.segment(1, "S.")
        self.segment(0, ".")

    def segment(self, back, flags, data=b"", at=None):
        src, dst, seq = self.ends[back], self.ends[1 - back], self.seq[back] if at is None else at
        ack = self.seq[1 - back] if "." in flags else 0
        self.put(back, f.TCP, f.tcp(src, dst, self.ports[back], self.ports[1 - back], flags, seq & 0xFFFFFFFF,
                                    ack & 0xFFFFFFFF, data=data))
        if at is None:
            self.seq[back] += len(data) + ("S" in flags) + ("F" in flags)

    def says(self, *texts, back=0, at=None):
        for text in texts:
            self.segment(back, "P.", text.encode("latin-1") if isinstance(text, str) else text, at)

    def answers(self, *texts, at=None):
        self.says(*texts, back=1, at=at)

    def hello(self):
        """FTP: afterwards both sides are known to begin a line."""
        self.answers("220 ready\r\n")
        self.says("NOOP\r\n")
        return self

    def each(self, back, texts):
        """Every text as the first of a line, behind a hole: the one before may have been dropped, or not."""
        for text in texts:
            self.seq[back] += 200
            self.says("200 ok\r\n" if back else "NOOP\r\n", back=back)
            self.says(text, back=back, at=self.seq[back])


class Datagrams(Talk):
    def asks(self, *payloads, back=0):
        for data in payloads:
            data = data.encode() if isinstance(data, str) else data
            self.put(back, f.UDP, f.udp(self.ends[back], self.ends[1 - back], self.ports[back],
                                        self.ports[1 - back], data))

    def answers(self, *payloads):
        self.asks(*payloads, back=1)


# FTP ------------------------------------------------------------------------------------------

def forms(text, *variants):
    return [text % v for v in variants]


@capture("ftp-lines.pcap")
def ftp_lines():
    """PORT, EPRT and the answers 227 and 229 in all their forms, most of them wrong: other delimiters, numbers of
    too many bits, another host's address, cut, unclosed. What begins like one of them and cannot be read is dropped
    (`partial matching of`). Each stands behind a line that ends where it begins"""
    rows = []
    Connection(rows, FTP).hello().each(0, [
        *forms("PORT %s\r\n", "192,0,2,10,4,1", "192,0,2,11,4,2", "192,0,0,522,4,3", "4294967488,0,2,10,4,4",
               "192,,2,10,4,5", "192,0,2,10,0,0", "192,0,2,10,260,1", "192,0,2,10,4", "192,0,2,10,4,6,7", ""),
        "port 192,0,2,10,4,8\r\n", "PORTxx 192,0,2,10,4,9\r\n", "PORTS x 192,0,2,10,4,9\r\n", "PORT 192,0,2,10,4,10\n",
        "PORT 192,0,2,10,4,1", "PORT", "PORT\r\n", "p", "PASV\r\n", "227 (192,0,2,10,4,11)\r\n",
        *forms("EPRT %s\r\n", "|1|192.0.2.10|1040|", "!1!192.0.2.10!1041!", "a1a192.0.2.10a1042a",
               "111192.0.2.10110431", ".1.192.0.2.10.1044.", "\x7f1\x7f192.0.2.10\x7f1045\x7f", "|2|::1|1046|",
               "|1|192.0.2.11|1047|", "|1|192.0.2|1048|", "|1|192.0.2.10|0|", "|1|192.0.2.10|66585|",
               "|1|192.0.2.10||", "|1|192.0.2.10|x|", "|1|192.0.2.10", "|1|", "1"),
        "EPRT |1|192.0.2.10|1050", "EPRT |1|", "EP"])
    Connection(rows, FTP, sport=40001).hello().each(1, [
        *forms("227 %s\r\n", "Entering Passive Mode (198,51,100,20,5,1).", "198,51,100,20,5,2", "=198,51,100,20,5,3",
               "(203,0,113,30,5,4)", "ok 1 (198,51,100,20,5,5)", "Entering Passive Mode", "(198,51,100,20)"),
        "227 (198,51,100,20,5,6", "227-Entering\r\n", "227", "22", "220 ready\r\n", "PORT 198,51,100,20,5,7\r\n",
        *forms("229 %s\r\n", "Entering Extended Passive Mode (|||1290|)", "(((((1291(", "(***1292*", "(111129311)",
               "(|1|198.51.100.20|1294|)", "(|||0|)", "|||1295|", "(|||66832|)", "(|||1297)"),
        "229 (|||1298", "229 (|||", "229 (", "229 ", "2"])
    return rows


@capture("ftp-lines6.pcap")
def ftp_lines6():
    """EPRT with the client's IPv6 address written in all ways, right and wrong; with a colon for a delimiter and an
    octet of zero; EPSV over IPv6; PORT over IPv6, which announces nothing unless it names the first 32 bits of the
    address"""
    rows = []
    addresses = """2001:db8:1::10 2001:DB8:1::10 2001:db8:1:0:0:0:0:10 2001:0db8:0001:0:0:0:0:0010 2001:000db8:1::10
        2001:db8:1::0:0:0:0:10 2001:db8:1:::10 2001:db8:1::0::10 2001:db8:1:0:0:0:0:0:10 2001:db8:1:0:0:0:10
        2001:db8:1::10000 2001:db8:1::g0 2001:db8:1::10%eth0 2001:db8:1::0.0.0.16 2001:db8:1:0:0:0:0.0.0.16
        2001:db8:1:0:0:0:0:0.0.0.16 2001:db8:1::0.0.0.256 2001:db8:1::0.0.16 2001:db8:1::0.0.0.16.0 2001:db8:1::10:
        2001:db8:1::11 :2001:db8:1::10""".split()
    one = Connection(rows, FTP, client=C6, server=S6).hello()
    one.each(0, [f"EPRT |2|{a}|{1025 + n}|\r\n" for n, a in enumerate(addresses)] + [
        "EPRT |2|2001:db8:1::0.0.0.16:1100|\r\n", "EPRT |2|2001:db8:1::10\0001101|\r\n", "EPRT |2||1102|\r\n",
        "EPRT !2!2001:db8:1::10!1103!\r\n", "EPRT b2b2001:db8:1::10b1103b\r\n", "EPRT f2f2001:db8:1::10f1104f\r\n",
        "EPRT :2:2001:db8:1::10:1105:\r\n", "EPRT |1|192.0.2.10|1106|\r\n", "EPRT |2|2001:db8:1::10",
        "PORT 192,0,2,10,4,1\r\n", "PORT 32,1,13,184,4,2\r\n"])
    one.each(1, ["229 Entering Extended Passive Mode (|||1200|)\r\n", "227 (192,0,2,10,4,3)\r\n"])
    for n, (host, text) in enumerate([
            ("::10", "::10"), ("::10", ":0:10"), ("::10", "0:0:0:0:0:0:0.0.0.16"), ("2001:db8:1::", "2001:db8:1::"),
            ("2001:db8:1::", "2001:db8:1:0:0:0:0::"), ("1:2:3:4:5:6:7:0", "1:2:3:4:5:6:7::"),
            ("0:2:3:4:5:6:7:8", "::2:3:4:5:6:7:8")]):
        Connection(rows, FTP, client=host, server=S6, sport=40001 + n).hello().says(f"EPRT |2|{text}|{1300 + n}|\r\n")
    return rows


@capture("ftp-line-ends.pcap")
def ftp_line_ends():
    """Where a line begins: a first command whose line nobody saw begin, PORT behind another line in one segment,
    behind half a line, in two segments (the first is dropped, then it comes whole), a retransmission, a segment that
    was overtaken, sequence numbers that wrap; only two line ends are remembered"""
    rows = []
    port = "PORT 192,0,2,10,4,%d\r\n"
    Connection(rows, FTP).says(port % 1, port % 2)
    Connection(rows, FTP, sport=40001).hello().says("NOOP\r\n" + port % 3, port % 4)
    Connection(rows, FTP, sport=40002).hello().says("STOR ", port % 5, port % 6)
    t = Connection(rows, FTP, sport=40003).hello()
    half = t.seq[0]
    t.says("PORT 192,0,2,10,")
    t.says(port % 7, at=half)
    t.says(port % 7, at=half)
    t = Connection(rows, FTP, sport=40004).hello()
    late = t.seq[0]
    t.seq[0] += 6
    t.says(port % 8)
    t.says("NOOP\r\n", at=late)
    t.says(port % 8, at=late + 6)
    t = Connection(rows, FTP, sport=40005, isn=(0xFFFFFFF8, 0xFFFFFFF0)).hello()
    t.says("NOOP\r\n", port % 9)
    t.answers("229 (|||1300|)\r\n")
    t = Connection(rows, FTP, sport=40006).hello()
    ends = []
    for _ in range(4):
        ends.append(t.seq[0])
        t.says("NOOP\r\n")
    for at in ends:
        t.says(port % (10 + ends.index(at)), at=at)
    t = Connection(rows, FTP, sport=40007).hello()
    t.answers("220-first\r\n220-second\r\n227 (198,51,100,20,4,20)\r\n", "227-\r", "\n", "227 (198,51,100,20,4,21)\r\n")
    t.says(port % 22, at=t.seq[0])
    return rows


@capture("ftp-expect.pcap")
def ftp_expect():
    """What becomes of expectations: met, used up, met by nobody for five minutes, taken over by the next command,
    in the way of another session's (dropped), gone with their session's entry, whose port opens anew; connections
    from another host or the wrong way, which are NEW"""
    rows = []
    t = Connection(rows, FTP).hello()
    t.says("PORT 192,0,2,10,4,1\r\n")
    t.syn(O, C, 20, 1025)
    t.syn(C, S, 20, 1025)
    t.syn(S, C, 20, 1025)
    t.syn(S, C, 21, 1025)
    t.says("PORT 192,0,2,10,4,2\r\n", "PORT 192,0,2,10,4,3\r\n")
    t.answers("200 ok\r\n", "227 (198,51,100,20,4,4)\r\n")
    t.syn(S, C, 20, 1026)
    t.syn(S, C, 20, 1027)
    t.syn(C, S, 50000, 1028)
    t.says("PORT 192,0,2,10,4,5\r\n")
    other = Connection(rows, FTP, sport=40001).hello()
    other.says("PORT 192,0,2,10,4,5\r\n")
    other.says("PORT 192,0,2,10,4,6\r\n", at=other.seq[0] - 21)
    t.answers("200 ok\r\n")
    t.wait(290)
    other.says("NOOP\r\n")
    other.answers("200 ok\r\n")
    t.wait(30)      # the kernel's timer is an eighth late at most
    t.syn(S, C, 20, 1029)
    other.says("PORT 192,0,2,10,4,7\r\n")
    other.segment(1, "R.")
    other.wait(11)
    other.segment(0, "S", at=90000)     # the kernel notices the end when the port is used again
    other.syn(S, C, 20, 1031)
    return rows


# IRC ------------------------------------------------------------------------------------------

def dcc(rest, ip=3221225994):
    return f"PRIVMSG joe :\1DCC {rest.replace('IP', str(ip))}\r\n"


@capture("irc-dcc.pcap")
def irc_dcc():
    """DCC requests of every kind, right and wrong: another's address, numbers of too many bits, two keywords, two
    requests, what is cut, what is not a PRIVMSG; from the server; connections that meet one of them, of anybody"""
    rows = []
    t = Connection(rows, IRC)
    t.answers(":irc.example.org 001 me :Welcome\r\n")
    for n, word in enumerate(("SEND", "CHAT", "MOVE", "TSEND", "SCHAT", "ACCEPT", "send")):
        t.says(dcc(f"{word} file IP {1025 + n} 77\1"))
    t.syn(O, C, 50000, 1025)
    t.syn(S, C, 50000, 1026)
    t.syn(O, C, 50001, 1025)
    t.syn(C, O, 50000, 1027)
    good = dcc("SEND file IP 1100\1")
    Connection(rows, IRC, sport=40001).says(
        "NOTICE" + good[7:], ":me " + good, good.replace(":", ":hi "), good.replace("\1", ""), good[:-2], good[:-1],
        dcc("SEND my file IP 1101"), dcc("SEND filefilefilefilefile"), dcc("SEND file IP"),
        dcc("SEND file 3221225995 1102"), dcc("SEND file 192.0.2.10 1103"), dcc("SEND file IP 0"),
        dcc("SEND CHAT file IP 1104"), dcc("SEND file 1 2 :\1DCC SEND file IP 1105"),
        dcc("SEND file IP 65536"), "PRIVMSG j ", "  \r\n\r\n  \r\n   ")
    Connection(rows, IRC, sport=40002).says(
        good.lower().replace("dcc send", "DCC SEND").replace("1100", "1106"), " \r\n" + dcc("SEND  IP 1107"),
        dcc("SEND file IP   1108"), dcc("SEND file IP 66645", 7516193290),
        dcc("SEND file IP 1110", 18446744076930777610),
        dcc("XMIT file IP 1 :\1DCC SEND file IP 1111"), dcc("CHAT c 03221225994 01112"), dcc("SEND x IP 7")[:-2] + "\n")
    Connection(rows, IRC, sport=40003).answers(dcc("SEND file IP 1120\1", 3325256724))
    return rows


@capture("irc-limits.pcap")
def irc_limits():
    """Nine requests in one session, of which eight are kept; a port that another session announced already
    (dropped); a long line, of which the first 4095 octets are read, with the request just inside and just outside"""
    rows = []
    t = Connection(rows, IRC)
    for n in range(9):
        t.says(dcc(f"SEND file IP {1025 + n}\1"))
    t.says(dcc("SEND file IP 1033\1"))
    other = Connection(rows, IRC, sport=40001)
    other.says(dcc("SEND file IP 1033\1"))
    other.says(dcc("SEND file IP 1040\1"), at=other.seq[0])
    for size in (4095, 4096):
        tail = " :\1DCC SEND file 3221225994 %d\r\n" % (size - 3000)
        Connection(rows, IRC, sport=40000 + size).says("PRIVMSG ".ljust(size - len(tail), "x") + tail)
    return rows


# TFTP -----------------------------------------------------------------------------------------

@capture("tftp-requests.pcap")
def tftp_requests():
    """Requests and what is none: opcodes 0 to 6, two and one and no octet; a request sent again, a request by the
    server; answers from the port of a transfer (RELATED), from a second one (NEW), to another port; IPv4 and IPv6"""
    rows = []
    for client, server in ((C, S), (C6, S6)):
        for code in range(7):
            t = Datagrams(rows, TFTP, client=client, server=server, sport=40000 + code)
            t.asks(struct.pack("!H", code) + b"boot\0octet\0")
        for size in range(3):
            Datagrams(rows, TFTP, client=client, server=server, sport=40010 + size).asks(b"\0\1"[:size])
        asker = Datagrams(rows, TFTP, client=client, server=server, sport=40001)
        asker.asks(b"\0\1boot\0octet\0")
        transfer = Datagrams(rows, 5000, client=client, server=server, sport=40001)
        transfer.answers(b"\0\3\0\1data")
        transfer.asks(b"\0\4\0\1")
        Datagrams(rows, 5001, client=client, server=server, sport=40001).answers(b"\0\3\0\1data")
        Datagrams(rows, 5000, client=client, server=server, sport=40012).answers(b"\0\3\0\1data")
        Datagrams(rows, TFTP, client=client, server=server, sport=40002).answers(b"\0\3\0\1data")
        asker.answers(b"\0\2boot\0octet\0")
        Datagrams(rows, 5002, client=client, server=server, sport=40001).answers(b"\0\3\0\1data")
    return rows


# Amanda ---------------------------------------------------------------------------------------

@capture("amanda-connect.pcap")
def amanda_connect():
    """The answers of a backup client: three and four ports, in another order, none, on the next line, without a
    line's end, ports of too many digits or bits, ports that another conversation announced already (dropped); late,
    which the entry survives; connections that meet them; IPv4 and IPv6"""
    rows = []
    head = "Amanda 2.6 REP HANDLE 000-00000000 SEQ 1\n"
    for client, server in ((C, S), (C6, S6)):
        t = Datagrams(rows, AMANDA, client=client, server=server)
        t.asks("Amanda 2.6 REQ HANDLE 000-00000000 SEQ 1\nSERVICE sendbackup\n")
        t.answers("Amanda 2.6 ACK HANDLE 000-00000000 SEQ 1\n",
                  head + "CONNECT DATA 1025 MESG 1026 INDEX 1027\nOPTIONS ;\n")
        t.asks("Amanda 2.6 ACK HANDLE 000-00000000 SEQ 1\n", "CONNECT DATA 1099\n")
        for port in (1025, 1026, 1027, 1028):
            t.syn(client, server, 50000 + port, port)
        t.answers(head + "CONNECT STATE 1031 DATA 1028 MESG 1029 INDEX 1030\n", "CONNECT DATA 1032\n")
        other = Datagrams(rows, AMANDA, client=client, server=server, sport=40001)
        other.asks("Amanda 2.6 REQ\n")
        other.answers("CONNECT DATA 1029 MESG 1030 INDEX 1033\n")
    for n, text in enumerate((
            "CONNECT \n", "connect DATA 1100\n", "CONNECT DATA 1101", "CONNECT MESG 1102\nDATA 1103\n",
            "CONNECT \nCONNECT DATA 1104\n", "CONNECT DATA 1105 DATA 1106\n", "CONNECT DATA 1107 MESG 0 INDEX 1108\n",
            "CONNECT DATA 1109 MESG x INDEX 1110\n", "CONNECT DATA \n", "CONNECT DATA 011111\n", "CONNECT DATA 66648\n",
            "CONNECT DATA 65536 MESG 1113\n", "CONNECT METADATA 1114\n", "CONN", "", "OPTIONS features=ff;\n")):
        t = Datagrams(rows, AMANDA, sport=41000 + n)
        t.asks("REQ")
        t.answers(text)
    slow = Datagrams(rows, AMANDA, sport=42000)
    slow.asks("REQ")
    slow.answers("ACK")
    slow.wait(200)
    slow.answers("CONNECT DATA 1200\n")
    slow.syn(C, S, 50000, 1200)
    return rows


# SANE -----------------------------------------------------------------------------------------

@capture("sane-start.pcap")
def sane_start():
    """A scanner's server answers START with a port, which the client connects to; then what announces none: refused,
    cut, not asked for, after another request, a port of more than 16 bits, a START in two segments or with more
    behind it; a second START takes over from the first; IPv4 and IPv6"""
    rows = []

    def words(*numbers):
        return struct.pack(f"!{len(numbers)}I", *numbers)

    start = words(7, 1)
    for client, server in ((C, S), (C6, S6)):
        t = Connection(rows, SANE, client=client, server=server)
        t.says(start)
        t.answers(words(0, 1025, 0x1234, 0))
        t.syn(server, client, 50000, 1025)
        t.syn(client, server, 50000, 1025)
        t.syn(client, server, 50001, 1025)
        t.says(start)
        t.answers(words(0, 1026, 0x1234, 0))
        t.says(start)
        t.answers(words(0, 1027))
        t.syn(client, server, 50002, 1026)
        other = Connection(rows, SANE, client=client, server=server, sport=40001)
        other.says(start)
        other.answers(words(0, 1027))
    t = Connection(rows, SANE, sport=40002)
    for said in (
            [start, words(3, 1100)], [start, words(0, 1101)[:6]], [start, words(0), words(0, 1102)],
            [words(4, 1), words(0, 1103)], [start, words(0, 66640)], [start[:4], words(0, 1105)],
            [start + words(4), words(0, 1106)], [b"", words(0, 1107)]):
        if said[0]:
            t.says(said[0])
        t.answers(*said[1:])
    t.says(start, words(4, 1))
    t.answers(words(0, 1108))
    t.says(start, words(4, 1, 2))
    t.answers(words(0, 1109))
    return rows
