// scope.ts - the conditions of a filter, as the scope of a draw says them (docs/how-to/api.md, Targets)
import { DAY_MS } from "../words";
export const LISTS = ["regions", "industries", "kinds", "entity_types", "statuses", "risk_classes", "departments", "tags", "tags_all", "tags_none"] as const;
export const DAYS = ["established_from", "established_to", "visited_before", "licence_before"] as const;
export type Scope = Partial<Record<(typeof LISTS)[number], string[]>> & Partial<Record<(typeof DAYS)[number], string>>;

export function scopeOf(text: string): Scope {
  try {
    const value = JSON.parse(text || "{}") as Scope;
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
/** Without what is empty, in one order: the same conditions are the same text. "" when there are none. */
export function textOf(scope: Scope): string {
  const out: Record<string, unknown> = {};
  for (const k of LISTS) if (scope[k]?.length) out[k] = scope[k];
  for (const k of DAYS) if (scope[k] && !Number.isNaN(Date.parse(scope[k]!) / DAY_MS)) out[k] = scope[k];
  return Object.keys(out).length ? JSON.stringify(out) : "";
}
