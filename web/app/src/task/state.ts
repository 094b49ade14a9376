// task/state.ts - states of a task as the pages show them
import type { Task } from "./types";
export const STATES = ["draft", "approved", "sealed", "drawn", "assigned", "notified", "inspecting", "closed"];
export const tone = (state: string) => (state === "draft" ? "mark" : state === "closed" || state === "void" ? "" : state === "approved" || state === "sealed" ? "accent" : "good");
/** The steps of the page: the draw's lock stands between the task's own states. */
export const STEPS = ["draft", "approved", "sealed", "locked", "drawn", "assigned", "inspecting", "closed"];
export function step(task: Task): number {
  if (task.state === "sealed" && task.draw && ["locked", "beacon"].includes(task.draw.state)) return STEPS.indexOf("locked");
  return STEPS.indexOf(task.state === "notified" ? "assigned" : task.state);
}
