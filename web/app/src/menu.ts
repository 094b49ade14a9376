// menu.ts - the side menu; an entry is shown to those who hold one of its permissions
import type { TextKey } from "./texts";
export interface Entry { to: string; title: TextKey; icon: string; permission?: string[]; key?: string }
export const menu: { title?: TextKey; entries: Entry[] }[] = [
  { entries: [{ to: "/", key: "d", title: "desk", icon: "M4 5h16v11H4zM9 20h6M12 16v4" }] },
  { entries: [{ to: "/enterprise", title: "enterprise", icon: "M4 20V8l8-5 8 5v12zM9 20v-6h6v6M9 10h.01M15 10h.01", permission: ["target.own"] }] },
  { title: "registers", entries: [
    { to: "/items", key: "i", title: "items", icon: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01", permission: ["item.read"] },
    { to: "/targets", key: "t", title: "targets", icon: "M4 20V6l8-3v17M12 9l8 3v8M3 20h18M8 8v.01M8 12v.01M8 16v.01M16 15v.01", permission: ["target.read"] },
    { to: "/inspectors", key: "p", title: "inspectors", icon: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-7 8-7s8 3 8 7", permission: ["inspector.read"] },
    { to: "/experts", key: "e", title: "experts", icon: "M2 9l10-5 10 5-10 5zM6 11v5c2 2 10 2 12 0v-5M22 9v6", permission: ["expert.read"] },
    { to: "/import", key: "m", title: "import", icon: "M12 3v12M7 10l5 5 5-5M4 20h16", permission: ["import"] },
  ] },
  { title: "planning", entries: [
    { to: "/plans", title: "plans", icon: "M5 4h14v16H5zM9 2v4M15 2v4M5 9h14M9 13h6M9 16h4", permission: ["plan.read"] },
    { to: "/conferences", title: "conferences", icon: "M4 18c0-3 2-5 4-5s4 2 4 5M12 18c0-3 2-5 4-5s4 2 4 5M8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM16 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z", permission: ["plan.read"] },
    { to: "/tasks", title: "tasks", icon: "M12 3a9 9 0 1 0 9 9M12 7v5l3 2M16 3l1.5 1.5L21 1", permission: ["plan.read"] },
    { to: "/mergings", title: "mergings", icon: "M5 21V5l7-2v18M12 8h7v13M3 21h18M8.5 12h.01M16 3l2 2-2 2", permission: ["plan.read"] },
  ] },
  { title: "handling", entries: [
    { to: "/results", key: "r", title: "results", icon: "M5 4h14v16H5zM9 9l2 2 4-4M9 15h6", permission: ["result.read"] },
    { to: "/followups", key: "f", title: "followups", icon: "M4 12a8 8 0 1 1 3 6M4 12H1M4 12l3-3M12 8v4l3 2", permission: ["result.read"] },
    { to: "/risk", title: "risk", icon: "M12 3l8 3v6c0 5-3.5 8-8 9-4.5-1-8-4-8-9V6zM9 15v-3M12 15V9M15 15v-5", permission: ["risk.read"] },
    { to: "/leads", key: "x", title: "leads", icon: "M12 3l9 16H3zM12 10v4M12 17v.01", permission: ["lead.read"] },
    { to: "/recusals", title: "recusals", icon: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM2 21c0-4 3-7 7-7 1.5 0 3 .4 4 1.2M15 18h7M19 15l3 3-3 3", permission: ["objection"] },
    { to: "/objections", title: "objections", icon: "M4 5h16v11H9l-5 4zM12 8v3M12 13.5v.01", permission: ["objection"] },
    { to: "/takedowns", title: "takedowns", icon: "M12 4v11M7 10l5 5 5-5M4 20h16M4 4h4M16 4h4", permission: ["result.read"] },
  ] },
  { title: "assessment", entries: [
    { to: "/leaders", key: "l", title: "leaders", icon: "M4 20V10M10 20V4M16 20v-7M3 20h18M21 20V8", permission: ["statistics.read"] },
  ] },
  { title: "administration", entries: [
    { to: "/exchange", title: "exchange", icon: "M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4", permission: ["exchange"] },
    { to: "/journal", key: "j", title: "journal", icon: "M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6M9 12h6", permission: ["journal.read"] },
    { to: "/system", key: "s", title: "system", icon: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2" },
  ] },
];
