//! Connections that ask, and what came of it.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use levee_bench::BenchError;
use levee_bench::owing::quantile_ms;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpStream;

/// Whom to ask, and with which token.
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
}

/// A request that can be sent.
#[derive(Clone, Debug)]
pub(crate) struct Ask {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) body: Option<String>,
}

impl Ask {
    pub(crate) fn get(path: String) -> Self {
        Self { method: Method::GET, path, body: None }
    }

    pub(crate) fn post(path: &str, body: &serde_json::Value) -> Self {
        Self { method: Method::POST, path: path.to_owned(), body: Some(body.to_string()) }
    }
}

/// One connection that stays open.
pub(crate) struct Connection(SendRequest<Full<Bytes>>);

impl Target {
    pub(crate) async fn connect(&self) -> Result<Connection, BenchError> {
        let stream = TcpStream::connect(self.address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // A connection that breaks fails its next request, which is counted.
            let _ = connection.await;
        });
        Ok(Connection(send))
    }

    pub(crate) fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, BenchError> {
        let mut request = Request::builder().method(&ask.method).uri(&ask.path).header("host", "levee");
        request = request.header("authorization", format!("Bearer {}", self.token));
        if ask.body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let body = ask.body.clone().map_or_else(Bytes::new, Bytes::from);
        Ok(request.body(Full::new(body))?)
    }
}

impl Connection {
    /// Sends a request and reads the answer to its end.
    pub(crate) async fn ask(&mut self, target: &Target, ask: &Ask) -> Result<(u16, Bytes), BenchError> {
        let request = target.request(ask)?;
        self.send(request).await
    }

    pub(crate) async fn send(&mut self, request: Request<Full<Bytes>>) -> Result<(u16, Bytes), BenchError> {
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let status = answer.status().as_u16();
        Ok((status, answer.into_body().collect().await?.to_bytes()))
    }

    /// The same, with the cookie that the answer sets.
    pub(crate) async fn full(&mut self, request: Request<Full<Bytes>>) -> Result<(Bytes, Option<String>), BenchError> {
        self.0.ready().await?;
        let answer = self.0.send_request(request).await?;
        let (status, cookie) = (answer.status(), answer.headers().get("set-cookie").cloned());
        let body = answer.into_body().collect().await?.to_bytes();
        if !status.is_success() {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
        }
        let cookie = cookie.map(|cookie| cookie.to_str().map(str::to_owned)).transpose()?;
        Ok((body, cookie.and_then(|cookie| cookie.split(';').next().map(str::to_owned))))
    }

    /// Opens a stream and reads on until it ends; gives how many bytes came.
    pub(crate) async fn listen(
        &mut self,
        target: &Target,
        path: &str,
        heard: impl Fn(usize),
    ) -> Result<(), BenchError> {
        self.0.ready().await?;
        let answer = self.0.send_request(target.request(&Ask::get(path.to_owned()))?).await?;
        if answer.status() != 200 {
            return Err(format!("{path}: {}", answer.status()).into());
        }
        heard(0);
        let mut body = answer.into_body();
        while let Some(frame) = body.frame().await {
            heard(frame?.data_ref().map_or(0, Bytes::len));
        }
        Ok(())
    }
}

/// What came of many requests.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) took: Vec<Duration>,
    pub(crate) statuses: BTreeMap<u16, usize>,
    pub(crate) broken: BTreeMap<String, usize>,
}

impl Seen {
    pub(crate) fn note(&mut self, took: Duration, answer: Result<(u16, Bytes), BenchError>) {
        match answer {
            Ok((status, body)) => {
                self.took.push(took);
                let count = self.statuses.entry(status).or_default();
                if *count == 0 && status >= 400 {
                    println!(
                        "    the first {status}: {}",
                        String::from_utf8_lossy(&body).chars().take(300).collect::<String>()
                    );
                }
                *count += 1;
            }
            Err(error) => *self.broken.entry(error.to_string()).or_default() += 1,
        }
    }

    /// Says what came, and refuses what should not have come: an answer that is none of `fine`, a connection that broke.
    pub(crate) fn say(&mut self, what: &str, fine: &[u16]) -> Result<(), BenchError> {
        let [p50, p95, p99, worst] = [0.5, 0.95, 0.99, 1.0].map(|share| quantile_ms(&mut self.took, share));
        println!(
            "  {what}: {} answered, p50 {p50:.1} ms, p95 {p95:.1} ms, p99 {p99:.1} ms, worst {worst:.1} ms; answers {:?}, broken {:?}",
            self.took.len(),
            self.statuses,
            self.broken
        );
        let bad = self.statuses.keys().any(|status| !fine.contains(status)) || !self.broken.is_empty();
        if bad { Err(format!("{what}: something else came than {fine:?}").into()) } else { Ok(()) }
    }
}
