/* app/demo_city.h - the main job on the bundled city: registers, plan, draws, teams, results, publications */
#ifndef MQ_DEMO_CITY_H
#define MQ_DEMO_CITY_H

#include "data_dir.h"

enum { DEMO_SCALE_DEFAULT = 20000, DEMO_TEAM = 2 };

/*
 * demo_city: fill a new data directory with the generated city (src/demo/city.h) of `scale` targets and take it through
 * 2026: plan, five tasks, ceremonies with simulated lottery numbers, a voided attempt, matching, results, publications.
 * Every act goes through the same operations as the office's; the clock of the acts is that of the story. The setting
 * demo = 1 puts the banner 模拟数据 on every page. Prints what it does on standard error.
 * Errors of the operations; app->ctx.why tells the particulars.
 */
MUST_USE enum err demo_city(const struct cli_args *args, struct app *app, uint64_t seed, uint64_t scale);

/* demo_team: two inspectors of the city who have a visit before them. ERR_NOT_FOUND: a city too small for it. */
MUST_USE enum err demo_team(struct ctx *c, struct str team[static DEMO_TEAM]);

#endif
