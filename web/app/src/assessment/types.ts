// types.ts - an assessment as the server gives it
export interface Scheme { id: string; name: string; region: string; from: string; to: string; state: string; hours: number; created: string; filled: string | null; closed: string | null; row_version: number }
export interface Indicator { seq: number; name: string; source: string; weight_bp: number; aim_bp: number; words: string | null }
export interface Mark { seq: number; part: number | null; whole: number | null; proposed_bp: number | null; self_bp: number | null; self_note: string | null; evidence: string | null; review_bp: number | null; review_note: string | null; own: boolean; row_version: number }
export interface Unit { department: string; name: string; total_bp: number | null; marks: Mark[] }
export interface Assessment extends Scheme { all: boolean; indicators: Indicator[]; units: Unit[] }
export const DUTIES = ["plan", "published", "in_time", "records", "followups", "registry", "training"];
/** Points of a hundred. */
export const points = (bp: number | null) => (bp === null ? "—" : (bp / 100).toFixed(bp % 100 ? 2 : 0));
