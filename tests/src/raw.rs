//! A server that writes bytes as it is told and keeps what it was sent.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What a connection gets once its request is in.
#[derive(Clone)]
pub enum Gets {
    Bytes(Vec<u8>),
    /// This, and then this again and again without a pause.
    Endless(String, Vec<u8>),
    /// This, and then one byte at a time.
    Dribble(String, Duration),
}

pub struct Raw {
    pub addr: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    written: Arc<AtomicUsize>,
    listening: JoinHandle<()>,
}

impl Raw {
    /// Connections get these in turn; the last one is repeated.
    pub async fn start(gets: Vec<Gets>) -> Raw {
        let turn = AtomicUsize::new(0);
        Raw::answering(move |_| {
            let turn = turn.fetch_add(1, Ordering::SeqCst);
            gets[turn.min(gets.len() - 1)].clone()
        })
        .await
    }

    /// Each request gets what is decided for it.
    pub async fn answering(decide: impl Fn(&str) -> Gets + Send + Sync + 'static) -> Raw {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (requests, written, decide) = (Arc::default(), Arc::default(), Arc::new(decide));
        let (kept, counted) = (Arc::clone(&requests), Arc::clone(&written));
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(
                    stream,
                    decide.clone(),
                    Arc::clone(&kept),
                    Arc::clone(&counted),
                ));
            }
        });
        Raw {
            addr,
            requests,
            written,
            listening,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// One entry a connection: the request as it was written, headers and body.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    pub fn written(&self) -> usize {
        self.written.load(Ordering::SeqCst)
    }
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// An answer after which the connection is closed.
pub fn answer(status: &str, headers: &str, body: &str) -> Gets {
    kept_open(status, &format!("connection: close\r\n{headers}"), body)
}

/// An answer with a length, after which the connection could be used again.
pub fn kept_open(status: &str, headers: &str, body: &str) -> Gets {
    let length = body.len();
    let text = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{headers}\r\n{body}"
    );
    Gets::Bytes(text.into_bytes())
}

async fn converse(
    mut stream: TcpStream,
    decide: Arc<impl Fn(&str) -> Gets>,
    requests: Arc<Mutex<Vec<String>>>,
    written: Arc<AtomicUsize>,
) {
    let request = read(&mut stream).await;
    let gets = decide(&request);
    requests.lock().unwrap().push(request);
    let (head, rest, pause) = match gets {
        Gets::Bytes(bytes) => (bytes, None, None),
        Gets::Endless(head, piece) => (head.into_bytes(), Some(piece), None),
        Gets::Dribble(head, pause) => (head.into_bytes(), Some(b" ".to_vec()), Some(pause)),
    };
    if stream.write_all(&head).await.is_err() {
        return;
    }
    let Some(piece) = rest else {
        // Kept open: whether it is used again is the client's choice.
        let again = read(&mut stream).await;
        if !again.is_empty() {
            requests.lock().unwrap().push(again);
        }
        return;
    };
    while stream.write_all(&piece).await.is_ok() {
        written.fetch_add(piece.len(), Ordering::SeqCst);
        if let Some(pause) = pause {
            tokio::time::sleep(pause).await;
        }
    }
}

async fn read(stream: &mut TcpStream) -> String {
    let mut read = Vec::new();
    let mut piece = [0u8; 4096];
    loop {
        let n = stream.read(&mut piece).await.unwrap_or(0);
        read.extend_from_slice(&piece[..n]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
            let length = head
                .to_ascii_lowercase()
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            body.len() >= length.unwrap_or(0)
        });
        if whole || n == 0 {
            return text;
        }
    }
}
