// verify-worker.js - runs the core (verify.wasm) away from the page. It is sent {wasm, files}: the program's bytes or its
// address, and five ArrayBuffers (or null) in the order of NAMES. It answers {progress} messages and one {report}
// or {error}.
const ABSENT = 0xffffffff;

async function load(wasm, imports) {
  if (typeof wasm !== "string") {
    return (await WebAssembly.instantiate(wasm, imports)).instance.exports;
  }
  const reply = await fetch(wasm);
  if (!reply.ok) {
    throw new Error(reply.status + " " + wasm);
  }
  return (await WebAssembly.instantiate(await reply.arrayBuffer(), imports)).instance.exports;
}

function verify(core, files) {
  const table = core.verify_begin(...files.map((f) => (f === null ? ABSENT : f.byteLength)));
  if (table === 0) {
    throw new Error("memory");
  }
  const addresses = new Uint32Array(core.memory.buffer, table, files.length).slice();
  files.forEach((file, i) => {
    if (file !== null) {
      new Uint8Array(core.memory.buffer, addresses[i], file.byteLength).set(new Uint8Array(file));
    }
  });
  const start = performance.now();
  const text = core.verify_run();
  const took = performance.now() - start;
  const bytes = new Uint8Array(core.memory.buffer, text, core.verify_length());
  const report = JSON.parse(new TextDecoder().decode(bytes));
  report.took_ms = took;
  return report;
}

self.onmessage = async (message) => {
  let last = 0;
  const imports = {
    page: {
      progress(done, total) {
        const now = performance.now();
        if (now - last > 50) {
          last = now;
          self.postMessage({ progress: [done, total] });
        }
      },
    },
  };
  try {
    const core = await load(message.data.wasm, imports);
    self.postMessage({ report: verify(core, message.data.files) });
  } catch (error) {
    self.postMessage({ error: String(error && error.message ? error.message : error) });
  }
};
