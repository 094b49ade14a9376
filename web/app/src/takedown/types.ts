// types.ts - what the server says about publications that are taken down
export interface PublicationKey { target: string; publication: string }
export interface Takedown extends PublicationKey { region: string | null; department: string; reason: string; basis: string; state: string; opinion: string | null; own: boolean; asked: string; decided: string | null; row_version: number }
export interface TakedownRow extends Takedown { item_name: string; codes: string[]; published: string }
export interface Preview extends PublicationKey { department: string; task: string; item_name: string; codes: string[]; correction: number; published: string; places: string[]; exchange: { batch: string; state: string } | null; takedown: Takedown | null }
export const TONE: Record<string, string> = { asked: "mark", taken: "bad", refused: "" };
