// words.ts - days, times and states as people read them
import { language, t } from "./texts";
export const DAY_MS = 86400000;

/** A day: "2026-05-20" in both languages, as the documents of the office write it. */
export function day(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === "") return "";
  return typeof value === "number" ? new Date(value * DAY_MS).toISOString().slice(0, 10) : value.slice(0, 10);
}
export function time(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === "") return "";
  const at = typeof value === "number" ? new Date(value / 1000) : new Date(value);
  return new Intl.DateTimeFormat(language.value === "en" ? "en-GB" : "zh-CN", { dateStyle: "medium", timeStyle: "short", hour12: false }).format(at);
}
export function daysUntil(value: string | number | null | undefined, today = Date.now()): number | null {
  const text = day(value);
  return text ? Math.round((Date.parse(text) - Math.floor(today / DAY_MS) * DAY_MS) / DAY_MS) : null;
}
/** 500 → "5 %": basis points as people say them. */
export function percent(bp: number | null | undefined): string { return bp === null || bp === undefined ? "" : `${bp / 100} %`; }

const GOOD = new Set(["published", "active", "done"]), MARK = new Set(["draft", "legal_review", "suspended", "invited", "moved", "checking", "checked", "importing", "unmapped", "undoing"]);
export function tone(state: string): string { return GOOD.has(state) ? "good" : MARK.has(state) ? "mark" : "bad"; }
export const word = (prefix: string, code: string | null | undefined) => {
  if (!code) return "";
  const key = `${prefix}_${code}`, text = t(key);
  return text === key ? code : text;
};
export function bytes(n: number): string { return n < 1024 ? `${n} B` : n < 1048576 ? `${(n / 1024).toFixed(1)} KB` : `${(n / 1048576).toFixed(1)} MB`; }
/** The parts of a list that was typed: 、 , ; and blanks separate. */
export const splitWords = (text: string) => text.split(/[、,，;；\s]+/).filter(Boolean);
