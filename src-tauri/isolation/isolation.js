// Every message from the page passes here before it reaches Rust. Only commands of plain shape go through;
// what each may do is decided by its permission.
window.__TAURI_ISOLATION_HOOK__ = (message) => {
  const command = message?.cmd;
  if (typeof command !== "string" || !/^(plugin:event\|(un)?listen|[a-z_]{3,40})$/.test(command)) {
    throw new Error("refused");
  }
  return message;
};
