// Opens the lab in fresh browser profiles and times from the navigation until it is usable (the picture is drawn and the
// controls answer) and until the first verdict stands. Usage: npm run load -- http://127.0.0.1:7878 [rounds]
import puppeteer from "puppeteer-core";

const url = process.argv[2] ?? "http://127.0.0.1:7878", rounds = Number(process.argv[3] ?? 7);
const times = { usable: [], verdict: [] };
for (let round = 0; round < rounds; round++) {
  const browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  try {
    const page = await browser.newPage();
    await page.setCacheEnabled(false);
    const seen = selector => page.waitForSelector(selector, { timeout: 60_000 })
      .then(() => page.evaluate(() => performance.now()));
    await page.goto(url, { waitUntil: "domcontentloaded" });
    const [usable, verdict] = await Promise.all([
      seen('[data-testid="picture"][data-pixels-sha256]:not([data-pixels-sha256=""])'),
      seen('[data-testid="answer-perturbed"]'),
    ]);
    times.usable.push(usable);
    times.verdict.push(verdict);
  } finally {
    await browser.close();
  }
}
for (const [what, samples] of Object.entries(times)) {
  const sorted = samples.toSorted((a, b) => a - b);
  console.log(`${what}: median ${sorted[sorted.length >> 1].toFixed(0)} ms, slowest ${sorted.at(-1).toFixed(0)} ms`);
}
