// texts/objection.ts - words of objections
import { addTexts } from "../texts";
addTexts({
  objections_words: ["企业对公示结果的异议。在期限内答复；成立的当即更正，原来的文字仍可查。", "What targets say against published results: answer in time; what is right is corrected at once."],
  objection_state_received: ["待答复", "To answer"], objection_state_answered: ["已答复", "Answered"], objection_upheld: ["成立", "Upheld"], objection_rejected: ["不成立", "Rejected"], objection_due: ["答复期限", "Answer by"], objection_late: ["已超期", "overdue"],
  objection_content: ["异议", "Objection"], objection_answer: ["答复", "Answer"], objection_answer_it: ["答复", "Answer"], objection_outcome: ["结论", "Outcome"], objection_upheld_words: ["成立：更正结果", "Upheld: correct the result"], objection_rejected_words: ["不成立：维持原结果", "Rejected: the result stands"],
  objection_codes: ["更正为", "Corrected to"], objection_answer_hint: ["写明核查情况；成立时同时作为更正理由公布", "What was found; with a correction it is the published reason"], objection_public: ["企业同意公布异议和答复", "The target agrees that both are published"], objection_private: ["企业不同意公布", "Not to be published"],
  objection_done: ["已答复，并记入留痕", "Answered, and entered in the journal"], objections_empty: ["没有异议", "No objections"], objections_empty_words: ["企业凭通知书上的检查码，在公示平台“对检查结果有异议”里提出。", "Targets object on the portal, with the code of their visit."], objection_channel_code: ["凭检查码", "with the visit code"], objection_channel_account: ["企业账号", "by its account"],
});
