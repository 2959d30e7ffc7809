//! What a process that holds values asks of its system.

/// Leaves no core file, whatever the process dies of: it would hold the values that were in memory. Programs that it
/// starts leave none either. Only Unix; Windows writes none unless it was told to.
pub fn leave_no_core_file() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, setrlimit};
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        if let Err(cause) = setrlimit(Resource::Core, none) {
            tracing::warn!("a core file may be left: {cause}");
        }
    }
}
