// task/job.ts - long work: handed in, followed until it ends
import { reactive } from "vue";
import { ApiError, post } from "../api";
import { followJob } from "../jobs";
import { t } from "../texts";
import { asApiError } from "../use";
import type { Job } from "./types";

/** One piece of long work at a time; a second click while it goes on does nothing. */
export function useJob<T>() {
  const state = reactive({ busy: false, job: null as Job<T> | null, error: null as ApiError | null, start, cancel });
  async function start(path: string, body: unknown = {}): Promise<T | undefined> {
    if (state.busy) return undefined;
    Object.assign(state, { busy: true, error: null, job: null });
    try {
      let job = (await post<Job<T>>(path, body)).data;
      state.job = job as never;
      job = (await followJob(job, (now) => { state.job = now as never; }).ended) ?? job;
      if (job.state === "done") return job.result ?? undefined;
      state.error = new ApiError({ status: 422, code: job.error ?? job.state, title: job.error ? t(job.error) : t("job_cancelled"), detail: job.why ?? undefined }) as never;
    } catch (e) {
      state.error = asApiError(e) as never;
    } finally {
      state.busy = false;
    }
    return undefined;
  }
  async function cancel() { if (state.job) await post(`/jobs/${state.job.id}/cancel`).catch(() => undefined); }
  return state;
}
