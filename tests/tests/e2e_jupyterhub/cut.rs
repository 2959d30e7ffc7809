//! A wire to the hub that passes everything on, and once cuts the answer to a mint at a byte of the test's choice.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Twentieths of the next answer to a mint that go through before the wire is cut.
type Plan = Arc<Mutex<Option<usize>>>;

pub struct Wire {
    pub address: String,
    plan: Plan,
    /// For each cut: bytes that went through, bytes that the hub had sent.
    cuts: Arc<Mutex<Vec<(usize, usize)>>>,
}

impl Wire {
    pub async fn to(hub: &str) -> Wire {
        let (host, path) = hub.trim_start_matches("http://").split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Wire {
            address: format!("http://{}/{path}", listener.local_addr().unwrap()),
            plan: Plan::default(),
            cuts: Arc::default(),
        };
        let (host, plan, cuts) = (host.to_owned(), wire.plan.clone(), wire.cuts.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (host, plan, cuts) = (host.clone(), plan.clone(), cuts.clone());
                tokio::spawn(async move {
                    // A caller that goes ends its own connection only.
                    let _ = pass(client, &host, &plan, &cuts).await;
                });
            }
        });
        wire
    }

    /// Cuts the answer to the next mint.
    pub fn cut_after(&self, twentieths: usize) {
        *self.plan.lock().unwrap() = Some(twentieths);
    }

    pub fn cuts(&self) -> Vec<(usize, usize)> {
        self.cuts.lock().unwrap().clone()
    }
}

async fn pass(
    mut client: TcpStream,
    host: &str,
    plan: &Plan,
    cuts: &Mutex<Vec<(usize, usize)>>,
) -> std::io::Result<()> {
    while let Some(request) = message(&mut client).await? {
        let mut hub = TcpStream::connect(host).await?;
        hub.write_all(&request).await?;
        let answer = message(&mut hub).await?.unwrap_or_default();
        let line = String::from_utf8_lossy(&request)
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        let mints = line.starts_with("POST ") && line.contains("/tokens ");
        let planned = if mints { plan.lock().unwrap().take() } else { None };
        if let Some(twentieths) = planned {
            let through = answer.len() * twentieths / 20;
            client.write_all(&answer[..through]).await?;
            cuts.lock().unwrap().push((through, answer.len()));
            return client.shutdown().await;
        }
        client.write_all(&answer).await?;
    }
    Ok(())
}

/// One message with the body that its header announces; none where the other end has gone.
async fn message(from: &mut TcpStream) -> std::io::Result<Option<Vec<u8>>> {
    let mut read = Vec::new();
    loop {
        if let Some(end) = read.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if read.len() >= end + 4 + length {
                return Ok(Some(read));
            }
        }
        let mut more = [0; 4096];
        match from.read(&mut more).await? {
            0 => return Ok(None),
            n => read.extend_from_slice(&more[..n]),
        }
    }
}
