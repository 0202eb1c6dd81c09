# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the Makefile.
#
## check-rules-unit   unit tests of src/rules
## check-rules-cases  recorded captures and counters: RULE_CASES=DIR

RULE_CASES ?= tests/rules/cases
RULES_SRC  = $(wildcard src/rules/*.c)
RULES_OBJ  = $(RULES_SRC:%.c=$(B)/%.o)

$(B)/tests/rules/%.o: tests/rules/%.c Makefile tests/rules/rules.mk
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CPPFLAGS) -Itests/rules $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/rules-run: $(B)/tests/rules/rules_run.o $(B)/tests/rules/glue.o $(RULES_OBJ) \
		$(B)/src/base/diag.o $(B)/libctreplay.a
	$(call say,LINK) $(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(PCAP_LIBS)

check-rules-cases: $(B)/rules-run
	python3 tests/rules/cases.py $(B)/rules-run $(RULE_CASES)

-include $(RULES_OBJ:.o=.d) $(B)/tests/rules/*.d
