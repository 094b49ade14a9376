/* demo/city.h - a city that does not exist: 信阳 with its ten counties, for demonstrations, tests and
 * measurements. Every record is a function of (seed, scale, kind, index): any row alone, in any order, on any
 * machine. No clock, no state, no floating point. Nobody in it looks real: 检查员-411525-0037,
 * 经营者-0000123, 固始县模拟小吃店-0000123; the organisation part of every code begins with XN (虚拟), which
 * is not issued. */
#ifndef MQ_CITY_H
#define MQ_CITY_H

#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum city_kind {
    CITY_TARGETS, /* scale rows: 个体 69.5 %, 企业 28 %, 合作社 2.5 %; classes A 30 B 55 C 12 D 3 % */
    CITY_INSPECTORS, /* four per department and county, four per department in the city office, scale / 400
                        more */
    CITY_EXPERTS,
    CITY_RECUSALS, /* pairs of inspector and target, each once */
    CITY_DIRTY,    /* rows of the targets' layout, each with one fault (enum city_fault) */
    CITY_KIND_COUNT
};

enum {
    CITY_COUNTIES = 10,
    CITY_DEPARTMENTS = 16,
    CITY_PER_OFFICE = 4, /* inspectors of a department in one county; the first two are always fit for duty */
    CITY_STREETS_MAX = 64,
    CITY_PICK = 4096, /* slots of a weighted choice */
    CITY_ROW_BYTES = 2048
};
#define CITY_SCALE_MIN UINT64_C(100)
#define CITY_SCALE_MAX UINT64_C(100000000)

struct city {
    uint64_t seed, scale;
    struct str streets[CITY_COUNTIES][CITY_STREETS_MAX]; /* from data/regions.csv */
    size_t street_counts[CITY_COUNTIES];
    uint8_t picks[3][CITY_PICK]; /* by entity type: an activity */
};

/* city_scale_parse: 20000, 20k, 10M. ERR_SYNTAX, ERR_RANGE. */
MUST_USE enum err city_scale_parse(struct str text, uint64_t *out);
/* city_init: ERR_RANGE a scale outside 100 … 10^8. */
MUST_USE enum err city_init(struct city *c, uint64_t seed, uint64_t scale);
/* city_kind_of: by name: targets inspectors experts recusals dirty. ERR_NOT_FOUND. */
MUST_USE enum err city_kind_of(struct str name, enum city_kind *out);
const char *city_kind_name(enum city_kind kind);
uint64_t city_count(const struct city *c, enum city_kind kind);
/* city_header: the line of column names, with LF, as the imports read it. */
struct str city_header(enum city_kind kind);
/* city_row: append one line with LF. index < city_count. At most CITY_ROW_BYTES. */
void city_row(const struct city *c, enum city_kind kind, uint64_t index, struct buf *out);

/* The code of target number index, 18 characters and a NUL: unique within a city. */
void city_target_code(const struct city *c, uint64_t index, char out[19]);
/* The code of inspector number index: ZF-411525-0037. */
void city_inspector_code(const struct city *c, uint64_t index, char out[32]);

/* What is wrong with a row of CITY_DIRTY: index % CITY_FAULT_COUNT. */
enum city_fault {
    CITY_FAULT_CHECK,      /* wrong last symbol of the code */
    CITY_FAULT_LENGTH,     /* 17 characters */
    CITY_FAULT_CHARSET,    /* an I in the code */
    CITY_FAULT_NO_CODE,    /* no code */
    CITY_FAULT_NO_NAME,    /* no name */
    CITY_FAULT_REGION,     /* region 411599 does not exist */
    CITY_FAULT_INDUSTRY,   /* industry Z9999 does not exist */
    CITY_FAULT_DATE,       /* 2023-02-30 */
    CITY_FAULT_STATUS,     /* an unknown status word */
    CITY_FAULT_TYPE,       /* an unknown entity type */
    CITY_FAULT_CLASS,      /* risk class E */
    CITY_FAULT_DEPARTMENT, /* an unknown department */
    CITY_FAULT_FORMULA,    /* a name that a spreadsheet would run: accepted as text or refused, never run */
    CITY_FAULT_CONTROL,    /* a control character in the name */
    CITY_FAULT_FULL_WIDTH, /* the code in full-width digits */
    CITY_FAULT_MISSING_REGION, /* no region: not a fault, it is derived from the code and marked */
    CITY_FAULT_COUNT
};

/* A plausible outcome for an item at a target (codes of data/results.csv): 88 % no_problem. */
const char *city_result(uint64_t seed, struct str target, struct str item);

#endif
