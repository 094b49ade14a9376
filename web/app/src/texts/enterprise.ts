// texts/enterprise.ts - words of the enterprise's own page, and of inviting it
import { addTexts } from "../texts";
addTexts({
  enterprise_words: ["本企业的检查、结果和抽取。只有本企业的账号能看到。", "Visits, results and draws of this enterprise, for its own account alone."],
  enterprise_year: ["今年已检查", "Visits this year"], enterprise_cap: ["全年上限 {n} 次，同一部门 {m} 次（投诉举报、案件核查等除外）", "At most {n} a year, {m} of one department (complaints and cases apart)"],
  enterprise_visits: ["检查", "Visits"], enterprise_visits_none: ["没有检查", "No visits"], enterprise_notice: ["通知书和检查码", "Notice and visit code"], enterprise_window: ["检查时间", "Window"],
  enterprise_results: ["检查结果", "Results"], enterprise_results_none: ["没有检查结果", "No results"], enterprise_pending: ["办理中，公示期限 {day}", "Being handled, to be published by {day}"], enterprise_produced: ["产生日期", "Produced"],
  enterprise_draws: ["为什么（没）抽中我", "Why was I (not) drawn"], enterprise_draws_words: ["每次抽取前名单已封存，摘要进了日志。这里给出本企业那一行和到根的证明，可以自己复核；封存分层的名单只给本企业看自己的一行。", "Every list was sealed and logged before its draw. Here is your own row and its proof to the root; of a sealed list you see your own row only."],
  enterprise_why: ["查看原因和证明", "Reasons and proof"], enterprise_sealed: ["封存名单", "sealed list"], enterprise_not_held: ["本企业不在这次抽取的名单里。", "This enterprise was not in the list of this draw."], enterprise_excluded: ["在名单里，但按规则不参加抽取：{x}", "In the list but excluded by rule: {x}"],
  enterprise_drawn_for: ["抽中，检查部门：{x}", "Drawn, for: {x}"], enterprise_not_drawn: ["没有抽中", "Not drawn"], enterprise_chance: ["{x}：{stratum} 层 {N} 户抽 {n} 户，概率 {p}", "{x}: {n} of {N} in stratum {stratum}, probability {p}"], enterprise_row: ["封存的一行", "The sealed row"], enterprise_position: ["第 {i} 行，共 {n} 行", "Row {i} of {n}"], enterprise_ticket: ["本企业的票号", "Ticket"], enterprise_key: ["抽签密钥", "Key"], enterprise_root: ["名单的根", "Root of the list"], enterprise_proof: ["证明（自下而上）", "Proof, from the leaf up"],
  enterprise_object: ["提出异议", "Object"], enterprise_content: ["异议内容和理由", "What is wrong, and why"], enterprise_publish: ["同意公布异议和答复", "Publish objection and answer"], enterprise_objected: ["异议已收到", "Objection received"], enterprise_answered: ["答复：{x}", "Answer: {x}"],
  enterprise_recuse: ["申请回避", "Ask for recusal"], enterprise_recuse_department: ["哪个部门的检查人员", "Of which department"], enterprise_recuse_reason: ["请写明哪一位检查人员、什么理由（证号见通知书）", "Who (the certificate number is on the notice), and why"], enterprise_asked: ["申请已收到", "Request received"],
  recusal_asked: ["已申请回避", "Recusal asked"], recusal_granted: ["已同意回避", "Recusal granted"], recusal_refused: ["未同意回避", "Recusal refused"],
  enterprise_invite: ["邀请企业开通账号", "Invite the enterprise"], enterprise_invite_words: ["一次性链接，交给企业负责人。企业账号只能看到本企业的检查、结果和抽取。", "A one-time link for the enterprise; its account sees its own visits, results and draws only."], enterprise_print: ["打印", "Print"],
  visit_assigned: ["待检查", "To come"], visit_noticed: ["已告知", "Notified"], visit_checked_in: ["检查中", "In progress"], visit_recorded: ["已记录", "Recorded"], visit_signed: ["已签字", "Signed"], visit_refused: ["拒签", "Refused"], visit_submitted: ["已检查", "Made"], visit_unreachable: ["无法联系", "Unreachable"],
});
