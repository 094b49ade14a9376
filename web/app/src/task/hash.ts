// task/hash.ts - SHA-256 (FIPS 180-4) and SM3 (GB/T 32905-2016) of short texts: crypto.subtle does not exist on plain HTTP
const rol = (x: number, n: number) => (x << n) | (x >>> (32 - n));
const ror = (x: number, n: number) => (x >>> n) | (x << (32 - n));

function padded(bytes: Uint8Array): DataView {
  const whole = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(whole.length - 4, (bytes.length << 3) >>> 0);
  return view;
}
function hex(words: Int32Array): string { return Array.from(words, (w) => (w >>> 0).toString(16).padStart(8, "0")).join(""); }

/** The first 32 bits of the fractional parts of the roots (2: square, 3: cube) of the first primes, exactly by integers. */
function fractions(count: number, root: 2 | 3): Int32Array {
  const out = new Int32Array(count);
  for (let p = 2, n = 0; n < count; p++) {
    let prime = true;
    for (let d = 2; d * d <= p; d++) if (p % d === 0) prime = false;
    if (!prime) continue;
    const want = BigInt(p) << BigInt(32 * root);
    let low = 0n, high = 1n << 40n;
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if ((root === 2 ? middle * middle : middle * middle * middle) <= want) low = middle; else high = middle;
    }
    out[n++] = Number(BigInt.asIntN(32, low));
  }
  return out;
}

function sha256(bytes: Uint8Array): string {
  const k = fractions(64, 3), h = fractions(8, 2), w = new Int32Array(64), view = padded(bytes);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = (w[i - 16] + (ror(a, 7) ^ ror(a, 18) ^ (a >>> 3)) + w[i - 7] + (ror(b, 17) ^ ror(b, 19) ^ (b >>> 10))) | 0;
    }
    const s = Int32Array.from(h);
    for (let i = 0; i < 64; i++) {
      const t1 = (s[7] + (ror(s[4], 6) ^ ror(s[4], 11) ^ ror(s[4], 25)) + ((s[4] & s[5]) ^ (~s[4] & s[6])) + k[i] + w[i]) | 0;
      const t2 = ((ror(s[0], 2) ^ ror(s[0], 13) ^ ror(s[0], 22)) + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
      s.copyWithin(1, 0, 7);
      s[4] = (s[4] + t1) | 0;
      s[0] = (t1 + t2) | 0;
    }
    for (let i = 0; i < 8; i++) h[i] = (h[i] + s[i]) | 0;
  }
  return hex(h);
}

function sm3(bytes: Uint8Array): string {
  const v = Int32Array.of(0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600 | 0, 0xa96f30bc | 0, 0x163138aa, 0xe38dee4d | 0, 0xb0fb0e4e | 0);
  const w = new Int32Array(68), view = padded(bytes);
  const p0 = (x: number) => x ^ rol(x, 9) ^ rol(x, 17), p1 = (x: number) => x ^ rol(x, 15) ^ rol(x, 23);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(block + 4 * i);
    for (let i = 16; i < 68; i++) w[i] = p1(w[i - 16] ^ w[i - 9] ^ rol(w[i - 3], 15)) ^ rol(w[i - 13], 7) ^ w[i - 6];
    let [a, b, c, d, e, f, g, h] = v;
    for (let j = 0; j < 64; j++) {
      const t = j < 16 ? 0x79cc4519 : 0x7a879d8a;
      const ss1 = rol((rol(a, 12) + e + rol(t, j % 32)) | 0, 7), ss2 = ss1 ^ rol(a, 12);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c), gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + ss2 + (w[j] ^ w[j + 4])) | 0, tt2 = (gg + h + ss1 + w[j]) | 0;
      [d, c, b, a] = [c, rol(b, 9), a, tt1];
      [h, g, f, e] = [g, rol(f, 19), e, p0(tt2)];
    }
    [a, b, c, d, e, f, g, h].forEach((x, i) => { v[i] ^= x; });
  }
  return hex(v);
}

export const digest = (suite: string, text: string): string => (suite === "sm3" ? sm3 : sha256)(new TextEncoder().encode(text));
