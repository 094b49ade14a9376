// reader.ts - reads QR codes where the browser cannot (a chunk of its own: it comes only there)
import { decodeQR } from "qr/decode.js";

const SIDE_MAX = 1000;
const sizeOf = (source: HTMLVideoElement | HTMLImageElement): [number, number] =>
  source instanceof HTMLVideoElement ? [source.videoWidth, source.videoHeight] : [source.naturalWidth, source.naturalHeight];
const canvas = document.createElement("canvas");

function look(source: HTMLVideoElement | HTMLImageElement, side: number): string {
  const [w, h] = sizeOf(source), ratio = Math.min(1, side / Math.max(w, h, 1)), g = canvas.getContext("2d", { willReadFrequently: true });
  canvas.width = Math.round(w * ratio);
  canvas.height = Math.round(h * ratio);
  if (!g || canvas.width < 21 || canvas.height < 21) return "";
  g.drawImage(source, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(g.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return ""; // no code in this picture
  }
}
/** Like the browser's own: what the code says, or nothing. A photograph is looked at again in small, where a large code is read better. */
export const reader = {
  async detect(source: HTMLVideoElement | HTMLImageElement): Promise<{ rawValue: string }[]> {
    const said = look(source, SIDE_MAX) || (source instanceof HTMLImageElement ? look(source, SIDE_MAX / 2) : "");
    return said ? [{ rawValue: said }] : [];
  },
};
