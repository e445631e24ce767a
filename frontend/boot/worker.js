// Starts the worker's module, which answers with its own "ready" message.
import init from "/worker.js";

await init();
