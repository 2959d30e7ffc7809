//! A wire to a server that passes everything on, and once cuts an answer at a byte of the test's choice.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What stands in the request whose answer is cut, and how many twentieths of the answer go through before.
type Plan = Arc<Mutex<Option<(&'static str, usize)>>>;

pub struct Wire {
    pub address: String,
    plan: Plan,
    /// For each cut: bytes that went through, bytes that the server had sent.
    cuts: Arc<Mutex<Vec<(usize, usize)>>>,
}

impl Wire {
    pub async fn to(server: &str) -> Wire {
        let bare = server.trim_start_matches("http://");
        let (host, path) = bare.split_once('/').unwrap_or((bare, ""));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let wire = Wire {
            address: format!("http://{}/{path}", listener.local_addr().unwrap())
                .trim_end_matches('/')
                .to_owned(),
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

    /// Cuts the answer to the next request that holds this text.
    pub fn cut(&self, request: &'static str, twentieths: usize) {
        *self.plan.lock().unwrap() = Some((request, twentieths));
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
        let mut server = TcpStream::connect(host).await?;
        server.write_all(&request).await?;
        let answer = message(&mut server).await?.unwrap_or_default();
        let text = String::from_utf8_lossy(&request).into_owned();
        let planned = plan.lock().unwrap().take_if(|(meant, _)| text.contains(*meant));
        if let Some((_, twentieths)) = planned {
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
