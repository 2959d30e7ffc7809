//! The least that a window can be: one line of text, no command, no data. What Keywheel's start and memory are
//! compared with.

use tauri::{WebviewUrl, WebviewWindowBuilder, http::Response};

/// The page says when it was drawn, in the same words as Keywheel's.
const PAGE: &str = "<!doctype html><title>empty</title><p>empty</p><script>
    requestAnimationFrame(() => requestAnimationFrame(() => performance.mark('drawn')));
</script>";

fn main() -> tauri::Result<()> {
    tauri::Builder::default()
        .register_uri_scheme_protocol("empty", |_, _| {
            let page = Response::builder().header("content-type", "text/html");
            page.body(PAGE.as_bytes().to_vec()).unwrap_or_default()
        })
        .setup(|app| {
            let page = "empty://localhost/".parse()?;
            let window = WebviewWindowBuilder::new(app, "empty", WebviewUrl::CustomProtocol(page));
            window.title("empty").inner_size(1200.0, 760.0).build()?;
            Ok(())
        })
        .run(tauri::generate_context!())
}
