// jobs.ts - long work, followed by server-sent events until it ends
import { get } from "./api";

const ASK_MS = 1000;
interface Ending { id: string; ended: string | null }

/** Tells each state of a job; `ended` is its last one, or null after `stop`. The browser comes back by itself when the connection
 *  is lost; where events are not let through, the job is asked for. */
export function followJob<J extends Ending>(job: J, tell: (job: J) => void): { ended: Promise<J | null>; stop: () => void } {
  let stop = () => {};
  const ended = new Promise<J | null>((done, fail) => {
    if (job.ended) return done(job);
    const source = new EventSource(`/api/v1/jobs/${job.id}/events`);
    let timer = 0, left = false;
    stop = () => { left = true; source.close(); clearTimeout(timer); done(null); };
    const take = (event: Event) => { if (left) return; const now = JSON.parse((event as MessageEvent<string>).data) as J; tell(now); if (now.ended) { source.close(); done(now); } };
    async function ask() {
      try {
        const now = (await get<J>(`/jobs/${job.id}`)).data;
        if (left) return;
        tell(now);
        if (now.ended) done(now); else timer = window.setTimeout(ask, ASK_MS);
      } catch (e) { fail(e); }
    }
    source.addEventListener("job", take);
    source.addEventListener("end", take);
    source.addEventListener("error", () => { if (source.readyState === EventSource.CLOSED && !left) void ask(); });
  });
  return { ended, stop: () => stop() };
}
