// texts/recusal.ts - words of requests that an inspector steps back
import { addTexts } from "../texts";
addTexts({
  recusals_words: ["检查前，企业申请或检查人员申报回避，由部门负责人决定。同意的，当即由抽取时排好的下一名候补接替；请假、证件到期、须回避的候补依次跳过，理由一并公布。", "Before a visit the target or the inspector himself asks that he steps back; the head of the department decides. Granted, the next reserve of the draw enters at once; those who may not go are passed over, with the reason."],
  recusal_state_asked: ["待决定", "To decide"], recusal_state_granted: ["同意回避", "Granted"], recusal_state_refused: ["不同意", "Refused"], recusal_source_target: ["企业申请", "by the target"], recusal_source_inspector: ["本人申报", "by the inspector"],
  recusal_grounds: ["理由和证据", "Grounds and evidence"], recusal_whom: ["谁回避", "Who steps back"], recusal_nobody: ["申请没有写明证号，由决定人按理由认定", "The request names no number: the reason says who"], recusal_due: ["决定期限", "Decide by"], recusal_late: ["已超期", "overdue"], recusal_decide: ["决定", "Decide"], recusal_verdict: ["是否同意", "The decision"], recusal_grant: ["同意：退出，由下一名候补接替", "Grant: the next reserve takes the place"], recusal_refuse: ["不同意：维持原检查人员", "Refuse: the team stands"],
  recusal_ground: ["回避事由", "Ground"], recusal_answer: ["答复", "Answer"], recusal_answer_hint: ["写明核查情况；企业在自己的页面看得到", "What was found; the target sees it"], recusal_reserves: ["候补 {n} 名", "{n} reserves"], recusal_came: ["{out} 退出，{in} 接替", "{out} stepped back, {in} entered"], recusal_done: ["已决定，并记入留痕", "Decided, and entered in the journal"], recusal_decided: ["{x} 决定", "decided by {x}"],
  recusal_empty: ["没有回避申请", "No requests"], recusal_empty_words: ["企业用自己的账号在检查前申请；检查人员在手机上或由部门在名录库登记。", "Targets ask with their accounts before the visit; inspectors declare on the phone or in their register."],
});
