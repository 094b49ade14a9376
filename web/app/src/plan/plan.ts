// plan.ts - the rows of plans, and how terms are said in words
import { useDict } from "../dict";
import { language, t } from "../texts";
import type { Scope } from "../targets/scope";
import { percent, word } from "../words";

export interface Stratum { label: string; tag?: string; ratio_bp: number }
export interface Strata { by: string; strata: Stratum[]; rounding?: string; reserve_bp?: number; rule?: string; suite?: string; batches?: number }
export type { Scope } from "../targets/scope";
export interface Participant { department: string; places: number }
export interface Line {
  line?: number; problems?: string[]; name: string; items: string[]; scope: Scope; scope_words: string | null; ratio_words: string | null; strata: Strata; risk_words: string | null;
  from: string; to: string; lead: string | null; participants: Participant[]; mode: string | null;
}
export interface Review { from: string; to: string; opinion: string | null; document_no: string | null; actor: string; at: string }
export interface Revision { revision: number; line: number; before: Line | null; after: Line | null; reason: string; at: string }
export interface Plan {
  code: string; year: number; name: string; joint: boolean; lead: string; state: string; document_no: string | null; revision: number; published: string | null;
  row_version: number; line_count: number; lines: Line[]; reviews: Review[]; revisions: Revision[]; filings: { name: string; digest: string; bytes: number; at: string }[];
}
export interface Finding { kind: string; line: number; other: number; text: string | null; a: number; b: number }
export interface Check {
  lines: { line: number; population: number; sample: number; strata: { label: string; ratio_bp: number; population: number; sample: number }[] }[];
  findings: Finding[]; cut: boolean; enterprises: number; expected: number; share_bp: number; checked: string | null; current: boolean;
}
export const MODES = ["市抽市查", "市抽县查", "上抽下查"];
export const STATES = ["draft", "approved", "conference", "adopted", "filed", "published", "running", "closed"];

export function newLine(year: number, department: string | null): Line {
  return { name: "", items: [], scope: { entity_types: ["enterprise"] }, scope_words: null, ratio_words: null, strata: { by: "one", strata: [{ label: "all", ratio_bp: 300 }] }, risk_words: null,
    from: `${year}-03-01`, to: `${year}-11-30`, lead: department, participants: department ? [{ department, places: 2 }] : [], mode: null };
}
const list = (a: string[]) => a.join(language.value === "en" ? ", " : "、");

/** The scope in words, where nobody wrote any. */
export function scopeWords(scope: Scope): string {
  const regions = useDict("regions"), industries = useDict("industries"), departments = useDict("departments");
  const parts = [scope.regions?.length && list(scope.regions.map(regions.name_of)), scope.industries?.length && list(scope.industries.map(industries.name_of)),
    scope.tags?.length && list(scope.tags), scope.departments?.length && list(scope.departments.map(departments.name_of)), scope.entity_types?.length && list(scope.entity_types.map((x) => word("entity_types", x)))];
  return parts.filter(Boolean).join(" · ") || t("plan_scope_all");
}
export function strataWords(s: Strata): string {
  return s.by === "one" ? percent(s.strata[0]?.ratio_bp) : list(s.strata.map((x) => `${x.label === "other" ? t("entity_types_other") : x.tag ?? x.label} ${percent(x.ratio_bp)}`));
}
const share = (bp: number) => percent(Math.round(bp));
export function findingWords(f: Finding, departmentName: (code: string) => string): string {
  const ratios = f.kind === "cap" || f.kind === "share";
  return t(`finding_${f.kind}`, { text: f.text ? (f.kind === "item" ? f.text : departmentName(f.text)) : "", n: f.a.toString(), limit: f.b, other: f.other, a: ratios ? share(f.a) : f.a, b: ratios ? share(f.b) : f.b, share: share(f.b) });
}
/** What breaks a rule, against what is worth a look. */
export const grave = (f: Finding) => ["item", "cap", "share", "capacity", "empty"].includes(f.kind);
