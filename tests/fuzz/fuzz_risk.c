/* fuzz_risk - a scheme of risk classes (docs/spec/risk-1.md): what is accepted is written back as the same bytes */
#include "fuzz.h"

#include "core/risk.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char text[RISK_TEXT_MAX];
    struct risk_scheme s;
    struct risk_fault f;
    struct risk_facts facts = {0};
    struct risk_verdict v;
    struct buf b = buf_over(text, sizeof text);

    if (risk_parse((struct str){(const char *) data, size}, &s, &f) != OK) {
        demand(f.err != OK && f.zh[0] != '\0');
        return 0;
    }
    risk_write(&s, &b);
    demand(!b.overflow && b.n == size && memcmp(text, data, size) == 0);
    for (unsigned i = 0; i < RISK_FACT_COUNT; i++)
        risk_know(&facts, (enum risk_fact) i, RISK_VALUE_MAX);
    risk_apply(&s, &facts, &v);
    demand(v.score_c >= 0 && v.label >= s.classes[0].label && v.label <= s.classes[s.class_count - 1].label);
    return 0;
}
