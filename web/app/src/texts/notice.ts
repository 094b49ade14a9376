// texts/notice.ts - words of notices of checks and of the archive of a task
import { addTexts } from "../texts";

addTexts({
  tab_notices: ["通知与档案", "Notices and archive"], notices: ["检查通知书", "Notices"], notices_words: ["每户一份：谁来、查什么、要准备什么、本年度第几次、有什么权利。编号连续不跳号；发出以后不能改，只能撤回重发。", "One for each visit: who comes, what is checked, what to prepare, which visit of the year it is, which rights there are. The numbers have no gap. A notice is never changed, only withdrawn and issued anew."],
  notices_none: ["还没有检查", "No visits yet"], notices_none_words: ["匹配检查人员以后，在这里给每一户发通知书。", "Notices are issued here once the inspectors are matched."],
  notice_issue: ["发出通知书", "Issue notices"], notice_issue_title: ["给全部对象发出通知书", "Notices to all targets"], notice_issue_words: ["已经有通知书的不再发。发出第一份以后，这次抽取不能再作废。", "Whoever has one gets no second. After the first one the draw can no longer be voided."],
  notice_contact: ["联系人和电话", "Contact"], notice_contact_hint: ["对象有疑问时找谁", "Whom the target may ask"], notice_papers: ["请准备的材料", "Papers to prepare"], notice_papers_hint: ["每行一份；不填则按抽查事项生成", "One a line; left empty they follow from the items"], notice_note: ["备注", "Remarks"],
  notice_progress: ["已发出 {n} 份…", "{n} issued…"], notice_issued_n: ["发出 {n} 份，原有 {m} 份", "{n} issued, {m} were there before"], notice_told_from: ["这是不事先通知的检查，{day} 以前不发通知书。", "These checks are unannounced: no notice before {day}."],
  notice_all_pdf: ["全部打印（一个 PDF）", "Print all (one PDF)"], notice_pdf: ["打印", "Print"], notice_no: ["编号", "Number"], notice_delivery: ["送达", "Delivery"], notice_read: ["对象确认收到", "Receipt"], notice_not_read: ["未确认", "not confirmed"], notice_not_issued: ["未发出", "not issued"],
  notice_count_issued: ["有效通知书", "In force"], notice_count_delivered: ["已送达", "Delivered"], notice_count_read: ["已确认收到", "Receipts"], notice_count_withdrawn: ["已撤回", "Withdrawn"],
  delivery_personal: ["直接送达", "in person"], delivery_post: ["邮寄", "by post"], delivery_message: ["短信等电子方式", "by message"], delivery_portal: ["网上确认", "on the portal"],
  notice_deliver: ["登记送达", "Enter delivery"], notice_deliver_title: ["登记送达：{x}", "Delivery to {x}"], notice_method: ["送达方式", "How"], notice_day: ["送达日期", "When"], notice_receiver: ["签收人", "Received by"],
  notice_withdraw: ["撤回", "Withdraw"], notice_withdraw_words: ["撤回后仍可查到；可以重新发出，新的通知书有新的编号。", "It stays to be seen; the next one gets a new number."], notice_withdraw_reason: ["撤回原因", "Reason"], notice_withdrawn: ["已撤回", "withdrawn"], notice_replaces: ["代替 {x}", "replaces {x}"],
  record_pdf: ["记录表", "Record"],
  visit_target_name: ["检查对象", "Target"], visit_state: ["检查", "Visit"], visit_assigned: ["已匹配", "Matched"], visit_noticed: ["已通知", "Noticed"], visit_checked_in: ["已到场", "Checked in"], visit_recorded: ["已记录", "Recorded"], visit_signed: ["已签字", "Signed"], visit_refused: ["拒绝签字", "Refused"], visit_unreachable: ["无法联系", "Unreachable"], visit_submitted: ["已提交", "Submitted"],
});
