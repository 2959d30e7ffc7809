//! The Keywheel window.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use zeroizing_alloc::ZeroAlloc;

/// Wipes every freed block: `Secret` alone leaves copies in the buffers of HTTP and TLS (measured).
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

fn main() {
    keywheel_core::leave_no_core_file();
    prepare_environment();
    keywheel_desktop::run();
}

/// Set before any thread exists.
#[expect(
    unsafe_code,
    reason = "edition 2024 makes changing the environment unsafe; no other thread runs yet"
)]
fn prepare_environment() {
    // Starts faster, takes 90 MB less, and avoids blank windows on some drivers.
    #[cfg(target_os = "linux")]
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // SAFETY: the first statement of main; the process has one thread.
        unsafe { std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1") };
    }
    // With it any process of the same user could drive the window.
    #[cfg(not(any(debug_assertions, feature = "automation")))]
    {
        // SAFETY: as above.
        unsafe { std::env::remove_var("TAURI_WEBVIEW_AUTOMATION") };
    }
}
