// texts/archive.ts - words of archives
import { addTexts } from "../texts";
addTexts({
  archive_task: ["档案（一案一档）", "Archive of the task"], archive_task_words: ["计划、抽取文件、通知书、检查记录和证据、后续处置、日志证明和重算页面，合成一个文件，用浏览器打开即可；每个文件都有摘要。", "Plan, files of the draws, notices, records with their evidence, follow-up, proofs of the log and the page that re-runs the draw, in one file that a browser opens; each with its digest."],
  archive_target: ["档案（一户一档）", "Dossier as a file"], archive_target_words: ["历次检查、结果、通知书、记录和证据、后续处置和日志证明，合成一个文件；只含本账号看得到的部门。", "All visits, results, notices, records with evidence, follow-up and proofs in one file; only of the departments this account sees."],
  archive_inspector: ["尽职照单档案", "Duty pack"], archive_inspector_words: ["这一时期参加的每次检查：怎样抽中、何时告知、逐项照单记录、日志证明。照单尽职的，可以据此说明。", "Every visit of the period: how it was drawn, when the target was told, what was recorded for each item of the list, the proofs. Who followed the list can show it."],
  archive_make: ["生成档案", "Make the archive"], archive_going: ["正在生成，已收入 {n} 次检查…", "Being made, {n} visits so far…"], archive_failed: ["没有生成", "It was not made"], archive_get: ["下载（ZIP）", "Download (ZIP)"], archive_gone: ["已过保存期，请重新生成", "No longer kept: make it anew"], archive_files: ["{n} 个文件", "{n} files"],
});
