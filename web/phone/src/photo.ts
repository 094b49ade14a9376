// photo.ts - photographs made small, with time, place and task written into them; positions; codes read from pictures
import { moment } from "./texts";

const SIDE_MAX = 1600, QUALITY = 0.8;
export const FILE_BYTES_MAX = 8 << 20;

const loadImage = (file: Blob) => new Promise<HTMLImageElement>((done, failed) => {
  const reader = new FileReader(), image = new Image(); // data:, as the policy of the server allows
  reader.onload = () => { image.src = String(reader.result); };
  image.onload = () => done(image);
  image.onerror = reader.onerror = () => failed(new Error("unreadable"));
  reader.readAsDataURL(file);
});
export async function bytesOf(canvas: HTMLCanvasElement, type: string): Promise<ArrayBuffer> {
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, type, QUALITY));
  if (!blob) throw new Error("unreadable");
  return blob.arrayBuffer();
}

/** The photograph in at most 1,600 pixels, its lines written across the foot. */
export async function stamp(file: Blob, lines: string[]): Promise<ArrayBuffer> {
  const image = await loadImage(file), ratio = Math.min(1, SIDE_MAX / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas"), g = canvas.getContext("2d");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * ratio));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * ratio));
  if (!g) throw new Error("unreadable");
  g.drawImage(image, 0, 0, canvas.width, canvas.height);
  const size = Math.max(12, Math.round(canvas.width / 40)), step = Math.round(size * 1.4);
  g.fillStyle = "rgba(0,0,0,.55)";
  g.fillRect(0, canvas.height - step * lines.length - size, canvas.width, step * lines.length + size);
  g.fillStyle = "#fff";
  g.font = `${size}px sans-serif`;
  lines.forEach((line, i) => g.fillText(line, size, canvas.height - step * (lines.length - 1 - i) - size * 0.8, canvas.width - 2 * size));
  return bytesOf(canvas, "image/jpeg");
}

export interface Position { lon: number; lat: number; accuracy: number }
/** The position, or null: not allowed, not there (plain HTTP), or it takes longer than 8 seconds. */
export function position(): Promise<Position | null> {
  if (!navigator.geolocation || !window.isSecureContext) return Promise.resolve(null);
  return new Promise((done) => navigator.geolocation.getCurrentPosition(
    (p) => done({ lon: p.coords.longitude, lat: p.coords.latitude, accuracy: p.coords.accuracy }), () => done(null), { enableHighAccuracy: true, timeout: 8000, maximumAge: 60000 }));
}
const R_KM = 6371, rad = (d: number) => (d * Math.PI) / 180;
export function distanceKm(a: { lon: number; lat: number }, b: { lon: number; lat: number }): number {
  const h = Math.sin(rad(b.lat - a.lat) / 2) ** 2 + Math.cos(rad(a.lat)) * Math.cos(rad(b.lat)) * Math.sin(rad(b.lon - a.lon) / 2) ** 2;
  return 2 * R_KM * Math.asin(Math.sqrt(h));
}
export const placeLines = (at: number, place: string, task: string) => [moment(at), place, task].filter(Boolean);

interface Detector { detect: (source: HTMLVideoElement | HTMLImageElement) => Promise<{ rawValue: string }[]> }
type DetectorMaker = new (options: { formats: string[] }) => Detector;
/** Reads QR codes: the browser's own reader, or ours where it has none, or one that does not work (phones without the services it
 * relies on). Null only when neither is there. */
export async function detector(): Promise<Detector | null> {
  const Maker = (window as unknown as { BarcodeDetector?: DetectorMaker }).BarcodeDetector, ours = () => import("./reader").then((m) => m.reader, () => null);
  let own: Detector | null = null;
  try {
    own = Maker ? new Maker({ formats: ["qr_code"] }) : null;
  } catch {
    // it knows no QR codes
  }
  return own ? { detect: (source) => own.detect(source).catch(async () => (await ours())?.detect(source) ?? []) } : ours();
}
/** A camera stream: never on plain HTTP; a photograph does there. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);
export async function readCode(file: Blob): Promise<string> {
  const found = await (await detector())?.detect(await loadImage(file));
  return found?.[0]?.rawValue ?? "";
}
/** A code as people type it: the end of an address, without blanks and hyphens, O as 0, I and L as 1. */
export function plainCode(typed: string): string {
  const last = typed.trim().replace(/\/+$/, "").split("/").pop() ?? "";
  return last.replace(/[\s-]/g, "").toUpperCase().replace(/O/g, "0").replace(/[IL]/g, "1");
}
export const codeFits = (typed: string, code: string, target: string) => {
  const last = typed.trim().replace(/\/+$/, "").split("/").pop() ?? "";
  return (code !== "" && plainCode(typed) === code) || last === target;
};
