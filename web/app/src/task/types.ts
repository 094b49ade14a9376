// task/types.ts - tasks and draws as docs/how-to/api.md describes them
export interface Participant { department: string; places: number }
export interface Stratum { label: string; tag?: string; ratio_bp: number }
export interface Strata { by: string; strata: Stratum[]; rounding?: string; reserve_bp?: number; rule?: string; suite?: string; batches?: number }
export interface TaskRow { code: string; name: string; state: string; plan: string | null; line: number | null; adhoc: boolean; lead: string; participants: Participant[]; items: string[]; from: string; to: string; created: string }
export interface Party { name: string; kind: "department" | "observer" | "notary"; commitment: string | null; revealed: boolean; present: boolean | null; mine: boolean }
export interface Beacon { name: string; event: string; at: string | null; bits: number; value: string | null; evidence: string | null; typed: { count: number; mine: string | null; differ: boolean } }
export interface Quota { group: number; stratum: string; population: number; n: number; reserve: number; ratio_bp: number | null }
export interface Draw {
  draw: string; attempt: number; state: string; suite: string; rule: string; batches: number; min_parties: number; salted: boolean; unannounced: boolean;
  publish_day: string | null; population: number | null; parties: Party[]; beacons: Beacon[]; quotas: Quota[]; exclusions: { reason: string; count: number }[];
}
export interface Attempt {
  draw: string; attempt: number; state: string; roster_root: string | null; draw_digest: string | null; lock_digest: string | null; seed: string | null; result_digest: string | null;
  void_reason: string | null; opened: string; sealed: string | null; locked: string | null; drawn: string | null; voided: string | null;
}
export interface Cut { need: number; capacity: number; groups: number; targets: string[]; inspectors: string[] }
export interface Diagnosis { cut_count: number; cuts: Cut[]; excluded: Record<string, number>; remedies: { kind: string; region?: string; resolves: boolean | null }[] }
export interface Staffing { state: string; staff_digest: string; owners_digest: string | null; assigned: string | null; confirm_due: string | null; teams: { department: string; targets: number; confirmed: string | null }[]; diagnosis: Diagnosis | null }
export interface Task {
  code: string; name: string; state: string; plan: string | null; line: number | null; adhoc_reason: string | null; cap_exempt: string | null; directed: boolean; lead: string;
  scope: Record<string, string[]>; strata: Strata; participants: Participant[]; from: string; to: string; created: string; may: string[];
  items: { code: string; name: string | null; class: string | null; cap_bp: number | null }[]; draw: Draw | null; attempts: Attempt[]; staffing: Staffing | null;
}
export interface FrameQuota { department: string; stratum: string; population: number; n: number; reserve: number; ratio_bp: number; least_ppm: number; most_ppm: number }
export interface Frame { rows: number; excluded: number; cap_bp: number | null; quotas: FrameQuota[]; exclusions: { reason: string; count: number; codes: string[] }[] }
export interface Counted { label: string; population: number; expected: number; mean: number; least: number; most: number }
export interface DryRun { rounds: number; rows: number; excluded: number; sample: number; strata: Counted[]; regions: Counted[]; industries: Counted[]; classes: Counted[]; entities: Counted[]; capitals: Counted[]; matching?: Forecast; unmatched?: string }
export interface Forecast { runs: number; feasible: boolean; targets: number; groups: number; places: number; inspectors: number; need: number; capacity: number; pair_count: number; tight_count: number; pairs: { target: string; department: string; inspector: string; share_bp: number }[]; tight: { target: string; department: string; candidates: number; places: number }[] }
export interface Tried { feasible: boolean; groups: number; places: number; need: number; capacity: number; cut_count: number; new_places: number; raised_places: number; outside_places: number; again_places: number; least_load: number; most_load: number }
export interface Member { department: string; inspector: string; name: string | null; role: string; rank: number; certificate: string | null }
export interface Drawn { target: string; name: string | null; region: string | null; stratum: string | null; departments: string[]; position: number; batch: number; team: Member[]; experts: { expert: string; name: string | null; rank: number }[]; substitutes: string[] }
export interface Job<T> { id: string; kind: string; state: string; phase: string; done: number; total: number; error: string | null; why: string | null; ended: string | null; result: T | null }
