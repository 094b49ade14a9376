// act.ts - what a dialog of one act asks for, and the words that several pages share
import type { Choice } from "../parts/PickList.vue";
import type { Takedown } from "../takedown/types";
import { t } from "../texts";
/** Registers whose rows are picked: found by the server as one types. */
export const REGISTERS = ["targets", "items", "leads", "inspectors"] as const;
export type Register = (typeof REGISTERS)[number];
export interface ActField { name: string; label: string; type?: "text" | "area" | "lines" | "date" | "number" | "select" | "many" | "check" | "departments" | "regions" | Register; many?: boolean; required?: boolean; hint?: string; choices?: Choice[]; query?: Record<string, unknown>; value?: unknown; when?: (v: Record<string, any>) => boolean }
export interface Act { title: string; path: string; fields: ActField[]; words?: string; etag?: string | null; more?: Record<string, unknown>; method?: "PUT"; shape?: (body: Record<string, any>) => unknown }

export const CODES = ["no_problem", "not_disclosed", "false_disclosure", "unreachable", "rectification", "uncooperative", "no_activity", "pending", "closed", "cancelled", "revoked", "rescinded", "moved", "qualified", "unqualified"];
export const METHODS = ["on_site", "written", "other_department", "testing", "online", "entrusted"];
export const MEASURES = ["rectification", "none", "daily_supervision", "case_filed", "referral", "transferred", "other"];
export const named = (prefix: string, codes: string[]): Choice[] => codes.map((code) => ({ code, name: t(`${prefix}_${code}`) }));
/** How much is left, and how loud to say it. */
export function left(n: number | null | undefined, due: string | null): { text: string; tone: string } {
  if (n === null || n === undefined) return { text: due ? "" : t("due_unknown"), tone: "mark" };
  if (n < 0) return { text: t("due_over", { n: -n }), tone: "bad" };
  return n === 0 ? { text: t("due_today"), tone: "bad" } : { text: t("due_left", { n }), tone: n <= 5 ? "mark" : "" };
}
export interface ResultRow { target: string; target_name: string | null; id: string; task: string; item: string; item_name: string | null; department: string; codes: string[]; produced: string; due: string | null; left: number | null; state: string; own: boolean; row_version: number }
export interface ResultFull extends ResultRow {
  clock: { version: string | null; now: string; days: { day: string; why: string; number: number; name: string | null; notice: string | null; document_no: string | null }[] };
  steps: { seq: number; act: string; state: string; codes: string[]; methods: string[]; detail: string | null; note: string | null; actor: string; time: string }[];
  followups: { id: string; measure: string; state: string; due: string | null }[];
  revocation: { document_no: string; reason: string; revoked: string; due: string | null; withdrawn: string | null; own: boolean } | null;
  publications: { id: string; correction: number; codes: string[]; published: string; takedown: Takedown | null }[];
  methods: string[]; detail: string | null; opinion: string | null; withheld_reason: string | null; published: string | null; entered: string;
}
