// import/types.ts - what the server tells of an import
export interface Job { id: string; subject: string; state: string; phase: string | null; done: number | null; total: number | null; error: string | null; why?: string | null; ended: string | null }
export interface Report { read: number; added: number; changed: number; unchanged: number; rejected: number; conflicts?: number; region_derived?: number; encoding?: string; unused?: string | null }
export interface Column { header: string; field: string | null; guess: string | null; samples: string[] }
export interface FieldOf { id: string; title: string; required: boolean; note: string | null }
export interface Undo { reason?: string; undone?: number; removed?: number; kept?: number }
export interface Upload {
  id: string; kind: string; name: string; state: string; bytes: number; created: string; report: Report | null; job: string | null; error?: string | null; why?: string | null;
  undo?: Undo | null; undo_until?: string; fields?: FieldOf[]; look?: { line: number; remembered: boolean; columns: Column[] } | null;
}
