// types.ts - what the server tells of a visit, and what is gathered on the phone until the server has it
export interface Certificate { kind: string; no: string; valid_to: string }
export interface Inspector { code: string; name: string; department: string; department_name: string | null; certificates: Certificate[]; role?: string }
export interface Visit {
  task: string; task_name: string; from: string; to: string; target: string; name: string; address: string | null; region: string | null;
  state: string; visited: string | null; department: string; role: string; code: string; lon_udeg: number | null; lat_udeg: number | null;
}
export interface Law { law: string; article?: string }
export interface Point { content: string; how?: string }
export interface Item {
  code: string; version: number; name: string; domain: string; class: string; department: string; department_name: string | null;
  points: Point[]; methods: string[]; legal_basis: Law[];
}
export type Choice = "none" | "problem" | "not_applicable";
export interface Reuse { kind: string; from: string; no?: string; day?: string; hash: string }
export interface ServerAnswer {
  item: string; version: number; answer: Choice; problem: string | null; codes: string[]; disposal: string | null; law?: Law;
  points: { content: string; answer: Choice }[]; reuse?: Reuse; inspector: string; at: number;
}
export interface ServerRecord { state: string; outcome: string | null; checkin: string | null; place: string | null; produced: string | null; received: string | null; answers: ServerAnswer[]; evidence: { hash: string; kind: string; name: string | null; inspector: string }[] }
export interface Card {
  code: string; name: string; legal_rep: string | null; address: string | null; business_address: string | null; contact: string | null; status: string;
  licences: { name?: string; no?: string; to?: string }[]; last_visit: string | null; visits_year: number; tags: string[];
}
export interface Detail extends Visit {
  card: Card; items: Item[]; team: Inspector[]; record: ServerRecord | null; history: { day: string; item: string; department: string; codes: string[] }[];
  qr?: string; rectifications?: { item: string; due: string | null; measure: string; content: string | null }[];
}
export interface Word { code: string; zh: string; en: string; retired: boolean }

export interface Answer {
  base: number; answer: Choice | ""; problem: string; codes: string[]; disposal: string; law: Law | null;
  points: Record<string, Choice>; reuse: Reuse | null; at: number; dirty: boolean;
}
export interface Photo { hash: string; kind: "photo" | "document"; item: string; name: string; place: string; at: number; lon?: number; lat?: number }
export interface Signature { role: "inspector" | "target" | "witness"; inspector?: string; name: string; certificate?: string; hash: string; at: number }
export interface CheckIn { at: number; code: string; reason: string; place: string; lon?: number; lat?: number; accuracy?: number }
export type Outcome = "checked" | "uncooperative" | "unreachable" | "closed";
/** All that was gathered for one visit. */
export interface Draft {
  key: string; inspector: string; start: number; checkin: CheckIn | null; outcome: Outcome; methods: string[]; entrusted: string;
  answers: Record<string, Answer>; photos: Photo[]; signatures: Signature[]; refusal: string; witness: string; witness_identity: string; remarks: string;
  locked: boolean; // a complete record waits in the outbox
}
export type LetterState = "waiting" | "sending" | "refused" | "conflict" | "done";
/** One hand-in in the outbox. */
export interface Letter {
  id: string; key: string; inspector: string; name: string; final: boolean; created: number; document: Record<string, unknown>; files: string[];
  state: LetterState; tries: number; tried: number; why: string; conflicts: string[]; answers: ServerAnswer[];
}
export interface KeptFile { hash: string; type: string; bytes: ArrayBuffer }
