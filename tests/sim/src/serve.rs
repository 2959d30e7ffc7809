//! The providers and the control interface on a loopback port.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};
use tower::ServiceExt;

use crate::control;
use crate::exchange::Dropped;
use crate::simulator::Simulator;

/// A simulator that is listening; it stops when this is dropped.
#[derive(Debug)]
pub struct Serving {
    /// Where it listens, the port included.
    pub addr: SocketAddr,
    stop: oneshot::Sender<Infallible>,
    listening: JoinHandle<()>,
}

impl Serving {
    /// Closes the port and every connection, hung ones included.
    pub async fn stop(self) {
        drop(self.stop);
        // An aborted or panicked listener has stopped as well.
        let _ = self.listening.await;
    }
}

impl Simulator {
    /// Listens on `addr`, which must be loopback; port 0 takes a free one.
    pub async fn serve(&self, addr: SocketAddr) -> io::Result<Serving> {
        if !addr.ip().is_loopback() {
            let refused = "the simulator listens on loopback only";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, refused));
        }
        let listener = TcpListener::bind(addr).await?;
        let addr = listener.local_addr()?;
        let (stop, stopped) = oneshot::channel();
        let router = control::router(self.clone()).fallback_service(self.router());
        let listening = tokio::spawn(listen(listener, router, stopped));
        Ok(Serving { addr, stop, listening })
    }
}

async fn listen(listener: TcpListener, router: Router, mut stopped: oneshot::Receiver<Infallible>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(converse(stream, router.clone()));
                }
            }
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let service = service_fn(move |request| reply(router.clone(), request));
    // A connection that a fault has closed ends in an error, which is the point.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn reply(router: Router, request: Request<Incoming>) -> Result<Response<Body>, Dropped> {
    let Ok(response) = router.oneshot(request.map(Body::new)).await;
    match response.extensions().get::<Dropped>() {
        Some(dropped) => Err(*dropped),
        None => Ok(response),
    }
}
