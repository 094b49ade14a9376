"""meter.py - what the measurements over HTTP have in common: memory and processor time of the server, and the
waits of another account."""
import os
import threading
import time


class Meter:
    """Private memory and processor time of the server, and the waits of one who saves."""

    def __init__(self, office, clerk):
        self.office, self.clerk, self.on, self.most, self.waits = office, clerk, True, 0, []
        self.target = clerk.get("/targets", limit=1).json["rows"][0]["code"]
        self.spent = self.cpu()
        self.threads = [threading.Thread(target=f, daemon=True) for f in (self.memory, self.save)]
        for t in self.threads:
            t.start()

    def cpu(self):
        """Seconds of processor that the server has used, by itself and in the system."""
        fields = open(f"/proc/{self.office.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        while self.on:
            for line in open(f"/proc/{self.office.process.pid}/status"):
                if line.startswith("RssAnon"):
                    self.most = max(self.most, int(line.split()[1]))
            time.sleep(0.02)

    def save(self):
        while self.on:
            tag = self.clerk.get("/targets/" + self.target).getheader("ETag")
            begin = time.monotonic()
            self.clerk.put("/targets/" + self.target, {"station": str(begin)}, If_Match=tag)
            self.waits.append(1000 * (time.monotonic() - begin))
            time.sleep(0.02)

    def stop(self):
        self.on = False
        for t in self.threads:
            t.join()
        w = sorted(self.waits) or [0]
        return (f"cpu_seconds={self.cpu() - self.spent:.2f} anon_kb={self.most} saves={len(self.waits)} save_p50_ms={w[len(w) // 2]:.1f} "
                f"save_p99_ms={w[min(len(w) - 1, len(w) * 99 // 100)]:.1f} save_worst_ms={w[-1]:.1f}")
