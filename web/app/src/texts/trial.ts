// texts/trial.ts - words of the dry run's forecast and of remedies on trial
import { addTexts } from "../texts";
addTexts({
  by_industries: ["按行业门类", "By industry"], by_classes: ["按风险分类", "By risk class"], by_entities: ["按主体类型", "By kind of entity"], by_capitals: ["按注册资本档", "By band of registered capital"], by_unknown: ["未登记", "not registered"],
  capital_c1: ["10 万元以下", "below 100,000 yuan"], capital_c2: ["10 万—100 万元", "100,000 – 1 million"], capital_c3: ["100 万—1000 万元", "1 – 10 million"], capital_c4: ["1000 万—1 亿元", "10 – 100 million"], capital_c5: ["1 亿元以上", "100 million and more"],
  forecast: ["检查组的可预测性", "How predictable the teams are"], forecast_words: ["取第一轮试抽的对象和现在的人员库，用公开的模拟种子反复匹配：谁几乎必然去哪一户、哪里没有候补，都在这里提醒。", "The targets of the first round and the pool of today, matched with public simulation seeds: who is nearly certain to go where, and where nobody is to spare."],
  forecast_done: ["{runs} 次模拟匹配：{targets} 户、{places} 个人次、{inspectors} 名检查人员。", "{runs} simulated matchings: {targets} targets, {places} places, {inspectors} inspectors."], forecast_fine: ["没有可以事先料到的检查组。", "No team can be foreseen."],
  forecast_infeasible: ["按现在的人员库无法匹配：需要 {need} 人次，只有 {capacity} 人次。", "It could not be matched with the pool of today: {need} places needed, {capacity} there."], forecast_not: ["参与部门还没有可用的检查人员，未作匹配模拟。", "No inspectors yet: the matching was not simulated."],
  forecast_pairs: ["几乎必然（概率 90 % 以上）", "Nearly certain (above 90 %)"], forecast_tight: ["候选人不足（富余不到 2 人）", "Fewer than two to spare"], forecast_places: ["需要", "Needed"], forecast_candidates: ["候选", "Candidates"],
  try_title: ["试一试办法", "Try remedies"], try_words: ["改一个数就在冻结的人员库上重新求解，立刻看到行不行、代价是什么。只是试算，不用种子、不保存，永远不会成为匹配结果。", "Each change is solved at once on the frozen pool. No seed, nothing stored: it can never become the matching."],
  try_inspectors: ["增加人数", "Further inspectors"], try_raise: ["每人多承担", "More places each"], try_region: ["执法区域", "Region"], try_region_yes: ["不限区域", "Everywhere"], try_lift: ["放开“上次去过的不再去”", "Lift the rotation"], try_slack: ["松弛度", "Slack"],
  try_yes: ["可以匹配", "It can be matched"], try_no: ["仍不能匹配", "Still not possible"], try_load: ["每人 {least}—{most} 次", "{least} – {most} places each"], try_new_places: ["新增人员承担 {n} 人次", "{n} places by further inspectors"], try_raised_places: ["超出原定上限 {n} 人次", "{n} places above a cap"], try_outside_places: ["跨区域 {n} 人次", "{n} places outside the region"], try_again_places: ["上次去过 {n} 人次", "{n} places by those there last time"],
});
