// texts/merging.ts - words of visits that are made together
import { addTexts } from "../texts";
addTexts({
  mergings_words: ["同一户被几项任务抽到、时间又能凑到一起的，合成一次进门。由时间最紧的一方牵头决定，其他部门一同前往。", "Where tasks meet at one target and their windows overlap, one visit does for all. The lead with the tightest window decides."],
  mergings_empty: ["还没有可以合并的检查", "Nothing to merge yet"], mergings_empty_words: ["匹配检查人员以后，系统自动在各项任务还没开始的检查里寻找同一户、时间重叠的，列在这里。", "After each matching, visits not begun at the same target with overlapping windows are listed here."],
  merging_target: ["检查对象", "Target"], merging_lead: ["牵头部门", "Lead"], merging_with: ["一同前往", "Going along"], merging_window: ["共同时间", "Common window"], merging_own_window: ["起止时间", "Window"], merging_day: ["日期", "Day"], merging_visits: ["合并任务", "Tasks"],
  merging_state_proposed: ["待牵头部门决定", "Waits for the lead"], merging_state_accepted: ["合并进行", "Made together"], merging_state_declined: ["不合并", "Declined"], merging_state_lapsed: ["已失效", "Lapsed"], merging_state_any: ["全部", "All"],
  merging_saved: ["少进门 {n} 次", "{n} doors not entered again"], merging_counts: ["待决定 {proposed} · 合并 {accepted} · 不合并 {declined}", "{proposed} open · {accepted} together · {declined} declined"],
  merging_accept: ["同意合并", "Agree"], merging_decline: ["不合并", "Decline"], merging_reason: ["不合并的理由", "Reason"], merging_accept_words: ["{day} 一次进门，查完 {n} 项任务的全部事项；计为一次检查。", "On {day}, one visit for all items of {n} tasks; it counts once."],
  merging_decline_words: ["各部门按原安排分别检查，这一组不再提出。", "The departments go separately; this group is not proposed again."],
  merging_seen: ["知悉", "Noted"], merging_seen_at: ["已知悉", "noted"], merging_unseen: ["未知悉", "not noted yet"], merging_days: ["选哪一天", "Which day"],
  merging_days_words: ["绿框是建议的日子：工作日、检查组无人请假、牵头部门当天安排最少。", "The framed day is proposed: a working day, nobody of the teams on leave, the lead's quietest."],
  merging_day_title: ["{day}：{away} 人请假，牵头部门当天已安排 {n} 户", "{day}: {away} on leave, the lead has {n} visits"], merging_off: ["非工作日", "no working day"], merging_unknown: ["放假安排未导入", "holidays not known"], merging_away: ["请假 {n}", "{n} away"], merging_planned: ["安排 {n}", "{n} planned"],
  merging_task_items: ["{n} 项检查事项", "{n} items"], merging_none_left: ["共同时间已过", "The common window is over"],
});
