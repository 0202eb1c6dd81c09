# SPDX-License-Identifier: GPL-2.0-only
"""Rulesets and frames for the short way past the rules (src/rules/quick.c) and for the
index of long chains: mostly rules that say the same of each packet of a connection,
a few that do not, and connections that last."""
import frames as fr
from generate import Generator, TABLES


class Steady(Generator):
    MATCHES = {
        "tcp": 5, "udp": 4, "multiport": 3, "proto": 3, "state": 4, "conntrack": 4,
        "mark": 2, "addrtype": 1, "pkttype": 1, "iprange": 1, "set": 4, "misc": 1,
        # these do not
        "icmp": .2, "limit": .1, "length": .1, "connmark": .2, "statistic": .1,
        "recent": .1, "quota": .1, "connbytes": .1, "ttl": .1, "string": .1,
        "hashlimit": .1, "connlimit": .1, "tos": .1,
    }
    PLAIN = ["", "", "", "-j ACCEPT", "-j ACCEPT", "-j ACCEPT", "-j RETURN", "-j DROP",
             '-j LOG --log-prefix "a b "']

    def m_tcp(self):
        if self.maybe(0.1):
            return super().m_tcp()
        return self.m_udp().replace("udp", "tcp").replace("2000:53", "53:2000")

    def target(self, table, hook, chains):
        r = self.rng
        if self.maybe(0.05):
            return super().target(table, hook, chains)
        if chains and self.maybe(0.25):
            return r.choice(["-j ", "-j ", "-g "]) + r.choice(chains)
        plain = list(self.PLAIN)
        if table == "mangle":
            plain += ["-j MARK --set-xmark 0x1", "-j MARK --set-xmark 0x20/0xf0"] * 2
        return r.choice(plain)

    def ruleset(self):
        r = self.rng
        sets = self.make_sets()
        if self.maybe(0.7):
            sets = [line.replace(" counters", "") for line in sets]
            self.sets = [s.split(" --packets")[0] for s in self.sets]
        lines = []
        for table in ["filter"] + r.sample(["raw", "mangle", "security"], r.randrange(3)):
            users = ["u%d" % i for i in range(r.randrange(3))]
            lines.append("*" + table)
            lines += [":%s ACCEPT [0:0]" % hook for hook in TABLES[table]]
            lines += [":%s - [0:0]" % u for u in users]
            for i, u in enumerate(users):
                for _ in range(r.choice([0, 3, 12])):
                    lines.append(self.rule(table, u, None, users[i + 1:]))
            for hook in TABLES[table]:
                if table == "filter" and self.maybe(0.4):
                    lines.append("-A %s -m state --state RELATED,ESTABLISHED -j ACCEPT" % hook)
                for _ in range(r.choice([0, 1, 3, 9, 30])):
                    lines.append(self.rule(table, hook, hook, users))
            lines.append("COMMIT")
        return lines, sets


class SteadyWalk(fr.Walk):
    """Few connections, most of which send data both ways until they end."""

    def tcp_step(self, f, way):
        rng = self.rng
        start = [(0, fr.SYN), (1, fr.SYN | fr.ACK), (0, fr.ACK)]
        data = b""
        if f.step < len(start):
            way, flags = start[f.step]
            f.step += 1
        else:
            flags = rng.choice([fr.ACK] * 9 + [fr.PSH | fr.ACK] * 9 + [fr.FIN | fr.ACK])
        if rng.random() < 0.03:
            flags = rng.choice([fr.SYN, fr.RST, 0, fr.FIN | fr.SYN])
        if f.ends[1] in fr.ROUTER4 + fr.ROUTER6:
            way = 0	# else a router that forwards it sends itself a redirect
        if flags & fr.PSH:
            data = b"x" * rng.randrange(1, 200)
        src, dst = f.ends[way], f.ends[1 - way]
        segment = fr.tcp(src, dst, f.ports[way], f.ports[1 - way], f.seq[way],
                         f.seq[1 - way] if flags & fr.ACK else 0, flags, 60000, b"", data)
        f.seq[way] += len(data) + bool(flags & fr.SYN) + bool(flags & fr.FIN)
        return src, dst, 6, segment

    def next(self):
        rng = self.rng
        if rng.random() < 0.1:
            return super().next()
        if not self.flows or rng.random() < 0.05:
            f = fr.Flow(rng, self.v6)
            f.proto = rng.choice(["tcp", "tcp", "udp", "icmp"])
            if f.ends[1] not in fr.ROUTER4 + fr.ROUTER6:
                self.flows.append(f)
        if not self.flows:
            return []
        f = rng.choice(self.flows[-8:])
        src, dst, proto, payload = self.flow_step(f)
        side = self.side_of(src)
        f.last = fr.ether(side, self.packet(src, dst, proto, payload))
        return [(side, f.last)]
