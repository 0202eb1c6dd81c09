# SPDX-License-Identifier: GPL-2.0-only
"""Random rulesets that the kernel takes, of what src/rules evaluates.

Rates are slow and bursts small, so that what limits remember does not depend on
the clock of the machine.
"""
from frames import LAN4, LAN6, PORTS, WAN4, WAN6

TABLES = {
    "raw": ["PREROUTING", "OUTPUT"],
    "mangle": ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
    "filter": ["INPUT", "FORWARD", "OUTPUT"],
    "security": ["INPUT", "FORWARD", "OUTPUT"],
}
PORT_PROTOS = ["tcp", "udp", "sctp", "dccp", "udplite"]


class Generator:
    def __init__(self, rng, v6=False, backend="nft", only=None):
        self.rng, self.v6, self.backend = rng, v6, backend
        self.names = 0
        self.more_sets = []	# types that not every kernel has
        self.only = only

    def maybe(self, p):
        return self.rng.random() < p

    def bang(self, p=0.25):
        return "! " if self.maybe(p) else ""

    def port(self):
        r = self.rng
        if self.maybe(0.7):
            return str(r.choice(PORTS))
        a, b = sorted(r.sample(PORTS, 2))
        return r.choice(["%d:%d" % (a, b), "%d:65535" % a, "0:%d" % b])

    def addr(self):
        r = self.rng
        if self.v6:
            a = r.choice(LAN6 + WAN6 + ["2001:db8:1::1"])
            return r.choice([a, a + "/64", a + "/126", "2001:db8::/32"])
        a = r.choice(LAN4 + WAN4 + ["192.0.2.1"])
        return r.choice([a, a + "/24", a + "/31", a + "/255.255.255.253",
                         "192.0.2.8/29", "0.0.0.0/0"])

    def header(self, table, hook):
        r, w = self.rng, []
        if self.maybe(0.25):
            w.append(self.bang() + "-s " + self.addr())
        if self.maybe(0.25):
            w.append(self.bang() + "-d " + self.addr())
        dev = lambda: r.choice(["lan0", "wan0", "lan+", "w+", "lo", "eth0", "+"])
        if hook in ("PREROUTING", "INPUT", "FORWARD") and self.maybe(0.2):
            w.append(self.bang() + "-i " + dev())
        if hook in ("FORWARD", "OUTPUT", "POSTROUTING") and self.maybe(0.2):
            w.append(self.bang() + "-o " + dev())
        return [x for x in w if x not in ("! -s 0.0.0.0/0", "! -d 0.0.0.0/0",
                                          "! -i +", "! -o +")]

    def flags(self):
        r = self.rng
        names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"]
        mask = r.sample(names, r.randrange(1, 7))
        comp = [x for x in mask if self.maybe(0.4)]
        return "%s %s" % (",".join(mask), ",".join(comp) or "NONE")

    def m_tcp(self):
        r = self.rng
        w = "-p tcp -m tcp"
        if self.maybe(0.4):
            w += " %s--sport %s" % (self.bang(), self.port())
        if self.maybe(0.6):
            w += " %s--dport %s" % (self.bang(), self.port())
        if self.maybe(0.4):
            w += " %s--tcp-flags %s" % (self.bang(), self.flags())
        if self.maybe(0.15):
            w += " %s--tcp-option %d" % (self.bang(), r.choice([2, 3, 4, 8]))
        if self.maybe(0.2):
            w += " -m tcpmss %s--mss %s" % (self.bang(), r.choice(
                ["1460", "1000:1460", "0:1000"]))
        return w

    def any_ports(self):
        """Ports, or a range that ends before it begins, which a few matches take."""
        return "2000:53" if self.maybe(0.05) else self.port()

    def m_udp(self):
        w = "-p udp -m udp"
        if self.maybe(0.4):
            w += " %s--sport %s" % (self.bang(), self.any_ports())
        if self.maybe(0.6):
            w += " %s--dport %s" % (self.bang(), self.any_ports())
        return w

    def m_sctp(self):
        r = self.rng
        w = "-p sctp -m sctp"
        if self.maybe(0.5):
            w += " %s--dport %s" % (self.bang(), self.port())
        if self.maybe(0.6):
            w += " %s--chunk-types %s %s" % (
                self.bang(), r.choice(["any", "all", "only"]),
                r.choice(["INIT", "DATA", "DATA:Be", "SACK,DATA", "ABORT:T",
                          "ABORT:t"]))
        return w

    def m_icmp(self):
        r = self.rng
        if self.v6:
            return "-p ipv6-icmp -m icmp6 %s--icmpv6-type %s" % (
                self.bang(), r.choice(["128", "129", "1", "1/4", "3", "135"]))
        return "-p icmp -m icmp %s--icmp-type %s" % (
            self.bang(), r.choice(["8", "0", "3", "3/3", "3/1", "11", "any", "13"]))

    def m_multiport(self):
        r = self.rng
        n = r.randrange(1, 5)
        items = []
        for _ in range(n):
            items.append(self.port() if self.maybe(0.3) else str(r.choice(PORTS)))
        return "-p %s -m multiport %s--%s %s" % (
            r.choice(PORT_PROTOS[:3]), self.bang(),
            r.choice(["sports", "dports", "ports"]), ",".join(items))

    def m_proto(self):
        r = self.rng
        return self.bang() + "-p " + r.choice(
            ["tcp", "udp", "esp", "gre", "sctp", "dccp",
             "ipv6-icmp" if self.v6 else "icmp", "99"])

    def m_esp(self):
        r = self.rng
        if self.v6 or self.maybe(0.5):
            return "-p esp -m esp %s--espspi %s" % (
                self.bang(), r.choice(["256", "0:300", "257:299"]))
        return "-p ah -m ah %s--ahspi %s" % (
            self.bang(), r.choice(["512", "0:100", "9:512"]))

    def m_dccp(self):
        r = self.rng
        return "-p dccp -m dccp %s--dccp-types %s" % (
            self.bang(), r.choice(["REQUEST", "DATA", "REQUEST,DATAACK"]))

    def states(self):
        r = self.rng
        names = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED"]
        return ",".join(r.sample(names, r.randrange(1, 3)))

    def m_state(self):
        return "-m state %s--state %s" % (self.bang(), self.states())

    def m_conntrack(self):
        r = self.rng
        w = "-m conntrack"
        choices = []
        if self.maybe(0.6):
            choices.append("%s--ctstate %s" % (self.bang(), self.states()))
        if self.maybe(0.2):
            choices.append("%s--ctproto %s" % (self.bang(), r.choice(
                ["tcp", "udp", "58" if self.v6 else "icmp"])))
        if self.maybe(0.25):
            choices.append("%s--ctstatus %s" % (self.bang(), r.choice(
                ["NONE", "SEEN_REPLY", "ASSURED", "CONFIRMED",
                 "SEEN_REPLY,ASSURED", "EXPECTED"])))
        if self.maybe(0.2):
            choices.append("--ctdir " + r.choice(["ORIGINAL", "REPLY"]))
        if self.maybe(0.2):
            choices.append("%s--%s %s" % (self.bang(), r.choice(
                ["ctorigsrc", "ctorigdst", "ctreplsrc", "ctrepldst"]),
                                          self.addr()))
        if self.maybe(0.2):
            choices.append("%s--%s %s" % (self.bang(), r.choice(
                ["ctorigsrcport", "ctorigdstport", "ctreplsrcport",
                 "ctrepldstport"]), self.any_ports()))
        if self.maybe(0.1):
            choices.append("%s--ctexpire %s" % (self.bang(), r.choice(
                ["0", "1:1000000", "200:4000000"])))
        if not choices:
            choices.append("--ctstate NEW")
        return w + " " + " ".join(choices)

    def m_limit(self):
        return "-m limit --limit %s --limit-burst %d" % (
            self.rng.choice(["1/hour", "3/hour", "1/day", "2/day"]),
            self.rng.randrange(1, 6))

    def m_mark(self):
        return "-m mark %s--mark %s" % (self.bang(), self.rng.choice(
            ["0x0", "0x1", "0x1/0xff", "0x0/0xf0", "0x21"]))

    def m_connmark(self):
        return "-m connmark %s--mark %s" % (self.bang(), self.rng.choice(
            ["0x0", "0x1", "0x2", "0x0/0xf"]))

    def m_addrtype(self):
        r = self.rng
        kinds = ["LOCAL", "UNICAST", "MULTICAST"]
        if not self.v6:
            kinds.append("BROADCAST")
        return "-m addrtype %s--%s-type %s" % (
            self.bang(), r.choice(["src", "dst"]), r.choice(kinds))

    def m_pkttype(self):
        return "-m pkttype %s--pkt-type %s" % (self.bang(), self.rng.choice(
            ["unicast", "broadcast", "multicast"]))

    def m_length(self):
        return "-m length %s--length %s" % (self.bang(), self.rng.choice(
            ["0:60", "40", "100:500", "29:200"]))

    def m_ttl(self):
        r = self.rng
        k = "hl" if self.v6 else "ttl"
        if self.maybe(0.5):
            return "-m %s %s--%s-eq %s" % (k, self.bang(), k,
                                           r.choice(["63", "64", "5", "4"]))
        return "-m %s --%s-%s %s" % (k, k, r.choice(["lt", "gt"]),
                                     r.choice(["5", "63", "64"]))

    def m_tos(self):
        r = self.rng
        if self.maybe(0.3):
            return "-m dscp %s--dscp %s" % (self.bang(),
                                            r.choice(["0x2e", "0x04", "0x00"]))
        if self.maybe(0.2):
            return "-m ecn %s--ecn-ip-ect %s" % (self.bang(),
                                                 r.choice("0123"))
        return "-m tos %s--tos %s" % (self.bang(), r.choice(
            ["0x10/0xff", "0x00/0xff", "0xb8/0xfc", "0x10/0x3f"]))

    def m_string(self):
        r = self.rng
        w = "-m string %s--string %s --algo %s" % (
            self.bang(), r.choice(["needle", "bad", '"GET /"', "xxx"]),
            r.choice(["bm", "kmp"]))
        if self.maybe(0.3):
            w += " --icase"
        if self.maybe(0.3):
            w += " --from %d" % r.choice([20, 28, 40])
        if self.maybe(0.3):
            w += " --to %d" % r.choice([46, 60, 100])
        return w

    def m_iprange(self):
        a = sorted(self.rng.sample(LAN6 + WAN6 if self.v6 else LAN4 + WAN4, 2))
        return "-m iprange %s--%s-range %s-%s" % (
            self.bang(), self.rng.choice(["src", "dst"]), a[0], a[1])

    def m_statistic(self):
        r = self.rng
        every = r.randrange(1, 6)
        return "-m statistic --mode nth %s--every %d --packet %d" % (
            self.bang(), every, r.randrange(every))

    def m_quota(self):
        return "-m quota %s--quota %d" % (self.bang(),
                                          self.rng.choice([100, 1000, 200]))

    def m_connbytes(self):
        r = self.rng
        return ("-m connbytes %s--connbytes %s --connbytes-mode %s "
                "--connbytes-dir %s" % (
                    self.bang(), r.choice(["2:3", "1:", "0:100", "50:60"]),
                    r.choice(["packets", "bytes", "avgpkt"]),
                    r.choice(["original", "reply", "both"])))

    def m_connlimit(self):
        r = self.rng
        return "-p tcp --syn -m connlimit --connlimit-%s %d --connlimit-mask %d --connlimit-%s" % (
            r.choice(["above", "upto"]), r.randrange(1, 4),
            r.choice([128, 64, 0] if self.v6 else [32, 24, 0]),
            r.choice(["saddr", "daddr"]))

    def m_recent(self):
        r = self.rng
        w = "-m recent %s--%s" % (self.bang(), r.choice(
            ["set", "rcheck", "update", "remove", "rcheck", "update"]))
        if w.endswith("rcheck") or w.endswith("update"):
            if self.maybe(0.5):
                w += " --hitcount %d" % r.randrange(1, 6)
            if self.maybe(0.3):
                w += " --seconds 3600"
            if self.maybe(0.2):
                w += " --rttl"
        w += " --name n%d" % r.randrange(3)
        if self.maybe(0.3):
            w += " --rdest"
        return w

    def m_hashlimit(self):
        r = self.rng
        modes = r.sample(["srcip", "dstip", "srcport", "dstport"],
                         r.randrange(1, 4))
        self.names += 1
        # Tables of one name hold what the first rule is for: rates or credits.
        rate = self.maybe(0.2)
        return ("-m hashlimit --hashlimit-%s %s --hashlimit-burst %d "
                "--hashlimit-mode %s --hashlimit-name %s%d%s "
                "--hashlimit-htable-expire 3600000 --hashlimit-srcmask %d%s" % (
                    r.choice(["upto", "above"]), r.choice(["1/hour", "9/day"]),
                    r.randrange(1, 6), ",".join(modes), "r" if rate else "h",
                    self.names if self.maybe(0.6) else 0,
                    "v6" if self.v6 else "",
                    r.choice([128, 64] if self.v6 else [32, 24]),
                    " --hashlimit-rate-match" if rate else ""))

    def m_u32(self):
        r = self.rng
        return '-m u32 %s--u32 "%s"' % (self.bang(), r.choice([
            "6&0xFF=17", "0>>22&0x3C@0>>16=53:80", "4&0x3FFF=0", "0>>22&0x3C@12>>26&0x3C@0=0:0xffff",
            "8>>24=1:10", "30=0:0x7fffffff", "0>>16&0xFF=0x10&&6&0xFF=6"]))

    def m_misc(self):
        r = self.rng
        return r.choice(["-m comment --comment \"a b\"",
                         "-m policy --dir in --pol none",
                         "-m physdev ! --physdev-in eth0",
                         "-m helper --helper ftp", "-m helper ! --helper ftp",
                         "-m time --timestart 00:00 --timestop 23:59:59"])

    def m_ip6(self):
        r = self.rng
        return r.choice([
            "-m ipv6header %s--header hop-by-hop --soft" % self.bang(),
            "-m ipv6header --header prot", "-m ipv6header --header dst --soft",
            "-m hbh", "-m dst", "-m hbh --hbh-opts 1:4", "-m dst --dst-len 8",
            "-m frag", "-m rt --rt-type 0"])

    def m_set(self):
        r = self.rng
        return "-m set %s--match-set %s" % (self.bang(), r.choice(self.sets))

    MATCHES = {
        "tcp": 5, "udp": 4, "icmp": 3, "sctp": 1, "multiport": 2, "proto": 3,
        "esp": 1, "dccp": 1, "state": 3, "conntrack": 5, "limit": 2, "mark": 2,
        "connmark": 2, "addrtype": 2, "pkttype": 1, "length": 1, "ttl": 2,
        "tos": 2, "string": 2, "iprange": 1, "statistic": 1, "quota": 1,
        "connbytes": 2, "connlimit": 2, "recent": 3, "hashlimit": 2, "u32": 2,
        "misc": 1, "ip6": 2, "set": 3,
    }

    def match(self, hook, have_proto):
        while True:
            names = self.only or list(self.MATCHES)
            weights = [self.MATCHES.get(n, 1) for n in names]
            name = self.rng.choices(names, weights)[0]
            if name == "ip6" and not self.v6:
                continue
            if name == "set" and not self.sets:
                continue
            text = getattr(self, "m_" + name)()
            if "-p " in text and have_proto:
                continue
            if "-m physdev" in text and hook in ("OUTPUT",):
                continue
            if "--dir in" in text and hook in ("OUTPUT", "POSTROUTING"):
                text = text.replace("--dir in", "--dir out")
            if "--dir in" in text and hook is None:
                continue
            return text

    def target(self, table, hook, chains):
        r = self.rng
        if self.maybe(0.35):
            return ""
        if chains and self.maybe(0.25):
            return r.choice(["-j ", "-j ", "-g "]) + r.choice(chains)
        if self.maybe(0.12):
            return "-j RETURN"
        plain = ["-j ACCEPT", "-j DROP", "-j RETURN", '-j LOG --log-prefix "a b "',
                 "-j NFLOG --nflog-group 5"]
        if table == "raw":
            plain += ["-j CT --notrack", "-j CT --notrack"]
        if table == "filter":
            plain += ["-j REJECT", "-j ACCEPT", "-j REJECT --reject-with " +
                      r.choice(["icmp6-adm-prohibited", "icmp6-no-route"]
                               if self.v6 else
                               ["icmp-host-prohibited", "icmp-admin-prohibited"])]
        if table == "mangle":
            k = "HL --hl" if self.v6 else "TTL --ttl"
            plain += ["-j MARK --set-xmark " + r.choice(
                ["0x1/0xff", "0x20/0xf0", "0x1/0xffffffff"]),
                      "-j MARK --set-xmark 0x1",
                      "-j CONNMARK --set-xmark 0x%d" % r.randrange(3),
                      "-j CONNMARK --save-mark", "-j CONNMARK --restore-mark"]
            # IPv6 datagrams to the router that are changed fail its checksum
            # test later, since that was computed over the header as well.
            if not self.v6 or hook in ("FORWARD", "OUTPUT", "POSTROUTING"):
                plain += ["-j TOS --set-tos 0x10/0x3f", "-j DSCP --set-dscp 0x2e",
                          "-j %s-%s 3" % (k, r.choice(["inc", "dec", "set"]))]
            if hook in ("FORWARD", "OUTPUT", "POSTROUTING"):
                plain.append("-j CLASSIFY --set-class 1:10")
        # What a rule adds to a list goes to its first set.
        sets = [q.split()[:2] for q in self.sets if "_l " not in q]
        if sets and self.maybe(0.3):
            name, dims = r.choice(sets)
            return "-j SET " + r.choice(["--add-set %s %s", "--add-set %s %s --exist",
                                         "--del-set %s %s"]) % (name, dims)
        return r.choice(plain)

    def rule(self, table, chain, hook, chains):
        words = self.header(table, hook)
        n = self.rng.choice([0, 1, 1, 1, 2, 2, 3])
        have = False
        for _ in range(n):
            m = self.match(hook, have)
            have = have or "-p " in m
            words.append(m)
        t = self.target(table, hook, chains)
        if t.endswith("tcp-reset") and "-p tcp" not in " ".join(words):
            t = "-j DROP"
        if table == "filter" and have and " ! -p tcp" not in " " + " ".join(words) \
                and "-p tcp" in " ".join(words) and self.maybe(0.12):
            t = "-j REJECT --reject-with tcp-reset"
        if table == "mangle" and "-p tcp --syn" in " ".join(words):
            t = "-j TCPMSS --set-mss 1200"
        words.append(t)
        return "-A %s %s" % (chain, " ".join(x for x in words if x))

    def make_sets(self):
        """Lines for ipset restore; self.sets: what a match may say."""
        r = self.rng
        self.sets = []
        lines = []
        fam = "inet6" if self.v6 else "inet"
        pre = "s6" if self.v6 else "s4"
        hosts = LAN6 + WAN6 if self.v6 else LAN4 + WAN4
        kinds = r.sample(["hash:ip", "hash:net", "hash:ip,port", "hash:net,port",
                          "hash:ip,port,ip", "hash:net,iface",
                          "hash:ip,port,net", "bitmap:port"] + self.more_sets,
                         r.randrange(0, 4))
        for i, kind in enumerate(kinds):
            name = "%s_%d" % (pre, i)
            opts = "" if kind in ("bitmap:port", "hash:mac") else " family " + fam
            if kind == "bitmap:port":
                opts = " range 0-65535"
            counters = self.maybe(0.4)
            lines.append("create %s %s%s%s" % (name, kind, opts,
                                               " counters" if counters else ""))
            seen = set()
            for _ in range(r.randrange(1, 5)):
                elem, dims = self.element(kind, hosts)
                if elem in seen:
                    continue
                seen.add(elem)
                nomatch = " nomatch" if kind.startswith("hash:net") and \
                    self.maybe(0.25) else ""
                lines.append("add %s %s%s" % (name, elem, nomatch))
            for _ in range(2):
                q = "%s %s" % (name, ",".join(r.choice(["src", "dst"])
                                              for _ in range(dims)))
                if kind.startswith("hash:mac"):
                    q = name + " src"
                if self.maybe(0.2) and kind.startswith("hash:net"):
                    q += " --return-nomatch"
                if counters and self.maybe(0.5):
                    q += r.choice([" --packets-gt %d", " ! --update-counters --packets-eq %d",
                                   " --bytes-gt 1%d0"]) % r.randrange(4)
                self.sets.append(q)
        if len(kinds) > 1 and self.maybe(0.5):
            lines.append("create %s_l list:set size 8" % pre)
            for i in range(len(kinds)):
                lines.append("add %s_l %s_%d" % (pre, pre, i))
            self.sets.append("%s_l src" % pre)
            self.sets.append("%s_l src,dst" % pre)
        return lines

    def element(self, kind, hosts):
        r = self.rng
        dims = kind.split(":")[1].split(",")
        parts = []
        for d in dims:
            if d == "ip":
                parts.append(r.choice(hosts))
            elif d == "net":
                parts.append(r.choice(hosts) + r.choice(
                    ["/64", "/127", "/128"] if self.v6 else ["/24", "/31", "/32"]))
            elif d == "port":
                if kind == "bitmap:port":
                    parts.append(str(r.choice(PORTS)))
                else:
                    parts.append(r.choice(["tcp:", "udp:", "sctp:"]) +
                                 str(r.choice(PORTS)))
            elif d == "iface":
                parts.append(r.choice(["lan0", "wan0"]))
            elif d == "mark":
                parts.append("0x%08x" % r.choice([0, 1, 0x21]))
            elif d == "mac":
                parts.append(r.choice(["02:00:00:00:01:01", "02:00:00:00:02:01",
                                       "02:00:00:00:09:09"]))
        import ipaddress
        fixed = []
        for d, p in zip(dims, parts):
            if d == "net":
                p = str(ipaddress.ip_network(p, strict=False))
            fixed.append(p)
        return ",".join(fixed), len(dims)

    def ruleset(self):
        """(lines of iptables-restore, lines of ipset restore)"""
        r = self.rng
        sets = self.make_sets()
        lines = []
        for table in r.sample(sorted(TABLES), r.randrange(1, 4)):
            users = ["u%d" % i for i in range(r.randrange(0, 4))]
            lines.append("*" + table)
            for hook in TABLES[table]:
                lines.append(":%s %s [0:0]" % (hook, "DROP" if
                             table == "filter" and self.maybe(0.15) else "ACCEPT"))
            for u in users:
                lines.append(":%s - [0:0]" % u)
            for i, u in enumerate(users):
                for _ in range(r.randrange(0, 4)):
                    lines.append(self.rule(table, u, None, users[i + 1:]))
            for hook in TABLES[table]:
                for _ in range(r.randrange(0, 7)):
                    lines.append(self.rule(table, hook, hook, users))
            lines.append("COMMIT")
        return lines, sets
