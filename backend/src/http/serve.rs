//! The server behind a socket, until it is told to stop.

use super::{Services, app};
use axum::serve::ListenerExt;
use std::{future::Future, io, time::Duration};
use tokio::net::TcpListener;

/// Serves until `stop` resolves, then lets requests in flight finish for at most `grace`.
///
/// # Errors
/// When the socket fails.
pub async fn run(
    listener: TcpListener,
    services: Services,
    stop: impl Future<Output = ()> + Send + 'static,
    grace: Duration,
) -> io::Result<()> {
    let stopping = services.stopping.clone();
    let begun = stopping.clone();
    // Small answers must not wait for more to come.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    let server = axum::serve(listener, app(services)).with_graceful_shutdown(async move {
        stop.await;
        tracing::info!("stopping; requests in flight may finish");
        begun.cancel();
    });
    tokio::select! {
        outcome = server => outcome,
        () = async { stopping.cancelled().await; tokio::time::sleep(grace).await } => {
            tracing::warn!("some requests did not finish in time");
            Ok(())
        }
    }
}

/// Resolves on Ctrl-C or a request to terminate.
pub async fn signal() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}
