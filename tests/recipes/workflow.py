#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The workflow of examples/, as far as it can be tried without GitHub.

It must be YAML with what a workflow needs, and its shell scripts are run as
GitHub runs them, over a repository as its first lines describe it: they must
pass there, and fail when a capture's expectation, or a setting, is another one.
What GitHub makes of the rest is not shown by this.  CTREPLAY is the program.
"""
import os
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

TOP = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = TOP / os.environ.get("CTREPLAY", "build/ctreplay")
WORKFLOW = TOP / "examples" / "github-actions.yml"
# What GitHub starts for "shell: bash".
BASH = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail"]
CAPTURES = ("telnet-syn", "dns", "http-curl")
KEYS = {"name", "uses", "with", "run", "shell", "working-directory"}

problems = 0


def check(what, fine):
    global problems
    if not fine:
        problems += 1
        print("FAIL workflow:", what)


def steps_of(text):
    flow = yaml.safe_load(text)
    # YAML 1.1 reads the key "on" as true.
    events = flow.get(True, flow.get("on", {}))
    check("on: push and pull_request",
          {"push", "pull_request"} <= set(events))
    check("permissions: no more than to read",
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


def expectation(folder, name):
    """As the workflow's first lines say that one is made."""
    with open(folder / "captures" / f"{name}.expected", "wb") as out:
        subprocess.run([PROGRAM, "-p", "--no-helpers", "--sysctl-file",
                        "sysctl.conf", f"captures/{name}.pcap"],
                       cwd=folder, stdout=out, check=True)


def repository(folder):
    (folder / "captures").mkdir()
    (folder / "ctreplay" / "build").mkdir(parents=True)
    (folder / "ctreplay" / "build" / "ctreplay").symlink_to(PROGRAM)
    (folder / "sysctl.conf").write_text(
        "net.netfilter.nf_conntrack_tcp_be_liberal = 0\n")
    for name in CAPTURES:
        shutil.copy(TOP / "testdata" / f"{name}.pcap", folder / "captures")
        expectation(folder, name)


def passes(step, folder):
    done = subprocess.run([*BASH, "-c", step["run"]], cwd=folder,
                          capture_output=True)
    return done.returncode == 0


def main():
    steps = {s["name"]: s for s in steps_of(WORKFLOW.read_text())}
    build = steps.pop("Build ctreplay")
    check("the command that builds is the README's",
          build["run"] in (TOP / "README.md").read_text())
    replay, invalid = steps.values()
    with tempfile.TemporaryDirectory() as tmp:
        tmp = pathlib.Path(tmp)
        repository(tmp)
        check("captures as expected", passes(replay, tmp))
        check("none INVALID", passes(invalid, tmp))
        # Settings under which the same capture is another thing.
        (tmp / "sysctl.conf").write_text("nf_conntrack_max = 1\n")
        check("a changed setting passes", not passes(replay, tmp))
        check("DROP passes", not passes(invalid, tmp))
        (tmp / "sysctl.conf").write_text("")
        shutil.copy(TOP / "testdata" / "tcp-rst.pcap", tmp / "captures")
        check("a capture without expectation passes", not passes(replay, tmp))
        expectation(tmp, "tcp-rst")
        check("what is expected fails", passes(replay, tmp))
        check("INVALID passes", not passes(invalid, tmp))
    print(f"workflow: {problems} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
