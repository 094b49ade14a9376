// texts/attach.ts - words of the files of a follow-up
import { addTexts } from "../texts";
addTexts({
  files: ["附件", "Files"], files_none: ["还没有附件。照片和文书附上后，复查的证据可以不再另写。", "No files yet. With photographs or documents attached, the evidence of a re-check need not be put into words."], file_add: ["添加照片或文书", "Add photographs or documents"], file_words: ["JPEG、PNG 或 PDF，每个不超过 8 MB；按内容（SHA-256）保存，不能替换或删除。", "JPEG, PNG or PDF, 8 MB each at most; kept by content (SHA-256), never replaced or removed."],
  file_is_personal: ["含个人信息：加密保存，只有办理人员能打开，每次打开都留痕", "Holds personal data: sealed, opened by those who carry out follow-up only, each opening in the journal"], file_personal: ["含个人信息的附件", "A file with personal data"], file_sealed: ["加密", "Sealed"], file_large: ["{x} 超过 8 MB", "{x} is larger than 8 MB"],
});
