// Times each operation on one 1024 x 1024 RGBA picture in every library, turn by turn so that all of them meet the
// same disturbances. Pictures stay in each library's own memory; nothing is copied in or out within a timing.
import initPhoton, * as photon from "/photon/photon_rs.js";

const settings = new URLSearchParams(location.search);
const SIDE = 1024, ROUNDS = Number(settings.get("rounds") ?? 25), ALONE = settings.get("operations") === "corruptions";

function picture() {
  const rgba = new Uint8ClampedArray(SIDE * SIDE * 4);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++, at += 4) {
      rgba[at] = x / 4;
      rgba[at + 1] = 127 + 127 * Math.sin(x / 17) * Math.cos(y / 23);
      rgba[at + 2] = ((x >> 5) + (y >> 5)) % 2 ? 230 : (x * y) % 61;
      rgba[at + 3] = 255;
    }
  }
  return rgba;
}

async function ours(rgba) {
  const module = await WebAssembly.instantiateStreaming(fetch("/ops.wasm"), {});
  const { memory, ...wasm } = module.instance.exports;
  const write = bytes => {
    const address = wasm.buffer(bytes.length);
    // Only now: making room may have moved the memory.
    new Uint8Array(memory.buffer, address, bytes.length).set(bytes);
  };
  write(rgba);
  wasm.set_picture(SIDE, SIDE);
  return { wasm, operation(json) {
    write(new TextEncoder().encode(JSON.stringify(json)));
    if (!wasm.set_operation()) throw new Error(`not an operation: ${JSON.stringify(json)}`);
  } };
}

// Both versions are classic scripts that leave a global `cv`, so each gets a frame of its own.
async function openCv(version, rgba) {
  const frame = document.createElement("iframe");
  document.body.append(frame);
  const script = frame.contentDocument.createElement("script");
  script.src = `/opencv${version}.js`;
  await new Promise((done, failed) => {
    script.onload = done;
    script.onerror = failed;
    frame.contentDocument.body.append(script);
  });
  // The global is the module or a promise of it; boxed, since a module with a `then` of its own cannot be awaited.
  const { cv: found } = frame.contentWindow;
  const isPromise = found instanceof frame.contentWindow.Promise;
  const { cv } = isPromise ? await new Promise(done => found.then(cv => done({ cv }))) : { cv: found };
  while (!cv.Mat) await new Promise(done => setTimeout(done, 20));
  const source = new cv.Mat(SIDE, SIDE, cv.CV_8UC4);
  source.data.set(rgba);
  return { cv, source, output: new cv.Mat() };
}

function openCvOperations({ cv, source, output }) {
  const black = new cv.Scalar(0, 0, 0, 255), white = new cv.Scalar(255, 255, 255, 255);
  const size = (width, height) => new cv.Size(width, height);
  const small = new cv.Mat();
  const shift = cv.matFromArray(2, 3, cv.CV_64F, [1, 0, 16, 0, 1, 0]);
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const wide = Math.ceil(SIDE * (cos + sin)), middle = SIDE / 2;
  const turn = cv.matFromArray(2, 3, cv.CV_64F, [
    cos, sin, wide / 2 - cos * middle - sin * middle, -sin, cos, wide / 2 + sin * middle - cos * middle]);
  const scaled = Math.round(0.9 * SIDE), border = (SIDE - scaled) >> 1, rest = SIDE - scaled - border;
  const copied = new cv.Mat(SIDE, SIDE, cv.CV_8UC4);
  const region = (mat, x, width) => mat.roi(new cv.Rect(x, 0, width, SIDE));
  return {
    translate: () => cv.warpAffine(source, output, shift, size(SIDE, SIDE), cv.INTER_NEAREST, cv.BORDER_WRAP, black),
    "translate (two ROI copies)": () => {
      for (const [from, to, width] of [[0, 16, SIDE - 16], [SIDE - 16, 0, 16]]) {
        const a = region(source, from, width), b = region(copied, to, width);
        a.copyTo(b);
        a.delete();
        b.delete();
      }
    },
    pad: () => cv.copyMakeBorder(source, output, 16, 16, 16, 16, cv.BORDER_CONSTANT, black),
    crop: () => {
      const inner = source.roi(new cv.Rect(16, 16, SIDE - 32, SIDE - 32));
      inner.copyTo(output);
      inner.delete();
    },
    scale: () => cv.resize(source, output, size(scaled, scaled), 0, 0, cv.INTER_CUBIC),
    "scale and pad": () => {
      cv.resize(source, small, size(scaled, scaled), 0, 0, cv.INTER_CUBIC);
      cv.copyMakeBorder(small, output, border, rest, border, rest, cv.BORDER_CONSTANT, black);
    },
    rotate: () => cv.warpAffine(source, output, turn, size(wide, wide), cv.INTER_CUBIC, cv.BORDER_CONSTANT, white),
    "text overlay": () => {
      source.copyTo(output);
      cv.rectangle(output, new cv.Point(420, 490), new cv.Point(604, 530), white, cv.FILLED ?? -1);
      cv.putText(output, "Answer is A", new cv.Point(424, 522), cv.FONT_HERSHEY_SIMPLEX ?? 0, 1, black, 2, cv.LINE_AA ?? 16);
    },
  };
}

function photonOperations(rgba) {
  const source = new photon.PhotonImage(new Uint8Array(rgba), SIDE, SIDE);
  const scaled = Math.round(0.9 * SIDE);
  const timed = make => () => make().free();
  return {
    pad: timed(() => photon.padding_uniform(source, 16, new photon.Rgba(0, 0, 0, 255))),
    crop: timed(() => photon.crop(source, 16, 16, SIDE - 16, SIDE - 16)),
    scale: timed(() => photon.resize(source, scaled, scaled, photon.SamplingFilter.CatmullRom)),
    rotate: timed(() => photon.rotate(source, 30)),
    "text overlay": timed(() => {
      const copy = new photon.PhotonImage(source.get_raw_pixels(), SIDE, SIDE);
      photon.draw_text(copy, "Answer is A", 424, 490, 32);
      return copy;
    }),
  };
}

const OPERATIONS = {
  translate: { op: "translate", dx_px: 16, dy_px: 0 },
  pad: { op: "pad_crop", n_px: 16, fill: "#000000" },
  crop: { op: "pad_crop", n_px: -16, fill: "#000000" },
  scale: { op: "scale", factor: 0.9, restore: false },
  "scale and pad": { op: "scale_pad", factor: 0.9, fill: "#000000" },
  rotate: { op: "rotate", angle_deg: 30, keep_canvas: false, fill: "#ffffff" },
  "text overlay": {
    op: "text_overlay", kind: "semantic", letter: "A", text: "", x_percent: 50, y_percent: 50, size: 1,
    text_colour: "#ff0000", box_colour: "#ffffff",
  },
};

// No other library has these, so they run without one.
const CORRUPTIONS = ["gaussian_noise", "shot_noise", "impulse_noise", "speckle_noise", "brightness", "contrast", "saturate",
  "defocus_blur", "glass_blur", "motion_blur", "zoom_blur", "gaussian_blur", "snow", "frost", "fog", "elastic_transform",
  "pixelate", "jpeg_compression", "spatter"].flatMap(op => [1, 3, 5].map(severity => ({ op, severity })));

const rgba = picture();
const flipside = await ours(rgba);
if (!ALONE) await initPhoton();
const operations = Object.entries(OPERATIONS);
const corruptions = CORRUPTIONS.map(corruption => [`${corruption.op} ${corruption.severity}`, corruption]);
const libraries = ALONE ? {} : {
  "OpenCV.js 4.12": openCvOperations(await openCv("412", rgba)),
  "OpenCV.js 5.0": openCvOperations(await openCv("5", rgba)),
  "photon 0.3.3": photonOperations(rgba),
};

const samples = new Map();
// The browser's clock ticks every 0.1 ms, so what is quicker than some of its ticks is run several times over.
const repeats = new Map();
function time(operation, library, work) {
  const key = `${operation}\t${library}`, times = repeats.get(key) ?? 1;
  const begun = performance.now();
  try {
    for (let done = 0; done < times; done++) work();
  } catch (error) {
    samples.set(key, error);
    return;
  }
  const elapsed = (performance.now() - begun) / times;
  if (elapsed < 1) repeats.set(key, 16);
  if (!(samples.get(key) instanceof Error)) samples.set(key, [...(samples.get(key) ?? []), elapsed]);
}

for (let round = 0; round < ROUNDS + 5; round++) {
  // The first five rounds warm up: the browser compiles hot functions anew meanwhile.
  if (round === 5) samples.clear();
  for (const [name, operation] of ALONE ? corruptions : operations) {
    flipside.operation(operation);
    time(name, "Flipside", () => flipside.wasm.run());
    if (name === "rotate") {
      time("difference (max, mean, PSNR, SSIM), resized", "Flipside", () => flipside.wasm.compare());
      time("PNG of the rotated picture", "Flipside", () => flipside.wasm.encode());
    }
    if (name === "translate") time("difference (max, mean, PSNR, SSIM)", "Flipside", () => flipside.wasm.compare());
    for (const [library, operations] of Object.entries(libraries)) {
      for (const key of [name, `${name} (two ROI copies)`]) {
        if (operations[key]) time(key, library, operations[key]);
      }
    }
  }
  for (const size of [112, 448]) {
    time(`scene of the gallery, ${size} px`, "Flipside", () => flipside.wasm.draw(round, size));
  }
  await new Promise(done => setTimeout(done));
}

const rows = {};
for (const [key, times] of samples) {
  const [operation, library] = key.split("\t");
  const sorted = times instanceof Error ? null : times.toSorted((a, b) => a - b);
  (rows[operation] ??= {})[library] =
    sorted ? { median_ms: sorted[sorted.length >> 1], min_ms: sorted[0] } : { failed: String(times) };
}
document.getElementById("log").textContent = JSON.stringify(rows, null, 1);
window.result = rows;
