// task/secret.ts - the secret of a party: made here, kept in this browser, shown to nobody before the list is sealed
import { digest } from "./hash";
import type { Draw } from "./types";

interface Kept { secret: string; made: string }
const place = (draw: Draw, party: string) => `secret ${draw.draw}/${draw.attempt} ${party}`;

/** 32 random bytes as hex. */
export function newSecret(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (b) => b.toString(16).padStart(2, "0")).join("");
}
/** The commitment of docs/spec/draw-1.md §4. */
export function commitmentOf(draw: Draw, party: string, secret: string): string {
  return digest(draw.suite, `mingqian-commit/v1\n${draw.draw}\n${draw.attempt}\n${party}\n${secret}\n`);
}
export function keepSecret(draw: Draw, party: string, secret: string): Kept {
  const kept = { secret, made: new Date().toISOString() };
  localStorage.setItem(place(draw, party), JSON.stringify(kept)); // throws when the browser keeps nothing: then nothing is promised
  return kept;
}
export function keptSecret(draw: Draw, party: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(place(draw, party)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}
