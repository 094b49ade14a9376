// texts/secondment.ts - words of secondments
import { addTexts } from "../texts";
addTexts({
  secondments: ["借调", "Secondments"], secondments_none: ["没有借调记录。", "Never lent."], secondment_add: ["借出给其他部门", "Lend to another department"], secondment_to: ["借入部门", "To department"], secondment_task: ["抽查任务", "Task"], secondment_lent: ["借出时间", "Lent"],
  secondment_words: ["统筹使用执法力量：任务审定后、名单封存前，把本部门人员借给参与部门。该任务中按借入部门的人员参加匹配，不再计入本部门；请假、证件、回避和工作量上限照常有效。", "Between a task's approval and the seal of its list, people may be lent to a department that takes part. In that task they are matched as its people, not as one's own; leave, certificates, recusals and caps hold as ever."],
  secondment_task_hint: ["借调函上的任务编号，如 411500202611250001", "The number of the task on the request"], secondment_range: ["执法区域", "Region"], secondment_anywhere: ["任务全部区域", "The whole task"], secondment_own_range: ["本人执法区域", "Own range"], secondment_anywhere_pick: ["可到任务的全部区域执法（跨县区借调）", "Anywhere in the task's region (across counties)"],
  secondment_reason_hint: ["写明借调函文号或领导批准；不写个人隐私", "The letter or approval it rests on; nothing private"], secondment_in_force: ["生效中", "in force"], secondment_ended: ["已收回", "ended"], secondment_end: ["收回", "Take back"], secondment_end_words: ["收回后，该人员在此任务中回到本部门参加匹配。名单封存后不能收回。", "In this task the person is matched for the own department again. Not possible once the list is sealed."],
  secondment_of_task: ["借调人员", "People lent to this task"], secondment_of_task_words: ["参与部门的人手不够时，可请其他部门或县区在“检查人员”中把人员借给本任务（任务编号 {code}）；借入后重新试抽即可看到能否匹配。", "Where a department lacks people, others may lend theirs under Inspectors (task {code}); run the dry run again to see whether it can be matched."], secondment_home: ["借出部门", "From department"],
  "act_inspector.second": ["借出", "lent"], "act_inspector.unsecond": ["收回借调", "taken back"],
});
