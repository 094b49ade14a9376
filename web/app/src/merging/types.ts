// merging/types.ts - a visit made together, as /api/v1/mergings gives it
export interface Merging {
  id: string; target: string; name: string | null; region: string; lead: string; state: string; from: string; to: string; day: string | null; visits: number;
  reason: string | null; proposed: string; decided: string | null; row_version: number; departments: { department: string; seen: string | null }[]; seen: boolean;
}
export interface Day { day: string; known: boolean; works: boolean; away: number; planned: number }
export interface MergingOne extends Merging {
  tasks: { task: string; name: string; lead: string; items: string[]; participants: { department: string; places: number }[]; from: string; to: string; state: string | null }[];
  days: Day[];
}
