/* demo/city_int.h - shared by the files of the demo city; not for others */
#ifndef MQ_CITY_INT_H
#define MQ_CITY_INT_H

#include "demo/city.h"
#include "demo/city_random.h"

struct city_county {
    const char *code, *name;
    unsigned weight; /* percent of the targets */
};
extern const struct city_county city_counties[CITY_COUNTIES];

struct city_department {
    const char *code, *name;
    const char *skills; /* separated by 、 */
};
extern const struct city_department city_departments[CITY_DEPARTMENTS];

#define CITY_OFFICE "411500" /* the city itself 市本级 */

void city_put_number(struct buf *b, uint64_t v, unsigned digits); /* with leading zeros */
void city_put_day(struct buf *b, int64_t day);                    /* YYYY-MM-DD */
unsigned city_weighted_county(uint32_t percent);                  /* 0-99 to a county */
/* The k-th of a list separated by 、 and the length of the list. */
struct str city_list_item(const char *list, unsigned k);
unsigned city_list_count(const char *list);

void city_inspector_row(const struct city *c, uint64_t index, struct buf *out);
void city_expert_row(const struct city *c, uint64_t index, struct buf *out);
void city_recusal_row(const struct city *c, uint64_t index, struct buf *out);
void city_target_row(const struct city *c, uint64_t index, struct buf *out);
void city_dirty_row(const struct city *c, uint64_t index, struct buf *out);

#endif
