// Starts the page. When it cannot start, says so in the document.
import init from "/shell.js";

try {
  await init();
} catch (error) {
  const notice = document.getElementById("boot-error");
  notice.textContent = `The page could not start: ${error}. It needs a browser with WebAssembly SIMD, of 2023 or later.`;
  notice.hidden = false;
}
