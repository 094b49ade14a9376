// items/lines.ts - what a version says, field by field, in words; the same order for reading and for comparing
import { useDict, useWords } from "../dict";
import { t } from "../texts";
import type { Item, Joint } from "../types";
import { day, percent, word } from "../words";
export type Line = [label: string, text: string];

const LABELS: Record<string, string> = { name: "item_name", cap_bp: "cap_percent", legal_basis: "legal_basis", lead: "joint_lead", kind: "joint_kind", items: "joint_items", body: "joint_body" };
/** "/points/0/content" → "检查内容 1": the place of a fault as people call it. */
export function labelOf(pointer: string): string {
  const [, field, index] = pointer.split("/");
  return t(LABELS[field] ?? field) + (index === undefined ? "" : ` ${Number(index) + 1}`);
}

export function useItemLines() {
  const departments = useDict("departments"), words = useWords();
  return (item: Item): Line[] => [
    ["domain", item.domain], ["item_name", item.name], ["class", word("class", item.class)], ["cap", item.class === "KEY" ? t("no_cap") : percent(item.cap_bp)],
    ["target_scope", item.target_scope ?? ""], ["target_tags", (item.target_tags ?? []).join("、")],
    ["points", (item.points ?? []).map((p, i) => `${i + 1}. ${p.content}${p.how ? ` —— ${p.how}` : ""}`).join("\n")],
    ["methods", (item.methods ?? []).map((m) => words.word("methods", m)).join("、")], ["frequency", item.frequency ?? ""],
    ["legal_basis", (item.legal_basis ?? []).map((b) => `${b.law}${b.article ?? ""}${b.text ? `：${b.text}` : ""}${b.from || b.to ? `（${day(b.from)} – ${day(b.to)}）` : ""}`).join("\n")],
    ["department", departments.name_of(item.department)], ["partners", (item.partners ?? []).map(departments.name_of).join("、")],
    ["levels", (item.levels ?? []).map((l) => word("level", l)).join("、")], ["track", word("track", item.track)],
    ["skills", (item.skills ?? []).join("、")], ["expert_needed", item.expert_needed ? t("yes") : t("no")],
    ["valid_from", day(item.valid_from)], ["valid_to", day(item.valid_to)], ["reason", item.reason ?? ""],
  ];
}
export function useJointLines(nameOf: (code: string) => string) {
  const departments = useDict("departments");
  return (item: Joint): Line[] => [
    ["joint_kind", t(`joint_kind_${item.kind}`)], [item.kind === "joint" || item.kind === "rules" ? "joint_domain" : "joint_domain_bundle", item.domain], ["joint_name", item.name], ["target_scope", item.target_scope ?? ""],
    ["joint_lead", departments.name_of(item.lead)], ["partners", (item.partners ?? []).map(departments.name_of).join("、")],
    ["levels", (item.levels ?? []).map((l) => word("level", l)).join("、")], ["joint_items", (item.items ?? []).map((c, i) => `${i + 1}. ${nameOf(c)}`).join("\n")], ["joint_body", item.body ?? ""], ["reason", item.reason ?? ""],
  ];
}
