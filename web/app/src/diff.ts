// diff.ts - what differs between two texts, by characters: a longest common subsequence, clause by clause where the texts are long
export interface Piece { text: string; kind: "same" | "gone" | "new" }
const CELLS_MAX = 4_000_000;

function units(text: string, coarse: boolean): string[] { return coarse ? text.match(/[^，。；、,.;\n]*[，。；、,.;\n]?/g)!.filter(Boolean) : Array.from(text); }

export function diff(before: string, after: string): Piece[] {
  const coarse = before.length * after.length > CELLS_MAX;
  const a = units(before, coarse), b = units(after, coarse);
  const w = b.length + 1;
  const common = new Uint32Array((a.length + 1) * w); // longest common subsequence from (i, j) on
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--)
    common[i * w + j] = a[i] === b[j] ? common[(i + 1) * w + j + 1] + 1 : Math.max(common[(i + 1) * w + j], common[i * w + j + 1]);
  const out: Piece[] = [];
  const put = (text: string, kind: Piece["kind"]) => {
    const last = out[out.length - 1];
    if (last?.kind === kind) last.text += text; else out.push({ text, kind });
  };
  let i = 0, j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { put(a[i], "same"); i++; j++; }
    else if (i < a.length && (j === b.length || common[(i + 1) * w + j] >= common[i * w + j + 1])) put(a[i++], "gone");
    else put(b[j++], "new");
  }
  return out;
}
