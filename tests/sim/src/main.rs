//! `provider-sim`: the simulator as a process, driven over `/_sim/`.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use clap::Parser;
use jiff::Timestamp;
use provider_sim::{Clock, Options, Simulator, VerifyHeader, World};
use tokio::sync::oneshot;

/// Simulated API key providers on loopback, with faults and a ledger under /_sim/.
#[derive(Parser)]
#[command(name = "provider-sim", version)]
struct Arguments {
    /// Port on 127.0.0.1; 0 takes a free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// `demo`, `five`, `lab`, `empty`, or a file with the JSON of /_sim/world.
    #[arg(long, default_value = "demo")]
    world: String,
    /// The present at start, from which time runs on; else the machine's clock.
    #[arg(long)]
    now: Option<Timestamp>,
    /// Seed of the values minted; random without one.
    #[arg(long)]
    seed: Option<u64>,
    /// Where Overten looks for the key at /verify: `either`, `x-api-key` or `bearer`.
    #[arg(long, default_value = "either", value_parser = verify_header)]
    verify_header: VerifyHeader,
    /// Runs on when standard input closes.
    #[arg(long)]
    ignore_stdin: bool,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let clock = arguments.now.map_or_else(Clock::system, Clock::starting_at);
    let simulator = Simulator::new(Options {
        world: world(&arguments.world, clock.now())?,
        clock,
        seed: arguments.seed,
        verify_header: arguments.verify_header,
        ..Options::default()
    });
    let serving = simulator
        .serve(SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port)))
        .await?;
    let mut signals = Signals::listen()?;
    let ready = serde_json::json!({"listening": format!("http://{}", serving.addr)});
    writeln!(io::stdout(), "{ready}")?;
    io::stdout().flush()?;
    tokio::select! {
        () = stdin_closed(), if !arguments.ignore_stdin => {}
        () = signals.received() => {}
    }
    serving.stop().await;
    Ok(())
}

fn world(named: &str, now: Timestamp) -> io::Result<World> {
    match named {
        "demo" => Ok(World::demo(now)),
        "five" => Ok(World::five(now)),
        "lab" => Ok(World::lab(now)),
        "empty" => Ok(World::empty()),
        file => Ok(serde_json::from_slice(&std::fs::read(Path::new(file))?)?),
    }
}

fn verify_header(named: &str) -> Result<VerifyHeader, String> {
    match named {
        "either" => Ok(VerifyHeader::Either),
        "x-api-key" => Ok(VerifyHeader::XApiKey),
        "bearer" => Ok(VerifyHeader::Bearer),
        _ => Err("either, x-api-key or bearer".to_owned()),
    }
}

/// Waits on a thread of its own, which the end of the process may leave behind in its read.
async fn stdin_closed() {
    let (closed, waiting) = oneshot::channel();
    std::thread::spawn(move || {
        let mut ignored = [0; 256];
        while matches!(io::stdin().read(&mut ignored), Ok(1..)) {}
        closed.send(())
    });
    // A thread that has died has closed it as well.
    let _ = waiting.await;
}

/// What asks the process to end; listened for before the first line says that it is ready.
#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn received(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn listen() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn received(&mut self) {
        self.0.recv().await;
    }
}
