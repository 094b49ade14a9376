// texts/exchange.ts - words of the exchange with the national publicity system
import { addTexts } from "../texts";
addTexts({
  exchange_words: ["公示的结果编成批次文件，报送国家企业信用信息公示系统；按回执逐条对账，一条不漏、一条不重。", "Published results go to the national publicity system in batches; receipts are compared row by row."],
  exchange_produce: ["生成批次", "Produce a batch"], exchange_produce_again: ["连同退回的重新报送", "With what was refused"], exchange_produced: ["已生成批次 {no}", "Batch {no} is ready"],
  exchange_published: ["已公示", "Published"], exchange_accepted: ["已接收", "Accepted"], exchange_sent: ["在途", "On the way"], exchange_refused: ["被退回", "Refused"], exchange_missing: ["未报送", "Missing"],
  exchange_complete: ["对账一致：每条公示和更正都在且只在一个已回执的批次里。", "Complete: every publication and correction is in exactly one acknowledged batch."],
  exchange_gone: ["其中 {n} 条报送后已在本平台撤回或撤下，请通知对方同步撤下。", "{n} of them were withdrawn or taken down here since: ask that system to do the same."],
  exchange_open: ["还有 {n} 条没有回执：未报送 {missing}、在途 {sent}、被退回 {refused}。", "{n} without a receipt: {missing} missing, {sent} on the way, {refused} refused."],
  exchange_batches: ["批次", "Batches"], exchange_missing_list: ["未报送和被退回的", "Missing and refused"], exchange_time: ["生成时间", "Produced"], exchange_no: ["批次号", "Batch"], exchange_rows: ["条数", "Rows"], exchange_receipt: ["回执", "Receipt"], exchange_sent_times: ["报送 {n} 次", "handed over {n} times"],
  exchange_state_produced: ["待回执", "Waiting"], exchange_state_acknowledged: ["已回执", "Acknowledged"], exchange_row_sent: ["在途", "On the way"], exchange_row_accepted: ["已接收", "Accepted"], exchange_row_refused: ["退回", "Refused"],
  exchange_empty: ["还没有批次", "No batch yet"], exchange_empty_words: ["公示检查结果之后，在这里生成批次文件，下载后报送；拿到回执再登记。", "Once results are published, produce a batch here, hand the file over, and enter its receipt."],
  exchange_none_missing: ["没有未报送的", "Nothing is missing"], exchange_none_missing_words: ["公示的结果和更正都已编入批次。", "Everything published is in a batch."],
  exchange_file: ["下载批次文件", "Download the file"], exchange_resend: ["重新报送", "Hand over again"], exchange_resend_words: ["内容不变的同一文件再报送一次，并记入留痕。", "The same file is handed over once more; the journal notes it."],
  exchange_enter: ["登记回执", "Enter the receipt"], exchange_receipt_no: ["回执号", "Number of the receipt"], exchange_receipt_file: ["选择回执文件（JSON）", "Receipt file (JSON)"], exchange_receipt_bad: ["这不是本批次的回执文件。", "This is not a receipt of this batch."],
  exchange_accept_all: ["全部接收", "All accepted"], exchange_some_refused: ["有退回的", "Some were refused"], exchange_refusals: ["退回的条目，每行一条：序号 空格 原因", "Refused rows, one a line: seqno, blank, reason"], exchange_refusals_bad: ["第 {n} 行应为：序号 空格 原因", "Line {n} should be: seqno, blank, reason"],
  exchange_acknowledged: ["回执已登记", "Receipt entered"], exchange_attempt_n: ["第 {n} 次", "attempt {n}"], exchange_seq: ["序号", "No."], exchange_reason: ["退回原因", "Why"], exchange_digest: ["文件摘要", "Digest of the file"], exchange_correction: ["更正 {n}", "correction {n}"], exchange_never: ["未报送", "never sent"], exchange_only_refused: ["只看退回的", "Refused only"],
});
