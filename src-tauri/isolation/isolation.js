// Every message from the page passes here, in a frame of its own, before it is encrypted for Rust.
// What a command may do is decided there, by its permission; here only the shape is looked at.
window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (typeof message?.cmd !== "string" || message.cmd.length > 100) {
    throw new Error("refused");
  }
  return message;
};
