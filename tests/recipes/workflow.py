#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Tries the workflows of examples/ as far as that is possible without GitHub and
GitLab.

The files must be YAML and have the keys that a workflow needs.  Their last command
runs in a repository that is laid out as the first lines say: it must pass there, and
fail when the expected output of a capture or a setting changes.  This does not show
what GitHub and GitLab make of the other keys.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import yaml
except ImportError:
    print("SKIP: workflow: no yaml module for python3 (Debian: python3-yaml)")
    sys.exit(0)

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))
from tally import PROGRAM, TOP, Tally

GITHUB = TOP / "examples" / "github-actions.yml"
GITLAB = TOP / "examples" / "gitlab-ci.yml"
# The command that GitHub uses for "shell: bash".
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
CAPTURES = ("telnet-syn", "dns", "http-curl")
KEYS = {"name", "uses", "with", "run", "shell", "working-directory"}

tally = Tally("workflow")
check = tally.check


def steps_of(text):
    flow = yaml.safe_load(text)
    # In YAML 1.1 the key "on" is the value true.
    events = flow.get(True, flow.get("on", {}))
    check("on: push and pull_request",
          {"push", "pull_request"} <= set(events))
    check("permissions: read only",
          flow.get("permissions") == {"contents": "read"})
    check("no tabs", "\t" not in text)
    (job,) = flow["jobs"].values()
    check("runs-on", isinstance(job.get("runs-on"), str))
    for step in job["steps"]:
        check(f"step {step}", set(step) <= KEYS and
              ("uses" in step) != ("run" in step))
        check(f"a release of {step.get('uses')}",
              "uses" not in step or "@v" in step["uses"])
    return [s for s in job["steps"] if "run" in s]


def gitlab_command(text):
    (job,) = yaml.safe_load(text).values()
    check("keys of GitLab's job", set(job) == {"image", "before_script", "script"})
    check("no tabs", "\t" not in text)
    (command,) = job["script"]
    return command


def expectation(folder, name):
    """Makes the expected output by hand, as --check would have it."""
    with open(folder / "captures" / f"{name}.pcap.expected", "wb") as out:
        subprocess.run([PROGRAM, "-p", "--no-helpers", "--sysctl-file",
                        "sysctl.conf", f"captures/{name}.pcap"],
                       cwd=folder, stdout=out, stderr=subprocess.DEVNULL,
                       check=True)


def repository(folder):
    (folder / "captures").mkdir()
    (folder / "ctreplay" / "build").mkdir(parents=True)
    (folder / "ctreplay" / "build" / "ctreplay").symlink_to(PROGRAM)
    (folder / "sysctl.conf").write_text(
        "net.netfilter.nf_conntrack_tcp_be_liberal = 0\n")
    for name in CAPTURES:
        shutil.copy(TOP / "testdata" / f"{name}.pcap", folder / "captures")
        expectation(folder, name)


def passes(command, folder):
    done = subprocess.run([*BASH, "-c", command], cwd=folder, capture_output=True)
    return done.returncode == 0


def check_command(command):
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        repository(tmp)
        check("the captures print what is expected", passes(command, tmp))
        # A setting that changes the packets' states.
        (tmp / "sysctl.conf").write_text("nf_conntrack_max = 1\n")
        check("a changed setting fails", not passes(command, tmp))
        (tmp / "sysctl.conf").write_text("")
        shutil.copy(TOP / "testdata" / "tcp-retransmission.pcap", tmp / "captures")
        (tmp / "captures" / "tcp-retransmission.pcap.expected").touch()
        check("a capture with other output fails", not passes(command, tmp))
        check("it can be updated", passes(command + " --check-update", tmp))
        check("and passes then", passes(command, tmp))
        shutil.copy(TOP / "testdata" / "tcp-rst.pcap", tmp / "captures")
        expectation(tmp, "tcp-rst")
        check("an INVALID packet fails", not passes(command, tmp))


def main():
    steps = {s["name"]: s for s in steps_of(GITHUB.read_text())}
    build = steps.pop("Build ctreplay")
    check("the command that builds is the README's",
          build["run"] in (TOP / "README.md").read_text())
    (step,) = steps.values()
    command = gitlab_command(GITLAB.read_text())
    check("both have the same command", command == step["run"])
    check_command(command)
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
