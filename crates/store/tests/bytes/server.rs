//! A server that speaks S3, one for all tests, with its objects in a folder.

use hyper::server::conn::http1::Builder;
use hyper_util::rt::TokioIo;
use model::id::FileId;
use s3s::{auth::SimpleAuth, service::S3ServiceBuilder};
use s3s_fs::FileSystem;
use std::{net::TcpListener, path::PathBuf, sync::OnceLock, thread};
use store::bytes::s3::Bucket;
use tempfile::TempDir;

const KEY: &str = "sotto";
pub const SECRET: &str = "a secret that is in no error";
const NAME: &str = "chat";

/// Where it listens, and its folder, which goes with the process.
fn server() -> &'static (String, TempDir) {
    static SERVER: OnceLock<(String, TempDir)> = OnceLock::new();
    SERVER.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        std::fs::create_dir(folder.path().join(NAME)).expect("a bucket");
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let files = FileSystem::new(folder.path()).expect("a server's folder");
        // A runtime of its own: that of a test ends with it.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            runtime.expect("a runtime").block_on(serve(listener, files));
        });
        (endpoint, folder)
    })
}

async fn serve(listener: TcpListener, files: FileSystem) {
    let mut service = S3ServiceBuilder::new(files);
    service.set_auth(SimpleAuth::from_single(KEY, SECRET));
    let service = service.build();
    listener.set_nonblocking(true).expect("a listener");
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let service = service.clone();
        tokio::spawn(async move {
            drop(Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// A bucket with a prefix that nobody else has.
pub async fn bucket() -> Bucket {
    Bucket {
        name: NAME.into(),
        prefix: format!("of/{}", FileId::new()),
        endpoint: Some(server().0.clone()),
        region: "us-east-1".into(),
        key: KEY.into(),
        secret: SECRET.into(),
    }
}

/// Where the objects of the bucket lie.
pub fn objects() -> PathBuf {
    server().1.path().join(NAME)
}
