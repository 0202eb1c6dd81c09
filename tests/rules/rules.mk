# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-rules     random rulesets and frames through the running
##                 kernel and through src/rules; needs root
## check-rules-real  rulesets of people, in RULESETS=DIR, likewise
## check-rules-cases  recorded captures with the kernel's counters
## check-rules-snapshot  ctreplay-snapshot on a router of its own; needs root

RULE_CASES  ?= tests/rules/cases
RULE_TRIALS ?= 100

$(B)/tests/rules/%.o: tests/rules/%.c Makefile tests/rules/rules.mk
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) -Itests/rules $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/rules-run: $(B)/tests/rules/rules_run.o $(B)/tests/rules/engine.o $(filter $(B)/src/rules/%,$(PROG_OBJ)) \
		$(patsubst %,$(B)/src/replay/%.o,firewall firewall_frame prevented) \
		$(B)/src/base/diag.o $(B)/libctreplay.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS)

check-rules-cases: $(B)/rules-run $(B)/ctreplay
	python3 tests/rules/cases.py $(B)/rules-run $(RULE_CASES)
	python3 tests/rules/cases.py --program $(B)/ctreplay $(RULE_CASES)

check-rules-real: $(B)/rules-run
	python3 tests/rules/real.py $(B)/rules-run "$(RULESETS)" $(SKIPPABLE)
	python3 tests/rules/real.py --backend legacy $(B)/rules-run "$(RULESETS)" \
		$(SKIPPABLE)

check-rules-snapshot: $(B)/ctreplay
	python3 tests/rules/snapshot.py $(B)/ctreplay src/ctreplay-snapshot.sh \
		$(SKIPPABLE)

check-rules: $(B)/rules-run
	python3 tests/rules/judge.py --seed $(SEED) --trials $(RULE_TRIALS) \
		$(B)/rules-run $(SKIPPABLE)
	python3 tests/rules/judge.py --seed $(SEED) --trials $(RULE_TRIALS) \
		--backend legacy $(B)/rules-run $(SKIPPABLE)
	python3 tests/rules/judge.py --seed $(SEED) --trials $(RULE_TRIALS) \
		--steady $(B)/rules-run $(SKIPPABLE)
	python3 tests/rules/judge.py --seed $(SEED) --trials $(RULE_TRIALS) \
		--steady --backend legacy $(B)/rules-run $(SKIPPABLE)


-include $(B)/tests/rules/*.d
