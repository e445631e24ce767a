// Runs the benchmark page in headless Chromium and prints a table. See README.md beside this file.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import puppeteer from "puppeteer-core";

const here = path => fileURLToPath(new URL(path, import.meta.url));
const wasm = process.env.FLIPSIDE_OPS_WASM ??
  here("../../../target/wasm32-unknown-unknown/worker/flipside_bench_ops.wasm");
const files = {
  "/": [here("index.html"), "text/html"],
  "/bench.js": [here("bench.js"), "text/javascript"],
  "/ops.wasm": [wasm, "application/wasm"],
  "/opencv412.js": [here("node_modules/opencv412/dist/opencv.js"), "text/javascript"],
  "/opencv5.js": [here("node_modules/opencv5/dist/opencv.js"), "text/javascript"],
  "/photon/photon_rs.js": [here("node_modules/@silvia-odwyer/photon/photon_rs.js"), "text/javascript"],
  "/photon/photon_rs_bg.wasm": [here("node_modules/@silvia-odwyer/photon/photon_rs_bg.wasm"), "application/wasm"],
};
const server = createServer(async (request, reply) => {
  const file = files[request.url.split("?")[0]];
  if (!file) return reply.writeHead(404).end();
  reply.writeHead(200, { "content-type": file[1] }).end(await readFile(file[0]));
}).listen(0, "127.0.0.1");
await new Promise(done => server.once("listening", done));

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  headless: true,
  protocolTimeout: 900_000,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
try {
  const page = await browser.newPage();
  const broken = new Promise((_, failed) => page.on("pageerror", failed));
  await page.goto(`http://127.0.0.1:${server.address().port}/?rounds=${process.argv[2] ?? 25}&operations=${process.argv[3] ?? ""}`);
  await Promise.race([broken, page.waitForFunction("window.result", { timeout: 900_000 })]);
  const rows = await page.evaluate("window.result");
  const known = ["Flipside", "OpenCV.js 4.12", "OpenCV.js 5.0", "photon 0.3.3"];
  const names = known.filter(name => Object.values(rows).some(row => row[name]));
  console.log(`${await browser.version()}, ${cpus().length} cores, load ${loadavg()[0].toFixed(1)}; median (minimum) ms\n`);
  console.log(`| operation | ${names.join(" | ")} | fastest other / ours |\n|---|${"---|".repeat(names.length + 1)}`);
  for (const [operation, row] of Object.entries(rows)) {
    const shown = names.map(name => row[name]?.failed ? "failed" : row[name]
      ? `${row[name].median_ms.toFixed(2)} (${row[name].min_ms.toFixed(2)})` : "");
    const others = names.slice(1).map(name => row[name]?.median_ms ?? Infinity);
    const ratio = Math.min(...others) / (row.Flipside?.median_ms ?? NaN);
    console.log(`| ${operation} | ${shown.join(" | ")} | ${Number.isFinite(ratio) ? ratio.toFixed(1) : ""} |`);
    for (const name of names) if (row[name]?.failed) console.error(`${operation}, ${name}: ${row[name].failed}`);
  }
} finally {
  await browser.close();
  server.close();
}
