// figures.ts - figures for leaders: what the server counts, the published rates over it, and the addresses of the lists behind
import { queryText } from "../api";
import { t } from "../texts";

export interface Count {
  targets: number; drawn: number; due: number; checked: number; joint: number; planned: number; shown: number; ended: number; results: number;
  published: number; in_time: number; late: number; overdue: number; waiting: number; withheld: number; problems: number;
}
export interface Line extends Count { code: string; name: string | null }
export interface Figures {
  from: string; to: string; counted: string; total: Count; doors_saved: number;
  departments: Line[]; counties: Line[]; types: Line[]; classes: Line[]; items: Line[];
  months: { month: string; drawn: number; checked: number; published: number; problems: number }[];
  load: { inspectors: number; places: number; classes: number[] };
}
export type Part = "departments" | "counties" | "types" | "classes" | "items";

/** The published metrics: part and whole of each; none where there is no whole. */
export const RATES: Record<string, (n: Count) => [number, number]> = {
  coverage: (n) => [n.drawn, n.targets], done: (n) => [n.shown, n.due], published: (n) => [n.published, n.results - n.withheld],
  in_time: (n) => [n.in_time, n.in_time + n.late + n.overdue], ended: (n) => [n.ended, n.shown], joint: (n) => [n.joint, n.due], planned: (n) => [n.planned, n.due],
  problem: (n) => [n.problems, n.results],
};
export function rate(id: string, n: Count): number | null {
  const [part, whole] = RATES[id](n);
  return whole > 0 ? Math.min(1, part / whole) : null;
}
export const share = (value: number | null) => (value === null ? t("no_value") : `${(value * 100).toFixed(value > 0 && value < 0.1 ? 2 : 1)}%`);

/** What a part can tell: a target has a type and a class, a result has an item. */
export const SHOWS: Record<Part, { rates: string[]; counts: (keyof Count)[] }> = {
  departments: { rates: ["in_time", "done", "published", "ended", "coverage", "joint", "planned"], counts: ["targets", "drawn", "due", "checked", "results", "published", "overdue", "problems"] },
  counties: { rates: ["coverage", "in_time", "done", "published", "ended", "joint", "planned"], counts: ["targets", "drawn", "due", "checked", "results", "published", "overdue", "problems"] },
  types: { rates: ["coverage"], counts: ["targets", "drawn"] },
  classes: { rates: ["coverage"], counts: ["targets", "drawn"] },
  items: { rates: ["problem", "in_time", "published"], counts: ["results", "published", "overdue", "problems"] },
};
const FILTER: Record<Part, string> = { departments: "department", counties: "region", types: "entity_type", classes: "risk_class", items: "item" };

/** The list behind a figure: of which kind, of which line, under the filters of the page. Targets of the register have their own. */
export function behind(of: string, filters: Record<string, string>, part?: Part, code?: string): string {
  const narrowed = part && code ? { ...filters, [FILTER[part]]: code } : filters;
  if (of === "targets") {
    const { department, region, entity_type } = narrowed as Record<string, string>;
    return "/targets" + queryText({ department, region, entity_type, status: "active" });
  }
  return "/leaders/rows" + queryText({ of, ...narrowed });
}
export const lineName = (part: Part, line: Line) => line.name || (part === "types" ? t(`entity_types_${line.code}`) : part === "classes" ? `${line.code} ${t(`risk_${line.code}`)}` : line.code);
