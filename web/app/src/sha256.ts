// sha256.ts - SHA-256 (FIPS 180-4) for browsers on plain HTTP, where crypto.subtle does not exist; and the path from an entry
// of the log to the root (RFC 9162 2.1.3.2)
const PRIMES = (() => { const found: number[] = []; for (let n = 2; found.length < 64; n++) if (found.every((p) => n % p)) found.push(n); return found; })();
const fraction = (x: number) => Math.floor((x - Math.floor(x)) * 4294967296) | 0;
const K = Int32Array.from(PRIMES, (p) => fraction(Math.cbrt(p)));
const START = Int32Array.from(PRIMES.slice(0, 8), (p) => fraction(Math.sqrt(p)));
const turn = (x: number, n: number) => (x >>> n) | (x << (32 - n));

function block(state: Int32Array, w: Int32Array) {
  for (let i = 16; i < 64; i++) {
    const a = w[i - 15], b = w[i - 2];
    w[i] = (w[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + w[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i++) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((v, i) => { state[i] = (state[i] + v) | 0; });
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / 64) * 64), view = new DataView(padded.buffer), state = START.slice(), w = new Int32Array(64);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  view.setUint32(padded.length - 8, Math.floor(bytes.length / 536870912));
  view.setUint32(padded.length - 4, bytes.length << 3);
  for (let at = 0; at < padded.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + 4 * i);
    block(state, w);
  }
  const out = new DataView(new ArrayBuffer(32));
  state.forEach((v, i) => out.setInt32(4 * i, v));
  return new Uint8Array(out.buffer);
}

export const hex = (b: Uint8Array) => Array.from(b, (x) => x.toString(16).padStart(2, "0")).join("");
const unhex = (s: string) => Uint8Array.from(s.match(/../g) ?? [], (x) => parseInt(x, 16));
const join = (...parts: Uint8Array[]) => { const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0)); let at = 0; for (const p of parts) { out.set(p, at); at += p.length; } return out; };
const node = (left: Uint8Array, right: Uint8Array) => sha256(join(Uint8Array.of(1), left, right));

/** The root that this entry and these siblings lead to, or null when there are too many or too few of them. */
export function rootFrom(entry: Uint8Array, index: number, size: number, hashes: string[]): string | null {
  let at = sha256(join(Uint8Array.of(0), entry)), first = index, last = size - 1;
  for (const h of hashes) {
    if (last === 0) return null;
    if (first % 2 === 1 || first === last) {
      at = node(unhex(h), at);
      while (first % 2 === 0 && first !== 0) { first /= 2; last = Math.floor(last / 2); }
    } else at = node(at, unhex(h));
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? hex(at) : null;
}
