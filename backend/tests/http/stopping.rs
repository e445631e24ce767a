//! The server behind a socket: it finishes what it began before it stops.

use crate::lab::{Lab, rendered, request, turned, verdict_request};
use crate::stand_in::{Event, HOLD};
use flipside_backend::http::serve;
use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};
use tokio::{net::TcpListener, sync::oneshot};

/// Sends a request over a socket and reads the whole answer.
fn exchange(address: SocketAddr, content_type: &str, body: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    let length = body.len();
    let head = format!(
        "POST /api/v1/verdict HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: {content_type}\r\n\
         content-length: {length}\r\n\r\n"
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[tokio::test]
async fn a_stopping_server_finishes_what_it_began() {
    let mut lab = Lab::new().await;
    let recipe = turned(1, 5.0);
    let (parts, body) = verdict_request(&request(&recipe, HOLD), &rendered(&recipe)).into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let content_type = parts.headers["content-type"].to_str().unwrap().to_owned();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let until = async { drop(stopped.await) };
    let server = tokio::spawn(serve::run(listener, lab.services.clone(), until, Duration::from_secs(60)));
    let answer = tokio::task::spawn_blocking(move || exchange(address, &content_type, &body));
    assert_eq!(lab.strings.events.recv().await, Some(Event::Held));
    stop.send(()).unwrap();
    lab.services.stopping.cancelled().await;
    (0..5).for_each(|_| lab.strings.release.send(()).unwrap());
    let answer = answer.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.await.unwrap().unwrap();
    assert!(TcpStream::connect(address).is_err(), "nobody listens any more");
}
